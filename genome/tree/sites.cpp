#include "genome/tree/sites.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "genome/base/check.hpp"

namespace genome {
namespace {

Type wanted_by(const Statement& s, Part part, const Scope& scope, const Scope& after) {
  constexpr Type kOne{Kind::kNumber, Level::kQuestion}, kEach{Kind::kNumber, Level::kBranch},
      kSet{Kind::kTruth, Level::kBranch};
  switch (part) {
    case Part::kSet: return kSet;
    case Part::kOrder: return kEach;
    case Part::kKeep: return kOne;
    case Part::kGuard: return {Kind::kTruth, Level::kQuestion};
    case Part::kValue: break;
  }
  if (s.verb == Verb::kAssign) {
    const Symbol* target = scope.find(s.target);
    return target == nullptr ? Type{} : target->type;
  }
  if (s.verb == Verb::kLet) {
    // Later lines rely on the level a let has, so a constant or question value must not become a branch's.
    const Symbol* self = after.find(s.target);
    return self == nullptr ? Type{} : self->type;
  }
  return s.verb == Verb::kOpen || s.verb == Verb::kRead ? kOne : kEach;
}

template <typename Visit>
void for_each_expr(Controller& c, Visit visit) {
  for (auto& entry : c.schedule) visit(entry.value);
  for (auto* list : {&c.memory, &c.branch}) {
    for (auto& slot : *list) visit(slot.initial);
  }
  for (auto* list : {&c.start, &c.round}) {
    for (auto& s : *list) {
      for (const Part part : kParts) visit(part_of(s, part));
    }
  }
  for (auto& line : c.answer) visit(line);
}

}  // namespace

const Expr& part_of(const Statement& s, Part part) {
  switch (part) {
    case Part::kValue: return s.value;
    case Part::kSet: return s.set;
    case Part::kOrder: return s.order;
    case Part::kKeep: return s.keep;
    case Part::kGuard: break;
  }
  return s.guard;
}

Expr& part_of(Statement& s, Part part) { return const_cast<Expr&>(part_of(std::as_const(s), part)); }

std::vector<Site> sites_of(const Controller& c) {
  const Scopes scopes(c);
  std::vector<Site> sites;
  for (std::size_t i = 0; i < c.schedule.size(); ++i)
    sites.push_back({Section::kSchedule, i, Part::kValue, {Kind::kNumber, Level::kConstant}});
  const auto registers = [&](const std::vector<Register>& list, Section section) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      sites.push_back(
          {section, i, Part::kValue, {scopes.for_answer().find(list[i].name)->type.kind, Level::kConstant}});
    }
  };
  registers(c.memory, Section::kMemory);
  registers(c.branch, Section::kBranch);
  const auto statements = [&](const std::vector<Statement>& list, Section section) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const bool start = section == Section::kStart;
      const Scope& scope = start ? scopes.in_start(i) : scopes.in_round(i);
      const Scope& after = start ? scopes.in_start(i + 1) : scopes.in_round(i + 1);
      for (const Part part : kParts) {
        if (!part_of(list[i], part).empty())
          sites.push_back({section, i, part, wanted_by(list[i], part, scope, after)});
      }
    }
  };
  statements(c.start, Section::kStart);
  statements(c.round, Section::kRound);
  for (std::size_t i = 0; i < c.answer.size(); ++i)
    sites.push_back({Section::kAnswer, i, Part::kValue, {Kind::kAnswer, Level::kQuestion}});
  return sites;
}

const Expr& expr_at(const Controller& c, const Site& site) {
  switch (site.section) {
    case Section::kSchedule: return c.schedule[site.index].value;
    case Section::kMemory: return c.memory[site.index].initial;
    case Section::kBranch: return c.branch[site.index].initial;
    case Section::kStart: return part_of(c.start[site.index], site.part);
    case Section::kRound: return part_of(c.round[site.index], site.part);
    default: return c.answer[site.index];
  }
}

Expr& expr_at(Controller& c, const Site& site) { return const_cast<Expr&>(expr_at(std::as_const(c), site)); }

const Scope& scope_at(const Scopes& scopes, const Site& site) {
  switch (site.section) {
    case Section::kSchedule: return scopes.for_schedule(site.index);
    case Section::kMemory:
    case Section::kBranch: return scopes.for_registers();
    case Section::kStart: return scopes.in_start(site.index);
    case Section::kRound: return scopes.in_round(site.index);
    default: return scopes.for_answer();
  }
}

std::vector<std::string> declared_names(const Controller& c) {
  std::vector<std::string> names;
  for (const ScheduleEntry& entry : c.schedule) names.push_back(entry.name);
  for (const auto* registers : {&c.memory, &c.branch}) {
    for (const Register& r : *registers) names.push_back(r.name);
  }
  for (const auto* lines : {&c.start, &c.round}) {
    for (const Statement& s : *lines) {
      if (s.verb == Verb::kLet) names.push_back(s.target);
    }
  }
  return names;
}

std::vector<std::string> signals_of(const Controller& c) {
  std::set<std::string> names;
  const auto visit = [&](const Expr& e) {
    for (const Node& n : e.nodes) {
      if (is_signal(n.op)) names.insert(n.name);
    }
  };
  for (const auto* list : {&c.start, &c.round}) {
    for (const Statement& s : *list) {
      for (const Part part : kParts) visit(part_of(s, part));
    }
  }
  for (const Expr& line : c.answer) visit(line);
  return {names.begin(), names.end()};
}

std::string fresh_name(const Controller& c, std::string_view stem) {
  const std::vector<std::string> taken = declared_names(c);
  const auto is_taken = [&](const std::string& word) {
    return is_reserved(word) || std::find(taken.begin(), taken.end(), word) != taken.end();
  };
  std::string name(stem);
  for (int i = 2; is_taken(name); ++i) name = fmt::format("{}{}", stem, i);
  return name;
}

void rename(Expr& expression, const std::string& from, const std::string& to) {
  for (Node& n : expression.nodes) {
    if (n.op == Op::kName && n.name == from) n.name = to;
  }
}

void rename(Controller& c, const std::string& from, const std::string& to) {
  for_each_expr(c, [&](Expr& e) { rename(e, from, to); });
  const auto declared = [&](std::string& name) {
    if (name == from) name = to;
  };
  for (auto& entry : c.schedule) declared(entry.name);
  for (auto* list : {&c.memory, &c.branch}) {
    for (auto& slot : *list) declared(slot.name);
  }
  for (auto* list : {&c.start, &c.round}) {
    for (auto& s : *list) declared(s.target);
  }
}

bool is_read(const Controller& controller, const std::string& name) {
  bool found = false;
  const auto look = [&](const Expr& e) {
    found = found || std::any_of(e.nodes.begin(), e.nodes.end(),
                                 [&](const Node& n) { return n.op == Op::kName && n.name == name; });
  };
  for (const auto& entry : controller.schedule) look(entry.value);
  for (const auto* list : {&controller.memory, &controller.branch}) {
    for (const auto& slot : *list) look(slot.initial);
  }
  for (const auto* list : {&controller.start, &controller.round}) {
    for (const auto& s : *list) {
      // An assignment that only feeds the register it sets keeps nothing alive.
      if (s.verb == Verb::kAssign && s.target == name) continue;
      for (const Part part : kParts) look(part_of(s, part));
    }
  }
  for (const auto& line : controller.answer) look(line);
  return found;
}

void drop_unused(Controller& c) {
  for (bool dropped = true; dropped;) {
    dropped = false;
    const std::vector<std::string> declared = declared_names(c);
    for (const std::string& name : std::set<std::string>(declared.begin(), declared.end())) {
      if (is_read(c, name)) continue;
      const auto sets = [&](const Statement& s) { return s.target == name; };
      std::erase_if(c.schedule, [&](const auto& entry) { return entry.name == name; });
      std::erase_if(c.memory, [&](const auto& slot) { return slot.name == name; });
      std::erase_if(c.branch, [&](const auto& slot) { return slot.name == name; });
      std::erase_if(c.start, sets);
      std::erase_if(c.round, sets);
      dropped = true;
    }
  }
}

}  // namespace genome
