// diagnosis.hpp: why episodes were lost, and what their tokens went to.
// Why:      an accuracy says how often, a diagnosis says what to change: open more, prune less, wait longer,
//           vote otherwise, stop sooner.
// Use:      std::vector<Diagnosis> all = diagnose(environments, program, betas, {.orderings = 100});
//           DiagnosisSums sums = all[e * betas.size() + b].total();
//           sums.outcomes[static_cast<std::size_t>(Outcome::kPruned)]     // episodes
// Promises: every episode has exactly one outcome; tokens are those of the scored episodes. The same on any
//           number of threads.
// Threads:  diagnose_episode is pure; diagnose uses the threads of the calling TBB arena.
// Tests:    tests/replay/analysis/diagnosis_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "genome/program/program.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/machine/action_log.hpp"
#include "replay/machine/machine.hpp"

namespace replay {

// A *right branch* is a recorded branch whose final answer is the gold answer. For an episode that did not
// answer right, the first of these that holds is its outcome:
enum class Outcome : std::uint8_t {
  kRight,       // answered right
  kUnrecorded,  // no right branch was recorded: no controller can win by waiting
  kUnopened,    // right branches were recorded, and none of them was opened
  kPruned,      // right branches were opened, and every one of them was pruned
  kEarly,       // some branch was neither pruned nor finished, and if all branches not pruned had been run
                // to their ends, the right answer would have won the plain vote over their final answers
                // (see plurality() in playback.hpp)
  kOutvoted,    // the rest: a right branch was there to the end and the vote, or the way of voting, went
                // against it, and waiting would not have helped
};
inline constexpr std::size_t kOutcomes = 6;
inline constexpr std::array<Outcome, kOutcomes> kAllOutcomes = {Outcome::kRight,    Outcome::kUnrecorded,
                                                                Outcome::kUnopened, Outcome::kPruned,
                                                                Outcome::kEarly,    Outcome::kOutvoted};

std::string_view name_of(Outcome outcome);     // "right", "unrecorded", ...
std::string_view meaning_of(Outcome outcome);  // a few words for people

// What tokens were spent on. Pruned and unfinished branches are different ones; settled tokens may have been
// spent on either.
struct TokenUse {
  std::int64_t all = 0;
  // Spent after the decision was settled: after the moment from which the answer given in the end led to the
  // end, by the vote over the latest answers of the branches not pruned (Playback::leader). Nothing when that
  // answer did not lead in the end, or when none was given.
  std::int64_t settled = 0;
  std::int64_t pruned = 0;      // on branches that were pruned, sooner or later
  std::int64_t unfinished = 0;  // on branches that were neither pruned nor finished when the episode ended

  TokenUse& operator+=(const TokenUse& other);
  friend bool operator==(const TokenUse&, const TokenUse&) = default;
};

struct EpisodeDiagnosis {
  Outcome outcome = Outcome::kRight;
  TokenUse tokens;
  friend bool operator==(const EpisodeDiagnosis&, const EpisodeDiagnosis&) = default;
};

// `log` and `result` are of one episode on this question under this ordering.
EpisodeDiagnosis diagnose_episode(const Question& question, std::span<const std::uint32_t> ordering,
                                  const ActionLog& log, const EpisodeResult& result);

struct DiagnosisSums {
  std::array<std::int64_t, kOutcomes> outcomes{};  // episodes by outcome
  TokenUse tokens;

  std::int64_t episodes() const;
  std::int64_t of(Outcome outcome) const { return outcomes[static_cast<std::size_t>(outcome)]; }
  double percent(Outcome outcome) const;           // of the episodes
  double percent(std::int64_t token_count) const;  // of the tokens; 0 when nothing was spent
  DiagnosisSums& operator+=(const DiagnosisSums& other);
  friend bool operator==(const DiagnosisSums&, const DiagnosisSums&) = default;
};

// One controller at one beta on one environment.
struct Diagnosis {
  std::vector<DiagnosisSums> questions;  // summed over the orderings
  DiagnosisSums total() const;
  friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

// In the order environment, beta.
std::vector<Diagnosis> diagnose(std::span<const Environment> environments, const genome::Program& program,
                                std::span<const double> betas, const EvaluatorOptions& options = {},
                                const Evaluator::Progress& done = {});

}  // namespace replay
