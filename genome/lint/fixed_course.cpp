#include "genome/lint/fixed_course.hpp"

#include <algorithm>
#include <cmath>

#include "genome/tree/typing.hpp"

namespace genome {
namespace {

constexpr double kUncounted = 1e6;  // branches from which on nobody cares how many there are

bool opens(const Statement& s) { return s.verb == Verb::kOpen || s.verb == Verb::kRead; }

bool has(const std::vector<Statement>& statements, Verb verb) {
  return std::ranges::any_of(statements, [&](const Statement& s) { return s.verb == verb; });
}

bool is_assigned(const Controller& c, std::string_view name) {
  for (const auto* section : {&c.start, &c.round}) {
    for (const Statement& s : *section) {
      if (s.verb == Verb::kAssign && s.target == name) return true;
    }
  }
  return false;
}

// Where every branch is read to its end, those that have finished are those that were opened.
Expr with_opened(Expr e) {
  for (std::size_t i = 0; i + 1 < e.size(); ++i) {
    const bool counts = e.nodes[i].op == Op::kCount && e.nodes[i + 1].op == Op::kName;
    if (counts && e.nodes[i + 1].name == "finished") e = e.replaced(e.subtree(i), name("opened"));
  }
  return e;
}

// Whether the value of the operation is that of its operands, whatever the branches do.
bool is_of_operands(Op op) {
  if (op == Op::kError || op == Op::kNone || op == Op::kAgo || op == Op::kExists || op == Op::kBlank ||
      is_signal(op))
    return false;
  return info(op).fold != Fold::kReduction && info(op).fold != Fold::kVote;
}

double asked(const Statement& s, const ConstantNames& names) {
  return std::max(0.0, std::floor(evaluate_constant(s.value, names)));
}

bool holds(const Statement& s, const ConstantNames& names) {
  return s.guard.empty() || evaluate_constant(s.guard, names) != 0;
}

}  // namespace

FixedCourse::FixedCourse(const Controller& c, const ConstantNames& constants)
    : scopes_(c), rounds_(c.rounds), names_(constants) {
  for (const Register& r : c.memory) {
    if (!is_assigned(c, r.name)) names_[r.name] = evaluate_constant(r.initial, constants);
  }
  Controller only_read = c;
  if (!has(c.start, Verb::kOpen) && !has(c.round, Verb::kOpen)) {
    for (auto* section : {&only_read.start, &only_read.round}) {
      for (Statement& s : *section) s.value = with_opened(s.value), s.guard = with_opened(s.guard);
    }
  }
  start_ = part_of(only_read.start, Section::kStart);
  round_ = part_of(only_read.round, Section::kRound);
}

FixedCourse::Part FixedCourse::part_of(const std::vector<Statement>& statements, Section section) const {
  Part part{.statements = statements, .steps = {}, .known = {}, .of_opened = {}};
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& s = statements[i];
    if (s.verb != Verb::kLet || !s.guard.empty() || !knows(part, section, i, s.value)) continue;
    part.known.insert(s.target);
    if (reads_opened(part, s.value)) part.of_opened.insert(s.target);
  }
  part.steps = steps_of(part);
  return part;
}

std::vector<std::size_t> FixedCourse::steps_of(const Part& part) {
  std::vector<std::size_t> steps;
  Words read;
  for (std::size_t i = part.statements.size(); i-- > 0;) {
    const Statement& s = part.statements[i];
    const bool acts = opens(s) || s.verb == Verb::kStop;
    if (!acts && !(s.verb == Verb::kLet && part.known.contains(s.target) && read.contains(s.target)))
      continue;
    for (const Expr* e : {&s.value, &s.guard}) {
      for (const Node& n : e->nodes) {
        if (n.op == Op::kName) read.insert(n.name);
      }
    }
    steps.push_back(i);
  }
  std::ranges::reverse(steps);
  return steps;
}

bool FixedCourse::knows(const Part& part, Section section, std::size_t at, const Expr& e) const {
  if (e.empty()) return true;
  const Scope& scope = section == Section::kStart ? scopes_.in_start(at) : scopes_.in_round(at);
  const std::vector<Type> types = infer(e, scope, 0).types;
  for (std::size_t i = 0; i < e.size(); ++i) {
    const Node& n = e.nodes[i];
    if (n.op == Op::kName) {
      const bool observed = n.name == "round" || n.name == "opened";
      if (!observed && !names_.contains(n.name) && !part.known.contains(n.name)) return false;
      continue;
    }
    if (!is_of_operands(n.op)) return false;
    // min(number, set), where the set is all branches or none of them.
    const bool smallest = n.op == Op::kMin || n.op == Op::kMax;
    if (smallest && types[e.operand(i, 1).first].kind == Kind::kTruth) return false;
  }
  return true;
}

bool FixedCourse::knows(const Part& part, Section section, std::size_t at) const {
  const Statement& s = part.statements[at];
  return knows(part, section, at, s.value) && knows(part, section, at, s.guard);
}

bool FixedCourse::reads_opened(const Part& part, const Expr& e) {
  return std::ranges::any_of(e.nodes, [&](const Node& n) {
    return n.op == Op::kName && (n.name == "opened" || part.of_opened.contains(n.name));
  });
}

bool FixedCourse::foresees(std::size_t statement) const { return knows(round_, Section::kRound, statement); }

bool FixedCourse::foresees_count(Section section, std::size_t statement) const {
  const Part& part = section == Section::kStart ? start_ : round_;
  return knows(part, section, statement, part.statements[statement].value);
}

bool FixedCourse::foresees_stops() const {
  for (std::size_t i = 0; i < round_.statements.size(); ++i) {
    if (round_.statements[i].verb == Verb::kStop && !foresees(i)) return false;
  }
  return true;
}

std::optional<double> FixedCourse::times(std::size_t statement, double rounds) const {
  const Statement& s = round_.statements[statement];
  if (s.guard.empty()) return rounds;
  if (reads_opened(round_, s.guard)) return std::nullopt;
  ConstantNames names = names_;
  double count = 0;
  for (double round = 0; round < rounds; ++round) {
    names["round"] = round;
    for (const std::size_t i : round_.steps) {
      const Statement& let = round_.statements[i];
      if (i >= statement || let.verb != Verb::kLet || round_.of_opened.contains(let.target)) continue;
      names[let.target] = evaluate_constant(let.value, names);
    }
    if (holds(s, names)) ++count;
  }
  return count;
}

bool FixedCourse::foresees_all(const Part& part, Section section) const {
  return std::ranges::all_of(part.steps, [&](std::size_t i) { return knows(part, section, i); });
}

// One pass; whether no stop ends it.
bool FixedCourse::goes_on(const Part& part, ConstantNames& names) {
  for (const std::size_t i : part.steps) {
    const Statement& s = part.statements[i];
    if (s.verb == Verb::kLet) {
      names[s.target] = evaluate_constant(s.value, names);
    } else if (holds(s, names)) {
      if (s.verb == Verb::kStop) return false;
      names["opened"] += asked(s, names);
    }
  }
  return true;
}

std::optional<double> FixedCourse::opened() const {
  if (!foresees_all(start_, Section::kStart) || !foresees_all(round_, Section::kRound)) return std::nullopt;
  ConstantNames names = names_;
  names["opened"] = 0, names["round"] = 0;
  bool more = goes_on(start_, names);
  for (int round = 0; more && round < rounds_ && names["opened"] < kUncounted; ++round) {
    names["round"] = round;
    more = goes_on(round_, names);
  }
  return names["opened"];
}

}  // namespace genome
