// branch_recorder.hpp: one branch while it is recorded: what is to be asked next, and what came.
// Why:      the order of segments, looks and the end is a matter of its own, apart from servers and files.
// Use:      BranchRecorder recorder(recipe, prompt, seed);
//           for (Ask& ask : recorder.asks()) ...          // requests that can be made now, each once
//           recorder.take(segment);   recorder.take_look(3, segment);
//           if (recorder.over()) journal.add(recorder.finish());
// How:      A branch is generated in segments. Where branches are joined by token ids, a segment is as long
//           as recipe.segment_tokens and looks stand exactly at every interval, behind a prefix of the ids;
//           where they are joined by text, each segment is one interval, and looks stand at the ends of
//           segments. Looks are inside the thought: where the end of a thought has come, the rest is
//           generated in one piece and not looked into, and an end of the branch at an interval needs no
//           look.
// Promises: a function of what it is told: the order of looks does not matter. The tokens of the branch are
//           the ids, log-probabilities or counts of its segments, and the end token where usage counts it.
// Threads:  one at a time.
// Tests:    tests/live/collect/branch_recorder_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/collect/collected_branch.hpp"
#include "live/collect/interval_signals.hpp"
#include "live/upstream/branch.hpp"
#include "live/upstream/capabilities.hpp"

namespace live {

// How branches are recorded, the same for all of a collection.
struct Recipe {
  Grade grade = Grade::kExact;
  std::int64_t interval = 500;
  std::int64_t segment_tokens = 4'000;  // by ids; a multiple of the interval
  std::int64_t most_tokens = 32'768;    // of a branch
  std::int64_t look_tokens = 32;
  std::optional<std::int64_t> context;  // of the server: what a prompt and its reply may have together
  Suffix suffix;                        // of looks
  std::string end_of_thought;           // empty: looks are wanted to the end
};

// A request that can be made now.
struct Ask {
  enum class Kind : std::uint8_t { kSegment, kWhole, kLook, kCount };
  Kind kind = Kind::kSegment;
  std::int64_t tokens = 0;  // at most
  std::size_t look = 0;
  std::string text;                // of kCount: how many tokens it has is to be told
  std::int64_t prompt_tokens = 0;  // that are sent; as many as bytes where they are not known
};

class BranchRecorder {
 public:
  BranchRecorder(const Recipe& recipe, std::shared_ptr<const Prompt> prompt, std::uint64_t seed);

  std::vector<Ask> asks();

  // The branch as far as the request goes on from it. It is long: for when the request is made.
  Branch beginning_of(const Ask& ask) const;

  // What an Ask brought. REQUIRES: the segments are good.
  void take(const Segment& segment);
  void take_look(std::size_t look, const Segment& segment);
  void take_count(std::int64_t tokens);

  bool over() const;
  // REQUIRES: over(). Question and number, and what was spent, are the caller's to add.
  CollectedBranch finish();

  // Why the branch cannot be recorded, e.g. since the server does not tell how many tokens it has; or empty.
  const std::string& fault() const { return fault_; }

 private:
  struct Boundary {
    std::int64_t tokens = 0;
    std::size_t bytes = 0;
  };
  struct Look {
    bool asked = false, there = false;
    std::string text;
  };

  bool exact() const { return recipe_.grade == Grade::kExact && !branch_.prompt->ids.empty(); }
  bool whole() const { return recipe_.grade == Grade::kWholeSamples; }
  std::int64_t room() const;
  std::int64_t prompt_tokens(std::int64_t tokens, std::size_t bytes) const;
  void find_end_of_thought(std::size_t from);
  std::size_t looks_due() const;
  Ask segment_ask();
  Ask look_ask(std::size_t look) const;
  Boundary boundary_of(std::size_t look) const;
  std::vector<std::size_t> interval_ends() const;

  const Recipe& recipe_;
  Branch branch_;
  TokenLogprobs logprobs_;
  std::vector<Boundary> boundaries_;  // ends of segments, where they are the intervals
  std::vector<Look> looks_;
  std::optional<std::size_t> thought_bytes_;        // up to the end of the thought
  std::optional<std::int64_t> thought_tokens_;      // the same in tokens; by ids it has to be asked for
  std::optional<std::int64_t> told_prompt_tokens_;  // of the prompt alone, as usage tells them
  bool asked_ = false, count_asked_ = false, finished_ = false;
  std::int64_t end_tokens_ = 0;  // that no id stands for
  std::string reason_, fault_;
};

}  // namespace live
