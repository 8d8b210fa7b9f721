#include "evo/scoring/evaluation_cache.hpp"

#include <fmt/format.h>

#include "genome/base/digest.hpp"
#include "genome/comparison/at_beta.hpp"
#include "genome/text/printer.hpp"

namespace evo {

std::string behaviour_key(const genome::Controller& controller, double beta) {
  auto fixed = genome::at_beta(controller, beta);
  if (!fixed) return fmt::format("{} at {}", genome::identity(controller), beta);
  fixed->name = "any";
  return genome::base::sha1_hex(genome::print(*fixed));
}

const Slice* EvaluationCache::find(const std::string& key, std::size_t level) const {
  const auto at = known_.find(key);
  if (at == known_.end() || level >= at->second.size() || at->second[level].sums.empty()) return nullptr;
  return &at->second[level];
}

void EvaluationCache::put(const std::string& key, std::size_t level, Slice slice) {
  if (known_.size() >= kMost && !known_.contains(key)) known_.clear();
  auto& levels = known_[key];
  if (levels.size() <= level) levels.resize(level + 1);
  levels[level] = std::move(slice);
}

}  // namespace evo
