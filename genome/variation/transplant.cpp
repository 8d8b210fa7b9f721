#include "genome/variation/transplant.hpp"

#include <algorithm>

#include "genome/tree/sites.hpp"

namespace genome {
namespace {

template <typename Declarations>
auto find_named(Declarations& list, const std::string& name) {
  return std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
}

bool declares_let(const Statement& s, const std::string& name) {
  return s.verb == Verb::kLet && s.target == name;
}

}  // namespace

// True when the donor has the name in this role; it then is in the host too, under new_names_[name].
template <typename Declarations>
bool Transplant::declare(const Declarations& donors, Declarations& hosts, const std::string& name) {
  const auto there = find_named(donors, name);
  if (there == donors.end()) return false;
  const bool shared = find_named(hosts, name) != hosts.end();
  const std::string called = shared ? name : fresh_name(host_, name);
  new_names_[name] = called;
  if (shared) return true;
  auto copy = *there;
  copy.name = called;
  if constexpr (requires { copy.initial; })
    renamed(copy.initial);
  else
    renamed(copy.value);
  hosts.push_back(std::move(copy));
  return true;
}

void Transplant::renamed(Expr& expression) const {
  for (Node& n : expression.nodes) {
    const auto at = n.op == Op::kName ? new_names_.find(n.name) : new_names_.end();
    if (at != new_names_.end()) n.name = at->second;
  }
}

void Transplant::renamed(Statement& statement) const {
  for (const Part part : kParts) renamed(part_of(statement, part));
  if (const auto at = new_names_.find(statement.target); at != new_names_.end())
    statement.target = at->second;
}

void Transplant::bring(const Expr& value, Section section) {
  for (const Node& n : value.nodes) {
    if (n.op == Op::kName) bring_name(n.name, section);
  }
}

void Transplant::bring_name(const std::string& name, Section section) {
  if (!brought_.insert(name).second) return;
  if (const auto entry = find_named(donor_.schedule, name); entry != donor_.schedule.end()) {
    bring(entry->value, section);
    declare(donor_.schedule, host_.schedule, name);
    return;
  }
  for (const auto* list : {&donor_.memory, &donor_.branch}) {
    if (const auto slot = find_named(*list, name); slot != list->end()) bring(slot->initial, section);
  }
  const bool shared = find_named(host_.memory, name) != host_.memory.end() ||
                      find_named(host_.branch, name) != host_.branch.end();
  if (declare(donor_.memory, host_.memory, name) || declare(donor_.branch, host_.branch, name)) {
    if (shared) return;  // the host feeds it already
  }
  const auto& list = lines(section);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Statement& s = list[i];
    if (s.target != name) continue;
    if (declares_let(s, name)) new_names_[name] = fresh_name(host_, name);
    needed_.insert(i);
    for (const Part part : kParts) bring(part_of(s, part), section);
  }
}

void Transplant::statements(Section section, const std::set<std::size_t>& wanted, std::size_t position) {
  needed_ = wanted;
  const auto& list = lines(section);
  for (const std::size_t i : wanted) {
    for (const Part part : kParts) bring(part_of(list[i], part), section);
    if (!list[i].target.empty()) bring_name(list[i].target, section);
  }
  std::vector<Statement> moved;
  for (const std::size_t i : needed_) {
    moved.push_back(list[i]);
    renamed(moved.back());
  }
  auto& into = section == Section::kStart ? host_.start : host_.round;
  position = std::min(position, into.size());
  into.insert(into.begin() + static_cast<std::ptrdiff_t>(position), moved.begin(), moved.end());
}

Expr Transplant::without_lets(Expr value, Section section) const {
  const auto& list = lines(section);
  for (std::size_t i = 0; i < value.size() && value.size() < kLimits.nodes;) {
    const Node& n = value.nodes[i];
    const auto let = n.op == Op::kName
                         ? std::find_if(list.begin(), list.end(),
                                        [&](const Statement& s) { return declares_let(s, n.name); })
                         : list.end();
    if (let == list.end())
      ++i;
    else
      value = value.replaced({i, i + 1}, let->value);  // looked at again: it may mention other lets
  }
  return value;
}

Expr Transplant::expression(const Expr& value, Section section) {
  const bool in_lines = section == Section::kStart || section == Section::kRound;
  Expr moved = in_lines ? without_lets(value, section) : value;
  needed_.clear();
  bring(moved, Section::kRound);
  renamed(moved);
  // Registers that came along are fed by the donor's lines, at the top of the host's round.
  std::vector<Statement> feeding;
  for (const std::size_t i : needed_) {
    feeding.push_back(donor_.round[i]);
    renamed(feeding.back());
  }
  host_.round.insert(host_.round.begin(), feeding.begin(), feeding.end());
  return moved;
}

}  // namespace genome
