// growing_question.hpp: a question whose branches are recorded while they are generated.
// Why:      the machine reads a table of what branches show; live, the table grows as it is read.
// Use:      GrowingQuestion table(500, 64, 1);
//           table.begin(0);
//           table.add_step(0, table.intern("41"), std::array{-0.2});
//           table.finish(0, 720, table.intern("42"), std::array{-0.1});
// Promises: question().branches stay where they are. What a branch has is kept when more is added. Sums of
//           signals are those of replay/environment/question_builder.hpp.
// Threads:  one thread at a time.
// Tests:    tests/live/session/growing_question_test.cpp
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "replay/environment/environment.hpp"
#include "replay/environment/signal_summary.hpp"
#include "replay/machine/lanes.hpp"

namespace live {

class GrowingQuestion {
 public:
  // Stands for the answer of an interval that nobody has looked at yet.
  static constexpr replay::AnswerId kUnknown = 0;

  // REQUIRES: interval > 0; branches from 1 to replay::kMaxOpened.
  GrowingQuestion(std::int64_t interval, std::size_t branches, std::size_t signals);

  const replay::Question& question() const { return question_; }
  replay::AnswerId intern(std::string_view answer);
  const std::string& text_of(replay::AnswerId answer) const {
    return question_.answers[static_cast<std::size_t>(answer)];
  }

  // ---- what is known of a branch

  enum class End { kNone, kFinished, kLost, kStopped };
  bool begun(std::size_t branch) const { return branches_[branch].room != 0; }
  End end(std::size_t branch) const { return branches_[branch].end; }
  bool ended(std::size_t branch) const { return end(branch) != End::kNone; }
  std::int64_t steps(std::size_t branch) const { return question_.branches[branch].probes; }
  // Of an ended branch: its length as the episode sees it and as it was told, and what follows the intervals.
  std::int64_t tokens(std::size_t branch) const { return question_.branches[branch].tokens; }
  std::int64_t told_tokens(std::size_t branch) const { return branches_[branch].told; }
  std::int64_t last_tokens(std::size_t branch) const;
  // What was generated of it: its tokens, or the intervals where those are longer.
  std::int64_t generated(std::size_t branch) const;
  // Depths count from 1.
  replay::AnswerId answer_at(std::size_t branch, std::int64_t depth) const {
    return question_.probes[place(branch, depth)];
  }
  // Of a signal, after so many steps; steps() + 1 at the end of a finished branch.
  double signal_at(std::size_t signal, std::size_t branch, std::int64_t step) const;
  // The most intervals that a branch may have; it is lost there.
  std::int64_t most_steps() const;

  // ---- what comes. REQUIRES: the branch is begun and not ended; `signals` has a number for each signal.

  // Room for what is expected of it; more or less may come.
  void begin(std::size_t branch, std::size_t steps = 1);
  void add_step(std::size_t branch, replay::AnswerId answer, std::span<const double> signals);
  void finish(std::size_t branch, std::int64_t tokens, replay::AnswerId answer,
              std::span<const double> signals);
  // So many steps that nobody has looked at. REQUIRES: there are no signals.
  void add_unseen(std::size_t branch, std::size_t steps);
  // It has no more than this many tokens, as the upstream failed.
  void lose(std::size_t branch, std::int64_t tokens);
  // It was stopped at so many tokens: the budget has less than `beyond`, and cuts it.
  void stop(std::size_t branch, std::int64_t tokens, std::int64_t beyond);
  // The answer at a depth, once somebody has looked.
  void show(std::size_t branch, std::int64_t depth, replay::AnswerId answer) {
    question_.probes[place(branch, depth)] = answer;
  }

 private:
  struct Branch {
    std::uint32_t room = 0;  // steps that fit where it lies; 0: not begun
    End end = End::kNone;
    std::int64_t told = 0;                         // tokens, when it has ended
    std::vector<replay::SignalSummary> summaries;  // by signal
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::size_t place(std::size_t branch, std::int64_t depth) const {
    return question_.branches[branch].first_probe + static_cast<std::size_t>(depth) - 1;
  }
  void give_room(std::size_t branch, std::uint32_t steps);
  void see(std::size_t branch, std::size_t step, std::span<const double> signals, std::int64_t tokens);

  replay::Question question_;
  std::vector<Branch> branches_;
  std::unordered_map<std::string, replay::AnswerId, Hash, std::equal_to<>> ids_;
  replay::AnswerId latest_ = kUnknown;  // that was interned
};

}  // namespace live
