#include "genome/comparison/renaming.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "genome/text/printer.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/sites.hpp"

namespace genome {
namespace {

// Below this share of lines in common two names are rather two things.
constexpr double kLeastCommon = 0.4;

enum class Role { kSchedule, kMemory, kBranch, kStartLet, kRoundLet };

struct Declared {
  std::string name;
  Role role = Role::kSchedule;
  Kind kind = Kind::kNumber;
};

std::vector<Declared> declared_in(const Controller& c) {
  const Scopes scopes(c);
  std::vector<Declared> all;
  const auto kind_in = [](const Scope& scope, const std::string& name) {
    return scope.find(name)->type.kind;
  };
  for (const auto& e : c.schedule) all.push_back({e.name, Role::kSchedule, Kind::kNumber});
  for (const auto& r : c.memory) all.push_back({r.name, Role::kMemory, kind_in(scopes.for_answer(), r.name)});
  for (const auto& r : c.branch) all.push_back({r.name, Role::kBranch, kind_in(scopes.for_answer(), r.name)});
  for (const Statement& s : c.start) {
    if (s.verb == Verb::kLet)
      all.push_back({s.target, Role::kStartLet, kind_in(scopes.in_start(c.start.size()), s.target)});
  }
  for (const Statement& s : c.round) {
    if (s.verb == Verb::kLet)
      all.push_back({s.target, Role::kRoundLet, kind_in(scopes.in_round(c.round.size()), s.target)});
  }
  return all;
}

// The lines a name stands in, with the name itself marked and all other names masked, so that they compare
// however those are called.
class Profiles {
 public:
  explicit Profiles(const Controller& c) : c_(c) {
    for (const Declared& d : declared_in(c)) names_.insert(d.name);
  }

  std::multiset<std::string> of(const std::string& self) const {
    std::multiset<std::string> lines;
    const auto add = [&](std::string_view where, const std::string& target, const Expr& value) {
      if (target == self || mentions(value, self))
        lines.insert(std::string(where) + masked(target, self) + " = " + print(masked(value, self)));
    };
    for (const ScheduleEntry& e : c_.schedule) add("schedule ", e.name, e.value);
    // Not a register's own initial value: most begin with 0.
    for (const auto* registers : {&c_.memory, &c_.branch}) {
      for (const Register& r : *registers) add("register ", "", r.initial);
    }
    for (const Expr& line : c_.answer) add("answer ", "", line);
    for (const auto* section : {&c_.start, &c_.round}) {
      for (Statement s : *section) {
        bool found = s.target == self;
        s.target = masked(s.target, self);
        for (const Part part : kParts) {
          found = found || mentions(part_of(s, part), self);
          part_of(s, part) = masked(part_of(s, part), self);
        }
        if (found) lines.insert((section == &c_.start ? "start " : "round ") + print(s));
      }
    }
    return lines;
  }

 private:
  static bool mentions(const Expr& e, const std::string& self) {
    return std::any_of(e.nodes.begin(), e.nodes.end(),
                       [&](const Node& n) { return n.op == Op::kName && n.name == self; });
  }
  std::string masked(const std::string& name, const std::string& self) const {
    return name == self ? "#self" : names_.contains(name) ? "#other" : name;
  }
  Expr masked(Expr e, const std::string& self) const {
    for (Node& n : e.nodes) {
      if (n.op == Op::kName) n.name = masked(n.name, self);
    }
    return e;
  }

  const Controller& c_;
  std::set<std::string> names_;
};

double overlap(const std::multiset<std::string>& a, const std::multiset<std::string>& b) {
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  const std::size_t most = std::max(a.size(), b.size());
  return most == 0 ? 0 : static_cast<double>(both.size()) / static_cast<double>(most);
}

// The names of `all` that `others` does not have in the same role.
std::vector<Declared> only_in(const std::vector<Declared>& all, const std::vector<Declared>& others) {
  std::vector<Declared> left;
  for (const Declared& d : all) {
    const bool there = std::any_of(others.begin(), others.end(),
                                   [&](const Declared& o) { return o.name == d.name && o.role == d.role; });
    if (!there) left.push_back(d);
  }
  return left;
}

std::size_t declarations(const std::vector<Declared>& all, const std::string& name) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Declared& d) { return d.name == name; }));
}

}  // namespace

std::vector<Renaming> renamings(const Controller& a, const Controller& b) {
  const std::vector<Declared> all_a = declared_in(a), all_b = declared_in(b);
  const std::vector<Declared> old_names = only_in(all_a, all_b), new_names = only_in(all_b, all_a);
  const Profiles profiles_a(a), profiles_b(b);
  // By falling overlap; then in the order of the texts.
  std::vector<std::tuple<double, std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < old_names.size(); ++i) {
    for (std::size_t j = 0; j < new_names.size(); ++j) {
      const bool fits = old_names[i].role == new_names[j].role && old_names[i].kind == new_names[j].kind &&
                        declarations(all_b, new_names[j].name) == 1 &&
                        declarations(all_b, old_names[i].name) == 0;
      if (!fits) continue;
      const double common = overlap(profiles_a.of(old_names[i].name), profiles_b.of(new_names[j].name));
      if (common >= kLeastCommon) pairs.emplace_back(-common, i, j);
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::set<std::size_t> used_a, used_b;
  std::vector<Renaming> found;
  for (const auto& [common, i, j] : pairs) {
    if (used_a.contains(i) || used_b.contains(j)) continue;
    used_a.insert(i);
    used_b.insert(j);
    found.push_back({old_names[i].name, new_names[j].name});
  }
  return found;
}

}  // namespace genome
