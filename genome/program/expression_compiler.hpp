// expression_compiler.hpp: expressions -> instructions; used by compiler.cpp alone.
// Why:      statements decide when something is computed; this decides how, and what is known already.
// Use:      const Slot set = expressions.compile_each(statement.set, scope).slot;
//           auto skip = expressions.guard(statement.guard, scope);
//           ...                                    // code for where the guard holds
//           expressions.land(std::move(skip));
// Promises: every temporary has a slot of its own (nothing is overwritten), so a value once computed may be
//           used again until forget() or forget_all() says that what it mentions has changed.
// Threads:  belongs to one call of compile().
// Tests:    tests/genome/program/compiler_test.cpp
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "genome/program/program.hpp"
#include "genome/program/value_numbers.hpp"
#include "genome/tree/typing.hpp"

namespace genome {

// Where a value is: its kind, whether it has a lane for each branch, and the slot.
struct Place {
  Kind kind = Kind::kNumber;
  bool each = false;
  Slot slot = 0;
};

class ExpressionCompiler {
 public:
  explicit ExpressionCompiler(Program& program) : program_(program) {}

  // The value of an expression, wherever it is; with `each`, in a branch slot.
  Place compile(const Expr& expression, const Scope& scope);
  Place compile_each(const Expr& expression, const Scope& scope);

  Place fresh(Kind kind, bool each);
  // A slot of the question that holds the value of a constant expression.
  Place constant(Kind kind, const Expr& value);

  // What names mean in this section: places of registers and lets.
  void name_place(const std::string& name, Place place) { places_[name] = place; }

  // A register has changed / an action has been done: what was computed from it is no longer true.
  void forget(const std::string& name);
  void forget_all();
  // Branches have been pruned: what mentions nothing that pruning changes still holds.
  void forget_pruning();
  static std::uint8_t each_of(Place a, Place b = {}, Place c = {});

  // What has been computed on every way to this place of the code.
  struct Known {
    std::map<ValueNumber, Place> values;
    // The votes counted last.
    struct Count {
      ValueNumber set;
      Slot voters, weights;
      bool weights_of_each;
      friend bool operator==(const Count&, const Count&) = default;
    };
    std::optional<Count> count;
  };

  // Ways around a part of the code: jumps that have yet to land, and what was known at the first of them.
  struct Skip {
    std::vector<std::size_t> jumps;
    Known before;
  };
  // Code that goes on only if the whole of a condition holds; a conjunction stops at its first part that
  // does not.
  Skip guard(const Expr& expression, const Scope& scope);
  // The skipped part ends here: what was computed in it is not known from here on.
  void land(Skip skip);

  // A branch slot with this value; the place itself when it is one.
  Place widened(Place place);

  std::size_t emit(Instruction instruction);
  void land_jump(std::size_t jump);  // the jump at this index comes here

 private:
  struct Context {
    const Expr& expression;
    const Scope& scope;
    const std::vector<Type>& types;
    const std::vector<ValueNumber>& values;
  };

  Place node(const Context& c, std::size_t at);
  Place uncached(const Context& c, std::size_t at);
  Place named(const Context& c, std::size_t at);
  Place pointwise(const Context& c, std::size_t at);
  Place of_answer(const Context& c, std::size_t at, Code one, Code each);
  Place logic(const Context& c, std::size_t at);
  Place skipping(const Context& c, std::size_t at);
  Place selection(const Context& c, std::size_t at);
  Place sameness(const Context& c, std::size_t at);
  Place reduction(const Context& c, std::size_t at);
  Place vote(const Context& c, std::size_t at);
  Place ago(const Context& c, std::size_t at);
  Place gathered(const Node& signal);
  void tally(const Context& c, std::size_t set, std::size_t weight);

  Place operand(const Context& c, std::size_t at, std::size_t which) {
    return node(c, c.expression.operand(at, which).first);
  }
  Place each_operand(const Context& c, std::size_t at, std::size_t which) {
    return widened(operand(c, at, which));
  }
  Place constant(Kind kind, const Context& c, std::size_t at);

  Program& program_;
  std::map<std::string, Place> places_;
  ValueNumbers numbers_;
  std::map<ValueNumber, Place> constants_;
  Known known_;
};

}  // namespace genome
