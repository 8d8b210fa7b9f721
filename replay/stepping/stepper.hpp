// stepper.hpp: the machine, statement by statement: it stands before each one that acts or needs answers.
// Why:      where a question grows while it is worked on, what a statement needs is fetched first; then it is
//           carried out by the code that replay runs.
// Use:      Stepper stepper(bound, question, ordering, options, answer_reads(program));
//           while (stepper.next()) {
//             provide(stepper.statement());
//             stepper.carry_out();
//           }
//           EpisodeResult result = stepper.result();
// Promises: with nothing to provide, the episode is that of Machine::run() with the same arguments.
// Threads:  one thread at a time.
// Tests:    tests/replay/stepping/stepper_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "genome/program/answer_reads.hpp"
#include "replay/machine/machine.hpp"

namespace replay {

struct Statement {
  enum class Kind {
    kOpen,   // BRANCH and PROBE, `count` times
    kRead,   // READ, `count` times
    kMove,   // CONTINUE each of `lanes` by `steps`, with PROBE after each step when `probing`
    kProbe,  // PROBE each of `set`
    kReads,  // needs the answers of `set`
  };
  Kind kind = Kind::kOpen;
  std::int64_t count = 0;
  bool probing = false;
  Mask set = 0;
  // In the order in which they are moved.
  std::size_t lane_count = 0;
  std::array<std::uint8_t, kMaxOpened> lanes{};
  std::array<std::int32_t, kMaxOpened> steps{};  // of each of `lanes`
};

class Stepper {
 public:
  // All but the options outlive the stepper. Actions are taken one by one, interpreted. `reads` is
  // answer_reads() of the program, which takes longer than many an episode.
  Stepper(const genome::BoundProgram& bound, const Question& question,
          std::span<const std::uint32_t> ordering, const RunOptions& options,
          std::vector<genome::AnswerReads> reads);
  Stepper(const Stepper&) = delete;
  Stepper& operator=(const Stepper&) = delete;

  // Goes on to the next statement; false at the end of the episode.
  bool next();
  // The one before which it stands. REQUIRES: next() was true, and neither carry_out() nor leave() followed.
  Statement statement();
  // Has next() carry it out first.
  void carry_out() { resumed_ = true; }
  // Leaves what follows undone, but for the answer section: after carry_out() all behind the statement, else
  // the statement, too.
  void leave();

  Episode& episode() { return machine_.episode_; }
  const Episode& episode() const { return machine_.episode_; }
  // The question has so many answers now.
  void fit_answers(std::size_t count) {
    for (VoteCount& each : machine_.counts_) each.fit(count);
  }
  EpisodeResult result() const { return machine_.result(); }

 private:
  enum class Section { kStart, kRound, kAnswer, kNone };

  void end_section();
  void begin_round_or_answer();

  Machine machine_;
  const genome::Program& program_;
  Section section_ = Section::kStart;
  std::size_t at_ = 0;
  std::vector<genome::AnswerReads> reads_;  // by instruction
  bool resumed_ = false;
};

}  // namespace replay
