#include "live/reading/question_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "genome/base/text.hpp"
#include "live/files/csv_rows.hpp"
#include "live/files/json_records.hpp"
#include "live/reading/question_columns.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"
#include "replay/environment/malformed_json.hpp"
#include "replay/environment/reader.hpp"

namespace live {
namespace {

using genome::base::trimmed;
using genome::base::visible;
using replay::InputError;

constexpr std::string_view kNoAnswer = "ERR";

// Where something stands in the file, as a message begins.
struct Place {
  const std::string& file;
  std::string_view unit;  // "line" or "question"
  std::size_t number = 0;

  std::string text() const { return fmt::format("{}: {} {}", file, unit, number); }
  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", text(), problem));
  }
};

// The questions so far; what is wrong with one by itself, or with another before, is told here.
class Questions {
 public:
  void add(const Place& place, CollectQuestion question, std::string_view question_field,
           std::string_view gold_field) {
    check(place, question.text, question_field);
    check(place, question.gold, gold_field);
    if (trimmed(question.gold) == kNoAnswer)
      place.fail(fmt::format("field \"{}\" must be an answer; ERR stands for none", visible(gold_field, 60)));
    const auto [before, fresh] = first_place_.try_emplace(question.text, place.number);
    if (!fresh)
      place.fail(fmt::format("the question of {} {} occurs a second time: \"{}\"", place.unit, before->second,
                             visible(question.text, 60)));
    questions_.push_back(std::move(question));
  }

  std::vector<CollectQuestion> take(const std::string& file) && {
    if (questions_.empty()) throw InputError(fmt::format("{}: holds no questions", file));
    return std::move(questions_);
  }

 private:
  static void check(const Place& place, const std::string& value, std::string_view field) {
    if (trimmed(value).empty()) place.fail(fmt::format("field \"{}\" is empty", visible(field, 60)));
    if (value.find('\0') != value.npos)
      place.fail(fmt::format("field \"{}\" holds a character of code 0", visible(field, 60)));
  }

  std::vector<CollectQuestion> questions_;
  std::unordered_map<std::string, std::size_t> first_place_;
};

// ---- objects of JSON ----

class ObjectReader {
 public:
  ObjectReader(const std::string& file, const QuestionFields& given) : file_(file), given_(given) {}

  // One object, which is well-formed JSON.
  void read(std::string_view object, std::size_t line) {
    const Place place{file_, "line", line};
    if (kind_of(object) != JsonKind::kObject)
      place.fail(fmt::format("must be an object, found {}", shown(object)));
    const std::vector<JsonMember> members = members_at(place, object);
    if (question_.empty()) choose_fields(members, place);
    const std::string_view text = value_of(members, question_, place);
    if (kind_of(text) != JsonKind::kString)
      place.fail(fmt::format("field \"{}\" must be a string, found {}", visible(question_, 60), shown(text)));
    const std::string_view gold = value_of(members, gold_, place);
    const JsonKind kind = kind_of(gold);
    if (kind != JsonKind::kString && kind != JsonKind::kNumber)
      place.fail(fmt::format("field \"{}\" must be a string or a number, found {}", visible(gold_, 60),
                             shown(gold)));
    questions_.add(place, {string_of(text), kind == JsonKind::kString ? string_of(gold) : std::string(gold)},
                   question_, gold_);
  }

  std::vector<CollectQuestion> take() && { return std::move(questions_).take(file_); }

 private:
  static std::vector<JsonMember> members_at(const Place& place, std::string_view object) {
    try {
      return members_of(object);
    } catch (const std::length_error& error) {
      place.fail(error.what());
    }
  }

  // The names that count for all objects are those of the first.
  void choose_fields(const std::vector<JsonMember>& members, const Place& place) {
    std::vector<std::string> names;
    for (const JsonMember& each : members) names.push_back(each.name);
    const QuestionColumns columns = find_columns(names, given_, place.text());
    question_ = names[columns.question];
    gold_ = names[columns.gold];
  }

  static std::string_view value_of(const std::vector<JsonMember>& members, const std::string& name,
                                   const Place& place) {
    std::optional<std::string_view> value;
    for (const JsonMember& each : members) {
      if (each.name != name) continue;
      if (value) place.fail(fmt::format("field \"{}\" occurs twice", visible(name, 60)));
      value = each.value;
    }
    if (!value)
      place.fail(fmt::format("field \"{}\", which the first object has, is missing", visible(name, 60)));
    return *value;
  }

  const std::string& file_;
  const QuestionFields& given_;
  std::string question_, gold_;
  Questions questions_;
};

std::vector<CollectQuestion> from_lines(std::string_view bytes, const std::string& file,
                                        const QuestionFields& fields) {
  ObjectReader reader(file, fields);
  for (std::size_t line = 1; !bytes.empty(); ++line) {
    const std::size_t end = bytes.find('\n');
    const std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
    if (trimmed(text).empty()) continue;
    if (const auto wrong = malformed_at(text))
      Place{file, "line", line}.fail(fmt::format(
          "no JSON, which must be one object a line: column {}, after `{}`", *wrong + 1,
          visible(text.substr(*wrong < 20 ? 0 : *wrong - 20, std::min<std::size_t>(*wrong, 20)))));
    reader.read(text, line);
  }
  return std::move(reader).take();
}

// ---- recorded questions ----

bool is_recorded(std::string_view object) {
  if (kind_of(object) != JsonKind::kObject) return false;
  try {
    return std::ranges::any_of(members_of(object),
                               [](const JsonMember& each) { return each.name == "each_branch"; });
  } catch (const std::length_error&) {
    return false;
  }
}

std::vector<CollectQuestion> from_environment(std::string bytes, const std::string& source,
                                              const std::string& file) {
  const replay::Environment environment = replay::parse_environment(std::move(bytes), source, source);
  Questions questions;
  for (std::size_t i = 0; i < environment.questions.size(); ++i) {
    const replay::Question& each = environment.questions[i];
    questions.add({file, "question", i}, {each.text, each.gold}, "question", "gold_answer");
  }
  return std::move(questions).take(file);
}

// ---- an array: of either ----

std::vector<CollectQuestion> from_array(std::string bytes, const std::string& source, const std::string& file,
                                        const QuestionFields& fields) {
  if (malformed_at(bytes)) throw InputError(replay::malformed_json(bytes, source, "no JSON"));
  const std::vector<std::string_view> objects = elements_of(bytes, replay::kMaxFileBytes);
  const bool usual = fields.question.empty() && fields.gold.empty();
  if (usual && !objects.empty() && is_recorded(objects.front()))
    return from_environment(std::move(bytes), source, file);
  ObjectReader reader(file, fields);
  std::size_t line = 1, counted = 0;
  for (const std::string_view object : objects) {
    const auto begin = static_cast<std::size_t>(object.data() - bytes.data());
    line += static_cast<std::size_t>(std::count(bytes.begin() + static_cast<std::ptrdiff_t>(counted),
                                                bytes.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
    counted = begin;
    reader.read(object, line);
  }
  return std::move(reader).take();
}

// ---- comma-separated values ----

class TableReader {
 public:
  TableReader(const std::string& file, const QuestionFields& given) : file_(file), given_(given) {}

  void read(CsvRow& row) {
    const Place place{file_, "line", row.line};
    if (names_.empty()) {
      for (const std::string& name : row.fields) names_.emplace_back(trimmed(name));
      columns_ = find_columns(names_, given_, place.text());
      return;
    }
    if (row.fields.size() != names_.size())
      place.fail(fmt::format("must have {} fields, as the line of names has, found {}", names_.size(),
                             row.fields.size()));
    questions_.add(place, {std::move(row.fields[columns_.question]), row.fields[columns_.gold]},
                   names_[columns_.question], names_[columns_.gold]);
  }

  std::vector<CollectQuestion> take() && { return std::move(questions_).take(file_); }

 private:
  const std::string& file_;
  const QuestionFields& given_;
  std::vector<std::string> names_;
  QuestionColumns columns_;
  Questions questions_;
};

std::vector<CollectQuestion> from_table(std::string_view bytes, const std::string& file,
                                        const QuestionFields& fields) {
  TableReader reader(file, fields);
  try {
    read_csv(bytes, [&](CsvRow& row) { reader.read(row); });
  } catch (const CsvError& error) {
    Place{file, "line", error.line}.fail(error.what());
  }
  return std::move(reader).take();
}

// ---- all ----

void expect_text(std::string_view bytes, const std::string& file) {
  const auto refuse = [&](std::size_t at, std::string_view problem) {
    const std::string_view before = bytes.substr(0, at);
    const auto line = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
    Place{file, "line", line}.fail(std::string(problem));
  };
  if (const std::size_t zero = bytes.find('\0'); zero != bytes.npos)
    refuse(zero, "holds a byte of value 0; the file must be text in UTF-8");
  if (const auto wrong = genome::base::first_not_utf8(bytes)) refuse(*wrong, "is no text in UTF-8");
  if (trimmed(bytes).empty()) throw InputError(fmt::format("{}: is empty", file));
}

}  // namespace

std::vector<CollectQuestion> read_questions(const std::filesystem::path& path, const QuestionFields& fields) {
  const std::string source = path.string(), file = visible(source);
  std::string bytes = replay::file_bytes(path);
  constexpr std::string_view kMark = "\xEF\xBB\xBF";  // the byte order mark some editors write
  if (bytes.starts_with(kMark)) bytes.erase(0, kMark.size());
  expect_text(bytes, file);
  const char first = trimmed(bytes).front();
  if (first == '{') return from_lines(bytes, file, fields);
  if (first != '[') return from_table(bytes, file, fields);
  return from_array(std::move(bytes), source, file, fields);
}

}  // namespace live
