#include "genome/variation/habits.hpp"

#include <algorithm>
#include <string>

#include "genome/tree/sites.hpp"
#include "genome/variation/habit_parts.hpp"

namespace genome {
namespace {

using base::chance;
using base::Rng;
using base::uniform_index;
using habits::before_decisions;
using habits::both;
using habits::insert;
using habits::knob;
using habits::pick;

// By the material they need: none, that of the comparing edition, signals with it.
constexpr Habit kAll[] = {
    Habit::kDissent, Habit::kOverlong, Habit::kSure,     Habit::kRace,   Habit::kSteady,   Habit::kWiden,
    Habit::kCatchUp, Habit::kFavour,   Habit::kStage,    Habit::kGiveUp, Habit::kFollow,   Habit::kRefill,
    Habit::kAgreed,  Habit::kByLength, Habit::kUnlikely, Habit::kClean,  Habit::kBySignal,
};
constexpr std::size_t kPlain = 10, kComparing = 14;
constexpr Habit kOfWholeSamples[] = {Habit::kSure, Habit::kRace, Habit::kSteady, Habit::kWiden,
                                     Habit::kGiveUp};

std::vector<std::size_t> advances(const Controller& c) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < c.round.size(); ++i) {
    if (c.round[i].verb == Verb::kAdvance) found.push_back(i);
  }
  return found;
}

void add_dissent(Rng& rng, Controller& c, const Material& material) {
  const Expr patience = knob(rng, c, "patience", {2, 10}, {6, 30}, true);
  const std::string dissent = fresh_name(c, "dissent");
  c.branch.push_back({dissent, number(0), {}});
  const Expr rival = pick(rng, material.leaders());
  Expr differs = apply(Op::kNotEqual, {name("answer"), rival});
  if (chance(rng, 0.5)) differs = both(apply(Op::kExists, {rival}), differs);
  Statement counts{.verb = Verb::kAssign,
                   .target = dissent,
                   .value = apply(Op::kIf, {differs, apply(Op::kAdd, {name(dissent), number(1)}), number(0)}),
                   .set = name("active")};
  Statement prunes{.verb = Verb::kPrune,
                   .set = both(name("active"), apply(Op::kGreaterEqual, {name(dissent), patience}))};
  if (chance(rng, 0.6)) {
    prunes.order = name(dissent);
    prunes.keep = number(static_cast<double>(base::uniform_int(rng, 1, 4)));
  }
  const std::size_t at = before_decisions(c);
  insert(c, at, std::move(counts));
  insert(c, at + 1, std::move(prunes));
}

void add_overlong(Rng& rng, Controller& c) {
  const Expr reach = knob(rng, c, "reach", {1.2, 2}, {1.4, 3}, false);
  const Op fold = chance(rng, 0.6) ? Op::kMean : chance(rng, 0.5) ? Op::kMax : Op::kMin;
  const Expr limit = apply(Op::kMultiply, {reach, apply(fold, {name("depth"), name("finished")})});
  Statement prunes{
      .verb = Verb::kPrune,
      .set = both(name("active"), apply(Op::kGreaterEqual, {name("depth"), limit})),
      .guard = apply(Op::kGreaterEqual, {apply(Op::kCount, {name("finished")}),
                                         number(static_cast<double>(base::uniform_int(rng, 1, 4)))})};
  insert(c, before_decisions(c), std::move(prunes));
}

void add_sure(Rng& rng, Controller& c, const Material& material) {
  const Expr level = knob(rng, c, "level", {0.6, 0.92}, {0.85, 0.995}, false);
  const Expr quorum = knob(rng, c, "quorum", {1, 4}, {2, 12}, true);
  const Expr set = pick(rng, material.sets());
  const Expr sure = apply(Op::kGreaterEqual, {apply(Op::kConfidence, {set}), level});
  const Expr enough = apply(Op::kGreaterEqual, {apply(Op::kCount, {set}), quorum});
  c.round.push_back({.verb = Verb::kStop, .guard = both(enough, sure)});
}

// Whole samples are finished at once, so the race is to a share of the votes.
void add_race_of_votes(Rng& rng, Controller& c) {
  const Expr share = knob(rng, c, "share", {0.3, 0.8}, {0.5, 0.95}, false);
  const Expr quorum = knob(rng, c, "quorum", {1, 4}, {2, 12}, true);
  const Expr goal = apply(Op::kMultiply, {share, apply(Op::kCount, {name("finished")})});
  const Expr won = apply(Op::kGreaterEqual, {apply(Op::kSupport, {name("finished")}), goal});
  const Expr enough = apply(Op::kGreaterEqual, {apply(Op::kCount, {name("finished")}), quorum});
  c.round.push_back({.verb = Verb::kStop, .guard = both(enough, won)});
}

void add_race(Rng& rng, Controller& c) {
  const Expr share = knob(rng, c, "share", {0.2, 0.8}, {0.15, 0.6}, false);
  const Expr goal = apply(Op::kMultiply, {share, name("opened")});
  const Expr won = chance(rng, 0.6)
                       ? apply(Op::kGreaterEqual, {apply(Op::kCount, {name("finished")}), goal})
                       : both(apply(Op::kAny, {name("finished")}),
                              apply(Op::kGreaterEqual, {apply(Op::kSupport, {name("finished")}), goal}));
  c.round.push_back({.verb = Verb::kStop, .guard = won});
}

void add_steady(Rng& rng, Controller& c, const Material& material) {
  // Every round of whole samples reads some, so that fewer rounds say as much.
  const Expr patience = material.whole_samples() ? knob(rng, c, "calm", {1, 5}, {3, 16}, true)
                                                 : knob(rng, c, "calm", {3, 12}, {8, 40}, true);
  const std::string leader = fresh_name(c, "leader"), same = fresh_name(c, "same");
  c.memory.push_back({leader, none(), {}});
  c.memory.push_back({same, number(0), {}});
  const Expr now = pick(rng, material.leaders());
  const Expr longer = apply(Op::kAdd, {name(same), number(1)});
  const Expr stays = both(apply(Op::kExists, {name(leader)}), apply(Op::kEqual, {now, name(leader)}));
  c.round.push_back(
      {.verb = Verb::kAssign, .target = same, .value = apply(Op::kIf, {stays, longer, number(0)})});
  c.round.push_back({.verb = Verb::kAssign, .target = leader, .value = now});
  c.round.push_back({.verb = Verb::kStop, .guard = apply(Op::kGreaterEqual, {name(same), patience})});
}

void add_widening(Rng& rng, Controller& c, const Material& material) {
  const Expr width = knob(rng, c, "width", {4, 10}, {16, 64}, true);
  const Expr spawn = knob(rng, c, "spawn", {1, 3}, {1, 16}, true);
  const Expr level = knob(rng, c, "doubt", {0.6, 0.95}, {0.8, 0.995}, false);
  Expr unsure = apply(Op::kLess, {apply(Op::kConfidence, {pick(rng, material.sets())}), level});
  if (chance(rng, 0.5))
    unsure = both(apply(Op::kAny, {name("finished")}), unsure);
  else if (chance(rng, 0.6))
    unsure = both(apply(Op::kGreaterEqual, {name("round"), knob(rng, c, "warm_up", {2, 8}, {2, 12}, true)}),
                  unsure);
  c.round.push_back({.verb = opening_verb(material),
                     .value = apply(Op::kMin, {spawn, apply(Op::kSubtract, {width, name("opened")})}),
                     .guard = unsure});
}

bool add_catching_up(Rng& rng, Controller& c) {
  const auto lines = advances(c);
  if (lines.empty()) return false;
  Statement& line = c.round[lines[uniform_index(rng, lines.size())]];
  const Expr front = chance(rng, 0.7) ? apply(Op::kMax, {name("depth"), apply(Op::kNot, {name("pruned")})})
                                      : apply(Op::kMean, {name("depth"), name("active")});
  line.value = apply(Op::kMax, {line.value, apply(Op::kSubtract, {front, name("depth")})});
  return true;
}

bool add_favour(Rng& rng, Controller& c, const Material& material) {
  const auto lines = advances(c);
  if (lines.empty()) return false;
  const Expr burst = knob(rng, c, "burst", {1, 3}, {1, 4}, true);
  Statement& line = c.round[lines[uniform_index(rng, lines.size())]];
  const Expr agrees = apply(Op::kEqual, {name("answer"), pick(rng, material.leaders())});
  line.value = apply(Op::kIf, {agrees, burst, line.value});
  return true;
}

// Depths in intervals. What the start opened at once is opened in two stages.
void add_stage(Rng& rng, Controller& c) {
  const Expr cohort = knob(rng, c, "cohort", {2, 6}, {3, 16}, true);
  const Expr reach = knob(rng, c, "reach", {6, 24}, {2, 20}, false);
  const bool opens = c.start.size() == 1 && c.start.front().verb == Verb::kOpen;
  const Expr width = opens ? c.start.front().value : knob(rng, c, "width", {4, 12}, {16, 64}, true);
  if (opens)
    c.start.front().value = apply(Op::kMin, {cohort, width});
  else
    c.start.push_back({.verb = Verb::kOpen, .value = cohort});
  const Expr far = apply(Op::kGreaterEqual, {apply(Op::kMax, {name("depth"), name("active")}), reach});
  const Expr none_left = apply(Op::kNot, {apply(Op::kAny, {name("active")})});
  c.round.push_back({.verb = Verb::kOpen,
                     .value = apply(Op::kSubtract, {width, name("opened")}),
                     .guard = apply(Op::kOr, {far, none_left})});
}

// Lengths in intervals: where even the shortest branches are long, more of them seldom help.
void add_giving_up_on_long(Rng& rng, Controller& c) {
  const Expr limit = knob(rng, c, "limit", {16, 36}, {24, 64}, false);
  const Expr quorum = knob(rng, c, "quorum", {1, 4}, {2, 12}, true);
  const Op fold = chance(rng, 0.5) ? Op::kMin : Op::kMean;
  const Expr length = apply(Op::kDivide, {apply(fold, {name("tokens"), name("finished")}), name("interval")});
  const Expr enough = apply(Op::kGreaterEqual, {apply(Op::kCount, {name("finished")}), quorum});
  c.round.push_back({.verb = Verb::kStop, .guard = both(enough, apply(Op::kGreaterEqual, {length, limit}))});
}

// In intervals. On AIME24 limits below 36 lose more than they save; with few tokens later ones do, too
// (docs/results.md).
Expr depth_to_give_up_at(Rng& rng, Controller& c, const Material& material) {
  if (material.edition() < kGivingUpEdition) return knob(rng, c, "limit", {16, 36}, {24, 64}, false);
  if (chance(rng, 0.35)) return number(static_cast<double>(base::uniform_int(rng, 34, 50)));
  return knob(rng, c, "limit", {36, 64}, {30, 52}, false);
}

void add_giving_up(Rng& rng, Controller& c, const Material& material) {
  const Expr limit = depth_to_give_up_at(rng, c, material);
  const Op fold = chance(rng, 0.5) ? Op::kMin : Op::kMean;
  const Expr deep = apply(Op::kGreaterEqual, {apply(fold, {name("depth"), name("active")}), limit});
  c.round.push_back({.verb = Verb::kStop, .guard = both(apply(Op::kAny, {name("active")}), deep)});
}

}  // namespace

std::span<const Habit> all_habits(const Material& material) {
  if (material.whole_samples()) return kOfWholeSamples;
  const std::span<const Habit> all = kAll;
  if (material.edition() < kComparingEdition) return all.first(kPlain);
  return material.signals().empty() ? all.first(kComparing) : all;
}

Verb opening_verb(const Material& material) { return material.whole_samples() ? Verb::kRead : Verb::kOpen; }

bool add_habit(Rng& rng, Controller& c, Habit habit, const Material& material) {
  const bool whole = material.whole_samples();
  switch (habit) {
    case Habit::kDissent: add_dissent(rng, c, material); return true;
    case Habit::kOverlong: add_overlong(rng, c); return true;
    case Habit::kSure: add_sure(rng, c, material); return true;
    case Habit::kRace: whole ? add_race_of_votes(rng, c) : add_race(rng, c); return true;
    case Habit::kSteady: add_steady(rng, c, material); return true;
    case Habit::kWiden: add_widening(rng, c, material); return true;
    case Habit::kCatchUp: return add_catching_up(rng, c);
    case Habit::kFavour: return add_favour(rng, c, material);
    case Habit::kStage: add_stage(rng, c); return true;
    case Habit::kGiveUp: whole ? add_giving_up_on_long(rng, c) : add_giving_up(rng, c, material); return true;
    case Habit::kFollow: add_following(rng, c); return true;
    case Habit::kRefill: add_refilling(rng, c); return true;
    case Habit::kAgreed: add_agreement(rng, c, material); return true;
    case Habit::kByLength: add_vote_by_length(rng, c); return true;
    case Habit::kUnlikely: return add_unlikely(rng, c, material);
    case Habit::kClean: return add_clean(rng, c, material);
    case Habit::kBySignal: return add_vote_by_signal(rng, c, material);
  }
  return false;
}

}  // namespace genome
