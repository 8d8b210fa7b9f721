#include "replay/environment/reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <optional>
#include <simdjson.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "genome/base/descriptor.hpp"
#include "genome/base/rng.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/malformed_json.hpp"

namespace replay {
namespace {

namespace dom = simdjson::dom;

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
  // What is read goes into `environment`; its source is named in messages.
  explicit Walk(Environment& environment) : environment_(environment) {}

  void read(dom::element root) {
    dom::array items;
    if (root.get(items)) fail(fmt::format("must be an array of questions, found {}", shown_value(root)));
    std::vector<Question>& questions = environment_.questions;
    for (const dom::element item : items) {
      question_ = questions.size();
      questions.push_back(question(item));
    }
    question_.reset();
    if (questions.empty()) fail("holds no questions");
    questions.shrink_to_fit();
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    std::string place;
    if (question_) place += fmt::format(" question {}", *question_);
    if (branch_) place += fmt::format(", branch {}", *branch_);
    throw InputError(fmt::format("{}:{}{} {}", genome::base::visible(environment_.source), place,
                                 question_ ? ":" : "", problem));
  }

  Question question(dom::element item) {
    const Fields fields = fields_of(item);
    const std::int64_t interval = whole_number(*fields.interval, "probe_freq", 1, kMaxInterval);
    const std::string_view question_text = text(*fields.text, "question");
    const std::string_view gold = text(*fields.gold, "gold_answer");
    dom::array branches;
    if (fields.branches->get(branches)) {
      fail(fmt::format("each_branch must be an array, found {}", shown_value(*fields.branches)));
    }
    if (!any_branch_ && branches.begin() != branches.end()) {
      branch_ = 0;
      find_signals(*branches.begin());
    }
    QuestionBuilder builder(std::string(question_text), std::string(gold), interval,
                            environment_.signals.size());
    builder.reserve(branches.size(), probes_of(branches));
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

  // How many there seem to be; what is malformed is told when it is read.
  static std::size_t probes_of(dom::array branches) {
    std::size_t count = 0;
    for (const dom::element branch : branches) {
      dom::array parts, probes;
      if (branch.get(parts) || parts.size() == 0 || parts.at(0).get(probes)) continue;
      count += probes.size();
    }
    return count;
  }

  struct Parts {
    dom::array probes;
    dom::element tokens, final_answer;
    std::optional<dom::object> signals;
  };

  Parts parts_of(dom::element item) const {
    constexpr std::string_view kForm = "must be [probes, tokens, final answer]";
    dom::array items;
    if (item.get(items)) fail(fmt::format("{}, found {}", kForm, shown_value(item)));
    std::array<dom::element, 4> part;
    std::size_t count = 0;
    for (const dom::element value : items) {
      if (count < part.size()) part[count] = value;
      ++count;
    }
    if (count < 3 || count > part.size()) fail(fmt::format("{}, found an array of {}", kForm, count));
    Parts parts{.probes = {}, .tokens = part[1], .final_answer = part[2], .signals = {}};
    if (part[0].get(parts.probes))
      fail(fmt::format("probes must be an array, found {}", shown_value(part[0])));
    if (count == part.size() && part[3].get(parts.signals.emplace()))
      fail(fmt::format("signals must be an object, found {}", shown_value(part[3])));
    return parts;
  }

  // The names of the file's signals, from its first branch.
  void find_signals(dom::element first_branch) {
    any_branch_ = true;
    const Parts parts = parts_of(first_branch);
    if (!parts.signals) return;
    std::vector<std::string>& written = environment_.written_signals;
    for (const dom::key_value_pair& signal : *parts.signals) {
      if (!is_signal_name(signal.key)) {
        fail(fmt::format("signal \"{}\": a name has 1 to {} letters, digits and _",
                         genome::base::visible(signal.key, 60), kMaxSignalName));
      }
      if (written.size() == kMaxSignals) fail(fmt::format("has more than {} signals", kMaxSignals));
      if (std::ranges::find(written, signal.key) != written.end()) fail_twice(signal.key);
      written.emplace_back(signal.key);
    }
    environment_.signals = written;
    std::ranges::sort(environment_.signals);
    for (const std::string& name : written)
      column_of_.push_back(static_cast<std::size_t>(std::ranges::find(environment_.signals, name) -
                                                    environment_.signals.begin()));
  }

  void read_branch(dom::element item, QuestionBuilder& builder) {
    const Parts parts = parts_of(item);
    std::size_t probes = 0;
    for (const dom::element answer : parts.probes) {
      if (probes == kMaxProbes) fail(fmt::format("has more than {} probes", kMaxProbes));
      std::string_view read;
      if (answer.get(read))
        fail(fmt::format("probe {} must be a string, found {}", probes, shown_value(answer)));
      builder.add_probe(read);
      ++probes;
    }
    const std::int64_t tokens = whole_number(parts.tokens, "tokens", 0, kMaxTokens);
    const std::string_view final_answer = text(parts.final_answer, "the final answer");
    read_signals(parts.signals, probes, builder);
    if (const auto overflowing = builder.end_branch(tokens, final_answer)) {
      fail(fmt::format("signal \"{}\": the sum of its numbers, weighted by tokens, is too large",
                       environment_.signals[*overflowing]));
    }
  }

  void read_signals(const std::optional<dom::object>& signals, std::size_t probes, QuestionBuilder& builder) {
    const std::vector<std::string>& names = environment_.written_signals;
    if (!signals && names.empty()) return;
    if (!signals)
      fail(fmt::format("has no signals, but the first branch of the file has {}", fmt::join(names, ", ")));
    if (probes > kMaxProbesWithSignals && !names.empty())
      fail(fmt::format("has more than {} probes, the most of a branch with signals", kMaxProbesWithSignals));
    std::bitset<kMaxSignals> seen;
    std::size_t next = 0;  // branches mostly repeat the order of the first
    for (const dom::key_value_pair& signal : *signals) {
      std::size_t which = next;
      if (which >= names.size() || names[which] != signal.key)
        which = static_cast<std::size_t>(std::ranges::find(names, signal.key) - names.begin());
      if (which == names.size()) {
        fail(fmt::format("signal \"{}\" is not in the first branch of the file, which has {}",
                         genome::base::visible(signal.key, 60),
                         names.empty() ? "no signals" : fmt::format("{}", fmt::join(names, ", "))));
      }
      if (seen[which]) fail_twice(signal.key);
      seen[which] = true;
      next = which + 1;
      read_signal(names[which], column_of_[which], signal.value, probes, builder);
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!seen[i])
        fail(fmt::format("has no signal \"{}\", but the first branch of the file has it", names[i]));
    }
  }

  void read_signal(const std::string& name, std::size_t column, dom::element value, std::size_t probes,
                   QuestionBuilder& builder) {
    dom::array numbers;
    if (value.get(numbers))
      fail(fmt::format("signal \"{}\" must be an array of numbers, found {}", name, shown_value(value)));
    numbers_.clear();
    for (const dom::element number : numbers) {
      double read = 0;
      if (number.get(read))
        fail(fmt::format("signal \"{}\": number {} must be finite, found {}", name, numbers_.size(),
                         shown_value(number)));
      numbers_.push_back(read);
    }
    if (numbers_.size() != probes + 1) {
      fail(fmt::format("signal \"{}\" must have {}, one more than there are probes, found {}", name,
                       probes == 0 ? "1 number" : fmt::format("{} numbers", probes + 1), numbers_.size()));
    }
    builder.add_signal(column, numbers_);
  }

  [[noreturn]] void fail_twice(std::string_view name) const {
    fail(fmt::format("signal \"{}\" occurs twice", genome::base::visible(name, 60)));
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

  Environment& environment_;
  bool any_branch_ = false;             // was read yet: the first fixes the signals
  std::vector<std::size_t> column_of_;  // of each of written_signals: its place among the sorted ones
  std::vector<double> numbers_;         // of the signal being read
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

bool is_signal_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= kMaxSignalName && std::ranges::all_of(name, fits);
}

Environment read_environment(const std::filesystem::path& path) {
  return parse_environment(read_bytes(path), name_of(path), path.string());
}

Environment parse_environment(std::string bytes, std::string name, std::string source) {
  Environment environment{std::move(name), std::move(source), environment_digest(bytes), {}, {}, {}};
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);  // the byte order mark some editors write
  if (bytes.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw InputError(fmt::format("{}: is empty", genome::base::visible(environment.source)));
  }
  dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(bytes).get(root))
    throw InputError(malformed_json(bytes, environment.source, simdjson::error_message(error)));
  Walk walk(environment);
  walk.read(root);
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

std::string question_digest(const Question& question) {
  std::vector<std::string> branches;
  for (const Branch& branch : question.branches) {
    std::string answers;
    const auto add = [&](AnswerId id) {
      const std::string& answer = question.answers[static_cast<std::size_t>(id)];
      answers += fmt::format("{} {}\n", answer.size(), answer);
    };
    for (std::size_t i = 0; i < branch.probes; ++i) add(question.probes[branch.first_probe + i]);
    add(branch.final_answer);
    branches.push_back(std::move(answers));
  }
  std::ranges::sort(branches);
  std::string all =
      fmt::format("{} {}\n{} {}\n", question.text.size(), question.text, question.gold.size(), question.gold);
  for (const std::string& answers : branches) all += fmt::format("{}\n", answers);
  return environment_digest(all);
}

}  // namespace replay
