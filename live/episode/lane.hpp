// lane.hpp: one branch of a session at a server: its wants as requests, and what came as results.
// Why:      how far a request goes, where looks stand and where a thought ends is a matter of its own, apart
//           from who sends requests and when.
// Use:      Lane lane(serving, prompt, seed, session.signals());
//           lane.begin(want);
//           for (LaneRequest& each : lane.requests()) ...   // those that can be made now, each once
//           lane.take(segment);   lane.take_look(3, segment);
//           if (lane.done()) session.give(lane.result());
// How:      By token ids a branch is generated up to the interval that is wanted, in one request, and looks
//           stand at intervals behind a prefix of the ids; joined by text, each interval is a request. Of
//           whole replies, the first request brings all of the branch. Intervals end as BranchRecorder has
//           it: those that are before the last token of the thought, so that what is served is like what
//           was recorded. Once the thought has ended, the rest is generated to its end.
// Promises: a function of what it is told. A branch that was cut at the most tokens is finished.
// Threads:  one at a time.
// Tests:    tests/live/episode/same_as_replay_test.cpp
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/collect/interval_signals.hpp"
#include "live/episode/serving.hpp"
#include "live/session/want.hpp"
#include "live/upstream/branch.hpp"

namespace live {

struct LaneRequest {
  enum class Kind : std::uint8_t { kSegment, kWhole, kLook, kCount };
  Kind kind = Kind::kSegment;
  Branch branch;            // the beginning of the branch that it goes on from
  std::int64_t tokens = 0;  // at most
  std::int64_t least = 0;   // fewer than these would be of no use
  std::int64_t depth = 0;   // of kLook
  std::string text;         // of kCount: how many tokens it has is to be told
};

class Lane {
 public:
  // `serving` and `signals`, the names of those that results bring, outlive the lane.
  Lane(const Serving& serving, std::shared_ptr<const Prompt> prompt, std::uint64_t seed,
       const std::vector<std::string>& signals);

  // From now on what looks say is kept.
  void keep_looks() { keeps_looks_ = true; }

  // REQUIRES: done(), or nothing was wanted yet; the want takes a result.
  void begin(const Want& want);
  std::vector<LaneRequest> requests();

  // What a request brought. REQUIRES: segments are good; a look of none could not be had.
  void take(const Segment& segment);
  void take_look(std::int64_t depth, const Segment* look);
  void take_count(std::optional<std::int64_t> tokens);
  // Nobody waits for what was wanted; what is under way for it must not be given.
  void abandon() { want_.reset(); }
  // Nothing more comes of the branch.
  void fail(const std::string& why);

  bool done() const;
  // REQUIRES: done().
  Result result();

  // ---- what there is of it

  const Branch& branch() const { return branch_; }
  bool finished() const { return finished_; }
  bool cut() const { return cut_; }
  const std::string& failure() const { return failure_; }
  // Where the thought ends in its text, behind the mark.
  std::optional<std::size_t> thought_bytes() const { return thought_bytes_; }
  std::string final_answer() const { return serving_.task.final_answer(branch_.text); }
  // By depth, where it is kept: what the model said when it was looked at.
  const std::map<std::int64_t, std::string>& said() const { return said_; }
  // How many tokens may follow, at most.
  std::int64_t room() const;

 private:
  struct Boundary {
    std::int64_t tokens = 0;
    std::size_t bytes = 0;
  };
  struct Look {
    bool asked = false, there = false;
    std::optional<std::string> answer;
    std::int64_t tokens = 0;
  };

  bool exact() const;
  bool whole() const { return serving_.recipe.grade == Grade::kWholeSamples; }
  bool reads() const { return want_->kind == Want::Kind::kRead; }
  bool by_text() const { return !exact() && !reads(); }  // intervals are requests
  std::int64_t interval() const { return serving_.recipe.interval; }
  std::int64_t prompt_tokens(const Branch& branch) const;
  std::int64_t target() const;
  bool moved() const;
  bool count_is_lacking() const { return thought_bytes_ && !thought_tokens_; }
  std::int64_t steps() const;
  void find_end_of_thought(std::size_t from_bytes, std::int64_t from_tokens);
  LaneRequest segment_request() const;
  std::optional<LaneRequest> look_request(std::int64_t depth) const;
  void add_look(std::int64_t depth, std::vector<LaneRequest>& all);
  void add_signals(Result& result);

  const Serving& serving_;
  const std::vector<std::string>& signals_;
  Branch branch_;
  std::optional<Want> want_;
  std::vector<Boundary> boundaries_;    // ends of intervals, where they are requests
  std::map<std::int64_t, Look> looks_;  // of the present want, by depth
  std::map<std::int64_t, std::string> said_;
  TokenLogprobs logprobs_;        // of tokens from `told_tokens_` on
  std::int64_t told_tokens_ = 0;  // whose signals the session has
  std::optional<std::size_t> thought_bytes_;
  std::optional<std::int64_t> thought_tokens_;
  std::int64_t thought_from_ = 0;                   // it ends behind so many tokens
  std::optional<std::int64_t> told_prompt_tokens_;  // of the prompt alone, as usage tells them
  bool asked_ = false, count_asked_ = false, finished_ = false, cut_ = false, keeps_looks_ = false;
  std::int64_t end_tokens_ = 0;  // that no id stands for
  std::string failure_;
};

}  // namespace live
