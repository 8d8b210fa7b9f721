#include "live/reading/texts_file.hpp"

#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "genome/base/text.hpp"
#include "live/files/json_records.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

using genome::base::valid_utf8;
using replay::InputError;

constexpr std::string_view kFormat = "texts";
constexpr std::size_t kVersion = 1;
constexpr std::size_t kMostTexts = 50'000'000;

std::string as_json(std::string_view text) { return json_text(valid_utf8(text)); }

std::string line_of(const BranchText& text) {
  std::string line = fmt::format(R"({{"question":{},"branch":{},"text":{},"looks":[)", text.question,
                                 text.branch, as_json(text.text));
  for (std::size_t i = 0; i < text.looks.size(); ++i) line += (i == 0 ? "" : ",") + as_json(text.looks[i]);
  return line + fmt::format(R"(],"reason":{}}})", as_json(text.reason));
}

// One line of the file, whose fields are asked for by name.
class Record {
 public:
  Record(std::string place, std::string_view line) : place_(std::move(place)) {
    if (const auto wrong = malformed_at(line)) fail(fmt::format("column {}: no JSON", *wrong + 1));
    if (kind_of(line) != JsonKind::kObject) fail(fmt::format("must be an object, found {}", shown(line)));
    guarded([&] { members_ = members_of(line); });
  }

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", place_, problem));
  }

  std::optional<std::string_view> find(std::string_view name) const {
    std::optional<std::string_view> value;
    for (const JsonMember& each : members_) {
      if (each.name != name) continue;
      if (value) fail(fmt::format("field \"{}\" occurs twice", name));
      value = each.value;
    }
    return value;
  }

  std::size_t whole_number(std::string_view name) const {
    const std::string_view value = expect(name);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size())
      fail(fmt::format("field \"{}\" must be a whole number, found {}", name, shown(value)));
    return number;
  }

  std::string text(std::string_view name) const { return text_of(expect(name), name); }

  std::vector<std::string> texts(std::string_view name) const {
    const std::string_view value = expect(name);
    if (kind_of(value) != JsonKind::kArray)
      fail(fmt::format("field \"{}\" must be an array of strings, found {}", name, shown(value)));
    std::vector<std::string> texts;
    guarded([&] {
      for (const std::string_view each : elements_of(value, replay::kMaxProbes))
        texts.push_back(text_of(each, name));
    });
    return texts;
  }

 private:
  std::string_view expect(std::string_view name) const {
    const auto value = find(name);
    if (!value) fail(fmt::format("field \"{}\" is missing", name));
    return *value;
  }

  std::string text_of(std::string_view value, std::string_view name) const {
    if (kind_of(value) != JsonKind::kString)
      fail(fmt::format("field \"{}\" must be a string, found {}", name, shown(value)));
    return string_of(value);
  }

  template <class Work>
  void guarded(Work work) const {
    try {
      work();
    } catch (const std::length_error& error) {
      fail(error.what());
    }
  }

  std::string place_;
  std::vector<JsonMember> members_;
};

// The first line: what the file is.
void expect_head(const std::string& file, std::string_view line) {
  const auto foreign = [&] {
    throw InputError(
        fmt::format("{}: is no file of texts: its first line must be {{\"evotts\":\"{}\",\"version\":{}}}",
                    file, kFormat, kVersion));
  };
  if (malformed_at(line) || kind_of(line) != JsonKind::kObject) foreign();
  const Record record(fmt::format("{}: line 1", file), line);
  const auto format = record.find("evotts");
  if (!format || kind_of(*format) != JsonKind::kString || string_of(*format) != kFormat) foreign();
  const std::size_t version = record.whole_number("version");
  if (version > kVersion)
    throw InputError(fmt::format("{}: is of version {}, made by a newer program; this one reads version {}",
                                 file, version, kVersion));
  if (version != kVersion) foreign();
}

}  // namespace

TextsWriter::TextsWriter(const std::filesystem::path& file) : lines_(file) {
  lines_.write(fmt::format(R"({{"evotts":"{}","version":{}}})", kFormat, kVersion));
}

void TextsWriter::add(const BranchText& text) {
  const auto expect_room = [&](std::size_t bytes) {
    if (bytes > LineLimits().line)
      throw InputError(
          fmt::format("question {}, branch {}: its texts take {} bytes, more than can be read again",
                      text.question, text.branch, bytes));
  };
  std::size_t bytes = text.text.size() + text.reason.size();
  for (const std::string& look : text.looks) bytes += look.size();
  expect_room(bytes);  // before copies of them are made
  const std::string line = line_of(text);
  expect_room(line.size());
  lines_.write(line);
}

void TextsWriter::finish() { lines_.finish(); }

void read_texts(const std::filesystem::path& path, const std::function<void(BranchText)>& each) {
  const std::string file = genome::base::visible(path.string());
  std::set<std::pair<std::size_t, std::size_t>> seen;
  bool any = false;
  read_compressed_lines(path, {}, [&](std::size_t number, std::string_view line) {
    any = true;
    if (number == 1) return expect_head(file, line);
    const Record record(fmt::format("{}: line {}", file, number), line);
    BranchText text{.question = record.whole_number("question"),
                    .branch = record.whole_number("branch"),
                    .text = record.text("text"),
                    .looks = record.texts("looks"),
                    .reason = record.text("reason")};
    if (!seen.emplace(text.question, text.branch).second)
      record.fail(fmt::format("question {}, branch {} occurs twice", text.question, text.branch));
    if (number > kMostTexts) record.fail(fmt::format("there are more than {} branches", kMostTexts));
    each(std::move(text));
  });
  if (!any) throw InputError(fmt::format("{}: is no file of texts: it holds no line", file));
}

std::filesystem::path texts_path(const std::filesystem::path& environment) {
  std::filesystem::path path = environment;
  if (path.extension() == ".json") path.replace_extension();
  return path += ".texts.jsonl.zst";
}

}  // namespace live
