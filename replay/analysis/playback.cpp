#include "replay/analysis/playback.hpp"

#include <algorithm>
#include <array>

#include "replay/machine/lanes.hpp"

namespace replay {
namespace {

bool readable(const Question& question, AnswerId answer) {
  return answer != kNoAnswer && question.blank[static_cast<std::size_t>(answer)] == 0;
}

// Counts in the order of first appearance; at most kMaxOpened voters.
struct Ballot {
  std::array<AnswerVotes, kMaxOpened> counts{};
  std::size_t answers = 0;

  void add(AnswerId answer) {
    for (std::size_t i = 0; i < answers; ++i) {
      if (counts[i].answer == answer) {
        ++counts[i].votes;
        return;
      }
    }
    counts[answers++] = {answer, 1};
  }
  AnswerId winner() const {
    AnswerVotes best;
    for (std::size_t i = 0; i < answers; ++i) {
      if (counts[i].votes > best.votes) best = counts[i];
    }
    return best.answer;
  }
};

}  // namespace

AnswerId plurality(const Question& question, std::span<const AnswerId> answers) {
  Ballot ballot;
  for (const AnswerId answer : answers) {
    if (readable(question, answer)) ballot.add(answer);
  }
  return ballot.winner();
}

void Playback::begin(const Question& question, std::span<const std::uint32_t> ordering) {
  question_ = &question;
  ordering_ = ordering;
  branches_.clear();
  counts_.assign(question.answers.size(), 0);
  spent_ = 0;
  leader_ = kNoAnswer;
}

bool Playback::votes_in(const BranchState& branch) const {
  return !branch.pruned && readable(*question_, branch.answer);
}

void Playback::take(const Action& action) {
  if (action.kind == ActionKind::kBranch || action.kind == ActionKind::kRead) {
    branches_.push_back({.recorded = ordering_[branches_.size()]});
  }
  BranchState& branch = branches_[action.lane];
  spent_ += action.cost;
  branch.tokens += action.cost;
  if (action.finished) {
    branch.finished = true;
    branch.depth = question_->branches[branch.recorded].probes;
  } else if (!action.cut && (action.kind == ActionKind::kBranch || action.kind == ActionKind::kContinue)) {
    ++branch.depth;
  }
  if (action.kind == ActionKind::kPrune || action.cut) {
    count(branch, -1);
    branch.pruned = true;
    find_leader();
  }
  if (action.answer != kNoAnswer) reveal(branch, action.answer);
}

// Most reveals repeat the branch's answer; only a change makes the votes worth counting.
void Playback::reveal(BranchState& branch, AnswerId answer) {
  if (branch.answer == answer) return;
  count(branch, -1);
  branch.answer = answer;
  count(branch, 1);
  if (!branch.pruned) find_leader();
}

void Playback::count(const BranchState& branch, int votes) {
  if (votes_in(branch)) counts_[static_cast<std::size_t>(branch.answer)] += votes;
}

void Playback::find_leader() {
  leader_ = kNoAnswer;
  int most = 0;
  for (const BranchState& branch : branches_) {  // in the order of opening, so that only more votes displace
    if (!votes_in(branch)) continue;
    const int votes = counts_[static_cast<std::size_t>(branch.answer)];
    if (votes > most) {
      most = votes;
      leader_ = branch.answer;
    }
  }
}

std::vector<AnswerVotes> Playback::votes() const {
  Ballot ballot;
  for (const BranchState& branch : branches_) {
    if (votes_in(branch)) ballot.add(branch.answer);
  }
  std::vector<AnswerVotes> sorted(ballot.counts.begin(),
                                  ballot.counts.begin() + static_cast<std::ptrdiff_t>(ballot.answers));
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const AnswerVotes& a, const AnswerVotes& b) { return a.votes > b.votes; });
  return sorted;
}

std::int64_t Playback::step_cost(const Branch& recorded, std::uint32_t depth) const {
  if (depth < recorded.probes) return question_->interval;
  return std::max<std::int64_t>(0, recorded.tokens - question_->interval * recorded.probes);
}

std::optional<std::int64_t> Playback::cheapest_step() const {
  std::optional<std::int64_t> cheapest;
  const auto offer = [&](std::int64_t cost) { cheapest = std::min(cost, cheapest.value_or(cost)); };
  for (const BranchState& branch : branches_) {
    if (branch.finished || branch.pruned) continue;
    offer(step_cost(question_->branches[branch.recorded], branch.depth));
  }
  if (branches_.size() < std::min(kMaxOpened, ordering_.size())) {
    const Branch& next = question_->branches[ordering_[branches_.size()]];
    offer(std::min(step_cost(next, 0), next.tokens));
  }
  return cheapest;
}

}  // namespace replay
