#include "genome/variation/sampler.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "genome/base/check.hpp"
#include "genome/material/schedule_entries.hpp"
#include "genome/text/checker.hpp"
#include "genome/tree/looks.hpp"
#include "genome/tree/observed.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/designs.hpp"
#include "genome/variation/habits.hpp"

namespace genome {
namespace {

using base::chance;
using base::uniform_index;
using base::uniform_real;

template <typename T>
const T& pick(Rng& rng, std::span<const T> options) {
  return options[uniform_index(rng, options.size())];
}

double between(Rng& rng, double low, double high, bool whole) {
  return tidy(low + (high - low) * uniform_real(rng), whole);
}

class Sampler {
 public:
  Sampler(Rng& rng, const Scope& scope, const Material& material)
      : rng_(rng), scope_(scope), material_(material) {}

  Expr expression(Type wanted, int depth) {
    switch (wanted.kind) {
      case Kind::kNumber: return number_of(wanted.level, depth);
      case Kind::kTruth: return truth_of(wanted.level, depth);
      case Kind::kAnswer: return answer_of(wanted.level);
      case Kind::kUnknown: break;
    }
    EVOTTS_CHECK(false && "a kind to sample");
    return {};
  }

 private:
  // A name of this kind, at most of this level, declared by the controller or (unless `own_only`) observed;
  // empty when there is none.
  Expr a_name(Kind kind, Level most, bool own_only) {
    std::vector<std::string> fitting;
    for (const auto& [word, symbol] : scope_.symbols()) {
      const Observed* observed = symbol.origin == Origin::kObserved ? observed_named(word) : nullptr;
      const bool drawn = observed == nullptr || (!own_only && observed->drawn.at_all && shows(*observed));
      if (drawn && symbol.type.kind == kind && symbol.type.level <= most) fitting.push_back(word);
    }
    return fitting.empty() ? Expr{} : name(fitting[uniform_index(rng_, fitting.size())]);
  }

  bool shows(const Observed& observed) const {
    return !material_.whole_samples() || !is_of_looks(observed.observable);
  }

  // The branches that are compared with each other on their way; of whole samples, those that are there.
  Expr compared() const { return name(material_.whole_samples() ? "finished" : "active"); }

  Expr number_of(Level most, int depth) {
    if (most == Level::kConstant) return constant_number(depth);
    const double die = uniform_real(rng_);
    if (die < 0.30) {
      if (Expr own = a_name(Kind::kNumber, most, true); !own.empty()) return own;
    }
    if (die < 0.65 || depth <= 0) return quantity(most).value;
    if (die < 0.72) return number(between(rng_, 0, 10, true));
    const Type operand{Kind::kNumber, most};
    static constexpr std::array kBinary = {Op::kAdd,    Op::kSubtract, Op::kMultiply,
                                           Op::kDivide, Op::kMin,      Op::kMax};
    if (die < 0.90) {
      Expr first = expression(operand, depth - 1), second = expression(operand, depth - 1);
      return apply(pick(rng_, std::span<const Op>(kBinary)), {std::move(first), std::move(second)});
    }
    return apply(Op::kIf, {expression({Kind::kTruth, most}, depth - 1), expression(operand, depth - 1),
                           expression(operand, depth - 1)});
  }

  // low + (high - low) * beta, or a name, or a plain number: what may stand in a schedule.
  Expr constant_number(int depth) {
    const double die = uniform_real(rng_);
    if (die < 0.2) {
      if (Expr own = a_name(Kind::kNumber, Level::kConstant, true); !own.empty()) return own;
    }
    if (die < 0.5 || depth <= 0) return number(between(rng_, 0, 20, chance(rng_, 0.6)));
    return apply(Op::kAdd, {number(between(rng_, 0, 10, true)),
                            apply(Op::kMultiply, {number(between(rng_, 0, 20, true)), name("beta")})});
  }

  Quantity quantity(Level most) {
    if (most == Level::kBranch && chance(rng_, 0.7)) return pick(rng_, material_.branch_quantities());
    return pick(rng_, material_.question_quantities());
  }

  Expr threshold(const Quantity& q, Level most) {
    if (chance(rng_, 0.35)) {
      if (Expr own = a_name(Kind::kNumber, Level::kConstant, true); !own.empty()) return own;
    }
    if (most == Level::kBranch && q.whole && chance(rng_, 0.15))
      return apply(Op::kMean, {q.value, compared()});
    return number(between(rng_, q.low, q.high, q.whole));
  }

  Expr comparison(Level most) {
    const Quantity q = quantity(most);
    const Op op = chance(rng_, 0.65) ? Op::kGreaterEqual : Op::kLess;
    return apply(op, {q.value, threshold(q, most)});
  }

  Expr truth_of(Level most, int depth) {
    if (most == Level::kConstant)
      return apply(Op::kGreaterEqual, {name("beta"), number(between(rng_, 0.1, 0.9, false))});
    const double die = uniform_real(rng_);
    if (depth > 0 && die < 0.25) {
      const Type operand{Kind::kTruth, most};
      Expr first = expression(operand, depth - 1), second = expression(operand, depth - 1);
      return apply(chance(rng_, 0.7) ? Op::kAnd : Op::kOr, {std::move(first), std::move(second)});
    }
    if (die < 0.33) {
      if (Expr own = a_name(Kind::kTruth, most, most == Level::kQuestion); !own.empty()) return own;
    }
    if (most == Level::kBranch && die < 0.55) return pick(rng_, material_.branch_conditions());
    if (die < 0.60) return apply(Op::kExists, {pick(rng_, material_.leaders())});
    if (die < 0.66) return apply(Op::kAny, {apply(Op::kAnd, {compared(), comparison(Level::kBranch)})});
    if (die < 0.70) return apply(Op::kAll, {comparison(Level::kBranch), compared()});
    return comparison(most);
  }

  Expr answer_of(Level most) {
    if (most == Level::kConstant) return none();
    if (chance(rng_, 0.25)) {
      if (Expr own = a_name(Kind::kAnswer, most, true); !own.empty()) return own;
    }
    if (most == Level::kBranch && chance(rng_, 0.4)) return name("answer");
    return pick(rng_, material_.leaders());
  }

  Rng& rng_;
  const Scope& scope_;
  const Material& material_;
};

constexpr Type kOneNumber{Kind::kNumber, Level::kQuestion};
constexpr Type kEachNumber{Kind::kNumber, Level::kBranch};
constexpr Type kOneTruth{Kind::kTruth, Level::kQuestion};
constexpr Type kEachTruth{Kind::kTruth, Level::kBranch};

Expr both(Expr a, Expr b) { return apply(Op::kAnd, {std::move(a), std::move(b)}); }

struct WholeRange {
  double low, high;
};

Scope scope_of_schedule(const Controller& c) { return Scopes(c).for_answer(); }

// An entry of whole numbers, from the first range at beta = 0 to the second at beta = 1.
void add_entry(Rng& rng, Controller& c, const std::string& called, WholeRange at_0, WholeRange at_1) {
  const double high = between(rng, at_1.low, at_1.high, true);  // the last range was always drawn from first
  const double low = between(rng, at_0.low, at_0.high, true);
  c.schedule.push_back(sample_entry(rng, called, low, high, true));
}

// Steps of sample_controller, each adding one habit to a controller in the making.
void add_opening(Rng& rng, Controller& c, const Material& material) {
  const Verb opens = opening_verb(material);
  add_entry(rng, c, "width", {1, 8}, {12, 64});
  // All at once; of whole samples that leaves nothing to decide.
  if (chance(rng, material.whole_samples() ? 0.2 : 0.5)) {
    c.start.push_back({.verb = opens, .value = name("width")});
    return;
  }
  add_entry(rng, c, "cohort", {1, 4}, {4, 16});
  c.start.push_back({.verb = opens, .value = apply(Op::kMin, {name("cohort"), name("width")})});
  const Expr more = apply(
      Op::kMin, {number(between(rng, 1, 4, true)), apply(Op::kSubtract, {name("width"), name("opened")})});
  c.round.push_back(
      {.verb = opens, .value = more, .guard = sample(rng, scope_of_schedule(c), kOneTruth, 1, material)});
}

// Whole samples are stopped at or read; nothing else can be done with them.
Statement statement_of_whole(Rng& rng, Sampler& of) {
  if (chance(rng, 0.4)) return {.verb = Verb::kStop, .guard = of.expression(kOneTruth, 2)};
  Statement s{.verb = Verb::kRead,
              .value = chance(rng, 0.6) ? number(between(rng, 1, 4, true)) : of.expression(kOneNumber, 1)};
  if (chance(rng, 0.8)) s.guard = of.expression(kOneTruth, 2);
  return s;
}

}  // namespace

Expr sample(Rng& rng, const Scope& scope, Type wanted, int depth, const Material& material) {
  return Sampler(rng, scope, material).expression(wanted, depth);
}

Statement sample_statement(Rng& rng, const Scope& scope, const Material& material) {
  Sampler of(rng, scope, material);
  if (material.whole_samples()) return statement_of_whole(rng, of);
  Statement s;
  const double die = uniform_real(rng);
  if (die < 0.25) {
    s = {.verb = Verb::kStop};
  } else if (die < 0.50) {
    s = {.verb = Verb::kPrune, .set = both(name("active"), of.expression(kEachTruth, 1))};
    if (chance(rng, 0.5)) s.order = of.expression(kEachNumber, 1);
    if (chance(rng, 0.6))
      s.keep = chance(rng, 0.7) ? number(between(rng, 1, 8, true)) : of.expression(kOneNumber, 1);
  } else if (die < 0.75) {
    s = {.verb = Verb::kAdvance,
         .value = chance(rng, 0.6) ? number(between(rng, 1, 3, true)) : pick(rng, material.paces())};
    s.set = chance(rng, 0.4) ? name("active") : both(name("active"), of.expression(kEachTruth, 1));
    if (chance(rng, 0.3)) s.order = of.expression(kEachNumber, 1);
  } else if (die < 0.95) {
    s = {.verb = Verb::kOpen,
         .value = chance(rng, 0.6) ? number(between(rng, 1, 4, true)) : of.expression(kOneNumber, 1)};
  } else {
    s = {.verb = Verb::kRead, .value = number(between(rng, 1, 4, true))};
  }
  if (s.verb == Verb::kStop || chance(rng, 0.6)) s.guard = of.expression(kOneTruth, 2);
  return s;
}

Controller sample_controller(Rng& rng, const Material& material) {
  if (material.edition() >= kDesignsEdition && !material.whole_samples() && chance(rng, 0.75))
    return sample_design(rng, material);
  for (;;) {
    Controller c{.name = "evolved", .rounds = 500};
    add_opening(rng, c, material);
    if (!material.whole_samples())
      c.round.push_back({.verb = Verb::kAdvance, .value = number(1), .set = name("active")});
    add_habit(rng, c, Habit::kSure, material);
    const auto all = all_habits(material);
    std::vector<Habit> habits(all.begin(), all.end());
    for (int some = static_cast<int>(base::uniform_int(rng, 1, material.whole_samples() ? 2 : 4)); some > 0;
         --some) {
      std::swap(habits[uniform_index(rng, habits.size())], habits.back());
      add_habit(rng, c, habits.back(), material);
      habits.pop_back();
    }
    if (chance(rng, 0.4)) c.round.push_back(sample_statement(rng, scope_of_schedule(c), material));
    if (chance(rng, 0.8)) c.answer.push_back(pick(rng, material.leaders()));
    c.answer.push_back(
        apply(Op::kTop, {material.whole_samples() ? name("finished") : apply(Op::kNot, {name("pruned")})}));
    drop_unused(c);
    if (checks(c)) return c;  // a threshold may have used a name that was dropped, or a limit was met
  }
}

}  // namespace genome
