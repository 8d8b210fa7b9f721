// playback.hpp: an episode's log read action by action: what was known of each branch after each of them.
// Why:      traces and diagnoses ask about the middle of an episode; the log holds only what changed.
// Use:      Playback playback;  playback.begin(question, ordering);
//           for (const Action& action : log) { playback.take(action); use(playback.leader()); }
// Promises: follows any log that a machine wrote for this question and ordering. leader() is the answer that
//           most branches not pruned gave last; a tie goes to the branch opened first, answers that could not
//           be read do not vote.
// Threads:  one thread at a time; reuse it for the next episode, begin() forgets everything.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "replay/environment/environment.hpp"
#include "replay/machine/action_log.hpp"

namespace replay {

// One opened branch so far.
struct BranchState {
  std::uint32_t recorded = 0;  // index in Question::branches
  std::uint32_t depth = 0;     // intervals
  bool finished = false;
  bool pruned = false;
  std::int64_t tokens = 0;      // spent on it, probes included
  AnswerId answer = kNoAnswer;  // the latest revealed
};

struct AnswerVotes {
  AnswerId answer = kNoAnswer;
  int votes = 0;
  friend bool operator==(const AnswerVotes&, const AnswerVotes&) = default;
};

class Playback {
 public:
  // Both must outlive the playback.
  void begin(const Question& question, std::span<const std::uint32_t> ordering);
  void take(const Action& action);

  const Question& question() const { return *question_; }
  // By lane: in the order of opening.
  const std::vector<BranchState>& branches() const { return branches_; }
  std::int64_t spent() const { return spent_; }
  AnswerId leader() const { return leader_; }
  // All answers with votes as leader() counts them, the most first; ties in the order of opening.
  std::vector<AnswerVotes> votes() const;
  // The fewest tokens that a further BRANCH, READ or CONTINUE could cost; none when all have ended.
  std::optional<std::int64_t> cheapest_step() const;

 private:
  bool votes_in(const BranchState& branch) const;
  void reveal(BranchState& branch, AnswerId answer);
  void count(const BranchState& branch, int votes);
  void find_leader();
  std::int64_t step_cost(const Branch& recorded, std::uint32_t depth) const;

  const Question* question_ = nullptr;
  std::span<const std::uint32_t> ordering_;
  std::vector<BranchState> branches_;
  std::vector<int> counts_;  // votes by answer
  std::int64_t spent_ = 0;
  AnswerId leader_ = kNoAnswer;
};

// The winner among these answers, each with one vote: the most frequent one, a tie going to the one that
// comes first; kNoAnswer and answers that could not be read do not vote.
AnswerId plurality(const Question& question, std::span<const AnswerId> answers);

}  // namespace replay
