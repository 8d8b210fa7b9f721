#include "genome/variation/designs.hpp"

#include <cstdint>

#include "genome/text/checker.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/habit_parts.hpp"
#include "genome/variation/habits.hpp"

namespace genome {
namespace {

using base::chance;
using base::Rng;
using base::uniform_real;
using habits::both;
using habits::knob;

// How often a design draws each rule. What is drawn by one die stands in a row; each number is the sum of the
// shares up to it, and the rest goes to what is drawn last.
struct RuleShares {
  double by_signal;                      // votes, where signals are recorded; instead of the next row
  double unweighted, by_depth;           // the rest: by length
  double staged, in_waves, at_once;      // openings; the rest: one for another
  double clean;                          // when to stop, where signals are recorded; instead of the next row
  double sure, supported, race, steady;  // the rest: never
  double favour, catch_up;               // paces; the rest: all alike
  double unlikely;                       // whom to drop, where signals are recorded; instead of the next row
  double dissent, overlong, follow;      // the rest: nobody
};

constexpr RuleShares kShares = {.by_signal = 0.3,
                                .unweighted = 0.4,
                                .by_depth = 0.6,
                                .staged = 0.45,
                                .in_waves = 0.6,
                                .at_once = 0.85,
                                .clean = 0.1,
                                .sure = 0.4,
                                .supported = 0.65,
                                .race = 0.8,
                                .steady = 0.95,
                                .favour = 0.2,
                                .catch_up = 0.3,
                                .unlikely = 0.2,
                                .dissent = 0.15,
                                .overlong = 0.3,
                                .follow = 0.45};

double share_that_gives_up(const Material& material) {
  return material.edition() < kGivingUpEdition ? 0.5 : 0.7;
}

Expr none_goes_on() { return apply(Op::kNot, {apply(Op::kAny, {name("active")})}); }

// What the vote of a finished branch weighs; an empty expression: all alike.
struct Weight {
  Expr value;
  bool about_one = true;  // so that sums of weights can be compared with numbers of branches
};

Weight a_weight(Rng& rng, Controller& c, const Material& material) {
  if (!material.signals().empty() && chance(rng, kShares.by_signal))
    return {habits::weight_by_signal(rng, material), false};
  const double die = uniform_real(rng);
  if (die < kShares.unweighted) return {};
  if (die < kShares.by_depth) return {apply(Op::kDivide, {number(1), name("depth")}), false};
  return {habits::weight_by_length(rng, c)};
}

// When to look at more branches: all at once, few at first and the rest later, in waves, or one for another.
enum class Opening : std::uint8_t { kAtOnce, kStaged, kInWaves, kOneForAnother };

Opening an_opening(Rng& rng) {
  const double die = uniform_real(rng);
  if (die < kShares.staged) return Opening::kStaged;
  if (die < kShares.in_waves) return Opening::kInWaves;
  return die < kShares.at_once ? Opening::kAtOnce : Opening::kOneForAnother;
}

// With a level above 1 it never stops: then the knob goes from few branches to all.
void stop_when_sure(Rng& rng, Controller& c) {
  const Expr level = knob(rng, c, "level", {0.5, 0.8}, {0.8, 1.1}, false);
  const Expr two = apply(Op::kGreaterEqual, {apply(Op::kCount, {name("finished")}), number(2)});
  const Expr sure = apply(Op::kGreaterEqual, {apply(Op::kConfidence, {name("finished")}), level});
  c.round.push_back({.verb = Verb::kStop, .guard = both(two, sure)});
}

void add_enough(Rng& rng, Controller& c, const Weight& weight, const Material& material) {
  if (chance(rng, kShares.clean) && add_habit(rng, c, Habit::kClean, material)) return;
  const double die = uniform_real(rng);
  if (die < kShares.sure)
    stop_when_sure(rng, c);
  else if (die < kShares.supported)
    habits::stop_when_supported(rng, c, name("finished"), weight.about_one ? weight.value : Expr{});
  else if (die < kShares.race)
    add_habit(rng, c, Habit::kRace, material);
  else if (die < kShares.steady)
    add_habit(rng, c, Habit::kSteady, material);
}

void add_pace(Rng& rng, Controller& c, const Material& material) {
  const double die = uniform_real(rng);
  if (die < kShares.favour)
    add_habit(rng, c, Habit::kFavour, material);
  else if (die < kShares.catch_up)
    add_habit(rng, c, Habit::kCatchUp, material);
}

void add_drops(Rng& rng, Controller& c, const Material& material) {
  if (chance(rng, kShares.unlikely) && add_habit(rng, c, Habit::kUnlikely, material)) return;
  const double die = uniform_real(rng);
  if (die < kShares.dissent)
    add_habit(rng, c, Habit::kDissent, material);
  else if (die < kShares.overlong)
    add_habit(rng, c, Habit::kOverlong, material);
  else if (die < kShares.follow)
    add_habit(rng, c, Habit::kFollow, material);
}

void add_start(Rng& rng, Controller& c, Opening opening) {
  const bool has_width = opening != Opening::kOneForAnother;  // that one brings its own
  c.start.push_back(
      {.verb = Verb::kOpen, .value = has_width ? knob(rng, c, "width", {2, 6}, {16, 64}, true) : number(2)});
}

void add_later_openings(Rng& rng, Controller& c, Opening opening, const Material& material) {
  switch (opening) {
    case Opening::kAtOnce: return;
    case Opening::kStaged: add_habit(rng, c, Habit::kStage, material); return;
    case Opening::kInWaves:
      c.round.push_back({.verb = Verb::kOpen, .value = c.start.front().value, .guard = none_goes_on()});
      return;
    case Opening::kOneForAnother: add_habit(rng, c, Habit::kRefill, material); return;
  }
}

}  // namespace

Controller sample_design(Rng& rng, const Material& material) {
  for (;;) {
    Controller c{.name = "evolved", .rounds = 500};
    const Weight weight = a_weight(rng, c, material);
    const Opening opening = an_opening(rng);
    add_start(rng, c, opening);
    c.round.push_back({.verb = Verb::kAdvance, .value = number(1), .set = name("active")});
    add_pace(rng, c, material);
    add_drops(rng, c, material);
    // The votes are looked at before more is paid for.
    add_enough(rng, c, weight, material);
    if (chance(rng, share_that_gives_up(material))) add_habit(rng, c, Habit::kGiveUp, material);
    add_later_openings(rng, c, opening, material);
    c.answer.push_back(weight.value.empty() ? apply(Op::kTop, {name("finished")})
                                            : apply(Op::kTop, {name("finished"), weight.value}));
    c.answer.push_back(apply(Op::kTop, {apply(Op::kNot, {name("pruned")})}));
    drop_unused(c);
    if (checks(c)) return c;
  }
}

}  // namespace genome
