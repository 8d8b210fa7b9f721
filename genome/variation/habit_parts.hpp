// habit_parts.hpp: what habits are put together from, and those that compare branches.
// Why:      habits.cpp holds the habits of the first edition, and comparing_habits.cpp those that came with
//           the second; both draw knobs and find places for lines in the same ways, and designs.cpp weighs
//           votes as habits do.
// Use:      const Expr level = knob(rng, c, "level", {0.6, 0.9}, {0.8, 0.99}, false);
//           insert(c, before_decisions(c), {.verb = Verb::kPrune, .set = both(name("active"), far)});
// Promises: as habits.hpp, of which this is a part.
// Threads:  pure functions of their arguments.
// Tests:    tests/genome/variation/habits_test.cpp
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "genome/base/rng.hpp"
#include "genome/material/quantities.hpp"
#include "genome/material/schedule_entries.hpp"
#include "genome/tree/ast.hpp"
#include "genome/tree/sites.hpp"

namespace genome {

// The habits of the comparing edition; see Habit for what each does.
void add_following(base::Rng& rng, Controller& c);
void add_refilling(base::Rng& rng, Controller& c);
void add_agreement(base::Rng& rng, Controller& c, const Material& material);
void add_vote_by_length(base::Rng& rng, Controller& c);
bool add_unlikely(base::Rng& rng, Controller& c, const Material& material);
bool add_clean(base::Rng& rng, Controller& c, const Material& material);
bool add_vote_by_signal(base::Rng& rng, Controller& c, const Material& material);

namespace habits {

// Stops when the answer in front has enough of the weights, of two branches at least. Weights are about 1;
// empty: all alike.
void stop_when_supported(base::Rng& rng, Controller& c, const Expr& set, const Expr& weight);

// What a vote of the finished weighs: by length beside their mean, for long ones or for short ones, or by a
// signal, either way round (empty where none is recorded that differs).
Expr weight_by_length(base::Rng& rng, Controller& c);
Expr weight_by_signal(base::Rng& rng, const Material& material);

inline const Expr& pick(base::Rng& rng, std::span<const Expr> options) {
  return options[base::uniform_index(rng, options.size())];
}

inline double between(base::Rng& rng, double low, double high) {
  return low + (high - low) * base::uniform_real(rng);
}

inline Expr both(Expr a, Expr b) { return apply(Op::kAnd, {std::move(a), std::move(b)}); }

// A new knob, from somewhere in the first range at beta = 0 to somewhere in the second at beta = 1.
struct Range {
  double low, high;
};
inline Expr knob(base::Rng& rng, Controller& c, std::string_view stem, Range at_0, Range at_1, bool whole) {
  const std::string called = fresh_name(c, stem);
  const double high = between(rng, at_1.low, at_1.high);  // the last range was always drawn from first
  const double low = between(rng, at_0.low, at_0.high);
  c.schedule.push_back(sample_entry(rng, called, low, high, whole));
  return name(called);
}

inline void insert(Controller& c, std::size_t at, Statement s) {
  c.round.insert(c.round.begin() + static_cast<std::ptrdiff_t>(std::min(at, c.round.size())), std::move(s));
}

// Before the first line that stops, opens or reads; or at the end.
inline std::size_t before_decisions(const Controller& c) {
  const auto decides = [](const Statement& s) {
    return s.verb == Verb::kStop || s.verb == Verb::kOpen || s.verb == Verb::kRead;
  };
  return static_cast<std::size_t>(std::find_if(c.round.begin(), c.round.end(), decides) - c.round.begin());
}

}  // namespace habits
}  // namespace genome
