// All active branches going on together.
// Most rounds of most controllers advance every active branch by one step and end none. Then one number
// says where they all stand: how many steps their lanes are behind (behind_). A survey of the lanes finds
// how many steps all can take before one of them ends (together_). It also finds the least and the largest
// depth, which grow with every step. Until then a round costs a few additions, however many branches there
// are.
//   a branch ends         its lanes are written, it ends as any other, and those that go on are surveyed
//   a lane is read        catch_up(): all lanes are written; what the survey found stays true
//   answers are read      show() adds the steps that lanes are behind, and writes nothing else
//   any other action      part(): lanes are written, and the survey is forgotten
// A branch that has moved in this stage by itself may have come further in it than the others. Then branches
// go on by their lanes until the stage is over.
#include <algorithm>
#include <limits>

#include "replay/machine/episode.hpp"

namespace replay {

// So many steps of each, by which some may end: of those, the one with the largest key does so first. Keys
// that are behind are so by the same amount for all of them.
void Episode::advance_to_an_end(std::int32_t by, const double* key) {
  if (by <= 0 || active == 0) return;
  const auto behind = static_cast<std::int32_t>(behind_);
  const std::int32_t most = std::numeric_limits<std::int32_t>::max() - behind;
  const Surveyed seen = kernels_->survey(steps_, active, opened_, behind + std::min(by, most));
  probed_ |= seen.ending;
  if (seen.ending != 0) {
    for_each_lane(seen.ending, [&](std::size_t lane) { write_steps_of(lane); });
    end_freely(seen.ending, true, key);
  }
  know_depths(seen);
  if (active != 0) take_together(by);
}

// Of active branches, which the survey was of, or those of them that go on.
void Episode::know_depths(const Surveyed& seen) {
  if (active == 0) behind_ = behind_in_stage_ = 0;
  const auto behind = static_cast<std::int32_t>(behind_);
  const bool any = active != 0;
  least_depth_ = any ? seen.least + behind : 0;
  most_depth_ = any ? seen.most + behind : 0;
  together_ = any && !watches_answers() ? seen.left - behind : -1;
  cost_together_ = seen.going * (interval_ + probe_cost_);
}

std::pair<std::int64_t, std::int64_t> Episode::survey_active() {
  if (active == 0) return {0, 0};
  const Surveyed seen = kernels_->survey(steps_, active, opened_, 0);
  if (free_) know_depths(seen);
  return {seen.least, seen.most};
}

// ---- lanes that are behind

void Episode::write_steps() {
  const auto write = [this](std::int64_t steps) {
    if (steps == 0) return;
    Advance taken{
        .set = active, .by_all = static_cast<std::int32_t>(steps), .probing = true, .opened = opened_};
    tell(taken);
    kernels_->advance(steps_, taken);
  };
  write(behind_ - behind_in_stage_);
  write(behind_in_stage_);  // which puts down where they were before
  if (behind_in_stage_ != 0) stepped_ |= active;
  behind_ = behind_in_stage_ = 0;
}

void Episode::write_steps_of(std::size_t lane) {
  if (behind_ == 0) return;
  steps_.taken[lane] += static_cast<std::int32_t>(behind_);
  if (watches(genome::slots::kTokens)) tokens[lane] = static_cast<double>(steps_.taken[lane] * interval_);
  if (behind_in_stage_ == 0) return;
  steps_.before[lane] = steps_.taken[lane] - behind_in_stage_;
  stepped_ |= bit(lane);
}

}  // namespace replay
