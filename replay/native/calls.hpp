// calls.hpp: what native code has the machine do for it: actions, votes, the past, slow functions.
// Why:      generated code calls plain functions; they find the machine in its frame.
// Threads:  as Machine.
#pragma once

#include "replay/machine/machine.hpp"

namespace replay {

struct NativeCalls {
  static void show(NativeFrame* f) { f->machine->episode_.show(); }
  static void open(NativeFrame* f, double count) { f->machine->open(count); }
  static void read(NativeFrame* f, double count) { f->machine->read(count); }
  static void probe(NativeFrame* f, Mask set) { f->machine->probe(set); }
  static void prune(NativeFrame* f, Mask set, const double* key, double keep) {
    f->machine->prune(set, key, keep);
  }
  static void advance(NativeFrame* f, Mask set, const double* key, const double* by);
  static void advance_all(NativeFrame* f, Mask set, const double* key, double by);
  static void proceed(NativeFrame* f, Mask set, const double* key, const double* by);  // CONTINUE alone
  static void proceed_all(NativeFrame* f, Mask set, const double* key, double by);

  static void tally(NativeFrame* f, Mask set, std::uint32_t as_finished) {
    f->machine->tally(set, as_finished != 0, {});
  }
  static void tally_weighed(NativeFrame* f, Mask set, std::uint32_t as_finished, const double* weights) {
    f->machine->tally(set, as_finished != 0, {.lanes = weights, .equal = false});
  }
  static void tally_weighed_all(NativeFrame* f, Mask set, std::uint32_t as_finished, double weight) {
    f->machine->tally(set, as_finished != 0, {.all = weight, .equal = false});
  }
  static double confidence(NativeFrame* f) {
    return f->confidence = genome::beta_confidence(f->support, f->runner_up);
  }
  static double distinct(NativeFrame* f) { return f->machine->tally_.distinct(); }
  static double entropy(NativeFrame* f) { return f->machine->tally_.entropy(); }
  static double votes(NativeFrame* f, AnswerId answer) { return f->machine->tally_.votes(answer); }
  static void votes_of_each(NativeFrame* f, const AnswerId* of, double* to);

  static double sum(NativeFrame* f, const double* value, Mask set) {
    return f->machine->reduce(genome::Code::kSum, value, set);
  }
  static double mean(NativeFrame* f, const double* value, Mask set) {
    return f->machine->reduce(genome::Code::kMean, value, set);
  }
  template <Extreme LaneKernels::*kExtreme>
  static double extreme(NativeFrame* f, const double* value, Mask set) {
    const std::size_t opened = f->branches->opened_;
    set &= first_lanes(opened);
    return set == 0 ? 0 : (f->machine->kernels_->*kExtreme)(value, set, opened);
  }
  static double smallest(NativeFrame* f, const double* value, Mask set) {
    return extreme<&LaneKernels::smallest>(f, value, set);
  }
  static double largest(NativeFrame* f, const double* value, Mask set) {
    return extreme<&LaneKernels::largest>(f, value, set);
  }

  static std::uint32_t is_blank(NativeFrame* f, AnswerId answer) {
    return f->machine->is_blank(answer) ? 1 : 0;
  }
  static void gather(NativeFrame* f, const genome::Instruction* in) { f->machine->gather(*in); }
  static Mask blank_lanes(NativeFrame* f, const AnswerId* of);
  // An instruction of is_slow_function() for these branches alone; its operands are in memory.
  static void slow_function(NativeFrame* f, const genome::Instruction* in, Mask set);
  // One instruction on lanes, its operands in memory.
  static void interpret(NativeFrame* f, const genome::Instruction* in) {
    f->machine->refresh_all();
    f->machine->execute_lanes(*in);
  }
};

}  // namespace replay
