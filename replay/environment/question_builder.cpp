#include "replay/environment/question_builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "genome/base/check.hpp"

namespace replay {
namespace {

// Fills mean and least of the branch whose recorded numbers end `latest`. False when a sum overflows.
bool summarize_branch(SignalTable& table, std::size_t begin, std::int64_t interval, std::int64_t tokens) {
  const std::size_t end = table.latest.size();
  const auto probes = static_cast<std::int64_t>(end - begin) - 2;
  table.mean.push_back(0);
  table.least.push_back(0);
  double sum = 0;
  std::int64_t weighed = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = begin + 1; i < end; ++i) {
    const double value = table.latest[i];
    const std::int64_t weight =
        i + 1 < end ? interval : std::max<std::int64_t>(0, tokens - interval * probes);
    sum += value * static_cast<double>(weight);
    weighed += weight;
    if (value < least) least = value;
    table.mean.push_back(weighed == 0 ? value : sum / static_cast<double>(weighed));
    table.least.push_back(least);
  }
  return std::isfinite(sum);
}

}  // namespace

QuestionBuilder::QuestionBuilder(std::string text, std::string gold, std::int64_t interval,
                                 std::size_t signals) {
  EVOTTS_CHECK(interval > 0);
  question_.text = std::move(text);
  question_.gold = std::move(gold);
  question_.interval = interval;
  question_.signals.resize(signals);
}

void QuestionBuilder::add_probe(std::string_view answer) { question_.probes.push_back(intern(answer)); }

void QuestionBuilder::add_signal(std::size_t signal, double value) {
  EVOTTS_CHECK(signal < question_.signals.size() && std::isfinite(value));
  std::vector<double>& latest = question_.signals[signal].latest;
  if (latest.size() == signal_begin_) latest.push_back(0);  // before the first step
  latest.push_back(value);
}

std::optional<std::size_t> QuestionBuilder::end_branch(std::int64_t tokens, std::string_view final_answer) {
  EVOTTS_CHECK(tokens >= 0);
  const std::size_t end = question_.probes.size();
  const std::size_t probes = end - branch_begin_;
  EVOTTS_CHECK(end <= std::numeric_limits<std::int32_t>::max());  // as episodes count
  question_.branches.push_back({.first_probe = static_cast<std::uint32_t>(branch_begin_),
                                .probes = static_cast<std::uint32_t>(probes),
                                .tokens = tokens,
                                .final_answer = intern(final_answer),
                                .first_signal = static_cast<std::uint32_t>(signal_begin_)});
  branch_begin_ = end;
  if (question_.signals.empty()) return std::nullopt;
  const std::size_t signal_end = signal_begin_ + probes + 2;
  EVOTTS_CHECK(signal_end <= std::numeric_limits<std::uint32_t>::max());
  std::optional<std::size_t> overflowing;
  for (std::size_t i = 0; i < question_.signals.size(); ++i) {
    SignalTable& table = question_.signals[i];
    EVOTTS_CHECK(table.latest.size() == signal_end);
    if (!summarize_branch(table, signal_begin_, question_.interval, tokens) && !overflowing) overflowing = i;
  }
  signal_begin_ = signal_end;
  return overflowing;
}

Question QuestionBuilder::finish() && {
  EVOTTS_CHECK(!question_.branches.empty() && branch_begin_ == question_.probes.size());
  const auto gold = ids_.find(question_.gold);
  question_.gold_id = gold == ids_.end() ? kNoAnswer : gold->second;
  question_.branches.shrink_to_fit();
  question_.probes.shrink_to_fit();
  for (SignalTable& table : question_.signals) {
    for (std::vector<double>* column : {&table.latest, &table.mean, &table.least}) {
      EVOTTS_CHECK(column->size() == signal_begin_);
      column->shrink_to_fit();
    }
  }
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

}  // namespace replay
