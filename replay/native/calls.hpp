// calls.hpp: what native code has the machine do for it: actions, votes, the past, slow functions.
// Why:      generated code calls plain functions; they find the machine in its frame.
// Threads:  as Machine.
#pragma once

#include "replay/machine/machine.hpp"

namespace replay {

struct NativeCalls {
  static void show(NativeFrame* f) { f->machine->episode_.show(); }
  static void catch_up(NativeFrame* f) { f->machine->episode_.catch_up(); }
  static std::int64_t least_depth(NativeFrame* f) { return f->machine->episode_.least_depth(); }
  static std::int64_t most_depth(NativeFrame* f) { return f->machine->episode_.most_depth(); }
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

  // `which`: see count_of().
  static void tally(NativeFrame* f, Mask set, std::uint32_t which) { count(f, set, which, {}); }
  static void tally_weighed(NativeFrame* f, Mask set, std::uint32_t which, const double* weights) {
    count(f, set, which, {.lanes = weights, .equal = false});
  }
  static void tally_weighed_all(NativeFrame* f, Mask set, std::uint32_t which, double weight) {
    count(f, set, which, {.all = weight, .equal = false});
  }
  // Which of the machine's counts, and whether in order of finishing, as one number.
  static std::uint32_t count_of(const genome::Instruction& tally) {
    return static_cast<std::uint32_t>(2 * Machine::count_of(tally)) + tally.c;
  }
  static void count(NativeFrame* f, Mask set, std::uint32_t which, const Weights& weights) {
    f->machine->tally(set, (which & 1) != 0, weights, which / 2);
  }
  static double confidence(NativeFrame* f) { return f->confidence = f->machine->last_tally().confidence(); }
  static double distinct(NativeFrame* f) { return f->machine->last_tally().distinct(); }
  static double entropy(NativeFrame* f) { return f->machine->last_tally().entropy(); }
  static double votes(NativeFrame* f, AnswerId answer) { return f->machine->last_tally().votes(answer); }
  static void votes_of_each(NativeFrame* f, const AnswerId* of, double* to, Mask set) {
    f->machine->last_tally().votes_of_each(of, set, f->branches->opened_, to);
  }

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
  static Mask blank_lanes(NativeFrame* f, const AnswerId* of) {
    const Machine& machine = *f->machine;
    return machine.kernels_->blank_lanes(of, f->branches->opened_, machine.episode_.question().blanks);
  }
  // An instruction of is_slow_function() for these branches alone; its operands are in memory, up to date.
  static void slow_function(NativeFrame* f, const genome::Instruction* in, Mask set);
  // One instruction on lanes, its operands in memory.
  static void interpret(NativeFrame* f, const genome::Instruction* in) {
    f->machine->refresh_all();
    f->machine->execute_lanes(*in);
  }
};

}  // namespace replay
