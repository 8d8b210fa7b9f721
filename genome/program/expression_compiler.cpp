// How an expression becomes code. node() walks the tree from the root; operands come before the instruction
// that reads them. Each value has one of three places:
//   a constant     a slot that bind() fills, one for each different constant of the program;
//   a name         where its register, let or observed value is kept: nothing to compute;
//   anything else  a fresh slot, remembered in `known_` by the value's number. It is computed once for as
//                  long as nothing it mentions changes.
// What may be jumped over must not count as computed behind the jump. A Skip holds what was known before
// it, and land() goes back to that, less what the skipped part has made untrue.
// Votes are counted by an instruction of their own (kTally), which later ones ask. The last count is
// remembered as values are.
#include "genome/program/expression_compiler.hpp"

#include <algorithm>

#include "genome/base/check.hpp"

namespace genome {
namespace {

constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);

// The code of a pointwise operation on numbers, by operation and number of operands.
std::optional<std::pair<Code, Code>> number_codes(Op op, std::size_t arity) {
#define NUMBER1(name, operation, function) \
  if (op == Op::operation && arity == 1) return std::pair(Code::k##name, Code::kB##name);
#define NUMBER2(name, operation, function) \
  if (op == Op::operation && arity == 2) return std::pair(Code::k##name, Code::kB##name);
#define NUMBER3(name, operation, function) \
  if (op == Op::operation && arity == 3) return std::pair(Code::k##name, Code::kB##name);
#define COMPARE(name, operation, symbol) \
  if (op == Op::operation) return std::pair(Code::k##name, Code::kB##name);
#include "genome/program/codes.def"
  return std::nullopt;
}

// Looks over a subtree: whether to jump around it rather than compute it in vain.
bool is_costly(const Expr& e, Span span) {
  const auto costly = [](const Node& n) {
    const Fold fold = info(n.op).fold;
    return fold == Fold::kReduction || fold == Fold::kVote || n.op == Op::kBetaConfidence ||
           n.op == Op::kAgo || n.op == Op::kPower || n.op == Op::kExp || n.op == Op::kLog || is_signal(n.op);
  };
  return std::any_of(e.nodes.begin() + static_cast<std::ptrdiff_t>(span.first),
                     e.nodes.begin() + static_cast<std::ptrdiff_t>(span.last), costly);
}

}  // namespace

Place ExpressionCompiler::compile(const Expr& expression, const Scope& scope) {
  const Typing typing = infer(expression, scope);
  EVOTTS_CHECK(typing.problems.empty());
  const std::vector<ValueNumber> values = numbers_.of(expression);
  return node({expression, scope, typing.types, values}, 0);
}

Place ExpressionCompiler::compile_each(const Expr& expression, const Scope& scope) {
  return widened(compile(expression, scope));
}

Place ExpressionCompiler::fresh(Kind kind, bool each) {
  Slot& next = kind == Kind::kNumber  ? (each ? program_.branch_numbers : program_.numbers)
               : kind == Kind::kTruth ? (each ? program_.branch_truths : program_.truths)
                                      : (each ? program_.branch_answers : program_.answers);
  EVOTTS_CHECK(next < kNoSlot - 1);
  return {kind, each, next++};
}

Place ExpressionCompiler::constant(Kind kind, const Expr& value) {
  const std::vector<ValueNumber> values = numbers_.of(value);
  return constant(kind, {value, Scope(), {}, values}, 0);
}

Place ExpressionCompiler::constant(Kind kind, const Context& c, std::size_t at) {
  const auto [entry, is_new] = constants_.try_emplace(c.values[at]);
  if (is_new) {
    entry->second = fresh(kind, false);
    program_.constants.push_back({kind, entry->second.slot, c.expression.extract(c.expression.subtree(at))});
  }
  return entry->second;
}

void ExpressionCompiler::forget(const std::string& name) {
  std::erase_if(known_.values, [&](const auto& entry) { return numbers_.mentions(entry.first, name); });
  known_.count.reset();
}

void ExpressionCompiler::forget_all() { known_ = {}; }

void ExpressionCompiler::forget_pruning() {
  for (const Observed& observed : observed_values()) {
    if (observed.varies == Varies::kByAnyAction) forget(std::string(observed.name));
  }
}

ExpressionCompiler::Skip ExpressionCompiler::guard(const Expr& expression, const Scope& scope) {
  const Typing typing = infer(expression, scope);
  EVOTTS_CHECK(typing.problems.empty());
  const std::vector<ValueNumber> values = numbers_.of(expression);
  const Context c{expression, scope, typing.types, values};
  Skip skip;
  std::vector<std::size_t> left{0};  // conjuncts still to do, the next one last
  while (!left.empty()) {
    const std::size_t at = left.back();
    left.pop_back();
    if (expression.nodes[at].op == Op::kAnd) {
      left.push_back(expression.operand(at, 1).first);
      left.push_back(expression.operand(at, 0).first);
      continue;
    }
    const Place truth = node(c, at);
    if (skip.jumps.empty()) skip.before = known_;
    skip.jumps.push_back(emit({.code = Code::kJumpUnless, .a = truth.slot}));
  }
  return skip;
}

void ExpressionCompiler::land(Skip skip) {
  for (const std::size_t jump : skip.jumps) land_jump(jump);
  // What was known before and still is: a skipped part may only have taken knowledge away.
  std::erase_if(skip.before.values, [&](const auto& entry) {
    const auto now = known_.values.find(entry.first);
    return now == known_.values.end() || now->second.slot != entry.second.slot;
  });
  if (skip.before.count != known_.count) skip.before.count.reset();
  known_ = std::move(skip.before);
}

std::uint8_t ExpressionCompiler::each_of(Place a, Place b, Place c) {
  return static_cast<std::uint8_t>((a.each ? kEachA : 0) | (b.each ? kEachB : 0) | (c.each ? kEachC : 0));
}

std::size_t ExpressionCompiler::emit(Instruction instruction) {
  program_.code.push_back(instruction);
  return program_.code.size() - 1;
}

void ExpressionCompiler::land_jump(std::size_t jump) {
  program_.code[jump].to = static_cast<Slot>(program_.code.size());
}

Place ExpressionCompiler::widened(Place place) {
  if (place.each) return place;
  const Place wide = fresh(place.kind, true);
  EVOTTS_CHECK(place.kind != Kind::kAnswer);  // instructions on answers take one for all as it is
  const Code code = place.kind == Kind::kNumber ? Code::kSplatNumber : Code::kSplatTruth;
  emit({.code = code, .to = wide.slot, .a = place.slot});
  return wide;
}

Place ExpressionCompiler::node(const Context& c, std::size_t at) {
  const Type type = c.types[at];
  const Node& n = c.expression.nodes[at];
  if (n.op == Op::kName) return named(c, at);
  if (type.level == Level::kConstant) return constant(type.kind, c, at);
  const ValueNumber value = c.values[at];
  if (const auto known = known_.values.find(value); known != known_.values.end()) return known->second;
  const Place place = uncached(c, at);
  known_.values.emplace(value, place);
  return place;
}

Place ExpressionCompiler::uncached(const Context& c, std::size_t at) {
  const Node& n = c.expression.nodes[at];
  switch (info(n.op).fold) {
    case Fold::kReduction: return reduction(c, at);
    case Fold::kVote: return vote(c, at);
    case Fold::kOfSets:
      if (c.types[c.expression.operand(at, n.arity - 1U).first].kind == Kind::kTruth) return reduction(c, at);
      break;
    case Fold::kNever: break;
  }
  switch (n.op) {
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot: return logic(c, at);
    case Op::kIf: return selection(c, at);
    case Op::kAgo: return ago(c, at);
    case Op::kExists: return of_answer(c, at, Code::kExists, Code::kBExists);
    case Op::kBlank: return of_answer(c, at, Code::kBlank, Code::kBBlank);
    case Op::kEqual:
    case Op::kNotEqual: return sameness(c, at);
    case Op::kSignal:
    case Op::kSignalMean:
    case Op::kSignalMin: return gathered(n);
    default: return pointwise(c, at);
  }
}

Place ExpressionCompiler::named(const Context& c, std::size_t at) {
  const Node& n = c.expression.nodes[at];
  const Symbol* symbol = c.scope.find(n.name);
  EVOTTS_CHECK(symbol != nullptr);
  if (symbol->type.level == Level::kConstant) return constant(symbol->type.kind, c, at);
  if (symbol->origin == Origin::kObserved)
    return {symbol->type.kind, symbol->type.level == Level::kBranch, symbol->index};
  const auto place = places_.find(n.name);
  EVOTTS_CHECK(place != places_.end());
  return place->second;
}

Place ExpressionCompiler::pointwise(const Context& c, std::size_t at) {
  const Node& n = c.expression.nodes[at];
  const auto codes = number_codes(n.op, n.arity);
  EVOTTS_CHECK(codes.has_value());
  const bool each = c.types[at].level == Level::kBranch;
  Slot slots[3] = {kNoSlot, kNoSlot, kNoSlot};
  std::uint8_t lanes = 0;
  for (std::size_t i = 0; i < n.arity; ++i) {
    const Place part = operand(c, at, i);
    slots[i] = part.slot;
    if (part.each) lanes |= static_cast<std::uint8_t>(kEachA << i);
  }
  const Place to = fresh(c.types[at].kind, each);
  emit({.code = each ? codes->second : codes->first,
        .each = lanes,
        .to = to.slot,
        .a = slots[0],
        .b = slots[1],
        .c = slots[2]});
  return to;
}

Place ExpressionCompiler::of_answer(const Context& c, std::size_t at, Code one, Code each) {
  const Place answer = operand(c, at, 0);
  const Place to = fresh(Kind::kTruth, answer.each);
  emit({.code = answer.each ? each : one, .to = to.slot, .a = answer.slot});
  return to;
}

Place ExpressionCompiler::logic(const Context& c, std::size_t at) {
  const Op op = c.expression.nodes[at].op;
  const bool each = c.types[at].level == Level::kBranch;
  if (op == Op::kNot) {
    const Place a = operand(c, at, 0);
    const Place to = fresh(Kind::kTruth, each);
    emit({.code = each ? Code::kBNot : Code::kNot, .to = to.slot, .a = a.slot});
    return to;
  }
  if (!each && is_costly(c.expression, c.expression.operand(at, 1))) return skipping(c, at);
  const Place a = each ? each_operand(c, at, 0) : operand(c, at, 0);
  const Place b = each ? each_operand(c, at, 1) : operand(c, at, 1);
  const Place to = fresh(Kind::kTruth, each);
  const Code code = op == Op::kAnd ? (each ? Code::kBAnd : Code::kAnd) : (each ? Code::kBOr : Code::kOr);
  emit({.code = code, .to = to.slot, .a = a.slot, .b = b.slot});
  return to;
}

Place ExpressionCompiler::skipping(const Context& c, std::size_t at) {
  const bool is_and = c.expression.nodes[at].op == Op::kAnd;
  const Place left = operand(c, at, 0);
  const Place to = fresh(Kind::kTruth, false);
  emit({.code = Code::kMoveTruth, .to = to.slot, .a = left.slot});
  Skip skip{{emit({.code = is_and ? Code::kJumpUnless : Code::kJumpIf, .a = to.slot})}, known_};
  const Place right = operand(c, at, 1);
  emit({.code = Code::kMoveTruth, .to = to.slot, .a = right.slot});
  land(std::move(skip));
  return to;
}

Place ExpressionCompiler::selection(const Context& c, std::size_t at) {
  const Type type = c.types[at];
  const bool each = type.level == Level::kBranch;
  // A condition is a word, which is as good as a value of the question; so are truths to choose from.
  Place parts[3];
  for (std::size_t i = 0; i < 3; ++i) {
    parts[i] = operand(c, at, i);
    if (each && parts[i].kind == Kind::kTruth) parts[i] = widened(parts[i]);
  }
  const Place to = fresh(type.kind, each);
  const Code one = type.kind == Kind::kNumber  ? Code::kPickNumber
                   : type.kind == Kind::kTruth ? Code::kPickTruth
                                               : Code::kPickAnswer;
  const Code lanes = type.kind == Kind::kNumber  ? Code::kBPickNumber
                     : type.kind == Kind::kTruth ? Code::kBPickTruth
                                                 : Code::kBPickAnswer;
  emit({.code = each ? lanes : one,
        .each = each_of(parts[0], parts[1], parts[2]),
        .to = to.slot,
        .a = parts[0].slot,
        .b = parts[1].slot,
        .c = parts[2].slot});
  return to;
}

Place ExpressionCompiler::sameness(const Context& c, std::size_t at) {
  const Kind kind = c.types[c.expression.operand(at, 0).first].kind;
  if (kind == Kind::kNumber) return pointwise(c, at);
  const bool each = c.types[at].level == Level::kBranch;
  Place a = operand(c, at, 0), b = operand(c, at, 1);
  if (each && kind == Kind::kTruth) {
    a = widened(a);
    b = widened(b);
  }
  const Place same = fresh(Kind::kTruth, each);
  const Code code = kind == Kind::kTruth ? (each ? Code::kBSameTruth : Code::kSameTruth)
                                         : (each ? Code::kBSameAnswer : Code::kSameAnswer);
  emit({.code = code, .each = each_of(a, b), .to = same.slot, .a = a.slot, .b = b.slot});
  if (c.expression.nodes[at].op == Op::kEqual) return same;
  const Place other = fresh(Kind::kTruth, each);
  emit({.code = each ? Code::kBNot : Code::kNot, .to = other.slot, .a = same.slot});
  return other;
}

Place ExpressionCompiler::reduction(const Context& c, std::size_t at) {
  const Node& n = c.expression.nodes[at];
  const Place a = each_operand(c, at, 0);
  const Slot b = n.arity > 1 ? each_operand(c, at, 1).slot : kNoSlot;
  const Place to = fresh(c.types[at].kind, false);
  Code code = Code::kCount;
  switch (n.op) {
    case Op::kCount: code = Code::kCount; break;
    case Op::kAny: code = Code::kAny; break;
    case Op::kAll: code = Code::kAll; break;
    case Op::kSum: code = Code::kSum; break;
    case Op::kMean: code = Code::kMean; break;
    case Op::kMin: code = Code::kSmallest; break;
    case Op::kMax: code = Code::kLargest; break;
    default: EVOTTS_CHECK(false && "a reduction");
  }
  emit({.code = code, .to = to.slot, .a = a.slot, .b = b});
  return to;
}

void ExpressionCompiler::tally(const Context& c, std::size_t set, std::size_t weight) {
  const Place voters = widened(node(c, set));
  const Place weighed = weight == kNoNode ? Place{.slot = kNoSlot} : node(c, weight);
  const Known::Count count{c.values[set], voters.slot, weighed.slot, weighed.each};
  if (known_.count == count) return;
  emit({.code = Code::kTally,
        .each = each_of(voters, weighed),
        .a = voters.slot,
        .b = weighed.slot,
        .c = static_cast<Slot>(numbers_.votes_as_finished(c.values[set]) ? 1 : 0)});
  known_.count = count;
}

Place ExpressionCompiler::vote(const Context& c, std::size_t at) {
  const Node& n = c.expression.nodes[at];
  const std::size_t set = n.op == Op::kVotes ? 1 : 0;
  // The asked answer first: its own votes, if any, would replace the tally.
  const Place asked = n.op == Op::kVotes ? operand(c, at, 0) : Place{};
  const bool weighed = n.arity > set + 1;
  tally(c, c.expression.operand(at, set).first, weighed ? c.expression.operand(at, set + 1).first : kNoNode);
  const Place to = fresh(c.types[at].kind, n.op == Op::kVotes && asked.each);
  switch (n.op) {
    case Op::kTop: emit({.code = Code::kTop, .to = to.slot}); break;
    case Op::kSupport: emit({.code = Code::kSupport, .to = to.slot}); break;
    case Op::kRunnerUp: emit({.code = Code::kRunnerUp, .to = to.slot}); break;
    case Op::kDistinct: emit({.code = Code::kDistinct, .to = to.slot}); break;
    case Op::kEntropy: emit({.code = Code::kEntropy, .to = to.slot}); break;
    case Op::kConfidence: emit({.code = Code::kConfidence, .to = to.slot}); break;
    case Op::kVotes:
      emit({.code = asked.each ? Code::kBVotes : Code::kVotes, .to = to.slot, .a = asked.slot});
      break;
    default: EVOTTS_CHECK(false && "a vote");
  }
  return to;
}

Place ExpressionCompiler::gathered(const Node& signal) {
  std::vector<std::string>& names = program_.signals;
  const auto place = std::ranges::find(names, signal.name);
  const auto index = static_cast<Slot>(place - names.begin());
  if (place == names.end()) names.push_back(signal.name);
  const SignalMeasure table = signal.op == Op::kSignal       ? SignalMeasure::kLatest
                              : signal.op == Op::kSignalMean ? SignalMeasure::kMean
                                                             : SignalMeasure::kLeast;
  const Place to = fresh(Kind::kNumber, true);
  emit({.code = Code::kGather, .to = to.slot, .a = index, .b = static_cast<Slot>(table)});
  return to;
}

Place ExpressionCompiler::ago(const Context& c, std::size_t at) {
  const Symbol* symbol = c.scope.find(c.expression.nodes[at + 1].name);
  EVOTTS_CHECK(symbol != nullptr && symbol->origin == Origin::kMemory);
  program_.memory[symbol->index].remembered = true;
  const Place rounds = operand(c, at, 1);
  const Kind kind = symbol->type.kind;
  const Place to = fresh(kind, rounds.each);
  const Code one = kind == Kind::kNumber  ? Code::kAgoNumber
                   : kind == Kind::kTruth ? Code::kAgoTruth
                                          : Code::kAgoAnswer;
  const Code lanes = kind == Kind::kNumber  ? Code::kBAgoNumber
                     : kind == Kind::kTruth ? Code::kBAgoTruth
                                            : Code::kBAgoAnswer;
  emit({.code = rounds.each ? lanes : one, .to = to.slot, .a = symbol->index, .b = rounds.slot});
  return to;
}

}  // namespace genome
