#include "tests/bench/plain_cmc.hpp"

#include <algorithm>

#include "genome/base/arithmetic.hpp"

namespace bench {

// One CONTINUE and one PROBE of an active branch. The caller takes it off the active ones when it ends.
inline void PlainCmc::advance(std::size_t branch) {
  Branch& b = branches_[branch];
  const bool ends = b.depth == b.length;
  const std::int64_t cost = ends ? b.last_cost : question_->interval;
  spent_ += cost;
  b.stage_tokens += cost;
  longest_ = std::max(longest_, b.stage_tokens);
  ++probes_;
  if (ends) {
    b.answer = b.final_answer;
    finished_[finished_count_++] = static_cast<std::uint8_t>(branch);
  } else {
    b.answer = b.rows[b.depth++];
  }
}

void PlainCmc::open(int count, std::span<const std::uint32_t> ordering) {
  for (; count > 0 && opened_ < std::min(replay::kMaxOpened, ordering.size()); --count) {
    const CompactQuestion::Branch& row = question_->branches[ordering[opened_]];
    const std::size_t branch = opened_++;
    branches_[branch] = {.rows = question_->rows.data() + row.first,
                         .length = row.length,
                         .last_cost = row.last_cost,
                         .final_answer = row.final_answer};
    const std::size_t before = finished_count_;
    advance(branch);
    if (finished_count_ == before) active_[active_count_++] = static_cast<std::uint8_t>(branch);
  }
}

// By falling key, ties in the order of opening.
void PlainCmc::sort_active(std::int32_t Branch::*key) {
  for (std::size_t i = 1; i < active_count_; ++i) {
    const std::uint8_t branch = active_[i];
    const auto comes_first = [&](std::uint8_t other) {
      const auto own = branches_[branch].*key, its = branches_[other].*key;
      return own > its || (own == its && branch < other);
    };
    std::size_t at = i;
    for (; at > 0 && comes_first(active_[at - 1]); --at) active_[at] = active_[at - 1];
    active_[at] = branch;
  }
}

// Counts rounds of disagreement and prunes those who disagree for too long, but leaves two.
void PlainCmc::judge(std::int32_t leader) {
  bool impatient = false;
  for (std::size_t i = 0; i < active_count_; ++i) {
    Branch& b = branches_[active_[i]];
    b.deviance = b.answer != leader ? b.deviance + 1 : 0;
    impatient = impatient || b.deviance >= schedule_.patience;
  }
  if (!impatient || active_count_ <= 2) return;
  sort_active(&Branch::deviance);
  std::size_t gone = 0;  // they come first
  while (gone < active_count_ - 2 && branches_[active_[gone]].deviance >= schedule_.patience)
    branches_[active_[gone++]].pruned = true;
  std::copy(active_.begin() + gone, active_.begin() + active_count_, active_.begin());
  active_count_ -= gone;
}

// Votes of the finished in the order of finishing: of equals, the answer seen first leads.
void PlainCmc::count_votes() {
  for (; counted_ < finished_count_; ++counted_)
    ++votes_[static_cast<std::size_t>(branches_[finished_[counted_]].answer)];
  leader_ = -1;
  support_ = runner_up_ = 0;
  for (std::size_t i = 0; i < finished_count_; ++i) {
    const std::int32_t answer = branches_[finished_[i]].answer;
    const std::int32_t votes = votes_[static_cast<std::size_t>(answer)];
    if (votes > support_) {
      if (leader_ >= 0 && leader_ != answer) runner_up_ = support_;
      support_ = votes;
      leader_ = answer;
    } else if (answer != leader_) {
      runner_up_ = std::max(runner_up_, votes);
    }
  }
}

std::int32_t PlainCmc::answer_at_the_end() {
  if (leader_ >= 0) return leader_;
  std::int32_t best = -1;
  std::ptrdiff_t most = 0;
  for (std::size_t i = 0; i < opened_; ++i) {
    if (branches_[i].pruned) continue;
    const auto votes = std::count_if(branches_.begin(), branches_.begin() + opened_, [&](const Branch& b) {
      return !b.pruned && b.answer == branches_[i].answer;
    });
    if (votes > most) {
      most = votes;
      best = branches_[i].answer;
    }
  }
  return best;
}

replay::EpisodeResult PlainCmc::run(const CompactQuestion& question,
                                    std::span<const std::uint32_t> ordering) {
  question_ = &question;
  opened_ = active_count_ = finished_count_ = counted_ = 0;
  spent_ = longest_ = probes_ = 0;
  votes_.assign(question.answers, 0);
  history_.clear();
  const auto& s = schedule_;
  double ema = 0, confidence = 0;
  const auto recount = [&] {
    if (counted_ == finished_count_) return;
    count_votes();
    confidence = genome::beta_confidence(support_, runner_up_);
  };
  leader_ = -1;
  support_ = runner_up_ = 0;
  open(s.cohort, ordering);
  recount();
  std::int64_t latency = longest_;
  int round = 0;
  while (round < 500) {
    longest_ = 0;
    for (std::size_t i = 0; i < active_count_; ++i) branches_[active_[i]].stage_tokens = 0;
    const bool warm = round >= s.warm_up, judged = warm && leader_ >= 0;
    const std::int32_t leader = leader_;
    ema = (1 - s.alpha) * ema + s.alpha * confidence;
    if (judged) judge(leader);
    sort_active(&Branch::depth);
    std::size_t left = 0;
    for (std::size_t i = 0; i < active_count_; ++i) {
      const std::uint8_t branch = active_[i];
      const std::size_t before = finished_count_;
      for (int steps = judged && branches_[branch].answer == leader ? s.burst : 1;
           steps > 0 && finished_count_ == before; --steps)
        advance(branch);
      if (finished_count_ == before) active_[left++] = branch;
    }
    active_count_ = left;
    recount();
    ema = (1 - s.alpha) * ema + s.alpha * confidence;
    const auto back = static_cast<std::size_t>(std::min(round, s.horizon - 1));
    const double drift = ema - (back == 0 ? ema : history_[static_cast<std::size_t>(round) - back]);
    history_.push_back(ema);
    const int now = round++;
    const bool settled =
        warm && static_cast<int>(finished_count_) >= s.quorum && ema >= s.level && drift >= -s.slack;
    const bool over = settled || active_count_ == 0;
    if (!over && drift <= s.trend && now >= std::max(1, s.warm_up / 2) && ema < s.level) {
      open(std::min(s.spawn, s.width - static_cast<int>(opened_)), ordering);
      recount();
    }
    latency += longest_;
    if (over) break;
  }
  const std::int32_t answer = answer_at_the_end();
  return {answer, answer >= 0 && answer == question.gold, spent_, latency, round};
}

}  // namespace bench
