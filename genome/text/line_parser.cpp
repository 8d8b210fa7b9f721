#include "genome/text/line_parser.hpp"

#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

// Bounds the parser's recursion. One level of a tree takes at most three calls that count, so the text of
// every tree within the limits can be read again.
constexpr int kDeepestNesting = 4 * static_cast<int>(kLimits.depth);

struct Infix {
  Op op;
  int binding;  // larger binds tighter; `not` stands between `and` and comparisons
};

constexpr int kOr = 1, kAnd = 2, kNot = 3, kCompare = 4, kAdd = 5, kMultiply = 6;

std::optional<Infix> infix_of(const Token* token) {
  if (token == nullptr || token->kind == TokenKind::kNumber || token->text.size() > 3) return std::nullopt;
  const std::string_view t = token->text;
  if (t == "or") return Infix{Op::kOr, kOr};
  if (t == "and") return Infix{Op::kAnd, kAnd};
  if (t == "<") return Infix{Op::kLess, kCompare};
  if (t == "<=") return Infix{Op::kLessEqual, kCompare};
  if (t == ">") return Infix{Op::kGreater, kCompare};
  if (t == ">=") return Infix{Op::kGreaterEqual, kCompare};
  if (t == "==") return Infix{Op::kEqual, kCompare};
  if (t == "!=") return Infix{Op::kNotEqual, kCompare};
  if (t == "+") return Infix{Op::kAdd, kAdd};
  if (t == "-") return Infix{Op::kSubtract, kAdd};
  if (t == "*") return Infix{Op::kMultiply, kMultiply};
  if (t == "/") return Infix{Op::kDivide, kMultiply};
  return std::nullopt;
}

std::string shown(const Token* token) {
  return token == nullptr ? "the end of the line" : quoted(token->text);
}

// A hint for a word, from those that may stand in its place.
std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
  const std::string near = nearest(word, known);
  return near.empty() ? "" : fmt::format("did you mean '{}'?", near);
}

// What a line of another language may have been meant to say.
std::string translated(std::string_view word) {
  if (word == "if" || word == "else" || word == "elif" || word == "unless")
    return "a condition stands at the end of its statement, after 'when'";
  if (word == "for" || word == "while")
    return "there are no loops: the round is run again and again, and a statement acts on a whole set of "
           "branches";
  if (word == "return" || word == "break" || word == "end" || word == "exit")
    return "an episode is ended by 'stop'; the answer is told in the section answer";
  return "";
}

// Keeps the count of nested calls while it lives.
class Nesting {
 public:
  Nesting(int& depth, const LineParser& parser) : depth_(depth) {
    if (++depth_ > kDeepestNesting) {
      --depth_;
      parser.fail("nesting", fmt::format("at most {} levels of nesting", kLimits.depth),
                  "name a part of it with 'let'");
    }
  }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  int& depth_;
};

}  // namespace

void LineParser::fail(std::string code, std::string_view expected, std::string hint) const {
  if (hint.empty() && next_is("=")) hint = "equality is written '=='";
  throw LineError{{Severity::kError, std::move(code),
                   fmt::format("expected {}, found {}", expected, shown(peek())), std::move(hint), here()}};
}

bool LineParser::accept(std::string_view text) {
  if (!next_is(text)) return false;
  ++next_;
  return true;
}

void LineParser::expect(std::string_view text, std::string_view where) {
  if (!accept(text)) fail("syntax", fmt::format("'{}' {}", text, where));
}

void LineParser::expect_end() {
  if (at_end()) return;
  std::string hint;
  if (peek()->kind == TokenKind::kWord) {
    static const std::vector<std::string> joining = {"and", "or", "when", "by", "for", "first", "keep"};
    const std::string& word = peek()->text;
    if (word == "if")
      hint = "a condition is written after 'when'";
    else if (word == "by")
      hint = "'by' goes with advance and continue";
    else if (word == "for")
      hint = "'for' goes with assignments, before 'when'";
    else if (word == "first")
      hint = "'first' goes with advance, continue and prune, before 'keep' and 'when'";
    else if (word == "keep")
      hint = "'keep' goes with prune, before 'when'";
    else if (word == "when")
      hint = "'when' goes with statements, once and last";
    else
      hint = did_you_mean(word, joining);
  } else if (next_is(")")) {
    hint = "a '(' is missing before it";
  }
  fail("syntax", "the end of the line", hint);
}

std::string LineParser::declared_name(std::string_view what) {
  const Token* token = peek();
  if (token == nullptr || token->kind != TokenKind::kWord)
    fail("syntax", fmt::format("the name of {}", what));
  if (is_reserved(token->text))
    fail("reserved", fmt::format("a free name for {}", what),
         fmt::format("'{}' is a word of the language", token->text));
  if (token->text.size() > kLimits.name_length)
    fail("name-length", fmt::format("a name of at most {} characters", kLimits.name_length));
  ++next_;
  return token->text;
}

int LineParser::whole_number(std::string_view what, int low, int high) {
  const Token* token = peek();
  const bool good = token != nullptr && token->kind == TokenKind::kNumber &&
                    std::floor(token->number) == token->number && token->number >= low &&
                    token->number <= high;
  if (!good) fail("number", fmt::format("{} as a whole number from {} to {}", what, low, high));
  ++next_;
  return static_cast<int>(token->number);
}

Expr LineParser::expression() {
  read_.clear();
  binary(kOr);
  return of_postfix(std::move(read_));
}

void LineParser::put(Node node) {
  if (read_.size() >= kLimits.nodes) {
    throw LineError{
        {Severity::kError, "limit",
         fmt::format("expected at most {} names, numbers, operations and statements together, found more",
                     kLimits.nodes),
         "", node.at}};
  }
  read_.push_back(std::move(node));
}

void LineParser::put(Expr leaf, Position at) {
  leaf.nodes.front().at = at;
  put(std::move(leaf.nodes.front()));
}

void LineParser::put(Op op, std::size_t arity, Position at) {
  put({.op = op, .arity = static_cast<std::uint8_t>(arity), .at = at});
}

void LineParser::binary(int least_binding) {
  const Nesting guard(nesting_, *this);
  if (least_binding <= kNot && next_is("not")) {
    const Position at = here();
    ++next_;
    binary(kNot);
    put(Op::kNot, 1, at);
  } else {
    unary();
  }
  for (auto infix = infix_of(peek()); infix && infix->binding >= least_binding; infix = infix_of(peek())) {
    // `not a < b` is not (a < b), so nothing above `not` may follow it here
    const Position at = here();
    ++next_;
    binary(infix->binding + 1);
    put(infix->op, 2, at);
    if (infix->binding == kCompare) {
      const auto again = infix_of(peek());
      if (again && again->binding == kCompare)
        fail("chain", "no second comparison", "join two comparisons with 'and'");
    }
  }
}

void LineParser::unary() {
  const Nesting guard(nesting_, *this);
  if (!next_is("-")) {
    if (next_is("+")) fail("syntax", "a value", "a sign '+' is not written");
    return power();
  }
  const Position at = here();
  ++next_;
  // A minus right before a literal is a negative literal; but -2^2 is -(2^2).
  const Token* after = peek(1);
  if (!at_end() && peek()->kind == TokenKind::kNumber && (after == nullptr || after->text != "^")) {
    const double value = -peek()->number;
    ++next_;
    return put(number(value), at);
  }
  unary();
  put(Op::kNegate, 1, at);
}

void LineParser::power() {
  primary();
  if (!next_is("^")) return;
  const Position at = here();
  ++next_;
  unary();  // to the right: 2^3^2 = 2^(3^2), 2^-1
  put(Op::kPower, 2, at);
}

void LineParser::primary() {
  const Token* token = peek();
  if (token == nullptr) fail("syntax", "a value");
  if (token->kind == TokenKind::kNumber) {
    ++next_;
    return put(number(token->number), token->at);
  }
  if (accept("(")) {
    binary(kOr);
    return expect(")", "to close the parenthesis");
  }
  if (token->kind != TokenKind::kWord) fail("syntax", "a value");
  for (const Op literal : {Op::kTrue, Op::kFalse, Op::kNone}) {
    if (accept(info(literal).spelling)) return put(literal, 0, token->at);
  }
  if (next_is("not")) fail("syntax", "a value", "put parentheses around (not ...) here");
  const Token* after = peek(1);
  if (after != nullptr && after->text == "(") {
    ++next_;
    return call(*token);
  }
  const bool observed = observed_named(token->text) != nullptr;
  if (is_reserved(token->text) && !observed) {
    const auto function = function_named(token->text);
    fail("syntax", "a value",
         function ? std::string(info(*function).meaning)
                  : fmt::format("'{}' is a word of the language", token->text));
  }
  ++next_;
  put(name(token->text), token->at);
}

void LineParser::call(const Token& name) {
  const auto op = function_named(name.text);
  if (!op) {
    --next_;
    std::vector<std::string> known;
    for (const OpInfo& each : all_ops()) {
      if (each.form == Form::kCall) known.emplace_back(each.spelling);
    }
    std::string hint = did_you_mean(name.text, known);
    if (observed_named(name.text) != nullptr)
      hint = fmt::format("'{}' is a value, not a function", name.text);
    else if (is_reserved(name.text))
      hint = fmt::format("'{}' is a word of the language", name.text);
    fail("unknown-function", "a known function",
         hint.empty() ? fmt::format("the functions are {}", fmt::join(known, ", ")) : hint);
  }
  expect("(", "after a function's name");
  if (is_signal(*op)) return signal_name(*op, name.at);
  std::size_t count = 0;
  if (!next_is(")")) {
    do {
      binary(kOr);
      ++count;
    } while (accept(","));
  }
  if (!next_is(")")) fail("syntax", fmt::format("',' or ')' in the operands of {}()", name.text));
  const OpInfo& about = info(*op);
  if (count < about.fewest || count > about.most) {
    const std::string wanted = about.fewest == about.most ? fmt::format("{}", about.fewest)
                                                          : fmt::format("{} or {}", about.fewest, about.most);
    throw LineError{{Severity::kError, "operands",
                     fmt::format("expected {} operand{} of {}(), found {}", wanted, wanted == "1" ? "" : "s",
                                 name.text, count),
                     std::string(about.meaning), name.at}};
  }
  expect(")", "to close the operands");
  put(*op, count, name.at);
}

// Any word: names of signals have nothing to do with those of the language.
void LineParser::signal_name(Op op, Position at) {
  const Token* token = peek();
  if (token == nullptr || token->kind != TokenKind::kWord)
    fail("syntax", "the name of a signal", std::string(info(op).meaning));
  ++next_;
  expect(")", "after the name of a signal");
  put(signal(op, token->text), at);
}

void LineParser::schedule_entry(ScheduleEntry& into) {
  into.at = here();
  into.name = declared_name("a schedule entry");
  if (accept("rises"))
    into.direction = Direction::kRises;
  else if (accept("falls"))
    into.direction = Direction::kFalls;
  else
    fail("direction", "'rises' or 'falls'", "a schedule entry is written: name rises expression of beta");
  into.value = expression();
  expect_end();
}

void LineParser::declared_register(Register& into) {
  into.at = here();
  into.name = declared_name("a register");
  expect("=", "and the register's initial value");
  into.initial = expression();
  expect_end();
}

void LineParser::statement(Statement& into) {
  into.at = here();
  const Token* first = peek();
  if (first == nullptr || first->kind != TokenKind::kWord) fail("syntax", "a statement");
  const Token* second = peek(1);
  if (second != nullptr && second->text == "=") {
    into.verb = Verb::kAssign;
    into.target = declared_name("a register");
    ++next_;
    into.value = expression();
  } else if (const auto verb = verb_named(first->text)) {
    into.verb = *verb;
    ++next_;
    if (*verb == Verb::kLet) {
      into.target = declared_name("a let");
      expect("=", "after the name");
    }
    const bool by_value = *verb == Verb::kLet || *verb == Verb::kOpen || *verb == Verb::kRead;
    if (by_value)
      into.value = expression();
    else if (*verb != Verb::kStop)
      into.set = expression();
  } else {
    std::vector<std::string> known;
    for (const Verb each : {Verb::kLet, Verb::kOpen, Verb::kRead, Verb::kAdvance, Verb::kContinue,
                            Verb::kProbe, Verb::kPrune, Verb::kStop}) {
      known.emplace_back(keyword_of(each));
    }
    const std::string meant = translated(first->text);
    fail("statement", fmt::format("a statement ({}, or register = value)", fmt::join(known, ", ")),
         meant.empty() ? did_you_mean(first->text, known) : meant);
  }
  clauses(into);
  expect_end();
}

void LineParser::clauses(Statement& into) {
  const bool moves = into.verb == Verb::kAdvance || into.verb == Verb::kContinue;
  const bool prunes = into.verb == Verb::kPrune;
  if (moves) {
    expect("by", "and how many intervals, after the set");
    into.value = expression();
  }
  if ((moves || prunes) && accept("first")) into.order = expression();
  if (prunes && accept("keep")) into.keep = expression();
  if (into.verb == Verb::kAssign && accept("for")) into.set = expression();
  if (accept("when")) into.guard = expression();
}

}  // namespace genome
