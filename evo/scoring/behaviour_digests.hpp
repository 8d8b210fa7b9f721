// behaviour_digests.hpp: whether two controllers act the same, as far as a first look can tell.
// Why:      models reply with what is known in other words; to score such a child again is a waste, and to
//           let it live beside its duplicate another.
// Use:      if (digests.of(a) == digests.of(b)) ...
//           work += digests.work_of_one();
// Promises: equal digests mean that on the first rung's orderings, at every beta, each question was right as
//           often and cost as much. Looking is not counted as work by itself, as that would depend on what
//           is remembered: the living were counted when they were scored.
// Threads:  one call at a time; it uses the threads of the calling TBB arena. The runner must outlive it.
// Tests:    tests/evo/search/generation_test.cpp, tests/evo/scoring/work_test.cpp
#pragma once

#include <string>
#include <unordered_map>

#include "evo/scoring/episode_runner.hpp"

namespace evo {

class BehaviourDigests {
 public:
  explicit BehaviourDigests(const EpisodeRunner& runner) : runner_(&runner) {}

  std::string of(const genome::CheckedController& controller);

  // What a look at one controller costs.
  Work work_of_one() const;

 private:
  const EpisodeRunner* runner_;
  std::unordered_map<std::string, std::string> known_;  // by identity
};

}  // namespace evo
