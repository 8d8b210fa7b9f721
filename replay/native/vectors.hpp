// vectors.hpp: the arithmetic of the language as vector instructions: one number, four, or eight.
// Why:      numbers of the question and of the branches follow the same rules; they are told once.
// Use:      NativeVectors v(cc, Width::kEight);
//           const x86::Vec sum = v.apply(Code::kAdd, x, y);
// Promises: the digits of genome/base/arithmetic.hpp: nothing is contracted, NaN becomes 0 as it does there.
// Threads:  one compiler, one thread.
#pragma once

#include <asmjit/x86.h>

#include "genome/program/program.hpp"

namespace replay {

namespace x86 = asmjit::x86;

enum class Width { kOne, kFour, kEight };

class NativeVectors {
 public:
  NativeVectors(x86::Compiler& cc, Width width) : cc_(cc), width_(width) {}

  // Which instructions on numbers apply() knows, by the code of the scalar form.
  static bool knows(genome::Code code);
  // The code of an instruction on numbers of the question for the same on lanes, others as they are.
  static genome::Code scalar_form(genome::Code code);
  static bool is_comparison(genome::Code code);  // of the scalar forms

  x86::Vec fresh();
  x86::Vec constant(double x);           // everywhere
  x86::Vec spread(const x86::Vec& one);  // the first number of it, everywhere
  x86::Vec load(const x86::Mem& from);
  x86::Vec load_spread(const x86::Mem& from);
  void store(const x86::Mem& to, const x86::Vec& x);
  void copy(const x86::Vec& to, const x86::Vec& x);

  x86::Vec apply(genome::Code code, const x86::Vec& a, const x86::Vec& b = {}, const x86::Vec& c = {});

  // Truths of several numbers: a mask register with eight, otherwise a vector of all ones or all zeros.
  x86::Reg compare(genome::Code code, const x86::Vec& a, const x86::Vec& b);
  x86::Vec pick(const x86::Reg& truths, const x86::Vec& x, const x86::Vec& y);

 private:
  x86::Vec two(x86::Inst::Id one, x86::Inst::Id many, const x86::Vec& a, const x86::Vec& b);
  x86::Vec add(const x86::Vec& a, const x86::Vec& b);
  x86::Vec multiply(const x86::Vec& a, const x86::Vec& b);
  x86::Vec subtract(const x86::Vec& a, const x86::Vec& b);
  x86::Vec to_whole(const x86::Vec& x, x86::RoundImm mode);
  x86::Vec number_or_zero(const x86::Vec& x);
  // x where a stands in this relation to b, elsewhere 0
  x86::Vec keep_where(const x86::Vec& x, const x86::Vec& a, x86::VCmpImm relation, const x86::Vec& b);

  x86::Compiler& cc_;
  Width width_;
};

}  // namespace replay
