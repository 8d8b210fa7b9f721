// How a normal form is found. Two controllers are alike when renaming what one declares, and moving lines
// that do not depend on each other, makes it the other. Both freedoms are used up in one agreed way:
//   1. Names get colours. A colour is a hash of all lines a name stands in, where other names are replaced
//      by their colours of the turn before. After some turns it tells what the name is for, whatever it is
//      called. (Colour refinement, as for graphs.)
//   2. Lines are put in the order of their hashes under those colours, as far as their dependence allows.
//   3. The lines in that order mention the names in some order. Names are numbered by it, and the
//      declarations are sorted by it.
// Names of one colour may come in either order. Then controllers that are alike may seem different, never
// the reverse.
#include "genome/comparison/equivalence.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genome/base/rng.hpp"
#include "genome/comparison/dependence.hpp"
#include "genome/tree/sites.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

using Hash = std::uint64_t;
// By declared name; a name that is not here is a word of the language.
using Colours = std::map<std::string, Hash, std::less<>>;

// Enough for what a name means to reach the names that depend on it through a chain of lines.
constexpr int kRefinements = 16;

Hash joined(Hash a, Hash b) { return base::Rng::scramble(a * 0x9E3779B97F4A7C15ULL + b + 1); }
Hash hash_of(std::string_view text) {
  Hash h = text.size();
  for (const char c : text) h = joined(h, static_cast<unsigned char>(c));
  return h;
}

// Lets of the two sections may share their names without sharing anything else.
void separate_lets(Controller& c) {
  std::set<std::string> of_start;
  for (const Statement& s : c.start) {
    if (s.verb == Verb::kLet) of_start.insert(s.target);
  }
  for (std::size_t i = 0; i < c.round.size(); ++i) {
    if (c.round[i].verb != Verb::kLet || !of_start.contains(c.round[i].target)) continue;
    const std::string old = c.round[i].target, fresh = fresh_name(c, old);
    for (Statement& s : c.round) {
      for (const Part part : kParts) rename(part_of(s, part), old, fresh);
      if (s.target == old) s.target = fresh;
    }
  }
}

// ---- colours: what a name means, whatever it is called

class Painter {
 public:
  Painter(const Controller& c, const Colours& colours, std::string_view self = {})
      : c_(c), colours_(colours), self_(self) {}

  Hash of(const Statement& s) const {
    Hash h = joined(hash_of("line"), static_cast<Hash>(s.verb));
    h = joined(h, s.target.empty() ? 0 : of_name(s.target));
    for (const Part part : kParts) h = joined(h, of(part_of(s, part)));
    return h;
  }

  // Every line of the controller, in an order that does not depend on names, kept apart by section.
  std::vector<Hash> lines() const {
    std::vector<Hash> all;
    for (const ScheduleEntry& e : c_.schedule) all.push_back(of(e));
    for (const Register& r : c_.memory) all.push_back(of(r, "memory"));
    for (const Register& r : c_.branch) all.push_back(of(r, "branch"));
    for (const Statement& s : c_.start) all.push_back(joined(hash_of("start"), of(s)));
    for (const Statement& s : c_.round) all.push_back(joined(hash_of("round"), of(s)));
    for (std::size_t i = 0; i < c_.answer.size(); ++i)
      all.push_back(joined(hash_of("answer") + i, of(c_.answer[i])));
    return all;
  }

 private:
  Hash of_name(const std::string& name) const {
    if (!self_.empty() && name == self_) return hash_of("itself");
    const auto colour = colours_.find(name);
    return colour == colours_.end() ? hash_of(name) : colour->second;
  }
  Hash of(const Expr& e) const {
    Hash h = joined(hash_of("expression"), e.size());
    for (const Node& n : e.nodes) {
      h = joined(h, static_cast<Hash>(n.op));
      if (n.op == Op::kNumber) h = joined(h, std::bit_cast<Hash>(n.number));
      if (n.op == Op::kName) h = joined(h, of_name(n.name));
      if (is_signal(n.op)) h = joined(h, hash_of(n.name));
    }
    return h;
  }
  Hash of(const ScheduleEntry& e) const {
    return joined(joined(hash_of("schedule"), of_name(e.name)),
                  joined(static_cast<Hash>(e.direction), of(e.value)));
  }
  Hash of(const Register& r, std::string_view kind) const {
    return joined(joined(hash_of(kind), of_name(r.name)), of(r.initial));
  }

  const Controller& c_;
  const Colours& colours_;
  std::string_view self_;
};

// Colour refinement, as for graphs: a name's colour sums up the lines it stands in, with itself marked and
// the other names replaced by their colours. The sum does not depend on the order of the lines.
Colours colours_of(const Controller& c) {
  const std::vector<std::string> names = declared_names(c);
  Colours colours;
  for (const std::string& name : names) colours[name] = 1;
  for (int i = 0; i < kRefinements; ++i) {
    const std::vector<Hash> plain = Painter(c, colours).lines();
    Colours next;
    for (const std::string& name : names) {
      const std::vector<Hash> marked = Painter(c, colours, name).lines();
      Hash sum = 0;
      for (std::size_t line = 0; line < marked.size(); ++line) {
        if (marked[line] != plain[line]) sum += base::Rng::scramble(marked[line]);
      }
      next[name] = joined(colours[name], sum);
    }
    colours = std::move(next);
  }
  return colours;
}

// ---- the canonical order

void order_lines(Controller& c, Section section, const Colours& colours) {
  std::vector<Statement>& lines = section == Section::kStart ? c.start : c.round;
  const Painter painter(c, colours);
  std::vector<Hash> keys;
  for (const Statement& s : lines) keys.push_back(painter.of(s));
  const std::vector<std::size_t> order =
      Dependence(c, section).order([&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  std::vector<Statement> ordered;
  for (const std::size_t i : order) ordered.push_back(lines[i]);
  lines = std::move(ordered);
}

// Names in the order in which the ordered text mentions them.
class Namer {
 public:
  explicit Namer(const Controller& c) {
    for (const ScheduleEntry& e : c.schedule) stems_[e.name] = 's';
    for (const Register& r : c.memory) stems_[r.name] = 'm';
    for (const Register& r : c.branch) stems_[r.name] = 'b';
    for (const auto* lines : {&c.start, &c.round}) {
      for (const Statement& s : *lines) {
        if (s.verb == Verb::kLet) stems_[s.target] = 'l';
      }
    }
    for (const auto* lines : {&c.start, &c.round}) {
      for (const Statement& s : *lines) {
        meet(s.target);
        for (const Part part : kParts) meet(part_of(s, part));
      }
    }
    for (const Expr& line : c.answer) meet(line);
    // What only declarations mention; they are walked from those mentioned first.
    for (std::size_t i = 0; i < met_.size(); ++i) {
      const std::string name = met_[i];
      for (const auto* registers : {&c.memory, &c.branch}) {
        for (const Register& r : *registers) {
          if (r.name == name) meet(r.initial);
        }
      }
      for (const ScheduleEntry& e : c.schedule) {
        if (e.name == name) meet(e.value);
      }
    }
    for (const std::string& name : declared_names(c)) meet(name);
  }

  // Its place among the names that the text mentions.
  std::size_t place(const std::string& name) const {
    return static_cast<std::size_t>(std::find(met_.begin(), met_.end(), name) - met_.begin());
  }
  void rename_all(Controller& c) const {
    // Through names that no controller has, since an old name may be another's new one.
    std::map<char, int> counts;
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& name : met_) {
      const char stem = stems_.find(name)->second;
      pairs.emplace_back(name, fmt::format("{}{}", stem, ++counts[stem]));
    }
    for (const auto& [from, to] : pairs) rename(c, from, "#" + to);
    for (const auto& [from, to] : pairs) rename(c, "#" + to, to);
  }

 private:
  void meet(const std::string& name) {
    if (stems_.contains(name) && std::find(met_.begin(), met_.end(), name) == met_.end())
      met_.push_back(name);
  }
  void meet(const Expr& e) {
    for (const Node& n : e.nodes) {
      if (n.op == Op::kName) meet(n.name);
    }
  }

  std::map<std::string, char> stems_;  // by declared name
  std::vector<std::string> met_;
};

// An entry may mention those above it only; of those that may come next, the one mentioned first by the text.
void order_schedule(Controller& c, const Namer& namer) {
  std::vector<ScheduleEntry> left = std::move(c.schedule), ordered;
  const auto mentions = [](const ScheduleEntry& e, const std::string& name) {
    return std::any_of(e.value.nodes.begin(), e.value.nodes.end(),
                       [&](const Node& n) { return n.op == Op::kName && n.name == name; });
  };
  while (!left.empty()) {
    auto best = left.end();
    for (auto e = left.begin(); e != left.end(); ++e) {
      const bool waits = std::any_of(left.begin(), left.end(),
                                     [&](const ScheduleEntry& other) { return mentions(*e, other.name); });
      if (!waits && (best == left.end() || namer.place(e->name) < namer.place(best->name))) best = e;
    }
    ordered.push_back(std::move(*best));
    left.erase(best);
  }
  c.schedule = std::move(ordered);
}

void order_registers(std::vector<Register>& registers, const Namer& namer) {
  std::stable_sort(registers.begin(), registers.end(), [&](const Register& a, const Register& b) {
    return namer.place(a.name) < namer.place(b.name);
  });
}

}  // namespace

Controller normal_form(const Controller& controller) {
  Controller c = controller;
  c.name = "normal_form";
  separate_lets(c);
  drop_unused(c);
  const Colours colours = colours_of(c);
  order_lines(c, Section::kStart, colours);
  order_lines(c, Section::kRound, colours);
  const Namer namer(c);
  order_schedule(c, namer);
  order_registers(c.memory, namer);
  order_registers(c.branch, namer);
  namer.rename_all(c);
  return c;
}

bool equivalent(const Controller& a, const Controller& b) { return normal_form(a) == normal_form(b); }

}  // namespace genome
