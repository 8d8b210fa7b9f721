// lanes.hpp: instructions on lanes as loops over the opened branches, neighbours fused into one loop.
// Why:      what one instruction leaves for the next stays in a vector register; a lane slot that nobody
//           else reads never gets to memory.
// Use:      if (NativeLanes::takes(in)) lanes.add(at);   // ...
//           lanes.flush();                               // before anything that could tell the difference
// Threads:  one compiler, one thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "replay/native/operands.hpp"

namespace replay {

class NativeLanes {
 public:
  using Slot = genome::Slot;
  struct Hooks {
    std::function<void()> show_hidden;                        // emits: hidden answers are looked up
    std::function<void()> catch_up;                           // emits: see Episode::catch_up
    std::function<void(const genome::Instruction&)> on_sets;  // emits an instruction on whole sets
  };

  NativeLanes(x86::Compiler& cc, const genome::Program& program, const SectionFlow& flow,
              NativeOperands& operands, Width width, Hooks hooks);

  // Instructions that need a loop.
  static bool takes(const genome::Instruction& in);
  // Instructions on sets of branches as words, which join a loop when they stand in the middle of it.
  static bool is_on_sets(const genome::Instruction& in);

  void add(std::size_t at);
  // Whether the instruction, which has no effects, may be carried out before those that wait.
  bool lets_pass(const genome::Instruction& in) const;
  void flush();

 private:
  struct Item {
    std::size_t at;
    const genome::Instruction* in;
    Accesses accesses;
    bool in_loop = true;
  };
  static bool is_for_all_lanes(const genome::Instruction& in);
  void part();
  void prepare();
  void show_answers();
  std::optional<Slot> condition_of(const Item& reading_answers) const;
  void loop();
  void emit(const Item& item);
  void emit_on_sets(const genome::Instruction& in);
  void finish();
  bool is_private(genome::SlotRef slot) const;

  x86::Mem lanes_of(Slot slot) const { return operands_.number_lanes(slot, index_); }
  x86::Vec number(Slot slot, bool each);
  void set_number(Slot slot, const x86::Vec& value);
  x86::Vec answers(Slot slot, bool each);
  void set_answers(Slot slot, const x86::Vec& value);
  x86::Reg truths(Slot slot);
  void set_truths(Slot slot, const x86::Reg& value);
  x86::Reg fresh_truths();
  x86::Reg negated(const x86::Reg& truths);
  x86::Reg truths_from(const x86::Gp& word);
  x86::Vec fresh_answers();
  x86::Vec pick_answers(const x86::Reg& truths, const x86::Vec& x, const x86::Vec& y);
  x86::Reg same_answers(const x86::Vec& x, const x86::Vec& y);
  int width() const { return width_ == Width::kEight ? 8 : 4; }

  x86::Compiler& cc_;
  const genome::Program& program_;
  const SectionFlow& flow_;
  NativeOperands& operands_;
  const Width width_;
  const Hooks hooks_;
  NativeVectors vectors_;

  std::vector<Item> items_;
  // Of the loop that is being emitted:
  std::vector<std::size_t> looped_;                           // instructions in it
  x86::Gp index_;                                             // of the first lane in the vectors
  std::map<Slot, x86::Vec> spread_numbers_, spread_answers_;  // values of the question
  std::map<Slot, x86::Gp> words_;                             // sets made before it
  std::map<Slot, x86::Gp> results_;                           // sets that others want to know
  x86::Vec nothing_;                                          // no answer, in each lane
  x86::Gp opened_;                                            // the set of opened branches
  std::map<Slot, x86::Vec> numbers_, answers_;
  std::map<Slot, x86::Reg> truths_;
};

}  // namespace replay
