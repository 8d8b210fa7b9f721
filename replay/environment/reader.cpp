#include "replay/environment/reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <simdjson.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/descriptor.hpp"
#include "genome/base/rng.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace replay {
namespace {

namespace dom = simdjson::dom;

// ---- malformed text: slow and thorough, since it only runs when reading has failed ----

std::string line_and_column(std::string_view bytes, std::size_t offset) {
  const std::string_view before = bytes.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? offset + 1 : offset - newline;
  return fmt::format("line {}, column {}", line, column);
}

// Where the text stops being JSON; simdjson is quick because it does not keep count.
std::optional<std::size_t> first_malformed_byte(const std::string& bytes) {
  using nlohmann::json;
  try {
    const auto keep_nothing = [](int, json::parse_event_t, json&) { return false; };
    [[maybe_unused]] const json nothing = json::parse(bytes, keep_nothing);
  } catch (const json::parse_error& error) {
    return error.byte == 0 ? 0 : error.byte - 1;
  } catch (const json::exception&) {
    return std::nullopt;  // a number out of range: JSON, but nothing that can be held
  }
  return std::nullopt;
}

// The first number, outside strings, that neither 64 bits nor a double can hold.
std::optional<std::size_t> first_oversized_number(std::string_view bytes) {
  bool in_string = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '"') in_string = !in_string;
    if (in_string) {
      if (bytes[i] == '\\') ++i;
      continue;
    }
    if (bytes[i] < '0' || bytes[i] > '9') continue;
    const std::string_view rest = bytes.substr(i);
    const std::string_view number = rest.substr(0, rest.find_first_not_of("0123456789.eE+-"));
    const bool whole = number.find_first_of(".eE") == std::string_view::npos;
    std::uint64_t integer = 0;
    double real = 0;
    const char* const end = number.data() + number.size();
    const auto read =
        whole ? std::from_chars(number.data(), end, integer) : std::from_chars(number.data(), end, real);
    if (read.ec == std::errc::result_out_of_range) return i;
    i += number.size() - 1;
  }
  return std::nullopt;
}

[[noreturn]] void fail_malformed(const std::string& bytes, const std::string& source,
                                 simdjson::error_code error) {
  const std::string file = genome::base::visible(source);
  if (const auto byte = first_malformed_byte(bytes)) {
    const std::string place = line_and_column(bytes, std::min(*byte, bytes.size()));
    if (*byte >= bytes.size()) {
      throw InputError(fmt::format("{}: {}: not valid JSON: the text ends too early", file, place));
    }
    const std::size_t shown_from = *byte < 20 ? 0 : *byte - 20;
    const std::string_view near = std::string_view(bytes).substr(shown_from, *byte + 1 - shown_from);
    throw InputError(
        fmt::format("{}: {}: not valid JSON, after `{}`", file, place, genome::base::visible(near)));
  }
  if (const auto byte = first_oversized_number(bytes)) {
    throw InputError(fmt::format("{}: {}: this number is too large", file, line_and_column(bytes, *byte)));
  }
  throw InputError(fmt::format("{}: cannot be read as JSON: {}", file, simdjson::error_message(error)));
}

// ---- well-formed text ----

std::string shown_value(dom::element value) {
  switch (value.type()) {
    case dom::element_type::ARRAY: return "an array";
    case dom::element_type::OBJECT: return "an object";
    case dom::element_type::STRING:
      return fmt::format("\"{}\"", genome::base::visible(std::string_view(value), 60));
    case dom::element_type::INT64: return fmt::format("{}", std::int64_t(value));
    case dom::element_type::UINT64: return fmt::format("{}", std::uint64_t(value));
    case dom::element_type::DOUBLE: return fmt::format("{}", double(value));
    case dom::element_type::BOOL: return bool(value) ? "true" : "false";
    case dom::element_type::NULL_VALUE: return "null";
  }
  return "something else";
}

// The fields of a question object that matter.
struct Fields {
  std::optional<dom::element> text, gold, interval, branches;
};

// Walks the parsed text; remembers where it is for the message of a failure.
class Walk {
 public:
  explicit Walk(const std::string& source) : source_(source) {}

  std::vector<Question> questions(dom::element root) {
    dom::array items;
    if (root.get(items)) fail(fmt::format("must be an array of questions, found {}", shown_value(root)));
    std::vector<Question> read;
    for (const dom::element item : items) {
      question_ = read.size();
      read.push_back(question(item));
    }
    question_.reset();
    if (read.empty()) fail("holds no questions");
    return read;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    std::string place;
    if (question_) place += fmt::format(" question {}", *question_);
    if (branch_) place += fmt::format(", branch {}", *branch_);
    throw InputError(
        fmt::format("{}:{}{} {}", genome::base::visible(source_), place, question_ ? ":" : "", problem));
  }

  Question question(dom::element item) {
    const Fields fields = fields_of(item);
    const std::int64_t interval = whole_number(*fields.interval, "probe_freq", 1, kMaxInterval);
    QuestionBuilder builder(std::string(text(*fields.text, "question")),
                            std::string(text(*fields.gold, "gold_answer")), interval);
    dom::array branches;
    if (fields.branches->get(branches)) {
      fail(fmt::format("each_branch must be an array, found {}", shown_value(*fields.branches)));
    }
    std::size_t count = 0;
    for (const dom::element branch : branches) {
      if (count == kMaxBranches) fail(fmt::format("has more than {} branches", kMaxBranches));
      branch_ = count++;
      read_branch(branch, builder);
    }
    branch_.reset();
    if (count == 0) fail("has no branches");
    return std::move(builder).finish();
  }

  Fields fields_of(dom::element item) const {
    dom::object object;
    if (item.get(object)) fail(fmt::format("must be an object, found {}", shown_value(item)));
    Fields fields;
    const std::array<std::pair<std::string_view, std::optional<dom::element>*>, 4> known{{
        {"question", &fields.text},
        {"gold_answer", &fields.gold},
        {"probe_freq", &fields.interval},
        {"each_branch", &fields.branches},
    }};
    for (const dom::key_value_pair& field : object) {
      for (const auto& [name, value] : known) {
        if (field.key != name) continue;
        if (*value) fail(fmt::format("field \"{}\" occurs twice", name));
        *value = field.value;
      }
    }
    for (const auto& [name, value] : known) {
      if (!*value) fail(fmt::format("field \"{}\" is missing", name));
    }
    return fields;
  }

  void read_branch(dom::element item, QuestionBuilder& builder) const {
    constexpr std::string_view kForm = "must be [probes, tokens, final answer]";
    dom::array parts;
    if (item.get(parts)) fail(fmt::format("{}, found {}", kForm, shown_value(item)));
    std::array<dom::element, 3> part;
    std::size_t count = 0;
    for (const dom::element value : parts) {
      if (count < part.size()) part[count] = value;
      ++count;
    }
    if (count != part.size()) fail(fmt::format("{}, found an array of {}", kForm, count));
    dom::array probes;
    if (part[0].get(probes)) fail(fmt::format("probes must be an array, found {}", shown_value(part[0])));
    std::size_t probe = 0;
    for (const dom::element answer : probes) {
      if (probe == kMaxProbes) fail(fmt::format("has more than {} probes", kMaxProbes));
      std::string_view read;
      if (answer.get(read))
        fail(fmt::format("probe {} must be a string, found {}", probe, shown_value(answer)));
      builder.add_probe(read);
      ++probe;
    }
    const std::int64_t tokens = whole_number(part[1], "tokens", 0, kMaxTokens);
    builder.end_branch(tokens, text(part[2], "the final answer"));
  }

  std::string_view text(dom::element value, std::string_view what) const {
    std::string_view read;
    if (value.get(read)) fail(fmt::format("{} must be a string, found {}", what, shown_value(value)));
    return read;
  }

  // Some writers print whole numbers as 500.0, so a double without a fraction will do.
  std::int64_t whole_number(dom::element value, std::string_view what, std::int64_t least,
                            std::int64_t most) const {
    const bool is_number = value.is_double() || value.is_int64() || value.is_uint64();
    const double number = is_number ? double(value) : std::numeric_limits<double>::quiet_NaN();
    if (!(number >= static_cast<double>(least)) || number != std::floor(number)) {
      fail(
          fmt::format("{} must be a whole number of at least {}, found {}", what, least, shown_value(value)));
    }
    if (number > static_cast<double>(most)) {
      fail(fmt::format("{} must be at most {}, found {}", what, most, shown_value(value)));
    }
    return static_cast<std::int64_t>(number);  // exact: `most` is below 2^53
  }

  const std::string& source_;
  std::optional<std::size_t> question_;
  std::optional<std::size_t> branch_;
};

// Looked at before anything is read: a device never ends, and to open a pipe waits for its other end.
std::size_t size_of_regular(int descriptor, const std::string& file) {
  struct stat there {};
  if (::fstat(descriptor, &there) != 0)
    throw InputError(fmt::format("{}: cannot be read: {}", file, std::generic_category().message(errno)));
  if (S_ISDIR(there.st_mode)) throw InputError(fmt::format("{}: is a directory, not a file", file));
  if (!S_ISREG(there.st_mode))
    throw InputError(fmt::format("{}: is a pipe or a device, not a regular file", file));
  const auto size = static_cast<std::size_t>(there.st_size);
  if (size > kMaxFileBytes) throw InputError(fmt::format("{}: is larger than {} bytes", file, kMaxFileBytes));
  return size;
}

std::string read_bytes(const std::filesystem::path& path) {
  const std::string file = genome::base::visible(path.string());
  const genome::base::Descriptor stream(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!stream.open())
    throw InputError(fmt::format("{}: cannot be opened: {}", file, std::generic_category().message(errno)));
  std::string bytes;
  // simdjson reads a little past the end; with room for that the bytes need not be copied for it.
  bytes.reserve(size_of_regular(stream.number(), file) + simdjson::SIMDJSON_PADDING);
  std::array<char, 1U << 16U> chunk;
  for (;;) {
    const ssize_t count = ::read(stream.number(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw InputError(fmt::format("{}: cannot be read: {}", file, std::generic_category().message(errno)));
    if (count == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(count));
    if (bytes.size() > kMaxFileBytes)  // it grew meanwhile
      throw InputError(fmt::format("{}: is larger than {} bytes", file, kMaxFileBytes));
  }
}

std::string name_of(const std::filesystem::path& path) {
  const std::filesystem::path normal = path.lexically_normal();
  const std::string folder = normal.parent_path().filename().string();
  const std::string stem = normal.stem().string();
  return folder.empty() || folder == "." || folder == ".." ? stem : folder + "/" + stem;
}

}  // namespace

Environment read_environment(const std::filesystem::path& path) {
  return parse_environment(read_bytes(path), name_of(path), path.string());
}

Environment parse_environment(std::string bytes, std::string name, std::string source) {
  Environment environment{std::move(name), std::move(source), environment_digest(bytes), {}};
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);  // the byte order mark some editors write
  if (bytes.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw InputError(fmt::format("{}: is empty", genome::base::visible(environment.source)));
  }
  dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(bytes).get(root)) fail_malformed(bytes, environment.source, error);
  environment.questions = Walk(environment.source).questions(root);
  return environment;
}

// SHA-1 would take four times as long as all of the reading (25 ms for a file of 2.5 MB); this takes one.
std::string environment_digest(std::string_view file_bytes) {
  std::uint64_t hash = file_bytes.size();
  for (std::size_t i = 0; i < file_bytes.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, file_bytes.data() + i, std::min(sizeof(word), file_bytes.size() - i));
    if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
    hash = genome::base::Rng::scramble(hash ^ word) + 0x9E3779B97F4A7C15ULL;
  }
  return fmt::format("{:016x}", hash);
}

QuestionBuilder::QuestionBuilder(std::string text, std::string gold, std::int64_t interval) {
  EVOTTS_CHECK(interval > 0);
  question_.text = std::move(text);
  question_.gold = std::move(gold);
  question_.interval = interval;
}

void QuestionBuilder::add_probe(std::string_view answer) { question_.probes.push_back(intern(answer)); }

void QuestionBuilder::end_branch(std::int64_t tokens, std::string_view final_answer) {
  EVOTTS_CHECK(tokens >= 0);
  const std::size_t end = question_.probes.size();
  EVOTTS_CHECK(end <= std::numeric_limits<std::int32_t>::max());  // as episodes count
  question_.branches.push_back({.first_probe = static_cast<std::uint32_t>(branch_begin_),
                                .probes = static_cast<std::uint32_t>(end - branch_begin_),
                                .tokens = tokens,
                                .final_answer = intern(final_answer)});
  branch_begin_ = end;
}

Question QuestionBuilder::finish() && {
  EVOTTS_CHECK(!question_.branches.empty() && branch_begin_ == question_.probes.size());
  const auto gold = ids_.find(question_.gold);
  question_.gold_id = gold == ids_.end() ? kNoAnswer : gold->second;
  return std::move(question_);
}

AnswerId QuestionBuilder::intern(std::string_view answer) {
  // A branch mostly repeats itself, so the latest answer saves half of the look-ups.
  if (latest_ != kNoAnswer && question_.answers[static_cast<std::size_t>(latest_)] == answer) return latest_;
  const auto known = ids_.find(answer);
  if (known != ids_.end()) return latest_ = known->second;
  latest_ = static_cast<AnswerId>(question_.answers.size());
  ids_.emplace(answer, latest_);
  question_.answers.emplace_back(answer);
  question_.blank.push_back(answer.empty() || answer == "ERR" ? 1 : 0);
  return latest_;
}

// ---- writing ----

namespace {

// As Python's json.dumps(text, ensure_ascii=False), which wrote the recordings.
void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\f': out += "\\f"; break;
      case '\b': out += "\\b"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20U) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// "[", one answer a line at this indentation, "]" one step further left; "[]" when there are none.
template <class Ids>
void write_answers(std::string& out, const Question& question, const Ids& ids, std::size_t indentation) {
  out += '[';
  bool first = true;
  for (const AnswerId id : ids) {
    out += first ? "\n" : ",\n";
    out.append(indentation, ' ');
    write_string(out, question.answers[static_cast<std::size_t>(id)]);
    first = false;
  }
  if (!first) {
    out += '\n';
    out.append(indentation - 2, ' ');
  }
  out += ']';
}

void write_branch(std::string& out, const Question& question, const Branch& branch) {
  out += "      [\n        ";
  const auto begin = question.probes.begin() + branch.first_probe;
  write_answers(out, question, std::vector<AnswerId>(begin, begin + branch.probes), 10);
  fmt::format_to(std::back_inserter(out), ",\n        {},\n        ", branch.tokens);
  write_string(out, question.answers[static_cast<std::size_t>(branch.final_answer)]);
  out += "\n      ]";
}

void write_question(std::string& out, const Question& question) {
  out += "  {\n    \"question\": ";
  write_string(out, question.text);
  out += ",\n    \"final_answers_trace\": ";
  std::vector<AnswerId> finals;
  for (const Branch& branch : question.branches) finals.push_back(branch.final_answer);
  write_answers(out, question, finals, 6);
  out += ",\n    \"each_branch\": [\n";
  for (const Branch& branch : question.branches) {
    if (&branch != &question.branches.front()) out += ",\n";
    write_branch(out, question, branch);
  }
  out += "\n    ],\n    \"gold_answer\": ";
  write_string(out, question.gold);
  fmt::format_to(std::back_inserter(out), ",\n    \"probe_freq\": {}\n  }}", question.interval);
}

}  // namespace

std::string to_json(const Environment& environment) {
  std::string out = "[\n";
  for (const Question& question : environment.questions) {
    if (&question != &environment.questions.front()) out += ",\n";
    write_question(out, question);
  }
  return out + "\n]";
}

}  // namespace replay
