#include "genome/text/printer.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "genome/base/check.hpp"
#include "genome/base/digest.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

// How tightly a form binds; an operand that binds less tightly than its place asks for is parenthesised.
enum Binding {
  kLoosest = 0,
  kOr = 1,
  kAnd = 2,
  kNot = 3,
  kCompare = 4,
  kAdd = 5,
  kMultiply = 6,
  kMinus = 7,
  kPower = 8,
  kTight = 9
};

Binding binding_of(const Node& node) {
  switch (node.op) {
    case Op::kOr: return kOr;
    case Op::kAnd: return kAnd;
    case Op::kNot: return kNot;
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kEqual:
    case Op::kNotEqual: return kCompare;
    case Op::kAdd:
    case Op::kSubtract: return kAdd;
    case Op::kMultiply:
    case Op::kDivide: return kMultiply;
    case Op::kNegate: return kMinus;
    case Op::kPower: return kPower;
    case Op::kNumber: return node.number < 0 ? kMinus : kTight;
    default: return kTight;
  }
}

std::string text_of(double value) {
  char buffer[400];
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e15);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  std::string text(buffer, std::to_chars(std::begin(buffer), std::end(buffer), value, format).ptr);
  if (plain) return text;
  // 1e+15 and 1e-09 as people write them: 1e15 and 1e-9
  auto at = text.find('e') + 1;
  if (text[at] == '+')
    text.erase(at, 1);
  else
    ++at;
  while (text[at] == '0') text.erase(at, 1);
  return text;
}

class ExprPrinter {
 public:
  explicit ExprPrinter(const Expr& expression) : expression_(expression) {}

  // Prints the next subtree in prefix order, in parentheses where its place asks for a tighter form.
  void next(int least) {
    const Node& node = expression_.nodes[at_++];
    const Binding binding = binding_of(node);
    const bool wrapped = binding < least;
    if (wrapped) out += '(';
    body(node, binding);
    if (wrapped) out += ')';
  }

  std::string out;

 private:
  void body(const Node& node, Binding binding) {
    switch (info(node.op).form) {
      case Form::kLeaf:
        out += node.op == Op::kNumber ? text_of(node.number)
               : node.op == Op::kName ? node.name
                                      : std::string(info(node.op).spelling);
        return;
      case Form::kPrefix: return prefix(node);
      case Form::kInfix: return infix(node, binding);
      case Form::kCall: return call(node);
      case Form::kNamed: out += fmt::format("{}({})", info(node.op).spelling, node.name); return;
    }
  }

  void prefix(const Node& node) {
    if (node.op == Op::kNot) {
      out += "not ";
      return next(kNot);
    }
    out += '-';
    // -(2) would read back as the literal -2, and --x as a slip of the pen
    const Node& operand = expression_.nodes[at_];
    next(operand.op == Op::kNumber || operand.op == Op::kNegate ? kTight + 1 : kPower);
  }

  void infix(const Node& node, Binding binding) {
    const bool to_the_right = node.op == Op::kPower;
    const bool chains = binding != kCompare && !to_the_right;  // left-associative; comparisons never chain
    next(chains ? binding : binding + 1);
    if (to_the_right) {
      out += '^';
      return next(kMinus);
    }
    out += fmt::format(" {} ", info(node.op).spelling);
    next(binding + 1);
  }

  void call(const Node& node) {
    out += fmt::format("{}(", info(node.op).spelling);
    for (int i = 0; i < node.arity; ++i) {
      if (i > 0) out += ", ";
      next(kLoosest);
    }
    out += ')';
  }

  const Expr& expression_;
  std::size_t at_ = 0;
};

void append_registers(std::string& out, std::string_view section, const std::vector<Register>& registers) {
  if (registers.empty()) return;
  out += fmt::format("\n{}\n", section);
  for (const Register& r : registers) out += fmt::format("  {} = {}\n", r.name, print(r.initial));
}

void append_statements(std::string& out, std::string_view section, const std::vector<Statement>& statements) {
  if (statements.empty()) return;
  out += fmt::format("\n{}\n", section);
  for (const Statement& s : statements) out += fmt::format("  {}\n", print(s));
}

}  // namespace

std::string print(const Expr& expression) {
  EVOTTS_CHECK(!expression.empty());
  ExprPrinter printer(expression);
  printer.next(kLoosest);
  return std::move(printer.out);
}

std::string print(const ScheduleEntry& entry) {
  return fmt::format("{} {} {}", entry.name, entry.direction == Direction::kRises ? "rises" : "falls",
                     print(entry.value));
}

std::string print(const Statement& s) {
  std::string out(keyword_of(s.verb));
  const auto clause = [&](std::string_view word, const Expr& part) {
    if (!part.empty()) out += fmt::format(" {} {}", word, print(part));
  };
  switch (s.verb) {
    case Verb::kLet: out += fmt::format(" {} = {}", s.target, print(s.value)); break;
    case Verb::kAssign:
      out += fmt::format("{} = {}", s.target, print(s.value));
      clause("for", s.set);
      break;
    case Verb::kOpen:
    case Verb::kRead: out += fmt::format(" {}", print(s.value)); break;
    case Verb::kAdvance:
    case Verb::kContinue:
      out += fmt::format(" {} by {}", print(s.set), print(s.value));
      clause("first", s.order);
      break;
    case Verb::kProbe: out += fmt::format(" {}", print(s.set)); break;
    case Verb::kPrune:
      out += fmt::format(" {}", print(s.set));
      clause("first", s.order);
      clause("keep", s.keep);
      break;
    case Verb::kStop: break;
  }
  clause("when", s.guard);
  return out;
}

std::string print(const Controller& c) {
  std::string out = fmt::format("controller {}\n", c.name);
  if (c.rounds != kDefaultRounds) out += fmt::format("rounds {}\n", c.rounds);
  if (!c.schedule.empty()) out += "\nschedule\n";
  for (const ScheduleEntry& entry : c.schedule) out += fmt::format("  {}\n", print(entry));
  append_registers(out, "memory", c.memory);
  append_registers(out, "branch", c.branch);
  append_statements(out, "start", c.start);
  append_statements(out, "round", c.round);
  out += "\nanswer\n";
  for (const Expr& line : c.answer) out += fmt::format("  {}\n", print(line));
  return out;
}

std::string identity(const Controller& controller) { return base::git_blob_id(print(controller)); }

}  // namespace genome
