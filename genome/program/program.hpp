// program.hpp: a controller compiled for the machine: straight code over numbered slots.
// Why:      one compiled form, several executors: the interpreter and the native code of replay both run it
//           over recorded branches.
// Use:      Program program = compile(checked);
//           BoundProgram bound = bind(program, 0.5);   // the schedule evaluated away
//           machine.run(bound, question, ordering);
// Promises: jumps go forward only, so an episode executes at most code.size() instructions in start and
//           answer together, and as many again in each of at most `rounds` rounds: every program ends.
//           Slots are in range by construction.
// Threads:  immutable after compile() and bind(); share freely.
// Tests:    tests/genome/program/compiler_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "genome/text/checker.hpp"
#include "genome/tree/observed.hpp"

namespace genome {

// What is told of a signal's steps so far, as Code::kGather asks for it.
enum class SignalMeasure : Slot { kLatest, kMean, kLeast };

enum class Code : std::uint8_t {
#define NUMBER1(name, op, function) k##name, kB##name,
#define NUMBER2(name, op, function) k##name, kB##name,
#define NUMBER3(name, op, function) k##name, kB##name,
#define COMPARE(name, op, symbol) k##name, kB##name, kJumpUnless##name,
#define CODE(name, signature, meaning) k##name,
#include "genome/program/codes.def"
};

std::string_view name_of(Code code);

// Which operands of an instruction on lanes are lanes themselves; the others are values of the question.
inline constexpr std::uint8_t kEachA = 1, kEachB = 2, kEachC = 4;

struct Instruction {
  Code code = Code::kEnd;
  std::uint8_t each = 0;
  Slot to = kNoSlot;
  Slot a = kNoSlot;
  Slot b = kNoSlot;
  Slot c = kNoSlot;
  friend bool operator==(const Instruction&, const Instruction&) = default;
};

// A question value that depends on beta alone; set once by bind().
struct ConstantSlot {
  Kind kind = Kind::kNumber;
  Slot slot = 0;
  Expr value;
};

struct RegisterSlot {
  Kind kind = Kind::kNumber;
  Slot slot = 0;
  Expr initial;
  bool remembered = false;  // some ago() looks back at it (memory registers only)
};

static_assert(slots::kFirstBranchNumber <= 32, "Program::watched has a bit for each");

struct Program {
  std::string name;
  int rounds = kDefaultRounds;
  std::vector<Instruction> code;
  std::size_t start = 0, round = 0, answer = 0;  // where the sections begin in `code`
  std::vector<ConstantSlot> constants;
  std::vector<RegisterSlot> memory;
  std::vector<RegisterSlot> branch;
  Slot numbers = 0, truths = 0, answers = 0;                       // slots of the question
  Slot branch_numbers = 0, branch_truths = 0, branch_answers = 0;  // slots of the branch
  std::uint32_t watched = 0;  // bit s: the code reads the branch number in slot s, e.g. slots::kDepth
  // The code reads no round, no age and no past value: what a round does follows from the state before it.
  bool timeless = false;
  std::vector<ScheduleEntry> schedule;
  std::vector<std::string> signals;  // that it needs, in the order in which it names them
};

// A program at one beta. Truths are 0 and 1; the only constant answer is none (-1).
struct BoundProgram {
  const Program* program = nullptr;
  double beta = 0;
  std::vector<double> numbers;  // the first value of every slot
  std::vector<std::uint8_t> truths;
  std::vector<std::int32_t> answers;
  std::vector<double> branch_initial;  // of each branch register, whatever its kind
};

// `program` must outlive the result. beta in [0, 1].
BoundProgram bind(const Program& program, double beta);

// A readable listing, for tests and for people.
std::string dump(const Program& program);

}  // namespace genome
