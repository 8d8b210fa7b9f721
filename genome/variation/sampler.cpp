#include "genome/variation/sampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "genome/base/arithmetic.hpp"
#include "genome/base/check.hpp"
#include "genome/text/checker.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/habits.hpp"
#include "genome/variation/quantities.hpp"

namespace genome {
namespace {

using base::chance;
using base::uniform_index;
using base::uniform_real;

template <typename T>
const T& pick(Rng& rng, std::span<const T> options) {
  return options[uniform_index(rng, options.size())];
}

// A number with few digits, so that texts stay readable and constants meet again.
double tidy(double value, bool whole) {
  return whole ? half_even(value) : rounded(value, std::abs(value) < 1 ? 3 : 2);
}

double between(Rng& rng, double low, double high, bool whole) {
  return tidy(low + (high - low) * uniform_real(rng), whole);
}

class Sampler {
 public:
  Sampler(Rng& rng, const Scope& scope) : rng_(rng), scope_(scope) {}

  Expr expression(Type wanted, int depth) {
    switch (wanted.kind) {
      case Kind::kNumber: return number_of(wanted.level, depth);
      case Kind::kTruth: return truth_of(wanted.level, depth);
      case Kind::kAnswer: return answer_of(wanted.level);
      case Kind::kUnknown: break;
    }
    EVOTTS_CHECK(!"a kind to sample");
    return {};
  }

 private:
  // A name of this kind, at most of this level; empty when there is none.
  Expr a_name(Kind kind, Level most, bool own_only) {
    std::vector<std::string> fitting;
    for (const auto& [word, symbol] : scope_.symbols()) {
      const bool own = symbol.origin != Origin::kObserved;
      // `remaining` and `spent` are budget talk and `beta` is the schedule's: rarely what is meant
      const bool odd =
          word == "remaining" || word == "interval" || (word == "beta" && most != Level::kConstant);
      if (symbol.type.kind == kind && symbol.type.level <= most && (own || (!own_only && !odd)))
        fitting.push_back(word);
    }
    return fitting.empty() ? Expr{} : name(fitting[uniform_index(rng_, fitting.size())]);
  }

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
    if (die < 0.90)
      return apply(pick(rng_, std::span<const Op>(kBinary)),
                   {expression(operand, depth - 1), expression(operand, depth - 1)});
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
    if (most == Level::kBranch && chance(rng_, 0.7)) return pick(rng_, branch_quantities());
    return pick(rng_, question_quantities());
  }

  Expr threshold(const Quantity& q, Level most) {
    if (chance(rng_, 0.35)) {
      if (Expr own = a_name(Kind::kNumber, Level::kConstant, true); !own.empty()) return own;
    }
    if (most == Level::kBranch && q.whole && chance(rng_, 0.15))
      return apply(Op::kMean, {q.value, name("active")});
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
      return apply(chance(rng_, 0.7) ? Op::kAnd : Op::kOr,
                   {expression(operand, depth - 1), expression(operand, depth - 1)});
    }
    if (die < 0.33) {
      if (Expr own = a_name(Kind::kTruth, most, most == Level::kQuestion); !own.empty()) return own;
    }
    if (most == Level::kBranch && die < 0.55) return pick(rng_, branch_conditions());
    if (die < 0.60) return apply(Op::kExists, {pick(rng_, leaders())});
    if (die < 0.66) return apply(Op::kAny, {apply(Op::kAnd, {name("active"), comparison(Level::kBranch)})});
    if (die < 0.70) return apply(Op::kAll, {comparison(Level::kBranch), name("active")});
    return comparison(most);
  }

  Expr answer_of(Level most) {
    if (most == Level::kConstant) return none();
    if (chance(rng_, 0.25)) {
      if (Expr own = a_name(Kind::kAnswer, most, true); !own.empty()) return own;
    }
    if (most == Level::kBranch && chance(rng_, 0.4)) return name("answer");
    return pick(rng_, leaders());
  }

  Rng& rng_;
  const Scope& scope_;
};

constexpr Type kOneNumber{Kind::kNumber, Level::kQuestion};
constexpr Type kEachNumber{Kind::kNumber, Level::kBranch};
constexpr Type kOneTruth{Kind::kTruth, Level::kQuestion};
constexpr Type kEachTruth{Kind::kTruth, Level::kBranch};

Expr both(Expr a, Expr b) { return apply(Op::kAnd, {std::move(a), std::move(b)}); }

Scope scope_of_schedule(const Controller& c) { return Scopes(c).for_answer(); }

// Steps of sample_controller, each adding one habit to a controller in the making.
void add_opening(Rng& rng, Controller& c) {
  c.schedule.push_back(
      sample_entry(rng, "width", between(rng, 1, 8, true), between(rng, 12, 64, true), true));
  if (chance(rng, 0.5)) {  // all at once
    c.start.push_back({.verb = Verb::kOpen, .value = name("width")});
    return;
  }
  c.schedule.push_back(
      sample_entry(rng, "cohort", between(rng, 1, 4, true), between(rng, 4, 16, true), true));
  c.start.push_back({.verb = Verb::kOpen, .value = apply(Op::kMin, {name("cohort"), name("width")})});
  const Expr more = apply(
      Op::kMin, {number(between(rng, 1, 4, true)), apply(Op::kSubtract, {name("width"), name("opened")})});
  c.round.push_back(
      {.verb = Verb::kOpen, .value = more, .guard = sample(rng, scope_of_schedule(c), kOneTruth, 1)});
}

}  // namespace

Expr sample(Rng& rng, const Scope& scope, Type wanted, int depth) {
  return Sampler(rng, scope).expression(wanted, depth);
}

double significant(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int places = digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  if (places >= 0) return rounded(value, places);
  const double unit = std::pow(10.0, -places);
  return half_even(value / unit) * unit;
}

ScheduleEntry line_entry(const std::string& name_of_entry, double low, double high, bool whole) {
  low = significant(low, 3);
  const double slope = significant(high - low, 3);
  ScheduleEntry entry{.name = name_of_entry, .direction = slope >= 0 ? Direction::kRises : Direction::kFalls};
  const Expr change = apply(Op::kMultiply, {number(std::abs(slope)), name("beta")});
  const Expr line = apply(slope >= 0 ? Op::kAdd : Op::kSubtract, {number(low), change});
  entry.value = whole ? apply(Op::kRound, {line}) : line;
  return entry;
}

ScheduleEntry power_entry(const std::string& name_of_entry, double low, double high, bool whole) {
  low = significant(low, 3);
  const double ratio = significant(high / low, 3);
  ScheduleEntry entry{.name = name_of_entry, .direction = ratio >= 1 ? Direction::kRises : Direction::kFalls};
  const Expr curve = apply(Op::kMultiply, {number(low), apply(Op::kPower, {number(ratio), name("beta")})});
  entry.value = whole ? apply(Op::kRound, {curve}) : curve;
  return entry;
}

ScheduleEntry sample_entry(Rng& rng, const std::string& name_of_entry, double low, double high, bool whole) {
  low = tidy(low, whole);
  high = tidy(high, whole);
  if (chance(rng, 0.1)) high = low;
  // Tokens are judged by their logarithm: what spans a wide range grows by a factor as often as by a sum.
  const bool wide = low > 0 && high > 0 && std::max(low, high) >= 3 * std::min(low, high);
  if (wide && chance(rng, 0.5)) return power_entry(name_of_entry, low, high, whole);
  return line_entry(name_of_entry, low, high, whole);
}

Statement sample_statement(Rng& rng, const Scope& scope) {
  Sampler of(rng, scope);
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
         .value = chance(rng, 0.6) ? number(between(rng, 1, 3, true)) : pick(rng, paces())};
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

Controller sample_controller(Rng& rng) {
  for (;;) {
    Controller c{.name = "evolved", .rounds = 500};
    add_opening(rng, c);
    c.round.push_back({.verb = Verb::kAdvance, .value = number(1), .set = name("active")});
    add_habit(rng, c, Habit::kSure);
    std::vector<Habit> habits(all_habits().begin(), all_habits().end());
    for (int some = static_cast<int>(base::uniform_int(rng, 1, 4)); some > 0; --some) {
      std::swap(habits[uniform_index(rng, habits.size())], habits.back());
      add_habit(rng, c, habits.back());
      habits.pop_back();
    }
    if (chance(rng, 0.4)) c.round.push_back(sample_statement(rng, scope_of_schedule(c)));
    if (chance(rng, 0.8)) c.answer.push_back(pick(rng, leaders()));
    c.answer.push_back(apply(Op::kTop, {apply(Op::kNot, {name("pruned")})}));
    drop_unused(c);
    if (checks(c)) return c;  // a threshold may have used a name that was dropped, or a limit was met
  }
}

}  // namespace genome
