// machine.hpp: runs a compiled controller over one recorded question.
// Why:      this is where the evaluator spends its time; everything before it was decided by the compiler.
// Use:      Machine machine;                                  // one a thread, kept
//           EpisodeResult r = machine.run(bind(program, 0.5), question, ordering);
// Promises: terminates for every program (see program.hpp); the result depends on the arguments alone.
//           Equal to the walker of the tree in tests/oracle, bit for bit.
// Threads:  one thread at a time; keep one for each thread, its buffers are used again.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "genome/program.hpp"
#include "replay/episode.hpp"
#include "replay/lane_kernels.hpp"
#include "replay/tally.hpp"

namespace replay {

struct EpisodeResult {
  AnswerId answer = kNoAnswer;
  bool right = false;
  std::int64_t tokens = 0;
  std::int64_t latency_tokens = 0;
  int rounds = 0;  // begun
  friend bool operator==(const EpisodeResult&, const EpisodeResult&) = default;
};

class Machine {
 public:
  explicit Machine(const LaneKernels& kernels = lane_kernels()) : episode_(kernels), kernels_(&kernels) {}

  EpisodeResult run(const genome::BoundProgram& bound, const Question& question,
                    std::span<const std::uint32_t> ordering, const EpisodeOptions& options = {},
                    ActionLog* log = nullptr);  // appended to: the actions of the episode

 private:
  using Instruction = genome::Instruction;
  using Slot = genome::Slot;

  void prepare(const genome::BoundProgram& bound);
  void execute(std::size_t from);
  void execute_lanes(const Instruction& in);
  LaneFrame frame() const;
  void refresh();
  void remember();

  void open(double count);
  void read(double count);
  void move(const Instruction& in, bool probing);
  void probe(Mask set);
  void prune(const Instruction& in);
  std::size_t in_falling_order(Mask set, Slot order);
  void initialise_registers(std::size_t from_lane);

  void tally(const Instruction& in);
  template <typename Vote>
  void vote(Mask set, bool as_finished, Vote vote);
  double reduce(const Instruction& in) const;
  double look_back(Slot memory_register, double rounds_back) const;
  double present(const genome::RegisterSlot& memory_register) const;
  void refit(const genome::Program& program);
  bool is_blank(AnswerId answer) const {
    return answer != kNoAnswer && episode_.question().blank[static_cast<std::size_t>(answer)] != 0;
  }

  Mask opened_mask() const { return first_lanes(episode_.opened()); }

  const genome::Program* program_ = nullptr;
  const genome::BoundProgram* bound_ = nullptr;
  Episode episode_;
  Tally tally_;
  // Slots of the question, then of the branch; the first branch slots are the episode's own lanes.
  std::vector<double> numbers_;
  std::vector<std::uint8_t> truths_;
  std::vector<AnswerId> answers_;
  std::vector<NumberLanes> own_numbers_;
  std::vector<Mask> own_truths_;
  std::vector<AnswerLanes> own_answers_;
  std::vector<double*> number_lanes_;         // by BN slot
  std::vector<Mask*> masks_;                  // by BT slot
  std::vector<AnswerId*> answer_lanes_;       // by BA slot
  std::vector<std::vector<double>> history_;  // by memory register and round; only remembered ones
  std::uint8_t queue_[kMaxOpened] = {};       // lanes in the order of an action
  // What tally_ holds, when it is votes that all weigh the same.
  struct Counted {
    bool known = false;
    bool as_finished = false;
    Mask set = 0;
  } counted_;
  const LaneKernels* kernels_;
  bool stopped_ = false;
  AnswerId final_answer_ = kNoAnswer;
};

}  // namespace replay
