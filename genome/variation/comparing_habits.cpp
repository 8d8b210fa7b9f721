// The habits that compare branches with each other: by what they answer at the same depth, by length, and by
// the steps of a signal.
#include <cstddef>
#include <span>
#include <utility>

#include "genome/variation/habit_parts.hpp"

namespace genome {

using base::chance;
using base::Rng;
using base::uniform_index;
using habits::before_decisions;
using habits::between;
using habits::both;
using habits::insert;
using habits::knob;
using habits::pick;
using habits::stop_when_supported;

namespace {

Expr finished() { return name("finished"); }
Expr active() { return name("active"); }

Expr counted(Expr set) { return apply(Op::kCount, {std::move(set)}); }

Expr negated(Expr e) { return apply(Op::kNegate, {std::move(e)}); }

// A vote in front of the answers; those behind it are for when nothing has finished.
void answer_first(Controller& c, const Expr& weight) {
  c.answer.insert(c.answer.begin(), apply(Op::kTop, {finished(), weight}));
}

// A signal, and which of its ends is the bad one: nobody knows that before.
struct Sign {
  const RecordedSignal* recorded = nullptr;
  bool low_is_bad = true;
  double width = 0;

  Expr read(Op op) const { return genome::signal(op, recorded->name); }
  // Falls as the branch becomes worse.
  Expr goodness() const { return low_is_bad ? read(Op::kSignalMin) : negated(read(Op::kSignalMean)); }
  Expr beyond(Expr value, Expr limit) const {
    return apply(low_is_bad ? Op::kLess : Op::kGreater, {std::move(value), std::move(limit)});
  }
};

Sign a_sign(Rng& rng, const Material& material) {
  const auto signals = material.signals();
  const RecordedSignal& signal = signals[uniform_index(rng, signals.size())];
  return {&signal, chance(rng, 0.5), signal.high - signal.low};
}

// Steps go further than the means of whole branches do.
Expr limit_of_steps(Rng& rng, const Sign& sign) {
  const RecordedSignal& s = *sign.recorded;
  const double limit =
      sign.low_is_bad ? between(rng, s.low - sign.width, s.high) : between(rng, s.low, s.high + sign.width);
  return number(significant(limit, 3));
}

}  // namespace

namespace habits {

void stop_when_supported(Rng& rng, Controller& c, const Expr& set, const Expr& weight) {
  const Expr level = knob(rng, c, "needed", {0.5, 2}, {1.5, 5}, false);
  const Expr support = weight.empty() ? apply(Op::kSupport, {set}) : apply(Op::kSupport, {set, weight});
  c.round.push_back({.verb = Verb::kStop,
                     .guard = both(apply(Op::kGreaterEqual, {counted(set), number(2)}),
                                   apply(Op::kGreaterEqual, {support, level}))});
}

Expr weight_by_length(Rng& rng, Controller& c) {
  const bool longer = chance(rng, 0.5);
  const Expr power = longer ? knob(rng, c, "power", {0.5, 4}, {0.5, 4}, false)
                            : knob(rng, c, "power", {-4, -0.5}, {-4, -0.5}, false);
  const Expr beside = apply(Op::kDivide, {name("tokens"), apply(Op::kMean, {name("tokens"), finished()})});
  return apply(Op::kPower, {beside, power});
}

Expr weight_by_signal(Rng& rng, const Material& material) {
  if (material.signals().empty()) return {};
  const Sign sign = a_sign(rng, material);
  if (sign.width <= 0) return {};
  const double slope = significant(between(rng, 0.5, 4) / sign.width, 2);
  return apply(Op::kExp, {apply(Op::kMultiply, {number(slope), sign.goodness()})});
}

}  // namespace habits

// Either by the answers as they stand, or by how often a branch has been in company so far.
void add_following(Rng& rng, Controller& c) {
  const Expr keep = knob(rng, c, "least", {1, 3}, {1, 6}, true);
  const Expr in_company = apply(Op::kVotes, {name("answer"), active()});
  Statement prunes{.verb = Verb::kPrune, .keep = keep};
  std::size_t at = before_decisions(c);
  if (chance(rng, 0.7)) {
    prunes.set = both(active(), apply(Op::kNotEqual, {name("answer"), apply(Op::kTop, {active()})}));
    prunes.order = negated(in_company);
  } else {
    const std::string company = fresh_name(c, "company");
    c.branch.push_back({company, number(0), {}});
    insert(c, at++,
           {.verb = Verb::kAssign,
            .target = company,
            .value = apply(Op::kAdd, {name(company), in_company}),
            .set = active()});
    prunes.set =
        both(active(), apply(Op::kLess, {name(company), apply(Op::kMax, {name(company), active()})}));
    prunes.order = negated(name(company));
  }
  if (chance(rng, 0.4))
    prunes.guard = apply(Op::kGreaterEqual, {apply(Op::kMax, {name("depth"), active()}),
                                             number(static_cast<double>(base::uniform_int(rng, 2, 8)))});
  insert(c, at, std::move(prunes));
}

void add_refilling(Rng& rng, Controller& c) {
  const Expr places = knob(rng, c, "places", {1, 2}, {1, 8}, true);
  const Expr width = knob(rng, c, "width", {4, 12}, {16, 64}, true);
  const Expr free = apply(Op::kSubtract, {places, counted(active())});
  const Expr left = apply(Op::kSubtract, {width, name("opened")});
  c.round.push_back({.verb = Verb::kOpen,
                     .value = apply(Op::kMin, {free, left}),
                     .guard = apply(Op::kLess, {counted(active()), places})});
}

void add_agreement(Rng& rng, Controller& c, const Material& material) {
  const Expr set = chance(rng, 0.7) ? finished() : pick(rng, material.sets());
  stop_when_supported(rng, c, set, chance(rng, 0.6) ? pick(rng, material.weights()) : Expr{});
}

void add_vote_by_length(Rng& rng, Controller& c) {
  const Expr weight = habits::weight_by_length(rng, c);
  answer_first(c, weight);
  if (chance(rng, 0.5)) stop_when_supported(rng, c, finished(), weight);
}

bool add_unlikely(Rng& rng, Controller& c, const Material& material) {
  if (material.signals().empty()) return false;
  const Sign sign = a_sign(rng, material);
  Statement prunes{.verb = Verb::kPrune,
                   .set = both(active(), sign.beyond(sign.read(Op::kSignal), limit_of_steps(rng, sign))),
                   .order = negated(sign.goodness())};
  if (chance(rng, 0.7)) prunes.keep = knob(rng, c, "least", {0, 2}, {0, 4}, true);
  insert(c, before_decisions(c), std::move(prunes));
  return true;
}

bool add_clean(Rng& rng, Controller& c, const Material& material) {
  if (material.signals().empty()) return false;
  const Sign sign = a_sign(rng, material);
  const Expr limit = limit_of_steps(rng, sign);
  const Expr clean = both(
      finished(),
      apply(Op::kNot,
            {sign.beyond(sign.low_is_bad ? sign.read(Op::kSignalMin) : sign.read(Op::kSignalMean), limit)}));
  const Expr quorum = knob(rng, c, "quorum", {1, 2}, {1, 4}, true);
  c.round.push_back({.verb = Verb::kStop, .guard = apply(Op::kGreaterEqual, {counted(clean), quorum})});
  return true;
}

bool add_vote_by_signal(Rng& rng, Controller& c, const Material& material) {
  const Expr weight = habits::weight_by_signal(rng, material);
  if (weight.empty()) return false;
  answer_first(c, weight);
  if (chance(rng, 0.3)) stop_when_supported(rng, c, finished(), weight);
  return true;
}

}  // namespace genome
