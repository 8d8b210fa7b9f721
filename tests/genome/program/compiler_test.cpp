#include "genome/program/compiler.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <optional>
#include <rapidcheck.h>
#include <string_view>

#include "genome/program/instruction_flow.hpp"
#include "genome/program/program.hpp"
#include "genome/text/known_controllers.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

Program compiled(std::string_view text) {
  const CheckResult result = check_text(text);
  EXPECT_TRUE(result.controller.has_value()) << render_all(result.diagnostics, "text", text);
  return compile(*result.controller);
}

TEST(KnownControllers, CheckWithoutWarnings) {
  std::string_view last;
  for (const KnownController& known : known_controllers()) {
    const CheckResult result = check_text(known.text);
    EXPECT_TRUE(result.diagnostics.empty()) << render_all(result.diagnostics, known.name, known.text);
    ASSERT_TRUE(result.controller.has_value());
    EXPECT_EQ(result.controller->tree().name, known.name);
    EXPECT_LT(last, known.name);
    EXPECT_EQ(known_controller(known.name), known.text);
    last = known.name;
  }
  EXPECT_EQ(known_controllers().size(), 16U);
  EXPECT_EQ(known_controller("nobody"), std::nullopt);
}

TEST(Compiler, CmcIsGolden) {
  tests::expect_golden("cmc_program.txt", dump(compiled(*known_controller("cmc"))));
}

TEST(Compiler, OneVoteServesTheWholeStatement) {
  const Program p = compiled(
      "controller c\nround\n  read 1\n  stop when top(finished) == none or support(finished) > "
      "confidence(finished)\nanswer\n  top(finished)\n");
  int tallies = 0;
  for (std::size_t i = p.round; i < p.answer; ++i) tallies += p.code[i].code == Code::kTally ? 1 : 0;
  EXPECT_EQ(tallies, 1);
}

// Jumps go forward within their section and every section ends, so every program ends.
TEST(Compiler, ProgramsGoForwardWithinTheirSlots) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 10; ++i) {
      const Controller c = base::chance(rng, 0.5) ? tests::wild_controller(rng) : tests::bred_controller(rng);
      const Program p = compile(*check(c).controller);
      RC_ASSERT(p.start <= p.round && p.round <= p.answer && p.answer < p.code.size());
      for (const std::size_t end : {p.round, p.answer, p.code.size()})
        RC_ASSERT(p.code[end - 1].code == Code::kEnd);
      for (std::size_t at = 0; at < p.code.size(); ++at) {
        const Instruction& in = p.code[at];
        if (!is_jump(in.code)) continue;
        const std::size_t end = at < p.round ? p.round : at < p.answer ? p.answer : p.code.size();
        RC_ASSERT(in.to > at && in.to < end);
      }
      const auto fits = [&](const auto& slot, bool each) {
        const Slot n = each ? p.branch_numbers : p.numbers, t = each ? p.branch_truths : p.truths,
                   a = each ? p.branch_answers : p.answers;
        return slot.slot < (slot.kind == Kind::kNumber ? n : slot.kind == Kind::kTruth ? t : a);
      };
      for (const auto& slot : p.constants) RC_ASSERT(fits(slot, false));
      for (const auto& slot : p.memory) RC_ASSERT(fits(slot, false));
      for (const auto& slot : p.branch) RC_ASSERT(fits(slot, true));
      const auto inside = [&](SlotRef ref) {
        switch (ref.space) {
          case Space::kNone: return true;
          case Space::kN: return ref.slot < p.numbers;
          case Space::kT: return ref.slot < p.truths;
          case Space::kA: return ref.slot < p.answers;
          case Space::kBN: return ref.slot < p.branch_numbers;
          case Space::kBT: return ref.slot < p.branch_truths;
          case Space::kBA: return ref.slot < p.branch_answers;
        }
        return false;
      };
      for (const Instruction& in : p.code) {
        const Flow flow = flow_of(in);
        RC_ASSERT(inside(flow.write));
        for (const SlotRef& read : flow.read) {
          RC_ASSERT(inside(read));
          if (read.space == Space::kBN && read.slot < slots::kFirstBranchNumber)
            RC_ASSERT((p.watched >> read.slot & 1) == 1);
        }
      }
      // The episode's own lanes are read only.
      for (const Instruction& in : p.code) {
        const std::string_view name = name_of(in.code);
        if (name.starts_with("Splat") || name.starts_with("Snapshot") || name.starts_with("Store") ||
            name.starts_with("Clear")) {
          const bool number = name.find("Number") != name.npos, truth = name.find("Truth") != name.npos;
          RC_ASSERT(in.to >= (number  ? slots::kFirstBranchNumber
                              : truth ? slots::kFirstBranchTruth
                                      : slots::kFirstBranchAnswer));
          RC_ASSERT(in.to < (number ? p.branch_numbers : truth ? p.branch_truths : p.branch_answers));
        }
      }
    }
  }));
}

TEST(Checker, RefusesTreesThatNoTextGives) {
  Controller c = parse(*known_controller("cmc")).controller;
  ASSERT_TRUE(checks(c));
  Controller broken = c;
  broken.round[0].value = {{Node{.op = Op::kError}}};
  EXPECT_FALSE(checks(broken));
  broken = c;
  broken.round[3].value.nodes[0].op = Op::kNumber, broken.round[3].value.nodes.resize(1);
  broken.round[3].value.nodes[0].arity = 0;
  broken.round[3].value.nodes[0].number = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(checks(broken));
  broken = c;
  broken.rounds = 0;
  EXPECT_FALSE(checks(broken));
  broken = c;
  broken.answer.clear();
  EXPECT_FALSE(checks(broken));
  broken = c;
  broken.name = "two words";
  EXPECT_FALSE(checks(broken));
}

}  // namespace
}  // namespace genome
