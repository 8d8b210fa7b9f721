// limits_candidates.hpp: who could be chosen for the limits of a service level, the most promising first.
// Why:      measuring takes many episodes; curves, which are known already, tell with whom to begin.
// Use:      LimitsCandidates candidates(experiment);
//           for (const LimitsCandidate& each : candidates.found_in(step, scorer)) ...
// Promises: each controller once: those born in this generation and scored on all orderings, then the living
//           of the islands that contribute, then the frontier; without those that were looked at before. Of
//           their settings those that may be better than the choice so far: what is no worse than by 2 points
//           of accuracy and 2% of tokens may be. Nobody who has none.
// Threads:  const calls from any thread. The experiment must outlive it; candidates point into the step.
// Tests:    tests/evo/search/limits_search_test.cpp
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "evo/population/limits_choice.hpp"
#include "evo/scoring/scorer.hpp"
#include "evo/search/step.hpp"

namespace evo {

struct LimitsCandidate {
  std::string_view id, text;
  const genome::CheckedController* controller = nullptr;  // none where only the text is at hand
  std::vector<ServiceResult> settings;                    // as they seem, the best first
};

class LimitsCandidates {
 public:
  // REQUIRES: the experiment has limits.
  explicit LimitsCandidates(const Experiment& experiment) : experiment_(&experiment) {}

  std::vector<LimitsCandidate> found_in(const Step& step, const Scorer& scorer) const;

  // What is not better than the choice goes; the rest is sorted.
  void keep_better(std::vector<LimitsCandidate>& candidates, const std::optional<LimitsChoice>& chosen) const;

  bool better(const ServiceResult& a, const ServiceResult& b) const;

 private:
  ServiceResult seeming(const CurvePoint& point) const;

  const Experiment* experiment_;
};

// Everybody who can be a candidate in the next generation again.
std::set<std::string> still_there(const State& state);

}  // namespace evo
