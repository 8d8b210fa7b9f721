#include "genome/comparison/dependence.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "genome/tree/scopes.hpp"
#include "genome/tree/sites.hpp"

namespace genome {
namespace {

// What a line reads and writes. The episode is all that actions change: branches opened, what they revealed,
// tokens spent. Which branches there are is part of it, so whatever is of the branch reads it.
struct Effects {
  std::set<std::string> reads, writes;
  bool reads_episode = false, writes_episode = false;
  bool stops = false;
};

// Whether an observed value stays the same during a round.
bool is_steady(const std::string& name) {
  const Observed* observed = observed_named(name);
  return observed != nullptr && observed->varies <= Varies::kEachRound;
}

void read(const Expr& e, const Scope& scope, Effects& effects) {
  for (const Node& node : e.nodes) {
    effects.reads_episode = effects.reads_episode || info(node.op).fold != Fold::kNever || is_signal(node.op);
    if (node.op != Op::kName) continue;
    const Symbol* symbol = scope.find(node.name);
    if (symbol == nullptr || symbol->origin == Origin::kSchedule) continue;
    if (symbol->type.level == Level::kBranch) effects.reads_episode = true;
    if (symbol->origin != Origin::kObserved)
      effects.reads.insert(node.name);
    else if (!is_steady(node.name))
      effects.reads_episode = true;
  }
}

Effects effects_of(const Statement& s, const Scope& scope) {
  Effects effects;
  for (const Part part : kParts) read(part_of(s, part), scope, effects);
  switch (s.verb) {
    case Verb::kLet: effects.writes.insert(s.target); break;
    case Verb::kAssign: {
      effects.writes.insert(s.target);
      const Symbol* symbol = scope.find(s.target);
      if (symbol == nullptr || symbol->type.level == Level::kBranch) effects.reads_episode = true;
      break;
    }
    case Verb::kStop: effects.stops = true; break;
    default: effects.reads_episode = effects.writes_episode = true; break;
  }
  return effects;
}

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
}

// What stays when the episode stops: actions, and registers, which answers may read. Lets do not.
bool lasts(const Statement& s) { return s.verb != Verb::kLet && s.verb != Verb::kStop; }

}  // namespace

Dependence::Dependence(const Controller& controller, Section section) {
  const Scopes scopes(controller);
  const bool start = section == Section::kStart;
  const std::vector<Statement>& lines = start ? controller.start : controller.round;
  std::vector<Effects> all;
  for (std::size_t i = 0; i < lines.size(); ++i)
    all.push_back(effects_of(lines[i], start ? scopes.in_start(i) : scopes.in_round(i)));
  earlier_.resize(lines.size());
  for (std::size_t later = 0; later < lines.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const Effects &a = all[earlier], &b = all[later];
      const bool names = meet(a.writes, b.reads) || meet(a.writes, b.writes) || meet(a.reads, b.writes);
      const bool episode = (a.writes_episode && b.reads_episode) || (a.reads_episode && b.writes_episode);
      const bool stop = (a.stops && lasts(lines[later])) || (lasts(lines[earlier]) && b.stops);
      earlier_[later].push_back(names || episode || stop);
    }
  }
}

std::vector<std::size_t> Dependence::order(const std::function<bool(std::size_t, std::size_t)>& first) const {
  std::vector<std::size_t> left(lines());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  std::vector<std::size_t> ordered;
  while (!left.empty()) {
    std::size_t best = left.size();
    for (std::size_t k = 0; k < left.size(); ++k) {
      const bool waits = std::any_of(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(k),
                                     [&](std::size_t earlier) { return on(left[k], earlier); });
      if (!waits && (best == left.size() || first(left[k], left[best]))) best = k;
    }
    ordered.push_back(left[best]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return ordered;
}

}  // namespace genome
