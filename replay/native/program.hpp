// program.hpp: a compiled controller translated into the processor's own instructions.
// Why:      the machine interprets an instruction in a few nanoseconds, and does so millions of times; code
//           of its own for each section of a program does the same work in a fraction.
// Use:      const NativeProgram native(program);  // once for every beta and all of a translation_key()
//           machine.run(bound, question, ordering, {.native = native.sections()});
// Promises: episodes have the results that the interpreter gives them, bit for bit. Where there is no code
//           generator, where the processor has no AVX2, or when translation fails, is_translated() is false
//           and machines interpret. Pages are never writable and executable at once, and are no other
//           process's: a child forked while nothing evaluates goes on by itself, as its parent does.
// Threads:  immutable once made; share freely. Sections are good for as long as the program they are of.
//           Forking while another thread translates or evaluates is not supported.
// Tests:    tests/replay/native/program_test.cpp
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "genome/program/program.hpp"
#include "replay/machine/frame.hpp"

namespace replay {

enum class NativeTarget { kAvx2, kAvx512 };

// All that this processor and this build can do, the best last; empty when neither can.
std::span<const NativeTarget> all_native_targets();

// The one that goes with lane_kernels(); none when that is portable or sse2, or when the environment says
// EVOTTS_NATIVE=off.
std::optional<NativeTarget> native_target();

class NativeProgram {
 public:
  explicit NativeProgram(const genome::Program& program,
                         std::optional<NativeTarget> target = native_target());
  NativeProgram(NativeProgram&&) noexcept;
  NativeProgram& operator=(NativeProgram&&) noexcept;
  ~NativeProgram();

  bool is_translated() const { return sections_.round != nullptr; }
  // Null pointers when it is not translated.
  const NativeSections& sections() const { return sections_; }

 private:
  class Code;
  NativeSections sections_;
  std::unique_ptr<Code> code_;
};

}  // namespace replay
