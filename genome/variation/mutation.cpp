#include "genome/variation/mutation.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "genome/base/arithmetic.hpp"
#include "genome/base/check.hpp"
#include "genome/material/schedule_entries.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/beta_tables.hpp"
#include "genome/variation/habits.hpp"
#include "genome/variation/sampler.hpp"
#include "genome/variation/tunables.hpp"
#include "genome/variation/varied_child.hpp"

namespace genome {
namespace {

using base::chance;
using base::Rng;
using base::uniform_index;
using base::uniform_real;

constexpr int kDepth = 2;  // of new material

// ---- numbers

double nudged(Rng& rng, double value) {
  const bool whole = value == std::floor(value) && std::abs(value) >= 1;
  if (value == 0) return chance(rng, 0.5) ? 1 : rounded(0.1 * base::normal(rng), 3);
  if (whole && std::abs(value) < 12) {
    const double sign = chance(rng, 0.5) ? 1 : -1;
    return value + sign * static_cast<double>(base::uniform_int(rng, 1, 2));
  }
  const double scaled = value * std::exp(0.25 * base::normal(rng));
  return whole ? half_even(scaled) : rounded(scaled, std::abs(scaled) < 1 ? 3 : 2);
}

std::vector<std::pair<Site, std::size_t>> literals(const Controller& c) {
  std::vector<std::pair<Site, std::size_t>> found;
  for (const Site& site : sites_of(c)) {
    const Expr& e = expr_at(c, site);
    for (std::size_t i = 0; i < e.size(); ++i) {
      if (e.nodes[i].op == Op::kNumber && !is_place_on_knob(e, i)) found.emplace_back(site, i);
    }
  }
  return found;
}

bool nudge_constants(Rng& rng, Controller& c, const Material&) {
  const auto found = literals(c);
  if (found.empty()) return false;
  for (auto left = base::uniform_int(rng, 1, 3); left > 0; --left) {
    const auto& [site, node] = found[uniform_index(rng, found.size())];
    double& value = expr_at(c, site).nodes[node].number;
    value = number(nudged(rng, value)).root().number;
  }
  return true;
}

bool lift_constant(Rng& rng, Controller& c, const Material&) {
  auto found = literals(c);
  std::erase_if(found, [](const auto& f) {
    return f.first.section == Section::kSchedule || f.first.section == Section::kMemory ||
           f.first.section == Section::kBranch;
  });
  if (found.empty()) return false;
  const auto& [site, node] = found[uniform_index(rng, found.size())];
  const double value = expr_at(c, site).nodes[node].number;
  const std::string entry = fresh_name(c, "knob");
  const double length = std::max(std::abs(value), 0.2) * uniform_real(rng);
  const double reach = chance(rng, 0.5) ? length : -length;
  Expr& e = expr_at(c, site);
  e = e.replaced({node, node + 1}, name(entry));
  c.schedule.push_back(sample_entry(rng, entry, value - reach / 2, value + reach / 2,
                                    value == std::floor(value) && std::abs(value) >= 1));
  return true;
}

// Moves the ends of a schedule entry, each by a factor of its own or both by the same.
bool redraw_entry(Rng& rng, Controller& c, const Material&) {
  if (c.schedule.empty()) return false;
  const std::size_t index = uniform_index(rng, c.schedule.size());
  ScheduleEntry& entry = c.schedule[index];
  double low = evaluate_constant(entry.value, constant_names(c, 0));
  double high = evaluate_constant(entry.value, constant_names(c, 1));
  if (!std::isfinite(low) || !std::isfinite(high)) return false;
  const double step = chance(rng, 0.5) ? 0.15 : 0.5;
  const double common = step * base::normal(rng);
  const double die = uniform_real(rng);
  const auto moved = [&](double value, double by) {
    return value == 0 ? 0.05 * by / step : value * std::exp(by);
  };
  if (die < 0.7) low = moved(low, die < 0.4 ? common : step * base::normal(rng));
  if (die < 0.4 || die >= 0.6) high = moved(high, die < 0.4 ? common : step * base::normal(rng));
  const bool whole = entry.value.root().op == Op::kRound && entry.value.root().arity == 1;
  if (const auto kept = with_ends(entry, low, high); kept && chance(rng, 0.9)) {
    entry = *kept;  // the same shape
  } else {
    entry = sample_entry(rng, entry.name, low, high, whole);
  }
  return true;
}

// ---- expressions

bool replace_subtree(Rng& rng, Controller& c, const Material& material) {
  const Scopes scopes(c);
  std::vector<Site> sites = sites_of(c);
  // Registers start plainly, and the schedule has its own operators.
  std::erase_if(sites, [](const Site& s) {
    return s.section == Section::kMemory || s.section == Section::kBranch || s.section == Section::kSchedule;
  });
  if (sites.empty()) return false;
  const Site site = sites[uniform_index(rng, sites.size())];
  Expr& e = expr_at(c, site);
  const Scope& scope = scope_at(scopes, site);
  const Typing typing = infer(e, scope);
  const std::size_t node = uniform_index(rng, e.size());
  Type wanted = node == 0 ? site.wanted : typing.types[node];
  if (node != 0 && wanted.level == Level::kConstant) wanted.level = Level::kQuestion;
  if (wanted.kind == Kind::kUnknown) return false;
  e = e.replaced(e.subtree(node), sample(rng, scope, wanted, kDepth, material));
  return true;
}

bool change_guard(Rng& rng, Controller& c, const Material& material) {
  const Scopes scopes(c);
  std::vector<Statement>& list = c.round.empty() ? c.start : c.round;
  if (list.empty()) return false;
  const bool start = c.round.empty();
  const std::size_t index = uniform_index(rng, list.size());
  const Scope& scope = start ? scopes.in_start(index) : scopes.in_round(index);
  Expr& guard = list[index].guard;
  const Expr fresh = sample(rng, scope, {Kind::kTruth, Level::kQuestion}, 1, material);
  const double die = uniform_real(rng);
  if (guard.empty())
    guard = fresh;
  else if (die < 0.3)
    guard = apply(Op::kAnd, {guard, fresh});
  else if (die < 0.5)
    guard = apply(Op::kOr, {guard, fresh});
  else if (die < 0.7)
    guard = fresh;
  else if (guard.root().op == Op::kAnd || guard.root().op == Op::kOr)
    guard = guard.extract(guard.operand(0, uniform_index(rng, 2)));
  else
    guard = {};
  return true;
}

bool change_answer(Rng& rng, Controller& c, const Material& material) {
  const Scopes scopes(c);
  const Expr line = sample(rng, scopes.for_answer(), {Kind::kAnswer, Level::kQuestion}, kDepth, material);
  const std::size_t at = uniform_index(rng, c.answer.size());
  const double die = uniform_real(rng);
  if (die < 0.4)
    c.answer[at] = line;
  else if (die < 0.8 || c.answer.size() == 1)
    c.answer.insert(c.answer.begin() + static_cast<std::ptrdiff_t>(at), line);
  else
    c.answer.erase(c.answer.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

// ---- statements

bool insert_statement(Rng& rng, Controller& c, const Material& material) {
  const Scopes scopes(c);
  const std::size_t at = uniform_index(rng, c.round.size() + 1);
  c.round.insert(c.round.begin() + static_cast<std::ptrdiff_t>(at),
                 sample_statement(rng, scopes.in_round(at), material));
  return true;
}

bool drop_statement(Rng& rng, Controller& c, const Material&) {
  if (c.round.empty()) return false;
  c.round.erase(c.round.begin() + static_cast<std::ptrdiff_t>(uniform_index(rng, c.round.size())));
  return true;
}

bool move_statement(Rng& rng, Controller& c, const Material&) {
  if (c.round.size() < 2) return false;
  const auto from = static_cast<std::ptrdiff_t>(uniform_index(rng, c.round.size()));
  Statement moved = std::move(c.round[static_cast<std::size_t>(from)]);
  c.round.erase(c.round.begin() + from);
  c.round.insert(c.round.begin() + static_cast<std::ptrdiff_t>(uniform_index(rng, c.round.size() + 1)),
                 std::move(moved));
  return true;
}

// A smoothed quantity, or the rounds in a row in which something held; then a guard somewhere reads it.
bool add_register(Rng& rng, Controller& c, const Material& material) {
  const Scopes scopes(c);
  const std::size_t at = uniform_index(rng, c.round.size() + 1);
  const Scope& scope = scopes.in_round(at);
  Statement update{.verb = Verb::kAssign};
  Expr reading;
  if (chance(rng, 0.5)) {
    const auto quantities = material.question_quantities();
    const Quantity& q = quantities[uniform_index(rng, quantities.size())];
    update.target = fresh_name(c, "trace");
    update.value =
        apply(Op::kMix, {name(update.target), q.value, number(rounded(0.1 + 0.8 * uniform_real(rng), 2))});
    const Expr level = number(rounded(q.low + (q.high - q.low) * uniform_real(rng), 2));
    reading = apply(chance(rng, 0.7) ? Op::kGreaterEqual : Op::kLess, {name(update.target), level});
  } else {
    update.target = fresh_name(c, "run");
    const Expr held = sample(rng, scope, {Kind::kTruth, Level::kQuestion}, 1, material);
    update.value = apply(Op::kIf, {held, apply(Op::kAdd, {name(update.target), number(1)}), number(0)});
    reading = apply(Op::kGreaterEqual,
                    {name(update.target), number(static_cast<double>(base::uniform_int(rng, 2, 12)))});
  }
  c.memory.push_back({update.target, number(0), {}});
  c.round.insert(c.round.begin() + static_cast<std::ptrdiff_t>(at), std::move(update));
  Statement& reader = c.round[at + 1 < c.round.size() ? at + 1 + uniform_index(rng, c.round.size() - at - 1)
                                                      : uniform_index(rng, c.round.size())];
  if (reader.verb == Verb::kAssign || reader.verb == Verb::kLet) {
    c.round.push_back({.verb = Verb::kStop, .guard = reading});
  } else if (reader.guard.empty()) {
    reader.guard = reading;
  } else {
    reader.guard = apply(chance(rng, 0.6) ? Op::kAnd : Op::kOr, {reader.guard, reading});
  }
  return true;
}

// ---- votes

// Which operand of a vote or reduction is its set.
std::size_t set_operand(Op op) {
  const auto takes_set = [&](const Signature& s) { return s.op == op && s.operands.contains('t'); };
  const auto signature = std::find_if(signatures().begin(), signatures().end(), takes_set);
  EVOTTS_CHECK(signature != signatures().end());
  return signature->operands.rfind('t');
}

struct Ballot {
  Site site;
  std::size_t node;
};

std::vector<Ballot> ballots(const Controller& c, bool folds) {
  std::vector<Ballot> found;
  for (const Site& site : sites_of(c)) {
    if (site.section != Section::kStart && site.section != Section::kRound &&
        site.section != Section::kAnswer)
      continue;
    const Expr& e = expr_at(c, site);
    for (std::size_t i = 0; i < e.size(); ++i) {
      const Fold fold = info(e.nodes[i].op).fold;
      if (fold == Fold::kVote || (folds && fold == Fold::kReduction)) found.push_back({site, i});
    }
  }
  return found;
}

// Applies `change` to the ballots over the set of a random one: in its line alone, or in the whole
// controller.
template <typename Change>
bool change_ballots(Rng& rng, Controller& c, bool folds, Change change) {
  const std::vector<Ballot> all = ballots(c, folds);
  if (all.empty()) return false;
  const Ballot chosen = all[uniform_index(rng, all.size())];
  const auto set_of = [](const Expr& e, std::size_t node) {
    return e.extract(e.operand(node, set_operand(e.nodes[node].op)));
  };
  const Expr set = set_of(expr_at(c, chosen.site), chosen.node);
  const bool everywhere = chance(rng, 0.5);
  // From the last node of a site to the first: what stands before a change keeps its place.
  for (auto ballot = all.rbegin(); ballot != all.rend(); ++ballot) {
    const bool same_line =
        ballot->site.section == chosen.site.section && ballot->site.index == chosen.site.index;
    if (!everywhere && !same_line) continue;
    Expr& e = expr_at(c, ballot->site);
    if (set_of(e, ballot->node) == set) change(e, ballot->node);
  }
  return true;
}

bool change_electorate(Rng& rng, Controller& c, const Material& material) {
  const Expr fresh = material.sets()[uniform_index(rng, material.sets().size())];
  return change_ballots(rng, c, true, [&](Expr& e, std::size_t node) {
    e = e.replaced(e.operand(node, set_operand(e.nodes[node].op)), fresh);
  });
}

bool change_weight(Rng& rng, Controller& c, const Material& material) {
  const bool bare = chance(rng, 0.3);
  const Expr fresh = material.weights()[uniform_index(rng, material.weights().size())];
  return change_ballots(rng, c, false, [&](Expr& e, std::size_t node) {
    const std::size_t weight = set_operand(e.nodes[node].op) + 1;
    const bool has = e.nodes[node].arity > weight;
    const Span set = e.operand(node, weight - 1);
    if (has && bare) {
      const Span old = e.operand(node, weight);
      e.nodes.erase(e.nodes.begin() + static_cast<std::ptrdiff_t>(old.first),
                    e.nodes.begin() + static_cast<std::ptrdiff_t>(old.last));
      --e.nodes[node].arity;
    } else if (has) {
      e = e.replaced(e.operand(node, weight), fresh);
    } else if (!bare) {
      e.nodes.insert(e.nodes.begin() + static_cast<std::ptrdiff_t>(set.last), fresh.nodes.begin(),
                     fresh.nodes.end());
      ++e.nodes[node].arity;
    }
  });
}

// ---- the knob

// The schedule as it would be from beta = a to beta = b: stretches, narrows or shifts the whole knob.
bool scale_schedule(Rng& rng, Controller& c, const Material&) {
  if (c.schedule.empty()) return false;
  const double a = chance(rng, 0.5) ? 0 : 0.15 * base::normal(rng);
  const double b = a != 0 && chance(rng, 0.5) ? 1 : 1 + 0.2 * base::normal(rng);
  bool any = false;
  for (ScheduleEntry& entry : c.schedule) {
    const ConstantNames low_names = constant_names(c, 0), high_names = constant_names(c, 1);
    const double low = evaluate_constant(entry.value, low_names);
    const double high = evaluate_constant(entry.value, high_names);
    const bool ratio = low > 0 && high > 0 && std::max(low, high) >= 3 * std::min(low, high);
    const auto at = [&](double beta) {
      return ratio ? low * std::pow(high / low, beta) : low + (high - low) * beta;
    };
    if (const auto moved = with_ends(entry, at(a), at(b))) {
      entry = *moved;
      any = true;
    }
  }
  return any;
}

// ---- habits

bool add_some_habit(Rng& rng, Controller& c, const Material& material) {
  const auto all = all_habits(material);
  return add_habit(rng, c, all[uniform_index(rng, all.size())], material);
}

// ---- the table

struct Row {
  Mutation mutation;
  std::string_view name;
  bool (*change)(Rng&, Controller&, const Material&);  // false when it finds nothing to change
};
constexpr Row kRows[] = {
#define MUTATION(identifier, number, name, function) {Mutation::identifier, name, function},
#include "genome/variation/mutations.def"
};

const Row* row_of(Mutation mutation) {
  const auto row = std::find_if(std::begin(kRows), std::end(kRows),
                                [&](const Row& each) { return each.mutation == mutation; });
  return row == std::end(kRows) ? nullptr : row;
}

constexpr Mutation kAll[] = {
#define MUTATION(identifier, number, name, function) Mutation::identifier,
#include "genome/variation/mutations.def"
};

static_assert(
    [] {
      for (const Mutation& a : kAll) {
        for (const Mutation& b : kAll) {
          if (&a != &b && a == b) return false;
        }
      }
      return true;
    }(),
    "two mutations have the same number");

}  // namespace

std::span<const Mutation> all_mutations() { return kAll; }

std::string_view name_of(Mutation mutation) {
  const Row* row = row_of(mutation);
  return row == nullptr ? "unknown" : row->name;
}

std::optional<Controller> mutate(Rng& rng, const Controller& parent, Mutation mutation,
                                 const Material& material) {
  const Row* row = row_of(mutation);
  if (row == nullptr) return std::nullopt;
  return varied_child(parent, [&](Controller& child) { return row->change(rng, child, material); });
}

}  // namespace genome
