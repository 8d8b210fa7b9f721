// evaluation_cache.hpp: what was already found out about how a controller acts at one beta.
// Why:      children often differ from something seen before only where it makes no difference: in a
//           schedule entry that rounds to the same number at this beta, or not at all.
// Use:      const std::string key = behaviour_key(controller, beta);
//           if (const auto* known = cache.find(key, level)) ...
//           cache.put(key, level, slice);
// Promises: exact: equal keys mean equal episodes (see genome/comparison/at_beta.hpp). It holds at most
//           kMost keys; when full it forgets everything. It is no part of a run's state: with it or
//           without, full or empty, scores are the same.
// Threads:  one thread at a time.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "evo/scoring/slice.hpp"

namespace evo {

// A digest of what the controller does at this beta.
std::string behaviour_key(const genome::Controller& controller, double beta);

class EvaluationCache {
 public:
  static constexpr std::size_t kMost = 40'000;

  // Slice `level`, or null.
  const Slice* find(const std::string& key, std::size_t level) const;
  void put(const std::string& key, std::size_t level, Slice slice);

 private:
  std::unordered_map<std::string, std::vector<Slice>> known_;
};

}  // namespace evo
