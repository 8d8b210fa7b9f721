#include "genome/text/checker.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

struct CheckAccess {
  static CheckedController make(const Controller& tree) { return CheckedController(tree); }
};

namespace {

// What depends on beta alone is evaluated on the whole grid of betas; this function takes long.
constexpr std::ptrdiff_t kMostConfidences = 16;  // in the schedule, and in guards that are looked into
constexpr double kDirectionSlack = 1e-9;         // relative: what rounding may undo of a rise or fall

std::string with_article(Kind kind) {
  return fmt::format("{} {}", kind == Kind::kAnswer ? "an" : "a", name_of(kind));
}

bool contains_error(const Expr& e) {
  return std::any_of(e.nodes.begin(), e.nodes.end(), [](const Node& n) { return n.op == Op::kError; });
}

Diagnostic error_of(std::string code, std::string message, std::string hint, Position at) {
  return {Severity::kError, std::move(code), std::move(message), std::move(hint), at};
}

std::ptrdiff_t confidences_in(const Expr& e) {
  return std::count_if(e.nodes.begin(), e.nodes.end(),
                       [](const Node& n) { return n.op == Op::kBetaConfidence; });
}

// Size violations come first: an oversized controller is not analysed any further.
Diagnostics beyond_limits(const Controller& c) {
  Diagnostics found;
  const auto at_most = [&](std::string_view what, std::size_t most, const auto& list) {
    if (list.size() <= most) return;
    Position first_too_many;
    if constexpr (requires { list[0].at; })
      first_too_many = list[most].at;
    else
      first_too_many = list[most].root().at;
    found.push_back(error_of("limit",
                             fmt::format("expected at most {} {}, found {}", most, what, list.size()), "",
                             first_too_many));
  };
  at_most("schedule entries", kLimits.schedule, c.schedule);
  at_most("registers in memory", kLimits.registers, c.memory);
  at_most("registers in branch", kLimits.registers, c.branch);
  at_most("statements in start", kLimits.statements, c.start);
  at_most("statements in round", kLimits.statements, c.round);
  at_most("lines in answer", kLimits.answers, c.answer);
  if (const std::size_t size = size_of(c); size > kLimits.nodes) {
    found.push_back(error_of(
        "limit",
        fmt::format("expected at most {} names, numbers, operations and statements together, found {}",
                    kLimits.nodes, size),
        "", {}));
  }
  std::ptrdiff_t confidences = 0;
  for (const ScheduleEntry& entry : c.schedule) {
    confidences += confidences_in(entry.value);
    if (confidences <= kMostConfidences) continue;
    found.push_back(error_of(
        "limit", fmt::format("expected at most {} uses of beta_confidence in the schedule", kMostConfidences),
        "", entry.at));
    break;
  }
  return found;
}

class Checker {
 public:
  explicit Checker(const Controller& controller) : c_(controller), scopes_(controller) {}

  CheckResult run() {
    heading();
    declarations();
    schedule();
    registers(c_.memory);
    registers(c_.branch);
    statements(c_.start, true);
    statements(c_.round, false);
    for (const Expr& line : c_.answer) {
      part(line, scopes_.for_answer(), {Kind::kAnswer, Level::kQuestion}, "a line of the section answer");
    }
    if (unreadable_)
      error(std::string(kUnreadable),
            "expected a text without errors, found a tree with parts that could not be read", "", {});
    if (!has_errors(problems_)) warnings();
    CheckResult result{.diagnostics = std::move(problems_)};
    if (!has_errors(result.diagnostics)) result.controller = CheckAccess::make(c_);
    return result;
  }

  static constexpr std::string_view kUnreadable = "unreadable";

 private:
  void error(std::string code, std::string message, std::string hint, Position at) {
    problems_.push_back(error_of(std::move(code), std::move(message), std::move(hint), at));
  }
  void warning(std::string code, std::string message, std::string hint, Position at) {
    problems_.push_back({Severity::kWarning, std::move(code), std::move(message), std::move(hint), at});
  }

  static Position position_of(const Expr& e) { return e.empty() ? Position{} : e.root().at; }

  void heading() {
    if (c_.rounds < 1 || c_.rounds > kLimits.rounds) {
      error("limit", fmt::format("expected rounds from 1 to {}, found {}", kLimits.rounds, c_.rounds), "",
            {});
    }
    if (c_.answer.empty())
      error("incomplete", "expected an expression in the section 'answer', found none", "e.g. top(finished)",
            {});
    if (!is_identifier(c_.name))
      error("heading", "expected a controller's name made of letters, digits and '_'", "", {});
  }

  void declare(const std::string& word, std::string_view what, Position at,
               std::map<std::string, std::string>& taken) {
    if (word.empty()) return;  // a line that could not be read that far
    if (is_reserved(word))
      return error("reserved", fmt::format("expected a free name, found {}", quoted(word)),
                   fmt::format("'{}' is a word of the language", word), at);
    const auto [entry, fresh] = taken.emplace(word, what);
    if (!fresh)
      error("duplicate",
            fmt::format("expected a new name, found {}, which is already {}", quoted(word), entry->second),
            "", at);
  }

  void declarations() {
    std::map<std::string, std::string> taken;
    for (const auto& entry : c_.schedule) declare(entry.name, "a schedule entry", entry.at, taken);
    for (const auto& slot : c_.memory) declare(slot.name, "a memory register", slot.at, taken);
    for (const auto& slot : c_.branch) declare(slot.name, "a branch register", slot.at, taken);
    for (const auto* section : {&c_.start, &c_.round}) {
      auto visible = taken;
      for (const Statement& s : *section) {
        if (s.verb == Verb::kLet)
          declare(s.target, "a let of this section; a value that changes is a register", s.at, visible);
      }
    }
  }

  // Types the expression and holds it against what its place wants; kUnknown wants nothing of the kind.
  // Whether its value may be relied on.
  bool part(const Expr& e, const Scope& scope, Type wanted, std::string_view place) {
    if (e.empty()) return true;
    unreadable_ = unreadable_ || contains_error(e);
    if (e.depth() > kLimits.depth) {
      error("limit",
            fmt::format("expected at most {} levels in an expression, found {}", kLimits.depth, e.depth()),
            "name a part of it with 'let'", position_of(e));
    }
    for (const Node& n : e.nodes) {
      if (!std::isfinite(n.number)) error("number", "expected a finite number", "", n.at);
    }
    const Typing typing = infer(e, scope, kLimits.problems - std::min(kLimits.problems, problems_.size()));
    for (const TypeProblem& p : typing.problems) report(p, e.nodes[p.node]);
    if (!typing.problems.empty()) return false;
    const Type found = typing.types[0];
    if (found.kind == Kind::kUnknown) return false;
    if (wanted.kind != Kind::kUnknown && found.kind != wanted.kind) {
      error(
          "type",
          fmt::format("{} expects {}, found {}", place, with_article(wanted.kind), with_article(found.kind)),
          way_to(wanted, found), position_of(e));
    } else if (found.level > wanted.level && wanted.level == Level::kConstant) {
      error("level",
            fmt::format("{} expects a value that depends on beta alone, found one of the episode", place), "",
            position_of(e));
    } else if (found.level > wanted.level) {
      error("level", fmt::format("{} expects one value, found a value for each branch", place),
            found.kind == Kind::kTruth    ? "fold it with any(...), all(...) or count(...)"
            : found.kind == Kind::kAnswer ? "fold it with top(...)"
                                          : "fold it with sum, mean, min or max over a set",
            position_of(e));
    } else {
      return !contains_error(e);
    }
    return false;
  }

  static std::string way_to(Type wanted, Type found) {
    if (wanted.kind != Kind::kTruth) return "";
    if (wanted.level == Level::kBranch) return "a set is a truth of each branch, e.g. active and depth > 3";
    return found.kind == Kind::kAnswer ? "whether there is an answer tells exists(...)"
                                       : "compare it with a number";
  }

  void report(const TypeProblem& p, const Node& node) {
    if (node.op != Op::kName || p.code != "unknown-name") return error(p.code, p.message, p.hint, node.at);
    const std::string elsewhere = declared_elsewhere(node.name);
    const std::string& hint = elsewhere.empty() ? p.hint : elsewhere;
    // A misspelling is reported wherever it stands; an undeclared name once, as one line mends it.
    const bool misspelt = elsewhere.empty() && !p.near.empty();
    if (misspelt || undeclared_.insert(node.name).second) error(p.code, p.message, hint, node.at);
  }

  std::string declared_elsewhere(const std::string& word) const {
    for (const auto* section : {&c_.start, &c_.round}) {
      for (const Statement& s : *section) {
        if (s.verb == Verb::kLet && s.target == word) {
          return fmt::format(
              "'{}' is a let of {}, known only there and from the line after it on; what is to last is a "
              "register",
              word, section == &c_.start ? "start" : "round");
        }
      }
    }
    for (const ScheduleEntry& entry : c_.schedule) {
      if (entry.name == word)
        return "the schedule is read from the top: an entry knows beta and the entries above it";
    }
    return "";
  }

  void schedule() {
    std::set<std::string> evaluable{"beta"};
    std::vector<std::size_t> good;
    for (std::size_t i = 0; i < c_.schedule.size(); ++i) {
      const ScheduleEntry& entry = c_.schedule[i];
      const bool sound =
          part(entry.value, scopes_.for_schedule(i), {Kind::kNumber, Level::kConstant}, "a schedule entry") &&
          std::all_of(entry.value.nodes.begin(), entry.value.nodes.end(),
                      [&](const Node& n) { return n.op != Op::kName || evaluable.contains(n.name); });
      if (!sound) continue;
      good.push_back(i);
      evaluable.insert(entry.name);
    }
    directions(good);
  }

  void directions(const std::vector<std::size_t>& entries) {
    const auto grid = direction_grid();
    NamedCurves before{{"beta", {grid.begin(), grid.end()}}};  // and the entries above
    for (const std::size_t i : entries) {
      const ScheduleEntry& entry = c_.schedule[i];
      std::vector<double>& values = before[entry.name];
      values = evaluate_along(entry.value, grid.size(), before);
      direction(entry, values);
    }
  }

  void direction(const ScheduleEntry& entry, const std::vector<double>& values) {
    const bool rises = entry.direction == Direction::kRises;
    for (std::size_t k = 1; k < values.size(); ++k) {
      const double from = values[k - 1], to = values[k];
      const double size = std::max({1.0, std::abs(from), std::abs(to)});
      const double slack = std::isfinite(size) ? kDirectionSlack * size : 0;
      if (rises ? to >= from - slack : to <= from + slack) continue;
      const auto beta = [](std::size_t at) { return print(number(direction_grid()[at])); };
      return error(
          "direction",
          fmt::format("expected '{}' to {} with beta, but it goes from {} at beta = {} to {} at beta = {}",
                      entry.name, rises ? "rise" : "fall", print(number(from)), beta(k - 1),
                      print(number(to)), beta(k)),
          rises ? "declare that it falls, or turn the expression"
                : "declare that it rises, or turn the expression",
          entry.at);
    }
  }

  void registers(const std::vector<Register>& list) {
    for (const Register& r : list)
      part(r.initial, scopes_.for_registers(), {Kind::kUnknown, Level::kConstant}, "an initial value");
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
      case Verb::kOpen:
      case Verb::kRead: part(s.value, scope, kOneNumber, fmt::format("'{}'", keyword_of(s.verb))); break;
      case Verb::kAdvance:
      case Verb::kContinue: part(s.value, scope, kEachNumber, "'by'"); break;
      case Verb::kProbe:
      case Verb::kPrune:
      case Verb::kStop: break;
    }
    if (s.verb != Verb::kAssign) part(s.set, scope, kSet, fmt::format("the set of '{}'", keyword_of(s.verb)));
    part(s.order, scope, kEachNumber, "'first'");
    part(s.keep, scope, kOneNumber, "'keep'");
    part(s.guard, scope, {Kind::kTruth, Level::kQuestion}, "'when'");
  }

  void assignment(const Statement& s, const Scope& scope) {
    const Symbol* target = scope.find(s.target);
    const bool assignable =
        target != nullptr && (target->origin == Origin::kMemory || target->origin == Origin::kBranchRegister);
    if (assignable) {
      part(s.value, scope, target->type, fmt::format("the register '{}'", s.target));
    } else {
      no_register(s, target);
      part(s.value, scope, {Kind::kUnknown, Level::kBranch}, "an assignment");
    }
    part(s.set, scope, {Kind::kTruth, Level::kBranch}, "the set of 'for'");
    if (assignable && target->origin == Origin::kMemory && !s.set.empty()) {
      error("level",
            fmt::format("'for' goes with branch registers; '{}' is a register of the question", s.target),
            "use 'when'", position_of(s.set));
    }
  }

  void no_register(const Statement& s, const Symbol* target) {
    std::vector<std::string> known;
    for (const auto* list : {&c_.memory, &c_.branch}) {
      for (const Register& r : *list) known.push_back(r.name);
    }
    const std::string near = nearest(s.target, known);
    std::string hint = "declare it in the section memory or branch, or write 'let'";
    if (target != nullptr && target->origin == Origin::kSchedule)
      hint = fmt::format("'{}' is a schedule entry: it depends on beta alone", s.target);
    else if (target != nullptr)
      hint = fmt::format(
          "'{}' is a let: it keeps its value to the end of the round; what changes is a register", s.target);
    else if (!near.empty())
      hint = fmt::format("did you mean '{}'?", near);
    const bool misspelt = target != nullptr || !near.empty();
    if (misspelt || undeclared_.insert(s.target).second) {
      error("unknown-name", fmt::format("expected a register to assign to, found {}", quoted(s.target)), hint,
            s.at);
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
    const auto collect = [](const Expr& e, std::set<std::string>& into) {
      for (const Node& n : e.nodes) {
        if (n.op == Op::kName) into.insert(n.name);
      }
    };
    std::set<std::string> all;
    for (const auto& entry : c_.schedule) collect(entry.value, all);
    for (const auto* list : {&c_.memory, &c_.branch}) {
      for (const auto& slot : *list) collect(slot.initial, all);
    }
    for (const auto& line : c_.answer) collect(line, all);
    for (const auto* section : {&c_.start, &c_.round}) {
      std::set<std::string> inside;
      for (const Statement& s : *section) {
        std::set<std::string> mentioned;
        each_expression(s, [&](const Expr& e) { collect(e, mentioned); });
        if (s.verb == Verb::kAssign)
          mentioned.erase(s.target);  // a register that only feeds itself is of no use
        inside.merge(mentioned);
      }
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

  void report_unused(const std::string& word, Position at) {
    warning("unused", fmt::format("'{}' is never used", word), "", at);
  }

  void constant_guards() {
    std::vector<ConstantNames> grid;  // made when a guard is constant
    std::ptrdiff_t confidences = 0;
    for (const auto* section : {&c_.start, &c_.round}) {
      for (std::size_t i = 0; i < section->size(); ++i) {
        const Expr& guard = (*section)[i].guard;
        if (guard.empty()) continue;
        const Scope& scope = section == &c_.start ? scopes_.in_start(i) : scopes_.in_round(i);
        if (infer(guard, scope).types[0].level != Level::kConstant) continue;
        confidences += confidences_in(guard);
        if (confidences > kMostConfidences) return;
        if (grid.empty()) {
          for (const double beta : direction_grid()) grid.push_back(constant_names(c_, beta));
        }
        if (const auto value = same_truth(grid, guard)) {
          warning("constant-guard", fmt::format("the guard is always {}", *value ? "true" : "false"),
                  *value ? "leave it away" : "the statement is never run", position_of(guard));
        }
      }
    }
  }

  void idle() {
    const auto opens = [](const Statement& s) { return s.verb == Verb::kOpen || s.verb == Verb::kRead; };
    const auto acts = [&](const Statement& s) {
      return opens(s) || s.verb == Verb::kAdvance || s.verb == Verb::kContinue || s.verb == Verb::kPrune ||
             s.verb == Verb::kStop;
    };
    if (std::none_of(c_.start.begin(), c_.start.end(), opens) &&
        std::none_of(c_.round.begin(), c_.round.end(), opens)) {
      warning("idle", "no statement opens or reads a branch, so there is never an answer",
              "e.g. open 8 in start", {});
    } else if (!c_.round.empty() && std::none_of(c_.round.begin(), c_.round.end(), acts)) {
      warning("idle", "a round can never act: it neither opens, advances, prunes nor stops", "",
              c_.round.front().at);
    }
  }

  const Controller& c_;
  Scopes scopes_;
  Diagnostics problems_;
  std::set<std::string> undeclared_;  // reported already
  bool unreadable_ = false;
};

void in_order_of_text(Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  });
}

// The first problems, and how many there are beside.
void cut(Diagnostics& found, std::string_view more) {
  if (found.size() <= kLimits.diagnostics) return;
  const std::size_t left_out = found.size() - kLimits.diagnostics;
  found.resize(kLimits.diagnostics);
  found.push_back(error_of("more", fmt::format("{} more problems {}", left_out, more), "", {}));
}

// Of a text that was not read to its end no tree can be judged.
CheckResult hopeless(Parsed parsed) {
  in_order_of_text(parsed.diagnostics);
  cut(parsed.diagnostics, fmt::format("are not told; after line {} nothing was read", *parsed.read_lines));
  return {.diagnostics = std::move(parsed.diagnostics)};
}

}  // namespace

CheckResult check(const Controller& controller) {
  if (Diagnostics found = beyond_limits(controller); !found.empty()) return {.diagnostics = std::move(found)};
  CheckResult result = Checker(controller).run();
  in_order_of_text(result.diagnostics);
  return result;
}

CheckResult check_text(std::string_view text) {
  Parsed parsed = parse(text);
  if (parsed.read_lines) return hopeless(std::move(parsed));
  CheckResult result = check(parsed.controller);
  if (has_errors(parsed.diagnostics)) {
    result.controller.reset();
    // The parser reported syntax errors; warnings may vanish once those are fixed, so they are dropped.
    std::erase_if(result.diagnostics, [](const Diagnostic& d) {
      return d.severity == Severity::kWarning || d.code == Checker::kUnreadable;
    });
  }
  result.diagnostics.insert(result.diagnostics.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  in_order_of_text(result.diagnostics);
  cut(result.diagnostics, "are not told");
  return result;
}

bool checks(const Controller& controller) { return !has_errors(check(controller).diagnostics); }

}  // namespace genome
