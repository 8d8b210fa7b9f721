// sample_import.hpp: files of other tools -> a pool of samples, and what was met on the way.
// Why:      whoever has samples has them in files and folders, some of them broken, of a tool they may not
//           know.
// Use:      SampleImport import({.format = "auto"}, reader, &golds);
//           import.read({"outputs/", "more.jsonl.zst"});
//           const PooledEnvironment made = pooled_environment(import.pool(), wishes, &golds);
// Promises: a folder stands for all files below it whose names end as those of records do, in natural order.
//           A file is read in one go, and one record is held. With skip_bad a bad record is counted, and the
//           first ones are kept to be told; what follows a place where the text around records is broken is
//           lost with it. Errors name file, line and record. Where files lie in folders of several models,
//           or records name several, the import is refused unless one is asked for, or all.
// Throws:   replay::InputError.
// Threads:  one thread.
// Tests:    tests/live/formats/formats_test.cpp, tests/live/formats/hostile_formats_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/files/byte_source.hpp"
#include "live/files/json_stream.hpp"
#include "live/formats/format.hpp"
#include "live/reading/gold_table.hpp"
#include "live/samples/sample_pool.hpp"

namespace live {

struct SampleImportWishes {
  std::string format = "auto";  // a name or another name of a format, or "auto"
  FormatWishes of_format;
  PoolOptions pool;
  bool skip_bad = false;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // in bytes of the files
};

struct SampleImportCounts {
  std::size_t files = 0, records = 0, bad = 0, failed = 0;
  std::vector<std::string> first_bad;  // what was wrong with them
};

inline constexpr std::size_t kShownBad = 3;

class SampleImport {
 public:
  SampleImport(SampleImportWishes wishes, const AnswerReader& reader, const GoldTable* golds);

  // Once. The paths are of files or folders.
  void read(const std::vector<std::filesystem::path>& paths);

  SamplePool& pool() { return pool_; }
  const SampleImportCounts& counts() const { return counts_; }
  const PoolCounts& counts_of_pool() const { return pool_.counts(); }
  const FormatInfo& format() const { return *info_; }
  std::vector<std::string> remarks() const;
  const std::string& why() const { return why_; }  // of "auto": how the format was known
  // Where nothing names the model: the folders whose samples are taken as of one; nothing if it is one.
  std::vector<std::string> unnamed_folders() const;

 private:
  struct FirstRecord {
    std::string text, member, place;
  };

  void read_file(const std::filesystem::path& file);
  void read_text(const std::filesystem::path& file, ByteSource& bytes);
  void read_zip(const std::filesystem::path& file);
  void read_json(TextWindow& window, const JsonShape& shape);
  void read_rows(TextWindow& window);
  std::size_t read_entries(const std::filesystem::path& file,
                           const std::function<bool(std::string_view)>& wanted, std::string_view member);
  void begin(const std::filesystem::path& file);
  void read_record(std::string_view text, std::string_view member, const std::string& hint,
                   const std::function<std::string()>& place);
  void stop_looking(const std::string& hint);
  void read_now(std::string_view text, std::string_view member, const std::string& hint,
                const std::function<std::string()>& place);
  void choose(const std::string& name, const JsonShape& shape);
  void expect_format(const std::string& name, const JsonShape& shape) const;
  void set_format(const FormatInfo& info);
  void take_samples();
  void bad(const std::string& message);
  void tell(std::uint64_t position) const;

  const SampleImportWishes wishes_;
  const GoldTable* const golds_;
  SamplePool pool_;
  const FormatInfo* info_ = nullptr;
  std::unique_ptr<Format> format_;
  std::string why_;
  std::vector<std::filesystem::path> files_, others_;  // others: of folders, and of something else
  std::optional<bool> by_place_;                       // places of files name several models
  std::string model_;                                  // by the place of the file
  bool looking_ = false;
  std::vector<FirstRecord> first_;
  std::size_t first_bytes_ = 0;
  JsonParser parser_;
  Samples samples_;
  SampleImportCounts counts_;
  std::uint64_t done_ = 0, total_ = 0;
};

}  // namespace live
