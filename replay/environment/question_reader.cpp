#include "replay/environment/question_reader.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <utility>

#include "genome/base/text.hpp"
#include "replay/environment/collected.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {

namespace dom = simdjson::dom;

// The fields of a question object that matter.
struct QuestionReader::Fields {
  std::optional<dom::element> text, gold, interval, branches;
  std::optional<dom::element> collected;  // of the first question, where it has one
};

struct QuestionReader::Parts {
  dom::array probes;
  dom::element tokens, final_answer;
  std::optional<dom::object> signals;
};

namespace {

// How many there seem to be; what is malformed is told when it is read.
std::size_t probes_of(dom::array branches) {
  std::size_t count = 0;
  for (const dom::element branch : branches) {
    dom::array parts, probes;
    if (branch.get(parts) || parts.size() == 0 || parts.at(0).get(probes)) continue;
    count += probes.size();
  }
  return count;
}

}  // namespace

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

Question QuestionReader::read(dom::element item, std::size_t number) {
  question_ = number;
  const Fields fields = fields_of(item);
  const std::int64_t interval = whole_number(*fields.interval, "probe_freq", 1, kMaxInterval);
  const std::string_view question_text = text(*fields.text, "question");
  const std::string_view gold = text(*fields.gold, "gold_answer");
  if (fields.collected) collected_ = collected_of(fields);
  dom::array branches;
  if (fields.branches->get(branches)) {
    fail(fmt::format("each_branch must be an array, found {}", shown_value(*fields.branches)));
  }
  if (!any_branch_ && branches.begin() != branches.end()) {
    branch_ = 0;
    find_signals(*branches.begin());
  }
  QuestionBuilder builder(std::string(question_text), std::string(gold), interval, signals_.size());
  builder.reserve(branches.size(), probes_of(branches));
  std::size_t count = 0;
  for (const dom::element branch : branches) {
    take_breath();
    if (count == kMaxBranches) fail(fmt::format("has more than {} branches", kMaxBranches));
    branch_ = count++;
    read_branch(branch, builder);
  }
  branch_.reset();
  if (count == 0) fail("has no branches");
  return std::move(builder).finish();
}

void QuestionReader::fail(const std::string& problem) const {
  std::string place = fmt::format(" question {}", question_);
  if (branch_) place += fmt::format(", branch {}", *branch_);
  throw InputError(fmt::format("{}:{}: {}", genome::base::visible(source_), place, problem));
}

void QuestionReader::fail_twice(std::string_view signal) const {
  fail(fmt::format("signal \"{}\" occurs twice", genome::base::visible(signal, 60)));
}

QuestionReader::Fields QuestionReader::fields_of(dom::element item) const {
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
    if (question_ != 0 || field.key != "collected") continue;
    if (fields.collected) fail("field \"collected\" occurs twice");
    fields.collected = field.value;
  }
  for (const auto& [name, value] : known) {
    if (!*value) fail(fmt::format("field \"{}\" is missing", name));
  }
  return fields;
}

std::string QuestionReader::collected_of(const Fields& fields) const {
  dom::object object;
  if (fields.collected->get(object))
    fail(fmt::format("collected must be an object, found {}", shown_value(*fields.collected)));
  std::string compacted = compact(object);
  if (compacted.size() > kMaxCollectedBytes)
    fail(fmt::format("collected has {} bytes, where at most {} are kept", compacted.size(),
                     kMaxCollectedBytes));
  return compacted;
}

QuestionReader::Parts QuestionReader::parts_of(dom::element item) const {
  constexpr std::string_view kForm = "must be [probes, tokens, final answer]";
  dom::array items;
  if (item.get(items)) fail(fmt::format("{}, found {}", kForm, shown_value(item)));
  std::array<dom::element, 4> part;
  std::size_t count = 0;
  for (const dom::element value : items) {
    if (count < part.size()) part[count] = value;
    ++count;
  }
  if (count < 3) fail(fmt::format("{}, found an array of {}", kForm, count));
  if (count > part.size())
    fail(fmt::format("{} or [probes, tokens, final answer, signals], found an array of {}", kForm, count));
  Parts parts{.probes = {}, .tokens = part[1], .final_answer = part[2], .signals = {}};
  if (part[0].get(parts.probes)) fail(fmt::format("probes must be an array, found {}", shown_value(part[0])));
  if (count == part.size() && part[3].get(parts.signals.emplace()))
    fail(fmt::format("signals must be an object, found {}", shown_value(part[3])));
  return parts;
}

// The names of the file's signals, from its first branch.
void QuestionReader::find_signals(dom::element first_branch) {
  any_branch_ = true;
  const Parts parts = parts_of(first_branch);
  if (!parts.signals) return;
  for (const dom::key_value_pair& signal : *parts.signals) {
    if (!is_signal_name(signal.key)) {
      fail(fmt::format("signal \"{}\": a name has 1 to {} letters, digits and _",
                       genome::base::visible(signal.key, 60), kMaxSignalName));
    }
    if (written_.size() == kMaxSignals) fail(fmt::format("has more than {} signals", kMaxSignals));
    if (std::ranges::find(written_, signal.key) != written_.end()) fail_twice(signal.key);
    written_.emplace_back(signal.key);
  }
  signals_ = written_;
  std::ranges::sort(signals_);
  for (const std::string& name : written_)
    column_of_.push_back(static_cast<std::size_t>(std::ranges::find(signals_, name) - signals_.begin()));
}

void QuestionReader::read_branch(dom::element item, QuestionBuilder& builder) {
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
                     signals_[*overflowing]));
  }
}

void QuestionReader::read_signals(const std::optional<dom::object>& signals, std::size_t probes,
                                  QuestionBuilder& builder) {
  if (!signals && written_.empty()) return;
  if (!signals)
    fail(fmt::format("has no signals, but the first branch of the file has {}", fmt::join(written_, ", ")));
  if (probes > kMaxProbesWithSignals && !written_.empty())
    fail(fmt::format("has more than {} probes, the most of a branch with signals", kMaxProbesWithSignals));
  std::bitset<kMaxSignals> seen;
  std::size_t next = 0;  // branches mostly repeat the order of the first
  for (const dom::key_value_pair& signal : *signals) {
    std::size_t which = next;
    if (which >= written_.size() || written_[which] != signal.key)
      which = static_cast<std::size_t>(std::ranges::find(written_, signal.key) - written_.begin());
    if (which == written_.size()) {
      fail(fmt::format("signal \"{}\" is not in the first branch of the file, which has {}",
                       genome::base::visible(signal.key, 60),
                       written_.empty() ? "no signals" : fmt::format("{}", fmt::join(written_, ", "))));
    }
    if (seen[which]) fail_twice(signal.key);
    seen[which] = true;
    next = which + 1;
    read_signal(written_[which], column_of_[which], signal.value, probes, builder);
  }
  for (std::size_t i = 0; i < written_.size(); ++i) {
    if (!seen[i])
      fail(fmt::format("has no signal \"{}\", but the first branch of the file has it", written_[i]));
  }
}

void QuestionReader::read_signal(const std::string& name, std::size_t column, dom::element value,
                                 std::size_t probes, QuestionBuilder& builder) {
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

std::string_view QuestionReader::text(dom::element value, std::string_view what) const {
  std::string_view read;
  if (value.get(read)) fail(fmt::format("{} must be a string, found {}", what, shown_value(value)));
  return read;
}

// Some writers print whole numbers as 500.0, so a double without a fraction will do.
std::int64_t QuestionReader::whole_number(dom::element value, std::string_view what, std::int64_t least,
                                          std::int64_t most) const {
  const bool is_number = value.is_double() || value.is_int64() || value.is_uint64();
  const double number = is_number ? double(value) : std::numeric_limits<double>::quiet_NaN();
  if (!(number >= static_cast<double>(least)) || number != std::floor(number)) {
    fail(fmt::format("{} must be a whole number of at least {}, found {}", what, least, shown_value(value)));
  }
  if (number > static_cast<double>(most)) {
    fail(fmt::format("{} must be at most {}, found {}", what, most, shown_value(value)));
  }
  return static_cast<std::int64_t>(number);  // exact: `most` is below 2^53
}

}  // namespace replay
