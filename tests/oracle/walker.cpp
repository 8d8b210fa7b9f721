#include "tests/oracle/walker.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/types.hpp"
#include "tests/oracle/values.hpp"
#include "tests/oracle/votes.hpp"
#include "tests/oracle/world.hpp"

namespace oracle {
namespace {

using genome::Expr;
using genome::Op;
using genome::Statement;
using genome::Verb;
using Lanes = std::vector<std::size_t>;
using Names = std::map<std::string, Value>;

// More steps or branches than any episode can take.
constexpr std::int64_t kUnlimited = std::numeric_limits<std::int32_t>::max();

// A step of a branch, as a signal tells of it.
struct Step {
  double value;
  double tokens;
};

double latest_of(const std::vector<Step>& steps) { return steps.empty() ? 0 : steps.back().value; }

double mean_of(const std::vector<Step>& steps) {
  double sum = 0, tokens = 0;
  for (const Step& step : steps) {
    sum += step.value * step.tokens;
    tokens += step.tokens;
  }
  return tokens == 0 ? latest_of(steps) : sum / tokens;
}

double least_of(const std::vector<Step>& steps) {
  double least = latest_of(steps);
  for (const Step& step : steps) least = std::min(least, step.value);
  return least;
}

class Walker {
 public:
  Walker(const genome::Controller& controller, const replay::Question& question,
         std::span<const std::uint32_t> ordering, const OracleOptions& options);
  OracleResult run();

 private:
  // Sections. False when a `stop` ended the episode.
  bool run_section(const std::vector<Statement>& statements, std::int64_t round);
  bool run_statement(const Statement& statement);
  bool nothing_left() const;
  AnswerId choose_answer() const;

  // Statements.
  void run_let(const Statement& statement, bool guard);
  void run_assign(const Statement& statement);
  void run_open(const Statement& statement);
  void run_advance(const Statement& statement, bool with_probe);
  void run_probe(const Statement& statement);
  void run_prune(const Statement& statement);
  Lanes in_order(const Lanes& lanes, const Expr& order) const;

  // Expressions: a whole one, or the subtree at node `index`.
  Value eval(const Expr& expr) const;
  Value eval(const Expr& expr, std::size_t index) const;
  Value eval_equal(const Value& a, const Value& b) const;
  Value eval_if(const Value& condition, const Value& a, const Value& b) const;
  Value eval_blank(const Value& answer) const;
  Value eval_ago(const std::string& name, const Value& rounds_back) const;
  Value eval_reduction(Op op, const Value& first, const Value& set) const;
  // What the numbers of a branch's steps so far come to.
  using OfSteps = double (*)(const std::vector<Step>& steps);
  Value eval_signal(const std::string& name, OfSteps f) const;
  Value eval_vote(const Expr& expr, std::size_t index) const;
  Tally tally_of(const Expr& expr, std::size_t set_index, std::optional<std::size_t> weight_index) const;

  // Names.
  Value value_of(const std::string& name) const;
  Value observed(const std::string& name) const;
  template <class F>
  Value each_branch(F f) const;
  Type static_type(const Expr& expr) const;
  std::size_t opened() const { return world_.opened(); }

  const genome::Controller& controller_;
  double beta_;
  std::span<const std::string> signals_;
  World world_;
  Names schedule_;
  Names memory_;
  Names initial_;  // of branch registers
  Names branch_;
  Names lets_;                  // of the section under way, those already run
  std::vector<Names> history_;  // memory_ at the end of each round
};

Walker::Walker(const genome::Controller& controller, const replay::Question& question,
               std::span<const std::uint32_t> ordering, const OracleOptions& options)
    : controller_(controller),
      beta_(options.beta),
      signals_(options.signals),
      world_(question, ordering, options.budget, options.probe_cost) {
  for (const auto& entry : controller.schedule) schedule_[entry.name] = eval(entry.value);
  for (const auto& slot : controller.memory) memory_[slot.name] = eval(slot.initial);
  for (const auto& slot : controller.branch) {
    const Value initial = eval(slot.initial);
    initial_[slot.name] = initial;
    branch_[slot.name] = empty_value({type_of(initial).kind, Scope::kBranch}, 0);
  }
}

OracleResult Walker::run() {
  int rounds = 0;
  bool running = run_section(controller_.start, 0);
  while (running && rounds < controller_.rounds) {
    running = run_section(controller_.round, rounds);
    ++rounds;
    if (!running) break;
    history_.push_back(memory_);
    running = !nothing_left();
  }
  OracleResult result{.tokens = world_.spent(), .latency_tokens = world_.latency(), .rounds = rounds};
  lets_.clear();
  result.answer = choose_answer();
  result.right = result.answer != replay::kNoAnswer && result.answer == world_.question().gold_id;
  return result;
}

bool Walker::run_section(const std::vector<Statement>& statements, std::int64_t round) {
  lets_.clear();
  world_.begin_stage(round);
  bool running = true;
  for (const Statement& statement : statements) {
    running = run_statement(statement);
    if (!running) break;
  }
  world_.end_stage();
  return running;
}

// After a round: nothing happened and nothing can go on, or the budget admits nothing more.
bool Walker::nothing_left() const {
  if (!world_.acted() && world_.active_count() == 0) return true;
  return !world_.anything_fits();
}

AnswerId Walker::choose_answer() const {
  for (const Expr& line : controller_.answer) {
    const auto answer = one<AnswerId>(eval(line));
    if (answer != replay::kNoAnswer) return answer;
  }
  return replay::kNoAnswer;
}

bool Walker::run_statement(const Statement& statement) {
  const bool guard = statement.guard.empty() || one<bool>(eval(statement.guard));
  if (statement.verb == Verb::kLet) {
    run_let(statement, guard);
    return true;
  }
  if (!guard) return true;
  switch (statement.verb) {
    case Verb::kLet: break;
    case Verb::kAssign: run_assign(statement); break;
    case Verb::kOpen:
    case Verb::kRead: run_open(statement); break;
    case Verb::kAdvance: run_advance(statement, true); break;
    case Verb::kContinue: run_advance(statement, false); break;
    case Verb::kProbe: run_probe(statement); break;
    case Verb::kPrune: run_prune(statement); break;
    case Verb::kStop: return false;
  }
  return true;
}

void Walker::run_let(const Statement& statement, bool guard) {
  const Type type = static_type(statement.value);
  lets_[statement.target] = guard ? eval(statement.value) : empty_value(type, opened());
}

void Walker::run_assign(const Statement& statement) {
  const Value value = eval(statement.value);
  if (memory_.contains(statement.target)) {
    EVOTTS_CHECK(type_of(value) == type_of(memory_[statement.target]));
    memory_[statement.target] = value;
    return;
  }
  const Value set = statement.set.empty() ? Value(true) : eval(statement.set);
  const Value before = value_of(statement.target);
  Value& after = branch_.at(statement.target);
  after = before;
  with_kind(type_of(before).kind, [&]<class T>() {
    auto& lanes = std::get<std::vector<T>>(after);
    for (const std::size_t lane : members(set, opened())) lanes[lane] = at<T>(value, lane);
  });
}

// Also `read`.
void Walker::run_open(const Statement& statement) {
  const std::int64_t wanted = count_from(one<double>(eval(statement.value)), kUnlimited);
  for (std::int64_t i = 0; i < wanted; ++i) {
    if (!(statement.verb == Verb::kRead ? world_.read() : world_.branch())) return;
    if (statement.verb == Verb::kOpen) world_.probe(opened() - 1);
  }
}

void Walker::run_advance(const Statement& statement, bool with_probe) {
  const Value steps = eval(statement.value);
  const Lanes lanes = in_order(members(eval(statement.set), opened()), statement.order);
  for (const std::size_t lane : lanes) {
    const std::int64_t wanted = count_from(at<double>(steps, lane), kUnlimited);
    for (std::int64_t i = 0; i < wanted; ++i) {
      if (!world_.advance(lane)) break;  // finished, pruned, or too dear
      if (with_probe) world_.probe(lane);
    }
  }
}

void Walker::run_probe(const Statement& statement) {
  for (const std::size_t lane : members(eval(statement.set), opened())) world_.probe(lane);
}

void Walker::run_prune(const Statement& statement) {
  const double keep = statement.keep.empty() ? 0 : one<double>(eval(statement.keep));
  const std::int64_t kept = count_from(keep, kUnlimited);
  for (const std::size_t lane : in_order(members(eval(statement.set), opened()), statement.order)) {
    if (world_.active_count() > kept) world_.prune(lane);
  }
}

// In falling order of `order`, in opening order where it is equal or left out.
Lanes Walker::in_order(const Lanes& lanes, const Expr& order) const {
  if (order.empty()) return lanes;
  const Value key = eval(order);
  Lanes sorted = lanes;
  std::ranges::stable_sort(
      sorted, [&](std::size_t a, std::size_t b) { return at<double>(key, a) > at<double>(key, b); });
  return sorted;
}

Value Walker::eval(const Expr& expr) const {
  Value value = eval(expr, 0);
  EVOTTS_CHECK(type_of(value) == static_type(expr));
  return value;
}

Value Walker::eval(const Expr& expr, std::size_t index) const {
  const genome::Node& node = expr.nodes.at(index);
  const std::size_t n = opened();
  const auto operand = [&](std::size_t which) { return eval(expr, expr.operand(index, which).first); };
  const auto of_one = [&](double (*f)(double)) { return lift<double, double>(f, n, operand(0)); };
  const auto of_two = [&](double (*f)(double, double)) {
    return lift<double, double, double>(f, n, operand(0), operand(1));
  };
  const auto compare = [&](bool (*f)(double, double)) {
    return lift<bool, double, double>(f, n, operand(0), operand(1));
  };
  const auto opposite = [&](const Value& a) { return lift<bool, bool>([](bool x) { return !x; }, n, a); };
  switch (node.op) {
    case Op::kError: break;
    case Op::kNumber: return Value(node.number);
    case Op::kTrue: return Value(true);
    case Op::kFalse: return Value(false);
    case Op::kNone: return Value(replay::kNoAnswer);
    case Op::kName: return value_of(node.name);
    case Op::kSignal: return eval_signal(node.name, latest_of);
    case Op::kSignalMean: return eval_signal(node.name, mean_of);
    case Op::kSignalMin: return eval_signal(node.name, least_of);

    case Op::kOr:
      return lift<bool, bool, bool>([](bool a, bool b) { return a || b; }, n, operand(0), operand(1));
    case Op::kAnd:
      return lift<bool, bool, bool>([](bool a, bool b) { return a && b; }, n, operand(0), operand(1));
    case Op::kNot: return opposite(operand(0));
    case Op::kLess: return compare([](double a, double b) { return a < b; });
    case Op::kLessEqual: return compare([](double a, double b) { return a <= b; });
    case Op::kGreater: return compare([](double a, double b) { return a > b; });
    case Op::kGreaterEqual: return compare([](double a, double b) { return a >= b; });
    case Op::kEqual: return eval_equal(operand(0), operand(1));
    case Op::kNotEqual: return opposite(eval_equal(operand(0), operand(1)));

    case Op::kAdd: return of_two(add);
    case Op::kSubtract: return of_two(subtract);
    case Op::kMultiply: return of_two(multiply);
    case Op::kDivide: return of_two(divide);
    case Op::kNegate: return of_one(negate);
    case Op::kPower: return of_two(power);

    case Op::kMin:
    case Op::kMax: {
      const Value second = operand(1);
      if (type_of(second).kind == Kind::kTruth) return eval_reduction(node.op, operand(0), second);
      return of_two(node.op == Op::kMin ? smaller : larger);
    }
    case Op::kAbs: return of_one(absolute);
    case Op::kFloor: return of_one(floor_of);
    case Op::kCeil: return of_one(ceiling_of);
    case Op::kRound: return node.arity == 1 ? of_one(round_even) : of_two(round_to);
    case Op::kMod: return of_two(modulo);
    case Op::kExp: return of_one(exponential);
    case Op::kLog: return of_one(logarithm);
    case Op::kSqrt: return of_one(square_root);
    case Op::kMix: return lift<double, double, double, double>(mix, n, operand(0), operand(1), operand(2));
    case Op::kIf: return eval_if(operand(0), operand(1), operand(2));
    case Op::kExists:
      return lift<bool, AnswerId>([](AnswerId a) { return a != replay::kNoAnswer; }, n, operand(0));
    case Op::kBlank: return eval_blank(operand(0));
    case Op::kBetaConfidence: return of_two(beta_confidence);
    case Op::kAgo: return eval_ago(expr.nodes.at(index + 1).name, operand(1));

    case Op::kCount:
    case Op::kAny: return eval_reduction(node.op, Value(true), operand(0));
    case Op::kAll:
    case Op::kSum:
    case Op::kMean: return eval_reduction(node.op, operand(0), operand(1));

    case Op::kTop:
    case Op::kSupport:
    case Op::kRunnerUp:
    case Op::kVotes:
    case Op::kDistinct:
    case Op::kEntropy:
    case Op::kConfidence: return eval_vote(expr, index);
  }
  EVOTTS_CHECK(node.op != Op::kError);
  return {};
}

Value Walker::eval_equal(const Value& a, const Value& b) const {
  return with_kind(type_of(a).kind, [&]<class T>() {
    return lift<bool, T, T>([](T x, T y) { return x == y; }, opened(), a, b);
  });
}

Value Walker::eval_if(const Value& condition, const Value& a, const Value& b) const {
  return with_kind(type_of(a).kind, [&]<class T>() {
    return lift<T, bool, T, T>([](bool c, T x, T y) { return c ? x : y; }, opened(), condition, a, b);
  });
}

Value Walker::eval_blank(const Value& answer) const {
  const auto blank = [&](AnswerId a) {
    return a != replay::kNoAnswer && world_.question().blank.at(static_cast<std::size_t>(a)) != 0;
  };
  return lift<bool, AnswerId>(blank, opened(), answer);
}

Value Walker::eval_ago(const std::string& name, const Value& rounds_back) const {
  return with_kind(type_of(memory_.at(name)).kind, [&]<class T>() {
    const auto ago = [&](double n) {
      const std::int64_t back = count_from(n, world_.round());
      if (back == 0) return one<T>(memory_.at(name));
      return one<T>(history_.at(static_cast<std::size_t>(world_.round() - back)).at(name));
    };
    return lift<T, double>(ago, opened(), rounds_back);
  });
}

// From the numbers of the steps alone, as they were recorded.
Value Walker::eval_signal(const std::string& name, OfSteps f) const {
  const auto place = std::ranges::find(signals_, name);
  EVOTTS_CHECK(place != signals_.end());
  const replay::Question& question = world_.question();
  const std::vector<double>& recorded =
      question.signals.at(static_cast<std::size_t>(place - signals_.begin())).latest;
  return each_branch([&](const BranchState& state) {
    std::vector<Step> steps;
    for (std::int64_t step = 1; step <= state.steps(); ++step) {
      steps.push_back({recorded.at(state.recorded->first_signal + static_cast<std::size_t>(step)),
                       static_cast<double>(step_cost(question, *state.recorded, step - 1))});
    }
    return f(steps);
  });
}

Value Walker::eval_reduction(Op op, const Value& first, const Value& set) const {
  const Lanes lanes = members(set, opened());
  const auto count = static_cast<double>(lanes.size());
  if (op == Op::kCount) return Value(count);
  if (op == Op::kAny) return Value(!lanes.empty());
  if (op == Op::kAll) {
    return Value(std::ranges::all_of(lanes, [&](std::size_t lane) { return at<bool>(first, lane); }));
  }
  if (lanes.empty()) return Value(0.0);
  if (op == Op::kMin || op == Op::kMax) {
    double best = at<double>(first, lanes.front());
    for (const std::size_t lane : lanes) {
      const double next = at<double>(first, lane);
      best = op == Op::kMin ? smaller(best, next) : larger(best, next);
    }
    return Value(best);
  }
  double sum = 0;
  for (const std::size_t lane : lanes) sum = add(sum, at<double>(first, lane));
  return Value(op == Op::kSum ? sum : divide(sum, count));
}

// Whether a set is written as `finished`, or as an `and` with `finished` as one of its terms.
bool written_as_finished(const Expr& expr, std::size_t index) {
  const genome::Node& node = expr.nodes.at(index);
  if (node.op == Op::kName) return node.name == "finished";
  return node.op == Op::kAnd && (written_as_finished(expr, expr.operand(index, 0).first) ||
                                 written_as_finished(expr, expr.operand(index, 1).first));
}

Tally Walker::tally_of(const Expr& expr, std::size_t set_index,
                       std::optional<std::size_t> weight_index) const {
  const Value set = eval(expr, set_index);
  const Value weight = weight_index ? eval(expr, *weight_index) : Value(1.0);
  Lanes order(opened());
  for (std::size_t lane = 0; lane < order.size(); ++lane) order[lane] = lane;
  if (written_as_finished(expr, set_index)) order = world_.finish_order();
  std::vector<Ballot> ballots;
  for (const std::size_t lane : order) {
    if (!at<bool>(set, lane)) continue;
    ballots.push_back({.answer = world_.branches()[lane].answer, .weight = at<double>(weight, lane)});
  }
  return count_votes(ballots);
}

Value Walker::eval_vote(const Expr& expr, std::size_t index) const {
  const genome::Node& node = expr.nodes.at(index);
  const std::size_t which_set = node.op == Op::kVotes ? 1 : 0;
  std::optional<std::size_t> weight;
  if (node.arity > which_set + 1) weight = expr.operand(index, which_set + 1).first;
  const Tally tally = tally_of(expr, expr.operand(index, which_set).first, weight);
  switch (node.op) {
    case Op::kTop: return Value(top(tally));
    case Op::kSupport: return Value(support(tally));
    case Op::kRunnerUp: return Value(runner_up(tally));
    case Op::kDistinct: return Value(distinct(tally));
    case Op::kEntropy: return Value(entropy(tally));
    case Op::kConfidence: return Value(confidence(tally));
    default: break;
  }
  EVOTTS_CHECK(node.op == Op::kVotes);
  const auto votes = [&](AnswerId answer) { return votes_for(tally, answer); };
  return lift<double, AnswerId>(votes, opened(), eval(expr, expr.operand(index, 0).first));
}

Value Walker::value_of(const std::string& name) const {
  if (const auto let = lets_.find(name); let != lets_.end()) {
    if (!is_branch(let->second)) return let->second;
    return extended(let->second, empty_value({type_of(let->second).kind, Scope::kQuestion}, 0), opened());
  }
  if (const auto slot = memory_.find(name); slot != memory_.end()) return slot->second;
  if (const auto slot = branch_.find(name); slot != branch_.end()) {
    return extended(slot->second, initial_.at(name), opened());
  }
  if (const auto entry = schedule_.find(name); entry != schedule_.end()) return entry->second;
  return observed(name);
}

template <class F>
Value Walker::each_branch(F f) const {
  std::vector<decltype(f(world_.branches().front()))> lanes;
  for (const BranchState& state : world_.branches()) lanes.push_back(f(state));
  return Value(std::move(lanes));
}

Value Walker::observed(const std::string& name) const {
  using State = BranchState;
  const auto real = [](auto whole) { return static_cast<double>(whole); };
  if (name == "beta") return Value(beta_);
  if (name == "round") return Value(real(world_.round()));
  if (name == "opened") return Value(real(opened()));
  if (name == "spent") return Value(real(world_.spent()));
  if (name == "interval") return Value(real(world_.question().interval));
  if (name == "remaining") return Value(world_.remaining());
  if (name == "active") return each_branch([](const State& s) { return s.active(); });
  if (name == "finished") return each_branch([](const State& s) { return s.finished; });
  if (name == "pruned") return each_branch([](const State& s) { return s.pruned; });
  if (name == "answer") return each_branch([](const State& s) { return s.answer; });
  if (name == "depth") return each_branch([&](const State& s) { return real(s.depth); });
  if (name == "tokens") return each_branch([&](const State& s) { return real(s.tokens); });
  if (name == "age") return each_branch([&](const State& s) { return real(world_.round() - s.opened_in); });
  if (name == "streak") return each_branch([&](const State& s) { return real(s.streak); });
  if (name == "changes") return each_branch([&](const State& s) { return real(s.changes); });
  const bool declared = false;
  EVOTTS_CHECK(declared);
  return {};
}

Type Walker::static_type(const Expr& expr) const {
  return type_of(expr, 0, [&](const std::string& name) { return type_of(value_of(name)); });
}

}  // namespace

OracleResult run_episode(const genome::Controller& controller, const replay::Question& question,
                         std::span<const std::uint32_t> ordering, const OracleOptions& options) {
  return Walker(controller, question, ordering, options).run();
}

}  // namespace oracle
