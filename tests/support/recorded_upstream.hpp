// recorded_upstream.hpp: gives sessions what a recording holds, as a model would.
// Use:      const tests::RecordedUpstream upstream(question, order, columns);
//           session.give(upstream.answer(want));
// Promises: the branch that is opened as number i is the recorded one at order[i]. Answers that were not
//           wanted are wrong, and a whole branch that is longer than wanted is stopped there.
// Threads:  pure functions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "live/session/want.hpp"
#include "replay/environment/environment.hpp"

namespace tests {

class RecordedUpstream {
 public:
  // `columns`: of the program's signals, in the question.
  RecordedUpstream(const replay::Question& question, std::span<const std::uint32_t> order,
                   std::span<const std::uint16_t> columns = {})
      : question_(question), order_(order.begin(), order.end()), columns_(columns.begin(), columns.end()) {}

  live::Result answer(const live::Want& want) const {
    const replay::Branch& branch = question_.branches[order_[want.branch]];
    live::Result result{.branch = want.branch};
    if (want.kind == live::Want::Kind::kLook) {
      result.steps.push_back({.answer = probe(branch, want.depth)});
      result.look_tokens = 5;
      return result;
    }
    const bool whole = want.kind == live::Want::Kind::kRead;
    const auto recorded = static_cast<std::int64_t>(branch.probes);
    const std::int64_t end = whole ? recorded : std::min(recorded, want.depth + want.intervals);
    for (std::int64_t d = want.depth + 1; d <= end; ++d) {
      result.steps.push_back({.signals = signals(branch, d)});
      result.steps.back().answer = want.look ? probe(branch, d) : "nobody looked";
    }
    if (want.most_tokens && branch.tokens > *want.most_tokens) {
      result.tokens = *want.most_tokens;
      return result;
    }
    if (!whole && end == want.depth + want.intervals) return result;
    result.finished = true;
    result.answer = text(branch.final_answer);
    result.signals = signals(branch, recorded + 1);
    result.tokens = branch.tokens;
    return result;
  }

 private:
  std::string text(replay::AnswerId id) const { return question_.answers[static_cast<std::size_t>(id)]; }
  std::string probe(const replay::Branch& branch, std::int64_t depth) const {
    return text(question_.probes[branch.first_probe + static_cast<std::size_t>(depth) - 1]);
  }
  std::vector<double> signals(const replay::Branch& branch, std::int64_t step) const {
    std::vector<double> numbers;
    for (const std::uint16_t column : columns_)
      numbers.push_back(
          question_.signals[column].latest[branch.first_signal + static_cast<std::size_t>(step)]);
    return numbers;
  }

  const replay::Question& question_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint16_t> columns_;
};

}  // namespace tests
