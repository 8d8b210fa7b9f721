#include "genome/lint/hints.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "genome/lint/foreign_choice.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/sites.hpp"
#include "genome/tree/text_place.hpp"

namespace genome {
namespace {

constexpr std::size_t kShown = 60;  // bytes of a text in a hint
constexpr const char* kOpaque =
    "answers are opaque: they are compared with each other, as in answer == top(finished), never with "
    "numbers or texts; exists(answer) and blank(answer) ask about one, votes(answer, set) counts its votes";
constexpr std::string_view kError = "ERR";  // the answer of a branch that gave none
constexpr const char* kErrorHint = "ERR is an answer; write blank(answer)";
constexpr const char* kChoice = "a choice is written if(truth, a, b)";

// ---- what the words of a line tell

std::string choice_hint(std::string_view line, std::size_t at) {
  const std::string choice = foreign_choice(line, at);
  if (choice.empty() || choice.size() > kShown) return kChoice;
  return fmt::format("a choice is written {}", choice);
}

// The hint for what stands at this byte of the line; empty where there is none.
std::string hint_for_words(const Diagnostic& d, std::string_view line) {
  const std::size_t at = d.at.column - 1;
  if (at >= line.size()) return {};
  if (d.code == "syntax" && line.substr(at, d.at.length) == "if") {
    const bool chooses = !foreign_choice(line, at).empty();
    return chooses || d.hint.empty() ? choice_hint(line, at) : "";
  }
  if (d.code == "unknown-name") return line.substr(at, d.at.length) == kError ? kErrorHint : "";
  if (d.code != "character") return {};
  if (line.substr(at + 1).starts_with(kError)) return kErrorHint;
  if (line[at] == '"' || line[at] == '\'') return fmt::format("the language has no texts, and {}", kOpaque);
  const std::size_t question = line.substr(0, at + 1).rfind('?');
  const bool of_choice = line[at] == '?' || (line[at] == ':' && question != std::string_view::npos);
  return of_choice ? choice_hint(line, question) : "";
}

// ---- what the types of an expression tell

bool compares(Op op) { return op >= Op::kLess && op <= Op::kNotEqual; }
bool calculates(Op op) { return op >= Op::kAdd && op <= Op::kMix; }
bool is_logic(Op op) { return op == Op::kOr || op == Op::kAnd || op == Op::kNot; }

std::string shown(const Expr& e, std::string_view instead) {
  std::string text = print(e);
  return text.size() <= kShown ? text : std::string(instead);
}

// The set of any(set), or the expression itself.
Expr set_in(const Expr& e) { return e.root().op == Op::kAny ? e.extract(e.operand(0, 0)) : e; }

bool is_countable(const Expr& e, Type type) {
  return type.level == Level::kBranch || e.root().op == Op::kAny;
}

std::string hint_for_truth(const Expr& whole, Span operand, Type type) {
  const Expr truth = whole.extract(operand);
  if (!is_countable(truth, type))
    return fmt::format("a truth is no number; {} makes one of it",
                       shown(apply(Op::kIf, {truth, number(1), number(0)}), "if(truth, 1, 0)"));
  const Expr counted = whole.replaced(operand, apply(Op::kCount, {set_in(truth)}));
  return fmt::format("a set is no number; count(set) is how many branches it has, as in {}",
                     shown(counted, "count(finished) > 3"));
}

std::string hint_for_logic(const Expr& operand, Kind kind) {
  if (kind == Kind::kAnswer)
    return fmt::format("{} tells whether there is an answer",
                       shown(apply(Op::kExists, {operand}), "exists(answer)"));
  return fmt::format("compare the number, as in {}",
                     shown(apply(Op::kGreater, {operand, number(0)}), "depth > 0"));
}

// Whether any or all signatures of the operation take one of these codes as that operand.
bool takes(Op op, std::size_t which, std::string_view codes, bool all) {
  const auto fits = [&](const Signature& s) {
    return which < s.operands.size() && codes.find(s.operands[which]) != std::string_view::npos;
  };
  std::vector<Signature> of_op;
  std::ranges::copy_if(signatures(), std::back_inserter(of_op),
                       [&](const Signature& s) { return s.op == op; });
  return all ? std::ranges::all_of(of_op, fits) : std::ranges::any_of(of_op, fits);
}

// Of a call with an answer where it takes numbers or sets, or with a number where it takes an answer.
std::string hint_for_call(Op op, std::span<const Type> operands) {
  if (info(op).form != Form::kCall) return {};
  if (op == Op::kIf) {
    const bool answers = operands[1].kind == Kind::kAnswer || operands[2].kind == Kind::kAnswer;
    return answers && operands[1].kind != operands[2].kind
               ? fmt::format("{}; for no answer, write none", kOpaque)
               : "";
  }
  for (std::size_t which = 0; which < operands.size(); ++which) {
    const Kind kind = operands[which].kind;
    if (kind == Kind::kAnswer && !takes(op, which, "AX", false)) return kOpaque;
    if (kind == Kind::kNumber && takes(op, which, "A", true)) return kOpaque;
  }
  return {};
}

// Of an operation whose operands do not fit; empty where its signatures say enough.
std::string hint_for_operands(const Expr& e, std::size_t node, const Typing& typing) {
  const Op op = e.nodes[node].op;
  const Expr whole = e.extract(e.subtree(node));
  std::vector<Type> operands;
  for (std::size_t which = 0; which < whole.nodes[0].arity; ++which)
    operands.push_back(typing.types[node + whole.operand(0, which).first]);
  std::string hint = hint_for_call(op, operands);
  if (!hint.empty()) return hint;
  for (std::size_t which = 0; which < operands.size(); ++which) {
    const Span operand = whole.operand(0, which);
    const Type type = operands[which];
    if ((compares(op) || calculates(op)) && type.kind == Kind::kAnswer) return kOpaque;
    if ((compares(op) || calculates(op)) && type.kind == Kind::kTruth && hint.empty())
      hint = hint_for_truth(whole, operand, type);
    const bool fits = type.kind == Kind::kTruth || type.kind == Kind::kUnknown;
    const bool asks = is_logic(op) || (op == Op::kIf && which == 0);
    if (asks && !fits && hint.empty()) hint = hint_for_logic(whole.extract(operand), type.kind);
  }
  return hint;
}

// Of an expression that is whole, but not of the kind that its place wants.
std::string hint_for_place(const Expr& e, Type found, Type wanted) {
  if (wanted.kind == Kind::kAnswer) return "answers come from branches and votes, as in top(finished)";
  const bool one_truth = wanted.kind == Kind::kTruth && wanted.level < Level::kBranch;
  if (one_truth && found.kind == Kind::kAnswer && found.level < Level::kBranch)
    return hint_for_logic(e, found.kind);
  if (wanted.kind != Kind::kNumber) return {};
  if (found.kind == Kind::kAnswer) return kOpaque;
  const bool counts = wanted.level < Level::kBranch;
  const Type as_wanted{Kind::kTruth, counts ? found.level : Level::kQuestion};
  return hint_for_truth(e, {0, e.size()}, as_wanted);
}

using Place = std::pair<std::uint32_t, std::uint32_t>;  // line and column

Place place_of(Position at) { return {at.line, at.column}; }

// By the place of the error that they belong to.
std::map<Place, std::string> hints_for_types(const Controller& c) {
  std::map<Place, std::string> hints;
  const Scopes scopes(c);
  for (const Site& site : sites_of(c)) {
    const Expr& e = expr_at(c, site);
    if (e.empty()) continue;
    const Typing typing = infer(e, scope_at(scopes, site), 0);
    for (const TypeProblem& problem : typing.problems) {
      if (problem.code == "type")
        hints.emplace(place_of(e.nodes[problem.node].at), hint_for_operands(e, problem.node, typing));
    }
    const Kind found = typing.types[0].kind;
    const bool known = found != Kind::kUnknown && site.wanted.kind != Kind::kUnknown;
    if (typing.problems.empty() && known && found != site.wanted.kind)
      hints.emplace(place_of(e.root().at), hint_for_place(e, typing.types[0], site.wanted));
  }
  return hints;
}

}  // namespace

void add_hints(Diagnostics& diagnostics, std::string_view text) {
  const bool mistyped =
      std::ranges::any_of(diagnostics, [](const Diagnostic& d) { return d.code == "type"; });
  const auto of_types = mistyped ? hints_for_types(parse(text).controller) : std::map<Place, std::string>{};
  for (Diagnostic& d : diagnostics) {
    if (d.at.line == 0) continue;
    std::string hint = hint_for_words(d, line_of(text, d.at.line));
    const auto of_type = of_types.find(place_of(d.at));
    if (d.code == "type" && of_type != of_types.end()) hint = of_type->second;
    if (!hint.empty()) d.hint = std::move(hint);
  }
}

}  // namespace genome
