#include "replay/environment/question_builder.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "replay/environment/signal_summary.hpp"

namespace replay {
namespace {

// Fills mean and least of the branch whose recorded numbers end `latest`. False when a sum overflows.
bool summarize_branch(SignalTable& table, std::size_t begin, std::int64_t interval, std::int64_t tokens) {
  const std::size_t end = table.latest.size();
  const std::size_t last = end - begin - 1;
  table.mean.resize(end);
  table.least_step.resize(end);
  SignalSummary summary;
  for (std::size_t step = 1; step < last; ++step) summary.see(table, begin, step, interval);
  const auto probes = static_cast<std::int64_t>(last) - 1;
  summary.see(table, begin, last, std::max<std::int64_t>(0, tokens - interval * probes));
  return summary.finite();
}

}  // namespace

QuestionBuilder::QuestionBuilder(std::string text, std::string gold, std::int64_t interval,
                                 std::size_t signals) {
  EVOTTS_CHECK(interval > 0);
  question_.text = std::move(text);
  question_.gold = std::move(gold);
  question_.interval = interval;
  question_.signals.resize(signals);
  grow_slots();
}

void QuestionBuilder::reserve(std::size_t branches, std::size_t probes) {
  // A file may promise more than it keeps; what it holds beyond this grows on the way.
  constexpr std::size_t kMost = 1U << 20U;
  branches = std::min(branches, kMost);
  probes = std::min(probes, kMost);
  question_.branches.reserve(branches);
  question_.probes.reserve(probes);
  for (SignalTable& table : question_.signals) {
    table.latest.reserve(probes + 2 * branches);
    table.mean.reserve(probes + 2 * branches);
    table.least_step.reserve(probes + 2 * branches);
  }
}

void QuestionBuilder::add_probe(std::string_view answer) { question_.probes.push_back(intern(answer)); }

void QuestionBuilder::add_signal(std::size_t signal, std::span<const double> numbers) {
  EVOTTS_CHECK(signal < question_.signals.size());
  std::vector<double>& latest = question_.signals[signal].latest;
  EVOTTS_CHECK(latest.size() == signal_begin_);
  latest.push_back(0);  // before the first step
  latest.insert(latest.end(), numbers.begin(), numbers.end());
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
  EVOTTS_CHECK(probes <= kMaxProbesWithSignals && signal_end <= std::numeric_limits<std::uint32_t>::max());
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
  question_.gold_id = slots_[slot_of(question_.gold, fingerprint(question_.gold))];
  question_.branches.shrink_to_fit();
  question_.probes.shrink_to_fit();
  for (SignalTable& table : question_.signals) {
    EVOTTS_CHECK(table.latest.size() == signal_begin_ && table.mean.size() == signal_begin_);
    table.latest.shrink_to_fit();
    table.mean.shrink_to_fit();
    table.least_step.shrink_to_fit();
  }
  return std::move(question_);
}

AnswerId QuestionBuilder::intern(std::string_view answer) {
  const Fingerprint print = fingerprint(answer);
  // A branch mostly repeats itself, so the latest answer saves half of the look-ups.
  if (latest_ != kNoAnswer && is(latest_, answer, print)) return latest_;
  const std::size_t slot = slot_of(answer, print);
  if (slots_[slot] != kNoAnswer) return latest_ = slots_[slot];
  slots_[slot] = latest_ = question_.add_answer(answer, answer.empty() || answer == "ERR");
  prints_.push_back(print);
  if (2 * question_.answers.size() > slots_.size()) grow_slots();
  return latest_;
}

// Most answers are numbers of a few digits, for which a general hash and memcmp() take most of the reading.
QuestionBuilder::Fingerprint QuestionBuilder::fingerprint(std::string_view answer) {
  const std::size_t size = answer.size();
  if (size > sizeof(std::uint64_t)) return {std::hash<std::string_view>{}(answer), size};
  std::uint64_t bytes = 0;
  if (size >= sizeof(std::uint32_t)) {  // two halves, which overlap
    std::uint32_t first = 0, last = 0;
    std::memcpy(&first, answer.data(), sizeof(first));
    std::memcpy(&last, answer.data() + size - sizeof(last), sizeof(last));
    bytes = std::uint64_t{first} << 32U | last;
  } else if (size > 0) {  // first, middle and last, which may be the same
    const auto at = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(answer[i])}; };
    bytes = at(0) << 16U | at(size / 2) << 8U | at(size - 1);
  }
  return {bytes, size};
}

bool QuestionBuilder::is(AnswerId id, std::string_view answer, Fingerprint print) const {
  const auto at = static_cast<std::size_t>(id);
  return prints_[at] == print && (print.size <= sizeof(print.bytes) || question_.answers[at] == answer);
}

std::size_t QuestionBuilder::slot_of(std::string_view answer, Fingerprint print) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = genome::base::Rng::scramble(print.bytes ^ print.size << 56U) & mask;
  while (slots_[slot] != kNoAnswer && !is(slots_[slot], answer, print)) slot = (slot + 1) & mask;
  return slot;
}

// To a power of two, which slot_of() relies on.
void QuestionBuilder::grow_slots() {
  constexpr std::size_t kFewest = 128;
  slots_.assign(std::max(kFewest, 2 * slots_.size()), kNoAnswer);
  for (std::size_t id = 0; id < question_.answers.size(); ++id)
    slots_[slot_of(question_.answers[id], prints_[id])] = static_cast<AnswerId>(id);
}

}  // namespace replay
