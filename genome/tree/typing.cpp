#include "genome/tree/typing.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "genome/base/check.hpp"
#include "genome/tree/diagnostic.hpp"
#include "genome/tree/observed.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

constexpr const char* kUnknownName = "unknown-name";

constexpr Signature kSignatures[] = {
    {Op::kNumber, "", 'N'},
    {Op::kTrue, "", 'T'},
    {Op::kFalse, "", 'T'},
    {Op::kNone, "", 'A'},
    {Op::kOr, "TT", 'T'},
    {Op::kAnd, "TT", 'T'},
    {Op::kNot, "T", 'T'},
    {Op::kLess, "NN", 'T'},
    {Op::kLessEqual, "NN", 'T'},
    {Op::kGreater, "NN", 'T'},
    {Op::kGreaterEqual, "NN", 'T'},
    {Op::kEqual, "XX", 'T'},
    {Op::kNotEqual, "XX", 'T'},
    {Op::kAdd, "NN", 'N'},
    {Op::kSubtract, "NN", 'N'},
    {Op::kMultiply, "NN", 'N'},
    {Op::kDivide, "NN", 'N'},
    {Op::kNegate, "N", 'N'},
    {Op::kPower, "NN", 'N'},
    {Op::kMin, "NN", 'N'},
    {Op::kMin, "nt", 'N'},
    {Op::kMax, "NN", 'N'},
    {Op::kMax, "nt", 'N'},
    {Op::kAbs, "N", 'N'},
    {Op::kFloor, "N", 'N'},
    {Op::kCeil, "N", 'N'},
    {Op::kRound, "N", 'N'},
    {Op::kRound, "NN", 'N'},
    {Op::kMod, "NN", 'N'},
    {Op::kExp, "N", 'N'},
    {Op::kLog, "N", 'N'},
    {Op::kSqrt, "N", 'N'},
    {Op::kMix, "NNN", 'N'},
    {Op::kIf, "TXX", 'X'},
    {Op::kExists, "A", 'T'},
    {Op::kBlank, "A", 'T'},
    {Op::kBetaConfidence, "NN", 'N'},
    {Op::kAgo, "XN", 'X'},
    {Op::kCount, "t", 'N'},
    {Op::kAny, "t", 'T'},
    {Op::kAll, "tt", 'T'},
    {Op::kSum, "nt", 'N'},
    {Op::kMean, "nt", 'N'},
    {Op::kTop, "t", 'A'},
    {Op::kTop, "tn", 'A'},
    {Op::kSupport, "t", 'N'},
    {Op::kSupport, "tn", 'N'},
    {Op::kRunnerUp, "t", 'N'},
    {Op::kRunnerUp, "tn", 'N'},
    {Op::kVotes, "At", 'N'},
    {Op::kVotes, "Atn", 'N'},
    {Op::kDistinct, "t", 'N'},
    {Op::kDistinct, "tn", 'N'},
    {Op::kEntropy, "t", 'N'},
    {Op::kEntropy, "tn", 'N'},
    {Op::kConfidence, "t", 'N'},
    {Op::kConfidence, "tn", 'N'},
};

Kind kind_of_code(char code) {
  switch (code) {
    case 'N':
    case 'n': return Kind::kNumber;
    case 'T':
    case 't': return Kind::kTruth;
    case 'A': return Kind::kAnswer;
    default: return Kind::kUnknown;
  }
}

constexpr bool is_folded(char code) { return code >= 'a'; }

// Whether operands fit, taking kUnknown as fitting anything; `any` is the common kind of the X operands.
bool fits(const Signature& signature, std::span<const Type> operands, Kind& any) {
  if (signature.operands.size() != operands.size()) return false;
  any = Kind::kUnknown;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Kind found = operands[i].kind;
    if (found == Kind::kUnknown) continue;
    const char code = signature.operands[i];
    if (code == 'X') {
      if (any != Kind::kUnknown && any != found) return false;
      any = found;
    } else if (kind_of_code(code) != found) {
      return false;
    }
  }
  return true;
}

std::string spelled(const OpInfo& op) {
  return op.form == Form::kCall ? fmt::format("{}()", op.spelling) : fmt::format("'{}'", op.spelling);
}

TypeProblem mismatch(const Expr& expression, std::size_t node, std::span<const Type> operands) {
  const OpInfo& op = info(expression.nodes[node].op);
  std::vector<std::string> wanted;
  for (const Signature& s : kSignatures) {
    if (s.op != op.op) continue;
    std::vector<std::string> kinds;
    for (const char c : s.operands) {
      kinds.emplace_back(c == 'X'   ? (op.op == Op::kAgo ? "register" : "any")
                         : c == 't' ? "set"
                                    : name_of(kind_of_code(c)));
    }
    wanted.push_back(fmt::format("({})", fmt::join(kinds, ", ")));
  }
  std::vector<std::string> found;
  for (const Type type : operands) found.emplace_back(name_of(type.kind));
  const bool same = op.op == Op::kEqual || op.op == Op::kNotEqual || op.op == Op::kIf;
  return {node, "type",
          fmt::format("{} expects {}{}, found ({})", spelled(op), fmt::join(wanted, " or "),
                      same ? " with values of one kind" : "", fmt::join(found, ", ")),
          op.form == Form::kCall ? std::string(op.meaning) : "", ""};
}

std::vector<std::string> known_words(const Scope& scope) {
  std::vector<std::string> known;
  for (const auto& [word, symbol] : scope.symbols()) known.push_back(word);
  for (const Op literal : {Op::kTrue, Op::kFalse, Op::kNone}) known.emplace_back(info(literal).spelling);
  return known;
}

TypeProblem unknown_name(std::size_t node, const std::string& name, std::span<const std::string> known) {
  const std::string near = nearest(name, known);
  std::string hint = "names are declared in schedule, memory or branch, or with 'let' in a line before";
  const auto function = function_named(name);
  if (function && info(*function).form == Form::kNamed) {
    hint = info(*function).meaning;
  } else if (!near.empty()) {
    hint = fmt::format("did you mean '{}'?", near);
  } else if (observed_named(name) != nullptr) {
    hint = fmt::format("'{}' is known only during an episode, not here, where only beta and the schedule are",
                       name);
  }
  return {node, kUnknownName, fmt::format("expected a known name, found {}", quoted(name)), hint, near};
}

// Problems in the order of the text, unknown names among them told, the first of them with a known one.
void tell_names(const Expr& expression, const Scope& scope, std::size_t hints,
                std::vector<TypeProblem>& problems) {
  std::sort(problems.begin(), problems.end(),
            [](const TypeProblem& a, const TypeProblem& b) { return a.node < b.node; });
  std::vector<std::string> known;
  for (TypeProblem& problem : problems) {
    if (problem.code != kUnknownName) continue;
    if (hints > 0 && known.empty()) known = known_words(scope);
    if (hints == 0) known.clear();
    hints -= hints > 0 ? 1 : 0;
    problem = unknown_name(problem.node, expression.nodes[problem.node].name, known);
  }
}

Type type_of_node(const Expr& expression, std::size_t node, std::span<const Type> operands,
                  const Scope& scope, std::vector<TypeProblem>& problems) {
  const Node& n = expression.nodes[node];
  if (n.op == Op::kError) return {};
  if (is_signal(n.op)) return {Kind::kNumber, Level::kBranch};
  if (n.op == Op::kName) {
    if (const Symbol* symbol = scope.find(n.name)) return symbol->type;
    problems.push_back({.node = node, .code = kUnknownName});
    return {};
  }
  if (n.op == Op::kAgo) {
    const Node& target = expression.nodes[node + 1];
    const Symbol* symbol = target.op == Op::kName ? scope.find(target.name) : nullptr;
    const bool unknown = target.op == Op::kError || (target.op == Op::kName && symbol == nullptr);
    if (!unknown && (symbol == nullptr || symbol->origin != Origin::kMemory)) {
      problems.push_back(
          {node + 1, "ago",
           "ago() expects a register of the section memory as its first operand, found something else",
           std::string(info(Op::kAgo).meaning), ""});
      return {};
    }
  }
  if (const auto type = result_type(n.op, operands)) return *type;
  problems.push_back(mismatch(expression, node, operands));
  return {};
}

}  // namespace

Scope Scope::constants() {
  Scope scope;
  for (const Observed& o : observed_values()) {
    if (o.type.level == Level::kConstant) scope.declare(o.name, {Origin::kObserved, o.type, o.slot});
  }
  return scope;
}

Scope Scope::episode() {
  Scope scope;
  for (const Observed& o : observed_values()) scope.declare(o.name, {Origin::kObserved, o.type, o.slot});
  return scope;
}

void Scope::declare(std::string_view name, Symbol symbol) {
  symbols_.insert_or_assign(std::string(name), symbol);
}

const Symbol* Scope::find(std::string_view name) const {
  const auto at = symbols_.find(name);
  return at == symbols_.end() ? nullptr : &at->second;
}

std::span<const Signature> signatures() { return kSignatures; }

const Signature* matching_signature(Op op, std::span<const Type> operands) {
  Kind any = Kind::kUnknown;
  for (const Signature& s : kSignatures) {
    if (s.op == op && fits(s, operands, any)) return &s;
  }
  return nullptr;
}

std::optional<Type> result_type(Op op, std::span<const Type> operands) {
  const Signature* s = matching_signature(op, operands);
  if (s == nullptr) return std::nullopt;
  Kind any = Kind::kUnknown;
  EVOTTS_CHECK(fits(*s, operands, any));
  Type type{s->result == 'X' ? any : kind_of_code(s->result), Level::kConstant};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    // What is folded over the branches depends on which are open, so it is at least of the question.
    type.level = std::max(type.level, is_folded(s->operands[i]) ? Level::kQuestion : operands[i].level);
  }
  return type;
}

Typing infer(const Expr& expression, const Scope& scope, std::size_t hints) {
  Typing typing;
  typing.types.resize(expression.size());
  std::vector<std::size_t> stack;  // roots of typed subtrees, the leftmost on top
  std::vector<Type> operands;
  for (std::size_t node = expression.size(); node-- > 0;) {
    operands.clear();
    for (std::size_t i = 0; i < expression.nodes[node].arity; ++i) {
      EVOTTS_CHECK(!stack.empty());
      operands.push_back(typing.types[stack.back()]);
      stack.pop_back();
    }
    typing.types[node] = type_of_node(expression, node, operands, scope, typing.problems);
    stack.push_back(node);
  }
  tell_names(expression, scope, hints, typing.problems);
  return typing;
}

}  // namespace genome
