#include "tests/bench/specialised_parallel_probe.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bench {

using replay::bit;
using replay::for_each_lane;

SpecialisedParallelProbe::SpecialisedParallelProbe(double beta)
    : width_(static_cast<std::size_t>(std::nearbyint(std::pow(2, 1 + 5 * beta)))) {}

inline void SpecialisedParallelProbe::reveal(std::size_t lane, std::uint16_t answer) {
  ++votes_[answer];
  answer_[lane] = answer;
}

inline void SpecialisedParallelProbe::finish(std::size_t lane) {
  const CompactQuestion::Branch& row = question_->branches[branch_[lane]];
  active_ &= ~bit(lane);
  finished_ |= bit(lane);
  last_costs_ += row.last_cost;
  longest_ = std::max(longest_, row.last_cost);
  reveal(lane, row.final_answer);
}

void SpecialisedParallelProbe::open(std::span<const std::uint32_t> ordering) {
  const std::size_t width = std::min({width_, ordering.size(), replay::kMaxOpened});
  for (std::size_t lane = 0; lane < width; ++lane) {
    const CompactQuestion::Branch& row = question_->branches[ordering[lane]];
    branch_[lane] = ordering[lane];
    strikes_[lane] = 0;
    if (row.length == 0) {
      finish(lane);
      continue;
    }
    active_ |= bit(lane);
    next_[lane] = question_->rows.data() + row.first;
    end_[lane] = next_[lane] + row.length;
    reveal(lane, *next_[lane]++);
    longest_ = std::max(longest_, question_->interval);
    ++steps_;
  }
}

void SpecialisedParallelProbe::step() {
  const replay::Mask before = active_;
  for_each_lane(before, [&](std::size_t lane) {
    --votes_[answer_[lane]];
    if (next_[lane] == end_[lane])
      finish(lane);
    else
      reveal(lane, *next_[lane]++);
  });
  steps_ += std::popcount(active_);
  if (active_ != 0) longest_ = std::max(longest_, question_->interval);
}

// The answer with the most votes; of several the one whose first voter was opened first.
std::int32_t SpecialisedParallelProbe::leader() const {
  std::int32_t leader = -1;
  std::uint8_t most = 0;
  for_each_lane(active_ | finished_, [&](std::size_t lane) {
    const std::uint8_t votes = votes_[answer_[lane]];
    if (votes > most) {
      most = votes;
      leader = answer_[lane];
    }
  });
  return leader;
}

void SpecialisedParallelProbe::judge(std::int32_t leader) {
  for_each_lane(active_, [&](std::size_t lane) {
    const int strikes = answer_[lane] == leader ? 0 : strikes_[lane] + 1;
    strikes_[lane] = static_cast<std::uint8_t>(strikes);
    if (strikes < kStrikes) return;
    active_ &= ~bit(lane);
    --votes_[answer_[lane]];
  });
}

replay::EpisodeResult SpecialisedParallelProbe::run(const CompactQuestion& question,
                                                    std::span<const std::uint32_t> ordering) {
  question_ = &question;
  votes_.assign(question.answers, 0);
  active_ = finished_ = 0;
  steps_ = last_costs_ = longest_ = 0;
  open(ordering);
  std::int64_t latency = longest_;
  std::int32_t best = -1;
  int round = 0;
  for (int same = 0; round < kRounds;) {
    longest_ = 0;
    step();
    latency += longest_;
    const std::int32_t before = best;
    best = leader();
    const replay::Mask voting = active_ | finished_;
    if (round++ >= kJudgesFrom && std::popcount(voting) > 1) {
      judge(best);
      if ((active_ | finished_) != voting) best = leader();
    }
    same = best == before ? same + 1 : 0;
    if (same >= kStable || active_ == 0) break;
  }
  return {static_cast<replay::AnswerId>(best), best >= 0 && best == question.gold,
          steps_ * question.interval + last_costs_, latency, round};
}

}  // namespace bench
