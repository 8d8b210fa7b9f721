#include "genome/program/program.hpp"

#include <fmt/format.h>

#include "genome/text/printer.hpp"
#include "genome/tree/constants.hpp"

namespace genome {
namespace {

constexpr std::string_view kCodeNames[] = {
#define NUMBER1(name, op, function) #name, "B" #name,
#define NUMBER2(name, op, function) #name, "B" #name,
#define NUMBER3(name, op, function) #name, "B" #name,
#define COMPARE(name, op, symbol) #name, "B" #name, "JumpUnless" #name,
#define CODE(name, signature, meaning) #name,
#include "genome/program/codes.def"
};

std::string slot_text(Slot slot) { return slot == kNoSlot ? "-" : fmt::format("{}", slot); }

std::string_view letter_of(Kind kind) {
  return kind == Kind::kNumber ? "N" : kind == Kind::kTruth ? "T" : "A";
}

}  // namespace

std::string_view name_of(Code code) { return kCodeNames[static_cast<std::size_t>(code)]; }

BoundProgram bind(const Program& program, double beta) {
  BoundProgram bound{.program = &program, .beta = beta};
  bound.numbers.assign(program.numbers, 0.0);
  bound.truths.assign(program.truths, 0);
  bound.answers.assign(program.answers, -1);
  ConstantNames names{{"beta", beta}};
  for (const ScheduleEntry& entry : program.schedule)
    names[entry.name] = evaluate_constant(entry.value, names);
  const auto set = [&](Kind kind, Slot slot, double value) {
    if (kind == Kind::kNumber)
      bound.numbers[slot] = value;
    else if (kind == Kind::kTruth)
      bound.truths[slot] = value != 0;
    else
      bound.answers[slot] = static_cast<std::int32_t>(value);
  };
  bound.numbers[slots::kBeta] = beta;
  for (const ConstantSlot& c : program.constants) set(c.kind, c.slot, evaluate_constant(c.value, names));
  for (const RegisterSlot& r : program.memory) set(r.kind, r.slot, evaluate_constant(r.initial, names));
  for (const RegisterSlot& r : program.branch)
    bound.branch_initial.push_back(evaluate_constant(r.initial, names));
  return bound;
}

std::string dump(const Program& p) {
  std::string out = fmt::format("program {} rounds {}\n", p.name, p.rounds);
  out += fmt::format("slots N {} T {} A {} BN {} BT {} BA {}\n", p.numbers, p.truths, p.answers,
                     p.branch_numbers, p.branch_truths, p.branch_answers);
  for (const auto& c : p.constants)
    out += fmt::format("{}{} = {}\n", letter_of(c.kind), c.slot, print(c.value));
  for (const auto& r : p.memory)
    out += fmt::format("{}{} := {}{}\n", letter_of(r.kind), r.slot, print(r.initial),
                       r.remembered ? " (remembered)" : "");
  for (const auto& r : p.branch)
    out += fmt::format("B{}{} := {}\n", letter_of(r.kind), r.slot, print(r.initial));
  for (std::size_t i = 0; i < p.signals.size(); ++i) out += fmt::format("signal {} = {}\n", i, p.signals[i]);
  for (std::size_t i = 0; i < p.code.size(); ++i) {
    if (i == p.start) out += "start\n";
    if (i == p.round) out += "round\n";
    if (i == p.answer) out += "answer\n";
    const Instruction& in = p.code[i];
    out += fmt::format("  {:3} {} {} {} {} {}", i, name_of(in.code), slot_text(in.to), slot_text(in.a),
                       slot_text(in.b), slot_text(in.c));
    if (in.each != 0) {
      out += fmt::format(" each {}{}{}", (in.each & kEachA) != 0 ? "a" : "",
                         (in.each & kEachB) != 0 ? "b" : "", (in.each & kEachC) != 0 ? "c" : "");
    }
    out += '\n';
  }
  return out;
}

}  // namespace genome
