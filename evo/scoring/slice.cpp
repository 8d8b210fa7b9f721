#include "evo/scoring/slice.hpp"

namespace evo {

Detail detail_for(const Experiment& experiment) {
  const bool errors = experiment.lower_bound_errors > 0 || experiment.champion_errors > 0;
  return errors ? Detail::kQuestions : Detail::kSums;
}

Slice slice_of(std::span<const replay::Cell> cells, Detail detail) {
  Slice slice;
  for (const replay::Cell& cell : cells) {
    const replay::QuestionSums sums = cell.sums();
    slice.sums.push_back({.right = sums.right,
                          .tokens = sums.tokens,
                          .latency_tokens = sums.latency_tokens,
                          .episodes = static_cast<std::int64_t>(cell.orderings * cell.questions.size())});
    if (detail == Detail::kSums) continue;
    for (const replay::QuestionSums& question : cell.questions)
      slice.right.push_back(static_cast<std::int32_t>(question.right));
  }
  return slice;
}

}  // namespace evo
