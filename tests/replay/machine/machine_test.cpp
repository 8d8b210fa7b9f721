#include "replay/machine/machine.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/observed.hpp"
#include "genome/tree/sites.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/machine/signal_columns.hpp"
#include "replay/native/program.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/oracle/walker.hpp"
#include "tests/support/awkward_controllers.hpp"
#include "tests/support/odd_questions.hpp"
#include "tests/support/signals.hpp"
#include "tests/support/varied.hpp"

namespace replay {
namespace {

using genome::Controller;
using tests::any_beta;
using tests::any_options;
using tests::any_question;
using tests::any_stream;
using tests::chance;
using tests::one_of;
using tests::Rng;
using tests::uniform_index;
using tests::uniform_int;

std::string told(const EpisodeResult& r) {
  return fmt::format("answer {} right {} tokens {} latency {} rounds {}", r.answer, r.right, r.tokens,
                     r.latency_tokens, r.rounds);
}

const std::vector<std::string> kSignals = {"3rd", "alpha", "top"};

EpisodeResult by_oracle(const Controller& c, const Question& question,
                        const std::vector<std::uint32_t>& order, double beta, const EpisodeOptions& options) {
  const oracle::OracleResult r = oracle::run_episode(
      c, question, order,
      {.beta = beta, .budget = options.budget, .probe_cost = options.probe_cost, .signals = kSignals});
  return {r.answer, r.right, r.tokens, r.latency_tokens, r.rounds};
}

// One machine for everything, as the evaluator uses it: nothing may be left over from the episode before.
// Besides the oracle, machines of every instruction set, and one that tells its actions, must agree.
struct Machines {
  Machine main, telling;
  std::vector<Machine> others;
  Machine native, telling_native;  // for every target in turn
  Machines() {
    for (const LaneKernels& kernels : all_lane_kernels()) others.emplace_back(kernels);
  }
};

// A program translated for every target there is.
std::vector<NativeProgram> all_native(const genome::Program& program) {
  std::vector<NativeProgram> result;
  for (const NativeTarget target : all_native_targets()) {
    result.emplace_back(program, target);
    RC_ASSERT(result.back().is_translated());
  }
  return result;
}

RunOptions with(RunOptions options, ActionLog* log, const NativeSections& native = {}) {
  options.log = log;
  options.native = native;
  return options;
}

void compare_native(Machines& machines, const std::vector<NativeProgram>& native,
                    const genome::BoundProgram& bound, const Question& question,
                    const std::vector<std::uint32_t>& order, const RunOptions& options,
                    const EpisodeResult& expected, const ActionLog& log) {
  for (std::size_t i = 0; i < native.size(); ++i) {
    const EpisodeResult found =
        machines.native.run(bound, question, order, with(options, nullptr, native[i].sections()));
    if (found != expected) {
      RC_FAIL(fmt::format("native {}: {}, expected {}\n{}", i, told(found), told(expected),
                          genome::dump(*bound.program)));
    }
    ActionLog told_by_native;
    RC_ASSERT(machines.telling_native.run(bound, question, order,
                                          with(options, &told_by_native, native[i].sections())) == expected);
    RC_ASSERT(told_by_native == log);
  }
}

void compare_machines(Machines& machines, const std::vector<NativeProgram>& native,
                      const genome::BoundProgram& bound, const Question& question,
                      const std::vector<std::uint32_t>& order, const RunOptions& options,
                      const EpisodeResult& expected) {
  for (std::size_t i = 0; i < machines.others.size(); ++i) {
    const EpisodeResult found = machines.others[i].run(bound, question, order, options);
    if (found != expected) RC_FAIL(fmt::format("{}: {}", all_lane_kernels()[i].name, told(found)));
  }
  ActionLog log;
  RC_ASSERT(machines.telling.run(bound, question, order, with(options, &log)) == expected);
  std::int64_t cost = 0;
  for (const Action& action : log) cost += action.cost;
  RC_ASSERT(cost == expected.tokens);
  compare_native(machines, native, bound, question, order, options, expected, log);
}

Question with_any_signals(Rng& rng, Question question) {
  return tests::with_signals(std::move(question), kSignals.size(), [&] {
    return chance(rng, 0.2) ? one_of(rng, {0.0, -0.0, -1.5, 1e300, 1e-300})
                            : genome::base::uniform_real(rng) - 0.5;
  });
}

void compare(Rng& rng, Machines& machines, const Controller& c, int episodes) {
  const auto checked = genome::check(c).controller;
  RC_ASSERT(checked.has_value());
  const genome::Program program = genome::compile(*checked);
  const SignalColumns columns = signal_columns(program, kSignals);
  const std::vector<NativeProgram> native = all_native(program);
  for (int i = 0; i < episodes; ++i) {
    const Question question = with_any_signals(rng, any_question(rng));
    const double beta = any_beta(rng);
    const RunOptions options{.episode = any_options(rng, question), .columns = columns};
    const std::vector<std::uint32_t> order = ordering(uniform_index(rng, 100), question.branches.size());
    const genome::BoundProgram bound = genome::bind(program, beta);
    const EpisodeResult found = machines.main.run(bound, question, order, options);
    const EpisodeResult expected = by_oracle(c, question, order, beta, options.episode);
    if (found != expected) {
      RC_FAIL(fmt::format("beta {}, budget {}, probe cost {}\nexpected {}\nfound    {}\n{}\n{}{}", beta,
                          options.episode.budget.value_or(-1), options.episode.probe_cost, told(expected),
                          told(found), genome::print(c), genome::dump(program),
                          to_json({.signals = kSignals, .questions = {question}})));
    }
    RC_ASSERT(found.rounds <= program.rounds);
    compare_machines(machines, native, bound, question, order, options, expected);
  }
}

// What controllers are drawn from: with signals or without.
Controller any_wild_controller(Rng& rng) {
  return chance(rng, 0.5) ? tests::wild_controller(rng, kSignals) : tests::wild_controller(rng);
}

TEST(Machine, EqualsTheOracleOnBredControllers) {
  std::vector<genome::RecordedSignal> recorded;
  for (const std::string& name : kSignals) recorded.push_back({name, -0.5, 0.5});
  const genome::Material signals(recorded);
  Machines machines;
  EXPECT_TRUE(rc::check([&] {
    Rng rng = any_stream();
    for (int i = 0; i < 10; ++i) compare(rng, machines, tests::bred_controller(rng), 4);
    for (int i = 0; i < 4; ++i) compare(rng, machines, tests::bred_controller(rng, signals), 4);
  }));
}

TEST(Machine, EqualsTheOracleOnWildControllers) {
  Machines machines;
  EXPECT_TRUE(rc::check([&] {
    Rng rng = any_stream();
    for (int i = 0; i < 60; ++i) compare(rng, machines, any_wild_controller(rng), 4);
  }));
}

// ---- every operation and statement by hand, at its awkward places

Controller awkward(std::string_view text) {
  const genome::CheckResult result = genome::check_text(text);
  EXPECT_TRUE(result.controller.has_value()) << genome::render_all(result.diagnostics, "awkward", text);
  if (!result.controller) return {};
  return result.controller->tree();
}

TEST(Machine, EqualsTheOracleOnEveryOperation) {
  std::set<genome::Op> ops;
  std::set<genome::Verb> verbs;
  Machines machines;
  for (const std::string_view text : tests::kAwkwardControllers) {
    const Controller c = awkward(text);
    for (const genome::Site& site : genome::sites_of(c)) {
      for (const genome::Node& n : genome::expr_at(c, site).nodes) ops.insert(n.op);
    }
    for (const auto* section : {&c.start, &c.round}) {
      for (const genome::Statement& s : *section) verbs.insert(s.verb);
    }
    EXPECT_TRUE(rc::check([&] {
      Rng rng = any_stream();
      compare(rng, machines, c, 10);
    }));
  }
  for (const genome::OpInfo& op : genome::all_ops()) {
    EXPECT_TRUE(ops.contains(op.op) || op.op == genome::Op::kError) << op.identifier;
  }
  EXPECT_EQ(verbs.size(), 9U);
}

// A controller all of whose actions depend on one observed value.
std::string led_by(const genome::Observed& o) {
  const std::string value = o.type.kind == genome::Kind::kNumber ? std::string(o.name)
                            : o.type.kind == genome::Kind::kTruth
                                ? fmt::format("if({}, 1, 0)", o.name)
                                : fmt::format("if({} == top(true), 1, 0)", o.name);
  return fmt::format(R"(controller led
rounds 12
start
  open 5
round
  advance active by 1 + mod(sum({0}, true), 2)
  probe active when mod(sum({0}, active), 3) > 0
  prune active first {0} keep 3
  open mod(sum({0}, not pruned), 3)
answer
  top(true, {0})
  top(true)
)",
                     value);
}

// What an episode keeps up to date, and the oracle too: a new row of observed.def fails here until both do.
TEST(Machine, EqualsTheOracleOnEveryObservedValue) {
  Machines machines;
  for (const genome::Observed& o : genome::observed_values()) {
    const Controller c = awkward(led_by(o));
    EXPECT_TRUE(rc::check(std::string(o.name), [&] {
      Rng rng = any_stream();
      compare(rng, machines, c, 10);
    }));
  }
}

// The comparisons above mean little for an instruction that no program of theirs holds.
TEST(Machine, WildControllersUseEveryInstruction) {
  std::set<std::string_view> names;
  std::size_t acted = 0, long_ones = 0, budget_hit = 0, cut = 0;
  Machine machine;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    Rng rng = genome::base::keyed_stream(11, genome::base::Purpose::kTest, i);
    const genome::Program program = genome::compile(*genome::check(any_wild_controller(rng)).controller);
    for (const genome::Instruction& in : program.code) names.insert(genome::name_of(in.code));
    const Question question = with_any_signals(rng, any_question(rng));
    const EpisodeOptions options = any_options(rng, question);
    const SignalColumns columns = signal_columns(program, kSignals);
    const EpisodeResult r =
        machine.run(genome::bind(program, any_beta(rng)), question,
                    ordering(i % 100, question.branches.size()), {.episode = options, .columns = columns});
    acted += r.tokens > 0 ? 1 : 0;
    long_ones += r.rounds > 2 ? 1 : 0;
    budget_hit += options.budget && r.tokens + question.interval > *options.budget ? 1 : 0;
    cut += options.budget && r.tokens == *options.budget ? 1 : 0;
  }
  std::string missing;
#define NUMBER1(name, op, function)           \
  for (const char* each : {#name, "B" #name}) \
    if (!names.contains(each)) missing += std::string(each) + " ";
#define NUMBER2(name, op, function) NUMBER1(name, op, function)
#define NUMBER3(name, op, function) NUMBER1(name, op, function)
#define COMPARE(name, op, symbol) \
  NUMBER1(name, op, symbol)       \
  if (!names.contains("JumpUnless" #name)) missing += "JumpUnless" #name " ";
#define CODE(name, signature, meaning) \
  if (!names.contains(#name)) missing += #name " ";
#include "genome/program/codes.def"
  EXPECT_EQ(missing, "");
  EXPECT_GT(acted, 1000U);
  EXPECT_GT(long_ones, 400U);
  EXPECT_GT(budget_hit, 100U);
  EXPECT_GT(cut, 50U);
}

// ---- what a word means, one at a time

// Two branches: lane 0 finishes with "1" after 2 intervals, lane 1 with "2" after 1.
Question small() {
  QuestionBuilder builder("small", "1", 10);
  builder.add_probe("2");
  builder.add_probe("1");
  builder.end_branch(25, "1");
  builder.add_probe("ERR");
  builder.end_branch(12, "2");
  return std::move(builder).finish();
}

EpisodeResult run(std::string_view text, const EpisodeOptions& options = {}, double beta = 0.5) {
  const genome::CheckResult result = genome::check_text(text);
  EXPECT_TRUE(result.controller.has_value()) << genome::render_all(result.diagnostics, "text", text);
  const genome::Program program = genome::compile(*result.controller);
  const Question question = small();
  const std::vector<std::uint32_t> order = {0, 1};
  return Machine().run(genome::bind(program, beta), question, order, {.episode = options});
}

TEST(Machine, TiesGoToTheAnswerSeenFirst) {
  // lane 1 finishes first, lane 0 was opened first
  const Question question = small();
  const auto answer = [&](const std::string& line) {
    const EpisodeResult r =
        run("controller c\nstart\n  open 2\n  advance age == 0 and depth > 0 and answer != top(true) by 9\n  "
            "advance active by 9\nround\n  stop\nanswer\n  " +
            line + "\n");
    return question.answers[static_cast<std::size_t>(r.answer)];
  };
  EXPECT_EQ(answer("top(finished)"), "2");
  EXPECT_EQ(answer("top(finished and depth > 0)"), "2");
  EXPECT_EQ(answer("top(depth > 0 and (age >= 0 and finished))"), "2");
  EXPECT_EQ(answer("top(finished or false)"), "1");
  EXPECT_EQ(answer("top(not active)"), "1");
}

TEST(Machine, CostsAndLatency) {
  // both opened: 10 + 10; then 10 + 2; then 5
  const EpisodeResult all =
      run("controller c\nstart\n  open 5\nround\n  advance active by 1\nanswer\n  top(finished)\n");
  EXPECT_EQ(all.tokens, 37);
  EXPECT_EQ(all.latency_tokens, 10 + 10 + 5);
  EXPECT_EQ(all.rounds, 3);  // the third finds nothing active
  EXPECT_EQ(run("controller c\nstart\n  read 5\nanswer\n  top(finished)\n").tokens, 37);
  EXPECT_EQ(run("controller c\nstart\n  read 5\nanswer\n  top(finished)\n").latency_tokens, 25);
  EXPECT_EQ(
      run("controller c\nstart\n  open 2\nround\n  advance active by 9\nanswer\n  none\n", {.probe_cost = 7})
          .tokens,
      37 + 5 * 7);
  EXPECT_EQ(
      run("controller c\nstart\n  open 2\nround\n  advance active by 9\nanswer\n  none\n", {.budget = 30})
          .tokens,
      30);
}

TEST(Machine, RoundsEndWhenNothingGoesOn) {
  EXPECT_EQ(run("controller c\nrounds 7\nstart\n  open 1\nround\n  open 0\nanswer\n  none\n").rounds,
            7);  // a branch is active
  EXPECT_EQ(run("controller c\nrounds 7\nround\n  open 0\nanswer\n  none\n").rounds, 1);
  EXPECT_EQ(run("controller c\nstart\n  stop\nround\n  open 1\nanswer\n  none\n").rounds, 0);
  EXPECT_EQ(run("controller c\nround\n  open 1\nanswer\n  none\n", {.budget = 0}).rounds, 1);
  EXPECT_EQ(run("controller c\nround\n  open 1\nanswer\n  none\n", {.budget = 0}).answer, kNoAnswer);
}

}  // namespace
}  // namespace replay
