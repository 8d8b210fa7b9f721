// typing.hpp: the type of every expression, and of all that may be written in one.
// Why:      the checker, the compiler and the typed genetic operators ask the same question.
// Use:      Scope scope = Scope::constants();  scope.declare("width", {...});
//           Typing typing = infer(expression, scope);
//           if (typing.problems.empty()) use(typing.types[0]);   // the type of the whole
// Promises: one type a node, in the order of the nodes; every problem is reported once, and what could
//           not be typed is kUnknown, which is never reported again further up.
// Threads:  pure functions; a Scope is a value.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/type.hpp"

namespace genome {

enum class Origin : std::uint8_t { kObserved, kSchedule, kMemory, kBranchRegister, kLet };

// What a name stands for. `index` counts within its origin (for kObserved: the slot).
struct Symbol {
  Origin origin = Origin::kObserved;
  Type type;
  std::uint16_t index = 0;
};

// The names visible at one place of a controller.
class Scope {
 public:
  // beta alone: what the schedule and initial values may mention, beside earlier schedule entries.
  static Scope constants();
  // Everything observed.
  static Scope episode();

  void declare(std::string_view name, Symbol symbol);
  const Symbol* find(std::string_view name) const;
  const std::map<std::string, Symbol, std::less<>>& symbols() const { return symbols_; }

 private:
  std::map<std::string, Symbol, std::less<>> symbols_;
};

// One way to use an operation. Codes of operands: N number, T truth, A answer, X any kind (all X alike);
// small letters are folded over the branches (a set is `t`). `result` is N, T, A or X.
struct Signature {
  Op op;
  std::string_view operands;
  char result;
};

std::span<const Signature> signatures();

struct TypeProblem {
  std::size_t node = 0;
  std::string code;
  std::string message;
  std::string hint;
  std::string near;  // of an unknown name: the known one that may be meant
};

struct Typing {
  std::vector<Type> types;
  std::vector<TypeProblem> problems;
};

// For the first `hints` unknown names a known one is sought that may be meant, which takes time.
Typing infer(const Expr& expression, const Scope& scope, std::size_t hints = kLimits.problems);

// The type an operation gives for operands of these types, or nothing where no signature fits.
std::optional<Type> result_type(Op op, std::span<const Type> operands);

// The signature that fits, e.g. to tell the two kinds of min apart; null where none does.
const Signature* matching_signature(Op op, std::span<const Type> operands);

}  // namespace genome
