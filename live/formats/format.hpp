// format.hpp: what other tools write: how a file of theirs is known, and how its records become samples.
// Why:      each tool has names and traps of its own; reading, grouping and telling are the same for all.
// Use:      const FormatInfo* const info = find_format("lm-eval");
//           const std::unique_ptr<Format> format = info->make(wishes);
//           format->read(record, "", samples);
// Promises: a record is read whole or not at all. What is read of a file depends on that file and those
//           before.
// Throws:   BadRecord for a record that is not as the format wants it, WrongFile for a file that is not.
// Threads:  one thread an object; the tables are constants.
// Tests:    tests/live/formats/formats_test.cpp, tests/live/formats/hostile_formats_test.cpp
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/files/json_shape.hpp"
#include "live/formats/json_fields.hpp"
#include "live/samples/sample.hpp"

namespace live {

// Names of columns, empty where they are to be found by their usual names; paths such as doc.Answer will do.
struct ColumnNames {
  std::string id, question, gold, text, answer, right, tokens, sample, reason, options, model;
  std::vector<std::pair<std::string, std::string>> signals;  // name and column
};

struct FormatWishes {
  ColumnNames columns;
  std::string filter;      // of lm-evaluation-harness
  std::string scorer;      // of inspect_ai
  std::string id_pattern;  // of OpenAI Batch: an expression whose group is the question's part of an id
  std::function<bool(std::string_view)> known;  // whether a table of right answers has a row of that name
};

class Format {
 public:
  Format() = default;
  virtual ~Format() = default;
  Format(const Format&) = delete;
  Format& operator=(const Format&) = delete;

  // Whether a file is one object that holds the records, rather than being one; what to do with its members.
  virtual bool is_container(const JsonShape&) const { return false; }
  virtual Take take(std::string_view) const { return Take::kSkip; }
  // Whether some files have to be read before others, and whether this one has: it tells what their samples
  // are of.
  virtual bool has_inputs() const { return false; }
  virtual bool is_input(const JsonShape&) const { return false; }
  virtual void begin_file(const std::string&) {}
  // How many records of a file it looks at before the first is read, at most.
  virtual std::size_t looks_ahead() const { return 0; }
  virtual void look(JsonElement) {}
  virtual void read(JsonElement record, std::string_view member, Samples& out) = 0;
  // The model by the place of a file, where its tool keeps a folder for each; it counts where several do.
  virtual std::string model_by_place(const std::filesystem::path&) const { return {}; }
  // What is left when all files are read.
  virtual void finish(Samples&) {}
  // For the report: what was passed over, a line each.
  virtual std::vector<std::string> remarks() const { return {}; }
};

struct FormatInfo {
  std::string_view name;
  std::span<const std::string_view> aliases;
  std::string_view title;     // the tool
  std::string_view expected;  // of a record, for messages
  // Why a file is of the format; nothing when it is not.
  std::optional<std::string_view> (*recognise)(const JsonShape& shape);
  std::unique_ptr<Format> (*make)(const FormatWishes& wishes);
};

// Those that one can be told by, the more peculiar ones first; generic is the last.
std::span<const FormatInfo> formats();
const FormatInfo* find_format(std::string_view name);
// The first that knows the file; generic is not asked.
const FormatInfo* recognised(const JsonShape& shape);

// The name of the folder that a file lies in.
std::string folder_of(const std::filesystem::path& file);

std::unique_ptr<Format> make_autotts(const FormatWishes& wishes);
std::unique_ptr<Format> make_dynasor(const FormatWishes& wishes);
std::unique_ptr<Format> make_generic(const FormatWishes& wishes);
std::unique_ptr<Format> make_inspect(const FormatWishes& wishes);
std::unique_ptr<Format> make_lm_eval(const FormatWishes& wishes);
std::unique_ptr<Format> make_math_harness(const FormatWishes& wishes);
std::unique_ptr<Format> make_matharena(const FormatWishes& wishes);
std::unique_ptr<Format> make_openai_batch(const FormatWishes& wishes);
std::unique_ptr<Format> make_vllm(const FormatWishes& wishes);

}  // namespace live
