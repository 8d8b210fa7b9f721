#include "genome/checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "genome/constants.hpp"
#include "genome/parser.hpp"
#include "genome/printer.hpp"
#include "genome/scopes.hpp"
#include "genome/vocabulary.hpp"

namespace genome {

struct CheckAccess {
  static CheckedController make(const Controller& tree) { return CheckedController(tree); }
};

namespace {

constexpr double kDirectionSlack = 1e-9;  // relative: what rounding may undo of a rise or fall

class Checker {
 public:
  explicit Checker(const Controller& controller) : c_(controller), scopes_(controller) {}

  CheckResult run() {
    limits();
    declarations();
    schedule();
    registers(c_.memory);
    registers(c_.branch);
    statements(c_.start, true);
    statements(c_.round, false);
    for (const Expr& line : c_.answer) {
      part(line, scopes_.for_answer(), {Kind::kAnswer, Level::kQuestion}, "a line of the section answer");
    }
    if (!has_errors(problems_)) warnings();
    CheckResult result{.diagnostics = std::move(problems_)};
    if (!has_errors(result.diagnostics)) result.controller = CheckAccess::make(c_);
    return result;
  }

 private:
  void error(std::string code, std::string message, std::string hint, Position at) {
    problems_.push_back({Severity::kError, std::move(code), std::move(message), std::move(hint), at});
  }
  void warning(std::string code, std::string message, std::string hint, Position at) {
    problems_.push_back({Severity::kWarning, std::move(code), std::move(message), std::move(hint), at});
  }

  static Position position_of(const Expr& e) { return e.empty() ? Position{} : e.root().at; }

  void at_most(std::string_view what, std::size_t found, std::size_t most, Position at) {
    if (found > most) error("limit", fmt::format("expected at most {} {}, found {}", most, what, found), "", at);
  }

  void limits() {
    at_most("schedule entries", c_.schedule.size(), kLimits.schedule, {});
    at_most("memory registers", c_.memory.size(), kLimits.registers, {});
    at_most("branch registers", c_.branch.size(), kLimits.registers, {});
    at_most("statements in start", c_.start.size(), kLimits.statements, {});
    at_most("statements in round", c_.round.size(), kLimits.statements, {});
    at_most("lines in answer", c_.answer.size(), kLimits.answers, {});
    at_most("nodes", size_of(c_), kLimits.nodes, {});
    if (c_.rounds < 1 || c_.rounds > kLimits.rounds) {
      error("limit", fmt::format("expected rounds from 1 to {}, found {}", kLimits.rounds, c_.rounds), "", {});
    }
    if (c_.answer.empty()) error("incomplete", "expected an expression in the section 'answer', found none", "e.g. top(finished)", {});
    if (!is_identifier(c_.name)) error("heading", "expected a controller's name made of letters, digits and '_'", "", {});
  }

  void declare(const std::string& word, std::string_view what, Position at, std::map<std::string, std::string>& taken) {
    if (word.empty()) return;  // a line that could not be read that far
    if (is_reserved(word)) return error("reserved", fmt::format("expected a free name, found '{}'", word), fmt::format("'{}' is a word of the language", word), at);
    const auto [entry, fresh] = taken.emplace(word, what);
    if (!fresh) error("duplicate", fmt::format("expected a new name, found '{}', which is already {}", word, entry->second), "", at);
  }

  void declarations() {
    std::map<std::string, std::string> taken;
    for (const auto& entry : c_.schedule) declare(entry.name, "a schedule entry", entry.at, taken);
    for (const auto& slot : c_.memory) declare(slot.name, "a memory register", slot.at, taken);
    for (const auto& slot : c_.branch) declare(slot.name, "a branch register", slot.at, taken);
    for (const auto* section : {&c_.start, &c_.round}) {
      auto visible = taken;
      for (const Statement& s : *section) {
        if (s.verb == Verb::kLet) declare(s.target, "a let of this section", s.at, visible);
      }
    }
  }

  // Types the expression and holds it against what its place wants; kUnknown wants nothing of the kind.
  Type part(const Expr& e, const Scope& scope, Type wanted, std::string_view place) {
    if (e.empty()) return {};
    if (e.depth() > kLimits.depth) {
      error("limit", fmt::format("expected at most {} levels in an expression, found {}", kLimits.depth, e.depth()), "", position_of(e));
    }
    const Typing typing = infer(e, scope);
    for (const TypeProblem& p : typing.problems) error(p.code, p.message, p.hint, e.nodes[p.node].at);
    const Type found = typing.types[0];
    if (found.kind == Kind::kUnknown) return found;
    if (wanted.kind != Kind::kUnknown && found.kind != wanted.kind) {
      error("type", fmt::format("{} expects a {}, found a {}", place, name_of(wanted.kind), name_of(found.kind)), "", position_of(e));
    } else if (found.level > wanted.level) {
      error("level", fmt::format("{} expects one value, found a value for each branch", place),
            found.kind == Kind::kTruth ? "fold it with any(...), all(...) or count(...)"
            : found.kind == Kind::kAnswer ? "fold it with top(...)" : "fold it with sum, mean, min or max over a set", position_of(e));
    }
    return found;
  }

  void schedule() {
    bool evaluable = true;
    for (std::size_t i = 0; i < c_.schedule.size(); ++i) {
      const ScheduleEntry& entry = c_.schedule[i];
      const std::size_t before = problems_.size();
      part(entry.value, scopes_.for_schedule(i), {Kind::kNumber, Level::kConstant}, "a schedule entry");
      if (problems_.size() != before || entry.value.root().op == Op::kError || contains_error(entry.value)) evaluable = false;
    }
    if (evaluable && !has_errors(problems_)) directions();
  }

  static bool contains_error(const Expr& e) {
    return std::any_of(e.nodes.begin(), e.nodes.end(), [](const Node& n) { return n.op == Op::kError; });
  }

  void directions() {
    std::vector<std::vector<double>> values;
    for (const double beta : direction_grid()) values.push_back(schedule_at(c_, beta));
    for (std::size_t i = 0; i < c_.schedule.size(); ++i) {
      const ScheduleEntry& entry = c_.schedule[i];
      const bool rises = entry.direction == Direction::kRises;
      for (std::size_t k = 1; k < values.size(); ++k) {
        const double from = values[k - 1][i], to = values[k][i];
        const double slack = kDirectionSlack * std::max({1.0, std::abs(from), std::abs(to)});
        if (rises ? to >= from - slack : to <= from + slack) continue;
        error("direction",
              fmt::format("expected '{}' to {} with beta, but it goes from {} at beta = {} to {} at beta = {}", entry.name,
                          rises ? "rise" : "fall", print(number(from)), print(number(direction_grid()[k - 1])), print(number(to)), print(number(direction_grid()[k]))),
              rises ? "declare that it falls, or turn the expression" : "declare that it rises, or turn the expression", entry.at);
        break;
      }
    }
  }

  void registers(const std::vector<Register>& list) {
    for (const Register& r : list) part(r.initial, scopes_.for_registers(), {Kind::kUnknown, Level::kConstant}, "an initial value");
  }

  void statements(const std::vector<Statement>& list, bool start) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      statement(list[i], start ? scopes_.in_start(i) : scopes_.in_round(i));
    }
  }

  void statement(const Statement& s, const Scope& scope) {
    constexpr Type kOneNumber{Kind::kNumber, Level::kQuestion}, kEachNumber{Kind::kNumber, Level::kBranch};
    constexpr Type kSet{Kind::kTruth, Level::kBranch};
    switch (s.verb) {
      case Verb::kLet: part(s.value, scope, {Kind::kUnknown, Level::kBranch}, "a let"); break;
      case Verb::kAssign: assignment(s, scope); break;
      case Verb::kOpen: case Verb::kRead: part(s.value, scope, kOneNumber, fmt::format("'{}'", keyword_of(s.verb))); break;
      case Verb::kAdvance: case Verb::kContinue: part(s.value, scope, kEachNumber, "'by'"); break;
      case Verb::kProbe: case Verb::kPrune: case Verb::kStop: break;
    }
    if (s.verb != Verb::kAssign) part(s.set, scope, kSet, fmt::format("the set of '{}'", keyword_of(s.verb)));
    part(s.order, scope, kEachNumber, "'first'");
    part(s.keep, scope, kOneNumber, "'keep'");
    part(s.guard, scope, {Kind::kTruth, Level::kQuestion}, "'when'");
  }

  void assignment(const Statement& s, const Scope& scope) {
    const Symbol* target = scope.find(s.target);
    const bool assignable = target != nullptr && (target->origin == Origin::kMemory || target->origin == Origin::kBranchRegister);
    if (!assignable) {
      std::vector<std::string> known;
      for (const auto* list : {&c_.memory, &c_.branch}) {
        for (const Register& r : *list) known.push_back(r.name);
      }
      const std::string near = nearest(s.target, known);
      error("unknown-name", fmt::format("expected a register to assign to, found '{}'", s.target),
            target != nullptr ? fmt::format("'{}' is no register; a value for the rest of the round is named with 'let'", s.target)
            : !near.empty()  ? fmt::format("did you mean '{}'?", near)
                             : "declare it in the section memory or branch, or write 'let'",
            s.at);
      part(s.value, scope, {Kind::kUnknown, Level::kBranch}, "an assignment");
    } else {
      part(s.value, scope, target->type, fmt::format("the register '{}'", s.target));
    }
    part(s.set, scope, {Kind::kTruth, Level::kBranch}, "the set of 'for'");
    if (assignable && target->origin == Origin::kMemory && !s.set.empty()) {
      error("level", fmt::format("'for' goes with branch registers; '{}' is a register of the question", s.target), "use 'when'", position_of(s.set));
    }
  }

  // ---- what is allowed but hardly meant

  void warnings() {
    unused();
    constant_guards();
    idle();
  }

  template <typename Visit>
  static void each_expression(const Statement& s, Visit visit) {
    for (const Expr* e : {&s.value, &s.set, &s.order, &s.keep, &s.guard}) visit(*e);
  }

  void unused() {
    std::set<std::string> outside;
    const auto collect = [](std::set<std::string>& into) {
      return [&into](const Expr& e) {
        for (const Node& n : e.nodes) {
          if (n.op == Op::kName) into.insert(n.name);
        }
      };
    };
    for (const auto& entry : c_.schedule) collect(outside)(entry.value);
    for (const auto* list : {&c_.memory, &c_.branch}) {
      for (const auto& slot : *list) collect(outside)(slot.initial);
    }
    for (const auto& line : c_.answer) collect(outside)(line);
    std::set<std::string> all = outside;
    for (const auto* section : {&c_.start, &c_.round}) {
      std::set<std::string> inside;
      for (const Statement& s : *section) each_expression(s, collect(inside));
      for (const Statement& s : *section) {
        if (s.verb == Verb::kLet && !inside.contains(s.target)) report_unused(s.target, s.at);
      }
      all.merge(inside);
    }
    for (const auto& entry : c_.schedule) {
      if (!all.contains(entry.name)) report_unused(entry.name, entry.at);
    }
    for (const auto* list : {&c_.memory, &c_.branch}) {
      for (const auto& slot : *list) {
        if (!all.contains(slot.name)) report_unused(slot.name, slot.at);
      }
    }
  }

  void report_unused(const std::string& word, Position at) { warning("unused", fmt::format("'{}' is never used", word), "", at); }

  void constant_guards() {
    for (const auto* section : {&c_.start, &c_.round}) {
      for (std::size_t i = 0; i < section->size(); ++i) {
        const Expr& guard = (*section)[i].guard;
        if (guard.empty()) continue;
        const Scope& scope = section == &c_.start ? scopes_.in_start(i) : scopes_.in_round(i);
        if (infer(guard, scope).types[0].level != Level::kConstant) continue;
        if (const auto value = same_truth_everywhere(c_, guard)) {
          warning("constant-guard", fmt::format("the guard is always {}", *value ? "true" : "false"), "", position_of(guard));
        }
      }
    }
  }

  void idle() {
    const auto opens = [](const Statement& s) { return s.verb == Verb::kOpen || s.verb == Verb::kRead; };
    const auto acts = [&](const Statement& s) { return opens(s) || s.verb == Verb::kAdvance || s.verb == Verb::kContinue || s.verb == Verb::kPrune || s.verb == Verb::kStop; };
    if (std::none_of(c_.start.begin(), c_.start.end(), opens) && std::none_of(c_.round.begin(), c_.round.end(), opens)) {
      warning("idle", "no statement opens or reads a branch, so there is never an answer", "e.g. open 8 in start", {});
    } else if (!c_.round.empty() && std::none_of(c_.round.begin(), c_.round.end(), acts)) {
      warning("idle", "a round can never act: it neither opens, advances, prunes nor stops", "", c_.round.front().at);
    }
  }

  const Controller& c_;
  Scopes scopes_;
  Diagnostics problems_;
};

void in_order_of_text(Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  });
}

}  // namespace

CheckResult check(const Controller& controller) {
  CheckResult result = Checker(controller).run();
  in_order_of_text(result.diagnostics);
  return result;
}

CheckResult check_text(std::string_view text) {
  Parsed parsed = parse(text);
  CheckResult result = check(parsed.controller);
  // The parser has told what is missing; the checker need not say it again.
  std::erase_if(result.diagnostics, [&](const Diagnostic& d) {
    return std::any_of(parsed.diagnostics.begin(), parsed.diagnostics.end(),
                       [&](const Diagnostic& p) { return p.code == d.code && p.at.line == 0 && d.at.line == 0; });
  });
  if (has_errors(parsed.diagnostics)) {
    result.controller.reset();
    std::erase_if(result.diagnostics, [](const Diagnostic& d) { return d.severity == Severity::kWarning; });
  }
  result.diagnostics.insert(result.diagnostics.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  in_order_of_text(result.diagnostics);
  return result;
}

bool checks(const Controller& controller) { return !has_errors(check(controller).diagnostics); }

}  // namespace genome
