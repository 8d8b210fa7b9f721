#include "tests/bench/specialised_cmc.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "genome/base/arithmetic.hpp"

namespace bench {

SpecialisedCmc::Schedule::Schedule(double beta) {
  const auto whole = [](double x) { return static_cast<int>(std::nearbyint(x)); };
  cohort = whole(2 + 6 * beta);
  width = whole(4 + 60 * beta);
  warm_up = whole(2 + 8 * beta);
  patience = std::max(3, whole(3 + 9 * beta));
  horizon = whole(2 + 6 * beta);
  burst = whole(1 + 2 * beta);
  spawn = whole(1 + 3 * beta);
  quorum = whole(2 + 3 * beta);
  alpha = genome::rounded(0.70 - 0.40 * beta, 4);
  level = genome::rounded(0.85 + 0.12 * beta, 4);
  slack = genome::rounded(0.04 - 0.03 * beta, 4);
  trend = genome::rounded(0.04 - 0.03 * beta, 4);
}

SpecialisedCmc::SpecialisedCmc(double beta) : schedule_(beta) {
  for (int a = 0; a < 65; ++a) {
    for (int b = 0; b < 65; ++b)
      confidence_[static_cast<std::size_t>(a * 65 + b)] = schedule_.alpha * genome::beta_confidence(a, b);
  }
}

// ---- votes

inline void SpecialisedCmc::Votes::add(std::int32_t answer) {
  Count& count = by_answer[static_cast<std::size_t>(answer)];
  ++voters;
  if (count.votes++ == 0) {
    count.first = static_cast<std::uint8_t>(distinct);
    seen[static_cast<std::size_t>(distinct++)] = answer;
  }
  const std::int32_t votes = count.votes;
  if (answer == leader) {
    most = votes;
  } else if (votes > most) {
    second = most;
    most = votes;
    leader = answer;
  } else {
    second = std::max(second, votes);
    if (votes == most && count.first < by_answer[static_cast<std::size_t>(leader)].first) leader = answer;
  }
}

void SpecialisedCmc::Votes::clear() {
  for (std::int32_t i = 0; i < distinct; ++i)
    by_answer[static_cast<std::size_t>(seen[static_cast<std::size_t>(i)])] = {};
  distinct = most = second = voters = 0;
  leader = -1;
}

// ---- actions

void SpecialisedCmc::begin(const CompactQuestion& question) {
  question_ = &question;
  votes_.clear();
  if (votes_.by_answer.size() < question.answers) votes_.by_answer.resize(question.answers);
  active_ = 0;
  leaving_ = 0;
  opened_ = most_deviant_ = 0;
  settled_steps_ = last_costs_ = longest_ = 0;
}

inline void SpecialisedCmc::open(int count, std::span<const std::uint32_t> ordering) {
  const auto most = std::min(kMost, static_cast<std::int32_t>(ordering.size()));
  for (const std::int32_t until = std::min(most, opened_ + count); opened_ < until; ++opened_) {
    const std::uint32_t branch = ordering[static_cast<std::size_t>(opened_)];
    const CompactQuestion::Branch& row = question_->branches[branch];
    if (row.length == 0) {
      last_costs_ += row.last_cost;
      longest_ = std::max(longest_, row.last_cost);
      votes_.add(row.final_answer);
      continue;
    }
    longest_ = std::max(longest_, question_->interval);
    const std::size_t place = active_++;
    at_[place] = row.first;
    end_[place] = row.first + row.length - 1;
    deviance_[place] = 0;
    branch_[place] = branch;
  }
}

// The branch at this place reaches its end by a move of this cost.
inline void SpecialisedCmc::leave(std::size_t place, std::int64_t cost) {
  longest_ = std::max(longest_, cost);
  leaving_ |= replay::bit(place);
}

// A round that judges nobody: one step for each.
void SpecialisedCmc::step_all() {
  std::size_t ending = 0;
  const std::size_t active = active_;
  for (std::size_t i = 0; i < active; ++i) ending += (++at_[i] > end_[i]) ? 1 : 0;
  if (ending < active) longest_ = question_->interval;
  if (ending == 0) return;
  for (std::size_t i = 0; i < active; ++i) {
    if (at_[i] <= end_[i]) continue;
    --at_[i];
    leave(i, question_->branches[branch_[i]].last_cost);
  }
}

void SpecialisedCmc::judge_and_step(std::int32_t leader) {
  if (most_deviant_ + 1 >= schedule_.patience && active_ > 2) prune(leader);
  const std::uint16_t* const rows = question_->rows.data();
  const std::size_t active = active_;
  const std::int32_t burst = schedule_.burst;
  std::int32_t farthest = 0, most_deviant = 0;
  for (std::size_t i = 0; i < active; ++i) {
    const std::int32_t at = at_[i];
    const bool agrees = rows[at] == leader;
    const std::int32_t deviance = agrees ? 0 : deviance_[i] + 1;
    const std::int32_t steps = agrees ? burst : 1;
    deviance_[i] = deviance;
    most_deviant = std::max(most_deviant, deviance);
    if (at + steps > end_[i]) {
      leave(i, (end_[i] - at) * question_->interval + question_->branches[branch_[i]].last_cost);
    } else {
      at_[i] = at + steps;
      farthest = std::max(farthest, steps);
    }
  }
  most_deviant_ = most_deviant;
  longest_ = std::max(longest_, farthest * question_->interval);
}

// Places in falling order of a key, ties in the order of opening.
template <typename Key>
inline SpecialisedCmc::Queue SpecialisedCmc::in_falling_order(replay::Mask places, Key key) {
  Queue queue;
  replay::for_each_lane(places, [&](std::size_t place) {
    std::size_t to = queue.size++;
    for (const std::int32_t own = key(place); to > 0 && key(queue.at[to - 1]) < own; --to)
      queue.at[to] = queue.at[to - 1];
    queue.at[to] = static_cast<std::uint8_t>(place);
  });
  return queue;
}

// Those whose deviance reaches patience in this round, the most deviant first, but two stay. The deviances
// themselves are counted by judge_and_step.
void SpecialisedCmc::prune(std::int32_t leader) {
  replay::Mask pruned = 0;
  for (std::size_t i = 0; i < active_; ++i) {
    const bool dissents = question_->rows[static_cast<std::size_t>(at_[i])] != leader;
    if (dissents && deviance_[i] + 1 >= schedule_.patience) pruned |= replay::bit(i);
  }
  if (pruned == 0) return;
  if (static_cast<std::size_t>(std::popcount(pruned)) > active_ - 2) {
    const Queue queue = in_falling_order(pruned, [&](std::size_t place) { return deviance_[place]; });
    for (std::size_t i = active_ - 2; i < queue.size; ++i) pruned &= ~replay::bit(queue.at[i]);
  }
  replay::for_each_lane(pruned, [&](std::size_t place) { settled_steps_ += depth(place); });
  close_gaps(pruned);
}

// They vote in the order in which the round advanced them: deepest first, then in the order of opening.
void SpecialisedCmc::finish_those_that_leave() {
  const Queue queue = in_falling_order(leaving_, [&](std::size_t place) { return depth(place); });
  for (std::size_t i = 0; i < queue.size; ++i) {
    const CompactQuestion::Branch& row = question_->branches[branch_[queue.at[i]]];
    settled_steps_ += row.length;
    last_costs_ += row.last_cost;
    votes_.add(row.final_answer);
  }
  close_gaps(leaving_);
  leaving_ = 0;
}

// Takes these places out of the active ones, which keep their order.
inline void SpecialisedCmc::close_gaps(replay::Mask gone) {
  auto to = static_cast<std::size_t>(std::countr_zero(gone));
  for (std::size_t from = to + 1; from < active_; ++from) {
    if ((gone & replay::bit(from)) != 0) continue;
    at_[to] = at_[from];
    end_[to] = end_[from];
    deviance_[to] = deviance_[from];
    branch_[to++] = branch_[from];
  }
  active_ = to;
}

// ---- the episode

replay::EpisodeResult SpecialisedCmc::run(const CompactQuestion& question,
                                          std::span<const std::uint32_t> ordering) {
  begin(question);
  const Schedule& s = schedule_;
  const double keep = 1 - s.alpha;
  const int back = s.horizon - 1, opens_from = std::max(1, s.warm_up / 2);
  double ema = 0, weighed = 0;  // weighed: alpha times the confidence of the finished
  const auto weigh = [&] { return confidence_[static_cast<std::size_t>(votes_.most * 65 + votes_.second)]; };

  open(s.cohort, ordering);
  weighed = weigh();
  std::int64_t latency = longest_;
  int round = 0;
  while (round < kRounds) {
    const bool warm = round >= s.warm_up;
    longest_ = 0;
    ema = keep * ema + weighed;
    if (warm && votes_.voters > 0)
      judge_and_step(votes_.leader);
    else
      step_all();
    if (leaving_ != 0) {
      finish_those_that_leave();
      weighed = weigh();
    }
    ema = keep * ema + weighed;
    ema_at_[static_cast<std::size_t>(round)] = ema;
    const double drift = ema - ema_at_[static_cast<std::size_t>(std::max(0, round - back))];
    const int now = round++;
    const bool settled = warm && votes_.voters >= s.quorum && ema >= s.level && drift >= -s.slack;
    const bool over = settled || active_ == 0;
    if (!over && drift <= s.trend && now >= opens_from && ema < s.level && opened_ < s.width) {
      const std::int32_t voters = votes_.voters;
      open(std::min(s.spawn, s.width - opened_), ordering);
      if (votes_.voters != voters) weighed = weigh();
    }
    latency += longest_;
    if (over) break;
  }
  const std::int32_t answer = answer_at_the_end();
  return {static_cast<replay::AnswerId>(answer), answer >= 0 && answer == question.gold,
          steps() * question.interval + last_costs_, latency, round};
}

std::int64_t SpecialisedCmc::steps() const {
  std::int64_t steps = settled_steps_;
  for (std::size_t i = 0; i < active_; ++i) steps += depth(i);
  return steps;
}

// Without a finished branch nothing was ever pruned: all opened ones vote, in their order.
std::int32_t SpecialisedCmc::answer_at_the_end() const {
  if (votes_.voters > 0) return votes_.leader;
  std::int32_t leader = -1;
  std::ptrdiff_t most = 0;
  std::array<std::uint16_t, replay::kMaxOpened> latest;
  for (std::size_t i = 0; i < active_; ++i) latest[i] = question_->rows[static_cast<std::size_t>(at_[i])];
  for (std::size_t i = 0; i < active_; ++i) {
    const auto votes =
        std::count(latest.begin(), latest.begin() + static_cast<std::ptrdiff_t>(active_), latest[i]);
    if (votes > most) {
      most = votes;
      leader = latest[i];
    }
  }
  return leader;
}

}  // namespace bench
