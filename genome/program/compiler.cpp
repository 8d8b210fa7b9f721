#include "genome/program/compiler.hpp"

#include "genome/base/check.hpp"
#include "genome/program/expression_compiler.hpp"
#include "genome/program/peephole.hpp"
#include "genome/tree/scopes.hpp"

namespace genome {
namespace {

class Compiler {
 public:
  explicit Compiler(const Controller& tree) : c_(tree), scopes_(tree), expressions_(program_) {}

  Program run() {
    program_.name = c_.name;
    program_.rounds = c_.rounds;
    program_.schedule = c_.schedule;
    program_.numbers = slots::kFirstNumber;
    program_.truths = slots::kFirstTruth;
    program_.answers = slots::kFirstAnswer;
    program_.branch_numbers = slots::kFirstBranchNumber;
    program_.branch_truths = slots::kFirstBranchTruth;
    program_.branch_answers = slots::kFirstBranchAnswer;
    registers();
    program_.start = program_.code.size();
    section(c_.start, true);
    program_.round = program_.code.size();
    section(c_.round, false);
    program_.answer = program_.code.size();
    answers();
    peephole(program_);
    return std::move(program_);
  }

 private:
  void registers() {
    const auto declare = [&](const std::vector<Register>& list, std::vector<RegisterSlot>& into, bool each) {
      for (const Register& r : list) {
        const Symbol* symbol = scopes_.for_answer().find(r.name);
        const Place place = expressions_.fresh(symbol->type.kind, each);
        expressions_.name_place(r.name, place);
        into.push_back({place.kind, place.slot, r.initial, false});
      }
    };
    declare(c_.memory, program_.memory, false);
    declare(c_.branch, program_.branch, true);
  }

  void section(const std::vector<Statement>& statements, bool start) {
    for (std::size_t i = 0; i < statements.size(); ++i) {
      const Scope& scope = start ? scopes_.in_start(i) : scopes_.in_round(i);
      const Scope& after = start ? scopes_.in_start(i + 1) : scopes_.in_round(i + 1);
      if (statements[i].verb == Verb::kLet)
        let(statements[i], scope, after);
      else
        statement(statements[i], scope);
    }
    expressions_.emit({.code = Code::kEnd});
    expressions_.forget_all();
  }

  void answers() {
    for (const Expr& line : c_.answer) {
      const Place place = expressions_.compile(line, scopes_.for_answer());
      expressions_.emit({.code = Code::kAnswer, .a = place.slot});
    }
    expressions_.emit({.code = Code::kEnd});
  }

  // ---- statements

  void statement(const Statement& s, const Scope& scope) {
    if (s.guard.empty()) return act(s, scope);
    auto skip = expressions_.guard(s.guard, scope);
    act(s, scope);
    expressions_.land(std::move(skip));
  }

  Slot each(const Expr& e, const Scope& scope) {
    return e.empty() ? kNoSlot : expressions_.compile_each(e, scope).slot;
  }
  // What branches are sorted by; a value that is the same for all leaves them as opened.
  Slot order(const Expr& e, const Scope& scope) {
    const Place place = e.empty() ? Place{} : expressions_.compile(e, scope);
    return place.each ? place.slot : kNoSlot;
  }
  Slot one(const Expr& e, const Scope& scope) {
    return e.empty() ? kNoSlot : expressions_.compile(e, scope).slot;
  }

  void act(const Statement& s, const Scope& scope) {
    switch (s.verb) {
      case Verb::kAssign: return assign(s, scope);
      case Verb::kOpen: expressions_.emit({.code = Code::kOpen, .a = one(s.value, scope)}); break;
      case Verb::kRead: expressions_.emit({.code = Code::kRead, .a = one(s.value, scope)}); break;
      case Verb::kAdvance:
      case Verb::kContinue: {
        const Slot set = each(s.set, scope);
        const Place by = expressions_.compile(s.value, scope);
        const Slot first = order(s.order, scope);
        expressions_.emit({.code = s.verb == Verb::kAdvance ? Code::kAdvance : Code::kContinue,
                           .each = by.each ? kEachB : std::uint8_t{0},
                           .a = set,
                           .b = by.slot,
                           .c = first});
        break;
      }
      case Verb::kProbe: expressions_.emit({.code = Code::kProbe, .a = each(s.set, scope)}); break;
      case Verb::kPrune: {
        const Slot set = each(s.set, scope), first = order(s.order, scope), keep = one(s.keep, scope);
        expressions_.emit({.code = Code::kPrune, .a = set, .b = first, .c = keep});
        return expressions_.forget_pruning();
      }
      case Verb::kStop: expressions_.emit({.code = Code::kStop}); return;
      case Verb::kLet: EVOTTS_CHECK(false && "a let is compiled by let()");
    }
    expressions_.forget_all();  // an action changes what is observed
  }

  void assign(const Statement& s, const Scope& scope) {
    const Symbol* target = scope.find(s.target);
    const bool of_branch = target->origin == Origin::kBranchRegister;
    const Slot to = (of_branch ? program_.branch : program_.memory)[target->index].slot;
    const Kind kind = target->type.kind;
    if (of_branch) {
      Place from = expressions_.compile(s.value, scope);
      if (kind == Kind::kTruth) from = expressions_.widened(from);
      const Slot set = each(s.set.empty() ? truth(true) : s.set, scope);
      const Code code = kind == Kind::kNumber  ? Code::kStoreNumbers
                        : kind == Kind::kTruth ? Code::kStoreTruths
                                               : Code::kStoreAnswers;
      expressions_.emit(
          {.code = code, .each = from.each ? kEachA : std::uint8_t{0}, .to = to, .a = from.slot, .b = set});
    } else {
      move({kind, false, to}, expressions_.compile(s.value, scope));
    }
    expressions_.forget(s.target);
  }

  void move(Place to, Place from) {
    const Code code = to.kind == Kind::kNumber  ? Code::kMoveNumber
                      : to.kind == Kind::kTruth ? Code::kMoveTruth
                                                : Code::kMoveAnswer;
    expressions_.emit({.code = code, .to = to.slot, .a = from.slot});
  }

  // ---- lets

  void let(const Statement& s, const Scope& scope, const Scope& after) {
    const Type type = after.find(s.target)->type;
    const Place to = expressions_.fresh(type.kind, type.level == Level::kBranch);
    if (s.guard.empty()) {
      bring(to, s.value, scope);
    } else {
      auto otherwise = expressions_.guard(s.guard, scope);
      bring(to, s.value, scope);
      const std::size_t done = expressions_.emit({.code = Code::kJump});
      expressions_.land(std::move(otherwise));
      clear(to);
      expressions_.land_jump(done);
    }
    expressions_.name_place(s.target, to);
  }

  void bring(Place to, const Expr& value, const Scope& scope) {
    if (!to.each) return move(to, expressions_.compile(value, scope));
    Place from = expressions_.compile(value, scope);
    if (to.kind == Kind::kTruth) from = expressions_.widened(from);
    const Code code = to.kind == Kind::kNumber  ? Code::kSnapshotNumber
                      : to.kind == Kind::kTruth ? Code::kSnapshotTruth
                                                : Code::kSnapshotAnswer;
    expressions_.emit(
        {.code = code, .each = from.each ? kEachA : std::uint8_t{0}, .to = to.slot, .a = from.slot});
  }

  void clear(Place to) {
    if (!to.each) {
      return move(to, expressions_.constant(to.kind, to.kind == Kind::kNumber  ? number(0)
                                                     : to.kind == Kind::kTruth ? truth(false)
                                                                               : none()));
    }
    const Code code = to.kind == Kind::kNumber  ? Code::kClearNumbers
                      : to.kind == Kind::kTruth ? Code::kClearTruths
                                                : Code::kClearAnswers;
    expressions_.emit({.code = code, .to = to.slot});
  }

  const Controller& c_;
  Scopes scopes_;
  Program program_;
  ExpressionCompiler expressions_;
};

}  // namespace

Program compile(const CheckedController& controller) { return Compiler(controller.tree()).run(); }

}  // namespace genome
