#include "genome/variation/tunables.hpp"

#include <algorithm>
#include <cmath>

#include "genome/base/arithmetic.hpp"
#include "genome/material/schedule_entries.hpp"
#include "genome/text/checker.hpp"
#include "genome/tree/constants.hpp"
#include "genome/variation/beta_tables.hpp"

namespace genome {
namespace {

constexpr double kReach = 0.5;  // the share of itself by which a move of 1 changes a number

bool is_whole_number(double value) { return value == std::floor(value) && std::abs(value) >= 1; }

double moved(double value, double by) {
  if (value == 0) return 0.1 * by;
  return value * std::exp(std::log1p(kReach) * by);
}

// Beta must stand once, under + - * ^ and numbers alone, perhaps rounded; then both ends say all.
bool usual_shape(const Expr& e) {
  std::size_t at = 0;
  if (e.root().op == Op::kRound) {
    if (e.root().arity == 2) return false;
    at = 1;
  }
  int betas = 0;
  for (; at < e.size(); ++at) {
    const Node& n = e.nodes[at];
    if (n.op == Op::kName) {
      if (n.name != "beta") return false;
      ++betas;
    } else if (n.op != Op::kNumber && n.op != Op::kAdd && n.op != Op::kSubtract && n.op != Op::kMultiply &&
               n.op != Op::kPower) {
      return false;
    }
  }
  return betas <= 1;
}

bool has_power(const Expr& e) {
  return std::any_of(e.nodes.begin(), e.nodes.end(), [](const Node& n) { return n.op == Op::kPower; });
}

}  // namespace

std::optional<ScheduleEntry> with_ends(const ScheduleEntry& entry, double low, double high) {
  if (!usual_shape(entry.value)) return std::nullopt;
  const bool whole = entry.value.root().op == Op::kRound;
  return has_power(entry.value) && low > 0 && high > 0 ? power_entry(entry.name, low, high, whole)
                                                       : line_entry(entry.name, low, high, whole);
}

std::vector<Tunable> tunables(const Controller& c, std::size_t most) {
  std::vector<Tunable> all;
  for (std::size_t i = 0; i < c.schedule.size(); ++i) {
    if (!usual_shape(c.schedule[i].value)) continue;
    // Unrounded: a number that rounds to the same whole one may still be on its way to the next.
    const Expr& e = c.schedule[i].value;
    const Expr inner = e.root().op == Op::kRound ? e.extract(e.operand(0, 0)) : e;
    all.push_back({Tunable::What::kEntryLow, i, {}, 0, evaluate_constant(inner, {{"beta", 0.0}})});
    all.push_back({Tunable::What::kEntryHigh, i, {}, 0, evaluate_constant(inner, {{"beta", 1.0}})});
  }
  for (const Site& site : sites_of(c)) {
    if (site.section == Section::kSchedule && usual_shape(c.schedule[site.index].value)) continue;
    const Expr& e = expr_at(c, site);
    for (std::size_t i = 0; i < e.size(); ++i) {
      const bool digits = i > 0 && site.section == Section::kSchedule && e.root().op == Op::kRound &&
                          e.root().arity == 2 && i + 1 == e.size();
      // 0 and 1 are mostly marks (a register's start, a step), not amounts
      if (e.nodes[i].op != Op::kNumber || digits || is_place_on_knob(e, i)) continue;
      const double value = e.nodes[i].number;
      if (value == 0 || value == 1 || !std::isfinite(value)) continue;
      all.push_back({Tunable::What::kLiteral, 0, site, i, value});
    }
  }
  if (all.size() > most) all.resize(most);
  return all;
}

std::optional<Controller> with_moves(const Controller& c, std::span<const Tunable> tunables,
                                     std::span<const double> moves) {
  Controller child = c;
  for (std::size_t k = 0; k < tunables.size(); ++k) {
    const Tunable& t = tunables[k];
    const double value = moved(t.value, moves[k]);
    if (t.what == Tunable::What::kLiteral) {
      if (moves[k] == 0) continue;
      const double tidied = is_whole_number(t.value) ? half_even(value) : significant(value, 3);
      Expr& e = expr_at(child, t.site);
      if (std::isfinite(tidied)) e.nodes[t.node].number = tidied;
    } else if (t.what == Tunable::What::kEntryLow) {
      // its other end comes next, unless the list was cut between the two
      const bool both = k + 1 < tunables.size();
      if (moves[k] == 0 && (!both || moves[k + 1] == 0)) continue;
      const double high = both ? moved(tunables[k + 1].value, moves[k + 1])
                               : evaluate_constant(c.schedule[t.entry].value, {{"beta", 1.0}});
      const auto entry = with_ends(c.schedule[t.entry], value, high);
      if (entry) child.schedule[t.entry] = *entry;
    }
  }
  if (!checks(child)) return std::nullopt;
  return child;
}

}  // namespace genome
