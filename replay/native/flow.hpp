// flow.hpp: what a code generator asks about a section of a program before it translates it.
// Why:      a slot that lives and dies within a section can stay in a processor register, all others have
//           to be in memory, where the machine and the other sections find them.
// Use:      const SectionFlow flow(program, from, to);
//           if (flow.is_local({Space::kN, 12})) ...
// Promises: a local slot is written before it is read on every path, and only by this section's translated
//           instructions.
// Threads:  immutable once made.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "genome/program/instruction_flow.hpp"
#include "genome/program/program.hpp"

namespace replay {

// flow_of(), and an instruction that keeps some lanes of what it writes reads it as well.
struct Accesses {
  genome::SlotRef write;
  std::array<genome::SlotRef, 4> read;
};
Accesses accesses_of(const genome::Instruction& in);

// Functions of lanes for which there is no vector code.
bool is_slow_function(genome::Code code);

// Whether it is worth finding out for which branches the lanes that the instruction writes are read.
bool is_done_on_demand(genome::Code code);

// Whether native code has the machine carry the instruction out, with its operands in memory.
bool is_for_machine(genome::Code code);

class SectionFlow {
 public:
  // The section is instructions [begin, end) of the program.
  SectionFlow(const genome::Program& program, std::size_t begin, std::size_t end);

  bool is_local(genome::SlotRef slot) const { return locals_.contains(slot); }
  bool is_written_once(genome::SlotRef slot) const { return uses_.at(slot).writes == 1; }
  // Whether some jump lands at this instruction.
  bool is_landing(std::size_t at) const { return landing_[at]; }
  // Whether the section can get to this instruction.
  bool is_reached(std::size_t at) const { return reached_[at]; }
  // See demanded_sets(), of an instruction that is_done_on_demand(). It reads those sets, too.
  const std::optional<std::vector<genome::Slot>>& demanded(std::size_t at) const { return demanded_.at(at); }
  // Whether nobody but these instructions, in rising order, has to do with the slot.
  bool is_private_to(genome::SlotRef slot, std::span<const std::size_t> instructions) const;

 private:
  struct Uses {
    std::vector<std::size_t> at;  // instructions of the whole program
    int writes = 0;
    bool kept = false;  // a register, a constant or the episode's: must be in memory
    bool for_machine = false;
  };
  void find_demanded(std::size_t begin, std::size_t end);
  template <typename Note>
  void for_each_demanded(std::size_t at, Note note) const;
  void note_uses();
  void find_locals(std::size_t begin, std::size_t end);

  const genome::Program& program_;
  std::map<genome::SlotRef, Uses> uses_;
  std::set<genome::SlotRef> locals_;
  std::map<std::size_t, std::optional<std::vector<genome::Slot>>> demanded_;  // by instruction
  std::vector<bool> landing_, reached_;
};

}  // namespace replay
