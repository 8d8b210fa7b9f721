// Native code keeps what the processor's calling convention promises to whoever calls it.
#include "replay/native/program.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <string_view>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/library.hpp"
#include "tests/support/varied.hpp"

#if defined(__x86_64__)

// Calls thunk_target with known values in the registers that it must leave alone, and notes in thunk_harm, a
// bit each, which of them it did not.
extern "C" {
void* thunk_target;
std::uint64_t thunk_harm;
void thunk();
}
asm(R"(
.text
.globl thunk
thunk:
  push %rbp; push %rbx; push %r12; push %r13; push %r14; push %r15
  sub $8, %rsp
  mov $0x1111, %rbx; mov $0x2222, %r12; mov $0x3333, %r13; mov $0x4444, %r14; mov $0x5555, %r15
  mov thunk_target(%rip), %rax
  call *%rax
  cmp $0x1111, %rbx; je 1f; orq $1, thunk_harm(%rip)
1: cmp $0x2222, %r12; je 2f; orq $2, thunk_harm(%rip)
2: cmp $0x3333, %r13; je 3f; orq $4, thunk_harm(%rip)
3: cmp $0x4444, %r14; je 4f; orq $8, thunk_harm(%rip)
4: cmp $0x5555, %r15; je 5f; orq $16, thunk_harm(%rip)
5: add $8, %rsp
  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbx; pop %rbp
  ret
)");

namespace replay {
namespace {

// Which registers any section of the program harms over a few episodes, as bits.
std::uint64_t harm_of(const genome::Program& program, const Environment& environment) {
  std::uint64_t harm = 0;
  Machine machine;
  const auto order = ordering(1, environment.questions.front().branches.size());
  for (const NativeTarget target : all_native_targets()) {
    for (NativeSection NativeSections::*section :
         {&NativeSections::start, &NativeSections::round, &NativeSections::answer}) {
      NativeProgram native(program, target);
      auto& sections = const_cast<NativeSections&>(native.sections());
      thunk_target = reinterpret_cast<void*>(sections.*section);
      sections.*section = reinterpret_cast<NativeSection>(reinterpret_cast<void*>(thunk));
      for (const Question& question : environment.questions) {
        thunk_harm = 0;
        machine.run(genome::bind(program, 0.5), question, order, {.native = native.sections()});
        harm |= thunk_harm;
      }
    }
  }
  return harm;
}

genome::Program compiled(std::string_view text) {
  const auto checked = genome::check_text(text);
  EXPECT_TRUE(checked.controller.has_value()) << text;
  return genome::compile(*checked.controller);
}

class NativeCode : public testing::Test {
 protected:
  void SetUp() override {
    if (all_native_targets().empty() ||
        !NativeProgram(compiled("controller c\nanswer\n  none\n"), all_native_targets().front())
             .is_translated())
      GTEST_SKIP() << "no code generator in this build, or no AVX2 here";
  }
  const Environment environment_ = make_synthetic({.seed = 4, .questions = 3, .branches = 70});
};

TEST_F(NativeCode, LeavesTheCallersRegistersAlone) {
  for (const genome::KnownController& known : tests::library_without_signals())
    EXPECT_EQ(harm_of(compiled(known.text), environment_), 0U) << known.name;
  // A set that is alive across a loop over branches.
  for (const char* text :
       {"controller c\nstart\n  open 8\n  read sum(tokens * 2, blank(answer))\nanswer\n  top(true)\n",
        "controller c\nstart\n  open 8\n  read max(depth - streak, blank(answer))\nanswer\n  "
        "top(true)\n"})
    EXPECT_EQ(harm_of(compiled(text), environment_), 0U) << text;
  for (std::uint64_t i = 0; i < 200; ++i) {
    auto rng = genome::base::keyed_stream(5, genome::base::Purpose::kTest, i);
    const auto controller = i % 2 == 0 ? tests::wild_controller(rng) : tests::bred_controller(rng);
    EXPECT_EQ(harm_of(genome::compile(*genome::check(controller).controller), environment_), 0U) << i;
  }
}

}  // namespace
}  // namespace replay

#endif
