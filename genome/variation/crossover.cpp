#include "genome/variation/crossover.hpp"

#include <algorithm>

#include "genome/tree/sites.hpp"
#include "genome/variation/transplant.hpp"
#include "genome/variation/varied_child.hpp"

namespace genome {
namespace {

using base::chance;
using base::Rng;
using base::uniform_index;

constexpr Crossover kAll[] = {Crossover::kSchedule, Crossover::kSection, Crossover::kStatement,
                              Crossover::kSubtree};

bool cross_schedules(Rng& rng, Controller& child, const Controller& father) {
  bool any = false;
  for (ScheduleEntry& entry : child.schedule) {
    const auto other = std::find_if(father.schedule.begin(), father.schedule.end(),
                                    [&](const auto& each) { return each.name == entry.name; });
    if (other == father.schedule.end() || chance(rng, 0.5)) continue;
    entry.direction = other->direction;
    entry.value = other->value;
    any = true;
  }
  return any;
}

bool take_section(Rng& rng, Controller& child, const Controller& father) {
  Transplant graft(father, child);
  const auto all_of = [](const std::vector<Statement>& list) {
    std::set<std::size_t> indices;
    for (std::size_t i = 0; i < list.size(); ++i) indices.insert(i);
    return indices;
  };
  switch (uniform_index(rng, 3)) {
    case 0:
      child.start.clear();
      graft.statements(Section::kStart, all_of(father.start), 0);
      return true;
    case 1:
      child.round.clear();
      graft.statements(Section::kRound, all_of(father.round), 0);
      return true;
    default: {
      std::vector<Expr> answer;
      for (const Expr& line : father.answer) answer.push_back(graft.expression(line, Section::kAnswer));
      child.answer = std::move(answer);
      return true;
    }
  }
}

bool take_statement(Rng& rng, Controller& child, const Controller& father) {
  if (father.round.empty()) return false;
  const std::size_t wanted = uniform_index(rng, father.round.size());
  const std::size_t position = uniform_index(rng, child.round.size() + 1);
  // Often in place of a statement of the same kind, so that children do not only grow.
  const Verb verb = father.round[wanted].verb;
  if (chance(rng, 0.5)) {
    const auto same = std::find_if(child.round.begin(), child.round.end(), [&](const Statement& s) {
      return s.verb == verb && s.verb != Verb::kLet && s.verb != Verb::kAssign;
    });
    if (same != child.round.end()) {
      const auto at = static_cast<std::size_t>(same - child.round.begin());
      child.round.erase(same);
      Transplant(father, child).statements(Section::kRound, {wanted}, at);
      return true;
    }
  }
  Transplant(father, child).statements(Section::kRound, {wanted}, position);
  return true;
}

bool take_subtree(Rng& rng, Controller& child, const Controller& father) {
  const auto acting = [](const Controller& c) {
    std::vector<Site> sites = sites_of(c);
    std::erase_if(sites, [](const Site& s) {
      return s.section == Section::kSchedule || s.section == Section::kMemory ||
             s.section == Section::kBranch;
    });
    return sites;
  };
  const std::vector<Site> here = acting(child), there = acting(father);
  if (here.empty() || there.empty()) return false;
  const Site from = there[uniform_index(rng, there.size())];
  const Scopes father_scopes(father);
  const Expr& source = expr_at(father, from);
  const std::size_t source_node = uniform_index(rng, source.size());
  const Type type = infer(source, scope_at(father_scopes, from)).types[source_node];

  struct Place {
    Site site;
    std::size_t node;
  };
  std::vector<Place> places;
  const Scopes scopes(child);
  for (const Site& site : here) {
    const Typing typing = infer(expr_at(child, site), scope_at(scopes, site));
    for (std::size_t i = 0; i < typing.types.size(); ++i) {
      const Level most = i == 0 ? site.wanted.level : std::max(typing.types[i].level, Level::kQuestion);
      if (typing.types[i].kind == type.kind && type.level <= most) places.push_back({site, i});
    }
  }
  if (places.empty()) return false;
  const Place place = places[uniform_index(rng, places.size())];
  const std::size_t lines = child.round.size();
  const Expr part =
      Transplant(father, child).expression(source.extract(source.subtree(source_node)), from.section);
  Site site = place.site;
  if (site.section == Section::kRound)
    site.index += child.round.size() - lines;  // feeding lines came in at the top
  Expr& e = expr_at(child, site);
  e = e.replaced(e.subtree(place.node), part);
  return true;
}

bool combine(Rng& rng, Controller& child, const Controller& father, Crossover crossover) {
  switch (crossover) {
    case Crossover::kSchedule: return cross_schedules(rng, child, father);
    case Crossover::kSection: return take_section(rng, child, father);
    case Crossover::kStatement: return take_statement(rng, child, father);
    case Crossover::kSubtree: return take_subtree(rng, child, father);
  }
  return false;
}

}  // namespace

std::span<const Crossover> all_crossovers() { return kAll; }

std::string_view name_of(Crossover crossover) {
  switch (crossover) {
    case Crossover::kSchedule: return "cross_schedule";
    case Crossover::kSection: return "cross_section";
    case Crossover::kStatement: return "cross_statement";
    case Crossover::kSubtree: return "cross_subtree";
  }
  return "unknown";
}

std::optional<Controller> cross(Rng& rng, const Controller& mother, const Controller& father,
                                Crossover crossover) {
  return varied_child(mother, [&](Controller& child) { return combine(rng, child, father, crossover); });
}

}  // namespace genome
