// expression_compiler.hpp: expressions -> instructions; used by compiler.cpp alone.
// Why:      statements decide when something is computed; this decides how, and what is known already.
// Promises: every temporary has a slot of its own (nothing is overwritten), so a value once computed may be
//           used again until forget() or forget_all() says that what it mentions has changed.
// Threads:  belongs to one call of compile().
#pragma once

#include <map>
#include <string>
#include <vector>

#include "genome/program/program.hpp"
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
  // Branches have been pruned: their answers, and all that is not about active or pruned ones, still hold.
  void forget_pruning() {
    forget("active");
    forget("pruned");
  }
  static std::uint8_t each_of(Place a, Place b = {}, Place c = {});

  // Code between mark and release may be skipped: what is computed there is not known afterwards.
  struct Known {
    std::map<std::string, Place> values;
    std::string tally;
  };
  Known mark() const { return known_; }
  void release(Known before);

  // Code that goes on only if the whole of a condition holds; a conjunction stops at its first part that
  // does not. Returns the jumps to land() behind what is guarded, where release(at_first_jump()) tells
  // what is still known.
  std::vector<std::size_t> guard(const Expr& expression, const Scope& scope);
  Known at_first_jump() const { return at_first_jump_; }

  // A branch slot with this value; the place itself when it is one.
  Place widened(Place place);

  std::size_t emit(Instruction instruction);
  void land(std::size_t jump);  // the jump at this index comes here

 private:
  struct Context {
    const Expr& expression;
    const Scope& scope;
    const std::vector<Type>& types;
  };

  Place node(const Context& c, std::size_t at);
  Place uncached(const Context& c, std::size_t at);
  Place named(const Context& c, std::size_t at);
  Place pointwise(const Context& c, std::size_t at);
  Place logic(const Context& c, std::size_t at);
  Place skipping(const Context& c, std::size_t at);
  Place selection(const Context& c, std::size_t at);
  Place sameness(const Context& c, std::size_t at);
  Place reduction(const Context& c, std::size_t at);
  Place vote(const Context& c, std::size_t at);
  Place ago(const Context& c, std::size_t at);
  void tally(const Context& c, std::size_t set, std::size_t weight);

  Place operand(const Context& c, std::size_t at, std::size_t which) {
    return node(c, c.expression.operand(at, which).first);
  }
  Place each_operand(const Context& c, std::size_t at, std::size_t which) {
    return widened(operand(c, at, which));
  }
  Program& program_;
  std::map<std::string, Place> places_;
  std::map<std::string, Place> constants_;  // by kind and text
  Known known_;
  Known at_first_jump_;
};

}  // namespace genome
