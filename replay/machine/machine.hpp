// machine.hpp: runs a compiled controller over one recorded question.
// Why:      this is where the evaluator spends its time; everything before it was decided by the compiler.
// Use:      Machine machine;                                  // one a thread, kept
//           EpisodeResult r = machine.run(bind(program, 0.5), question, ordering);
//           const NativeProgram native(program);              // faster, where the processor can
//           r = machine.run(bound, question, ordering, {.native = native.sections()});
// Promises: terminates for every program (see program.hpp); the result depends on the arguments alone.
//           Equal to the walker of the tree in tests/oracle, bit for bit.
// Threads:  one thread at a time; keep one for each thread, its buffers are used again.
// Tests:    tests/replay/machine/machine_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "genome/program/program.hpp"
#include "replay/machine/episode.hpp"
#include "replay/machine/frame.hpp"
#include "replay/machine/lane_kernels.hpp"
#include "replay/machine/vote_count.hpp"

namespace replay {

struct EpisodeResult {
  AnswerId answer = kNoAnswer;
  bool right = false;
  std::int64_t tokens = 0;
  std::int64_t latency_tokens = 0;
  int rounds = 0;  // begun
  friend bool operator==(const EpisodeResult&, const EpisodeResult&) = default;
};

struct RunOptions {
  EpisodeOptions episode;
  ActionLog* log = nullptr;  // appended to: the actions of the episode
  NativeSections native;     // of a program with the same translation_key(); the result is the same without
  // Of the program's signals: their places in Question::signals, see signal_columns.hpp. May be left out
  // where it has none.
  std::span<const std::uint16_t> columns = {};
};

class Machine {
 public:
  explicit Machine(const LaneKernels& kernels = lane_kernels()) : episode_(kernels), kernels_(&kernels) {}

  EpisodeResult run(const genome::BoundProgram& bound, const Question& question,
                    std::span<const std::uint32_t> ordering, const RunOptions& options = {});

 private:
  friend struct NativeCalls;
  friend class Stepper;
  using Instruction = genome::Instruction;
  using Slot = genome::Slot;

  double& past(std::size_t memory_register, std::int64_t round) const {
    return history_[memory_register * static_cast<std::size_t>(program_->rounds) +
                    static_cast<std::size_t>(round)];
  }
  // ---- an episode: begin(), the start section; begin_round(), the round section and end_round() while there
  // is another one; the answer section; result()
  void begin(const genome::BoundProgram& bound, const Question& question,
             std::span<const std::uint32_t> ordering, const RunOptions& options);
  bool begin_round();
  void end_round();
  EpisodeResult result() const;
  // ---- see standstill.cpp
  bool may_stand_still() const {
    return program_->timeless && !episode_.moved() && !over_ && frame_.stopped == 0;
  }
  bool stands_still();
  void write_state(std::vector<std::uint64_t>& to) const;
  // From an instruction to the end of its section; null then. When pausing, to the next one that pauses_
  // names, which is left undone; `resumed`: the first one is done even so.
  template <bool kPausing>
  const Instruction* execute(std::size_t from, bool resumed = false);

  void prepare(const genome::BoundProgram& bound);
  void fit(const genome::Program& program);
  Advance asked_by(const Instruction& in) const;
  void execute_lanes(const Instruction& in);
  void gather(const Instruction& in);
  LaneFrame frame() const;
  void refresh();      // what programs see of the episode, after an action
  void refresh_all();  // and what native code need not be told
  void remember();

  void open(double count);
  void read(double count);
  // `asked.set` of active branches. A free episode has no budget, and so nothing that native code has to be
  // told anew; the interpreter refreshes after every move itself.
  void move(Advance& asked, const double* key) {
    if (asked.set == 0) return;
    if (episode_.is_free()) return episode_.advance_freely(asked, key);
    move_one_by_one(asked, key);
    refresh();
  }
  void move_one_by_one(const Advance& asked, const double* key);
  void probe(Mask set);
  void prune(Mask set, const double* key, double keep);
  std::size_t in_falling_order(Mask set, const double* key);
  void initialise_registers(std::size_t from_lane);

  // A program asks for the votes of few sets, by turns: two counts for each order. Which of them an
  // instruction uses makes no difference to what it counts; it is quick where no other set uses the same.
  static constexpr std::size_t kCounts = 4;
  static constexpr std::size_t count_of(const Instruction& tally) {
    return (2 * std::size_t{tally.a} + tally.c) % kCounts;
  }
  void tally(Mask set, bool as_finished, const Weights& weights, std::size_t count);
  void tally(const Instruction& in);
  Tally& last_tally() { return counts_[counted_].tally(); }
  double reduce(const Instruction& in);
  double reduce(genome::Code code, const double* value, Mask set) const;
  double look_back(Slot memory_register, double rounds_back) const;
  double present(const genome::RegisterSlot& memory_register) const;
  // What a slow function of lanes was last, by branch, and of which numbers. It depends on nothing else, so
  // this is true for ever.
  struct SlowValues {
    genome::Code code;
    std::array<double, kMaxOpened> x, y, value;
  };
  SlowValues& slow_values(const Instruction& in);

  bool is_blank(AnswerId answer) const {
    return answer != kNoAnswer && episode_.question().blank[static_cast<std::size_t>(answer)] != 0;
  }

  Mask opened_mask() const { return first_lanes(episode_.opened()); }

  int rounds_ = 0;       // begun
  bool over_ = false;    // nothing more can be done, so no round follows
  bool native_ = false;  // native code is being run, which looks at the episode's own counts
  const genome::Program* program_ = nullptr;
  const genome::BoundProgram* bound_ = nullptr;
  Episode episode_;
  std::array<VoteCount, kCounts> counts_;
  std::uint32_t begun_counts_ = 0;  // a bit for each that this episode has asked for
  std::size_t counted_ = 0;         // which of them was made last
  // All slots of the question and of the branch, as layout_ says.
  struct alignas(64) Line {
    std::array<std::byte, 64> at;
  };
  std::vector<Line> block_;
  SlotLayout layout_;
  NativeFrame frame_;
  double* numbers_ = nullptr;
  std::uint8_t* truths_ = nullptr;
  AnswerId* answers_ = nullptr;
  std::vector<double*> number_lanes_;    // by BN slot; the first are the episode's own
  std::vector<Mask*> masks_;             // by BT slot
  std::vector<AnswerId*> answer_lanes_;  // by BA slot
  // By BN slot, of slow functions alone. Most branches ask for the same value round by round.
  std::vector<std::unique_ptr<SlowValues>> slow_values_;
  // By memory register, then by round: its value at the end; of remembered ones and rounds begun alone.
  std::unique_ptr<double[]> history_;
  std::size_t history_size_ = 0;
  // See standstill.cpp. A round is idle when it moves no branch.
  int last_idle_ = 0;    // the latest one, counted from 1; 0 before the first
  int idle_rounds_ = 0;  // in a row, up to that one
  std::vector<std::uint64_t> state_before_, state_;
  std::uint8_t queue_[kMaxOpened] = {};  // lanes in the order of an action
  const LaneKernels* kernels_;
  std::vector<bool> pauses_;                // by instruction, see Stepper
  std::span<const std::uint16_t> columns_;  // of the program's signals, in Question::signals
};

}  // namespace replay
