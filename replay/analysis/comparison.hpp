// comparison.hpp: two controllers on the same episodes: what each wins, what each spends, where they part.
// Why:      two accuracies with wide intervals may hide a sure difference: questions differ far more than
//           controllers do, so only the paired difference tells.
// Use:      std::vector<Comparison> all = compare(environments, {a, b}, betas, {.orderings = 100});
//           Interval sure = accuracy_difference_interval(all, DistinctQuestions(environments));
// Promises: both controllers see the same questions under the same orderings. Differences are B minus A. The
//           same on any number of threads; intervals depend on the seed alone.
// Threads:  compare uses the threads of the calling TBB arena; the rest is pure.
// Tests:    tests/replay/analysis/comparison_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "genome/program/program.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/intervals.hpp"
#include "replay/machine/action_log.hpp"
#include "replay/machine/machine.hpp"

namespace replay {

// Sums over the orderings of one question.
struct PairedSums {
  QuestionSums a, b;
  std::int64_t alike = 0;                    // episodes with the same actions and the same answer
  std::optional<std::size_t> first_parting;  // the first ordering, as an index, whose episode is not alike

  std::int64_t right_difference() const { return b.right - a.right; }
  std::int64_t tokens_difference() const { return b.tokens - a.tokens; }
  friend bool operator==(const PairedSums&, const PairedSums&) = default;
};

// Two controllers at one beta on one environment.
struct Comparison {
  std::size_t orderings = 0;
  std::vector<PairedSums> questions;

  Cell cell_a() const;
  Cell cell_b() const;
  std::int64_t episodes() const { return static_cast<std::int64_t>(orderings * questions.size()); }
  std::int64_t alike() const;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

struct ProgramPair {
  const genome::Program& a;
  const genome::Program& b;
};

// In the order environment, beta.
std::vector<Comparison> compare(std::span<const Environment> environments, const ProgramPair& pair,
                                std::span<const double> betas, const EvaluatorOptions& options = {},
                                const Evaluator::Progress& done = {});

// Bootstrap intervals over questions of the difference B - A, averaged over the comparisons given (one beta,
// one or more environments, of whose questions `distinct` knows): in percent of accuracy, and in tokens of an
// episode. See mean_interval.
Interval accuracy_difference_interval(std::span<const Comparison> environments,
                                      const DistinctQuestions& distinct,
                                      const BootstrapOptions& options = {});
Interval tokens_difference_interval(std::span<const Comparison> environments,
                                    const DistinctQuestions& distinct, const BootstrapOptions& options = {});

// The first action at which two episodes on one question and ordering part: the index of the first action
// that is not in both. None when one did all that the other did, and nothing more.
std::optional<std::size_t> parting(const ActionLog& a, const ActionLog& b);

}  // namespace replay
