#include "replay/analysis/diagnosis.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "genome/text/known_controllers.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/small_questions.hpp"

namespace replay {
namespace {

using tests::controller;
using tests::small_question;
using tests::SmallBranch;

// One episode of a question whose right answer is A, its branches dealt as recorded.
EpisodeDiagnosis diagnosis_of(const std::vector<SmallBranch>& branches, std::string_view sections) {
  const Question question = small_question("A", branches);
  const std::vector<std::uint32_t> dealt = tests::as_recorded(question);
  const genome::Program program = genome::compile(controller(sections));
  Machine machine;
  ActionLog log;
  const EpisodeResult result = machine.run(genome::bind(program, 0.5), question, dealt, {.log = &log});
  const EpisodeDiagnosis diagnosis = diagnose_episode(question, dealt, log, result);
  EXPECT_EQ(diagnosis.tokens.all, result.tokens);
  return diagnosis;
}

constexpr std::string_view kReadTwo = "start\n  read 2\nanswer\n  top(finished)\n";
constexpr std::string_view kReadThree = "start\n  read 3\nanswer\n  top(finished)\n";
// Opens three, prunes the first, and runs the others to their ends.
constexpr std::string_view kPruneFirst =
    "start\n  open 3\nround\n  prune active keep 2\n  advance active by 1\n  stop when not any(active)\n"
    "answer\n  top(finished)\n";
// Opens three and stops at once.
constexpr std::string_view kHasty = "start\n  open 3\n  stop when opened > 0\nanswer\n  top(not pruned)\n";

TEST(Diagnosis, Right) { EXPECT_EQ(diagnosis_of({{"", "A"}, {"", "A"}}, kReadTwo).outcome, Outcome::kRight); }

TEST(Diagnosis, UnrecordedWhenNoBranchEndsRight) {
  EXPECT_EQ(diagnosis_of({{"", "B"}, {"", "C"}}, kReadTwo).outcome, Outcome::kUnrecorded);
  // an answer on the way is no right branch
  EXPECT_EQ(diagnosis_of({{"A A", "B"}, {"", "C"}}, kReadTwo).outcome, Outcome::kUnrecorded);
}

TEST(Diagnosis, UnopenedWhenTheRightBranchesWereNotDealt) {
  EXPECT_EQ(diagnosis_of({{"", "B"}, {"", "C"}, {"", "A"}}, kReadTwo).outcome, Outcome::kUnopened);
  EXPECT_EQ(diagnosis_of({{"", "A"}}, "round\n  stop\nanswer\n  top(finished)\n").outcome,
            Outcome::kUnopened);
}

TEST(Diagnosis, PrunedWhenEveryRightBranchWasPruned) {
  EXPECT_EQ(diagnosis_of({{"B B", "A"}, {"B", "B"}, {"B", "B"}}, kPruneFirst).outcome, Outcome::kPruned);
  // one right branch was kept, and lost the vote
  EXPECT_EQ(diagnosis_of({{"B B", "A"}, {"B", "B"}, {"B B", "A"}}, kPruneFirst).outcome, Outcome::kOutvoted);
}

TEST(Diagnosis, EarlyWhenWaitingWouldHaveWon) {
  EXPECT_EQ(diagnosis_of({{"B B", "A"}, {"B B", "A"}, {"B", "B"}}, kHasty).outcome, Outcome::kEarly);
  // nobody need wait for a vote that is lost in the end too
  EXPECT_EQ(diagnosis_of({{"B B", "A"}, {"B B", "B"}, {"B", "B"}}, kHasty).outcome, Outcome::kOutvoted);
  // a tie goes to the branch opened first
  EXPECT_EQ(diagnosis_of({{"B", "C"}, {"B", "A"}, {"B", "D"}}, kHasty).outcome, Outcome::kOutvoted);
  EXPECT_EQ(diagnosis_of({{"B", "A"}, {"B", "C"}, {"B", "D"}}, kHasty).outcome, Outcome::kEarly);
  // what cannot be read does not vote
  EXPECT_EQ(diagnosis_of({{"B", "ERR"}, {"B", "ERR"}, {"B", "A"}}, kHasty).outcome, Outcome::kEarly);
}

TEST(Diagnosis, OutvotedWhenTheRestWasDoneRight) {
  EXPECT_EQ(diagnosis_of({{"", "B"}, {"", "A"}, {"", "B"}}, kReadThree).outcome, Outcome::kOutvoted);
  // all have ended and most are right: it is the controller's way of voting that lost
  EXPECT_EQ(diagnosis_of({{"", "A"}, {"", "A"}, {"B", "B"}},
                         "start\n  read 3\nanswer\n  top(finished and tokens > 100)\n")
                .outcome,
            Outcome::kOutvoted);
}

TEST(Diagnosis, TokensAfterTheDecisionWasSettled) {
  // A leads from the third branch on; each branch costs 50
  EXPECT_EQ(diagnosis_of({{"", "B"}, {"", "A"}, {"", "A"}, {"", "B"}, {"", "A"}},
                         "start\n  read 5\nanswer\n  top(finished)\n")
                .tokens,
            (TokenUse{.all = 250, .settled = 0}));  // B came level, and was first
  EXPECT_EQ(diagnosis_of({{"", "B"}, {"", "A"}, {"", "A"}, {"", "A"}, {"", "B"}},
                         "start\n  read 5\nanswer\n  top(finished)\n")
                .tokens,
            (TokenUse{.all = 250, .settled = 100}));
  // the answer given never led
  EXPECT_EQ(diagnosis_of({{"B", "B"}, {"", "A"}, {"B", "B"}},
                         "start\n  read 3\nanswer\n  top(finished and tokens < 100)\n")
                .tokens.settled,
            0);
  // no answer at all
  EXPECT_EQ(diagnosis_of({{"", "A"}}, "start\n  read 1\nanswer\n  none\n").tokens,
            (TokenUse{.all = 50, .settled = 0}));
}

TEST(Diagnosis, TokensOnBranchesThatWerePrunedOrNeverFinished) {
  const TokenUse pruned = diagnosis_of({{"B B", "A"}, {"B", "B"}, {"B", "B"}}, kPruneFirst).tokens;
  EXPECT_EQ(pruned, (TokenUse{.all = 400, .settled = 300, .pruned = 100}));
  const TokenUse hasty = diagnosis_of({{"B B", "A"}, {"", "B"}, {"B", "B"}}, kHasty).tokens;
  EXPECT_EQ(hasty, (TokenUse{.all = 250, .settled = 150, .unfinished = 200}));
}

// ---- in bulk ----

std::vector<Environment> environments() {
  return {make_synthetic({.seed = 1, .questions = 8, .branches = 64}),
          make_synthetic({.seed = 2, .questions = 5, .branches = 20, .difficulty = 1})};
}

genome::Program program(std::string_view name) {
  return genome::compile(*genome::check_text(*genome::known_controller(name)).controller);
}

constexpr double kBetas[] = {0.1, 0.8};

TEST(Diagnosis, AgreesWithTheEvaluator) {
  const EvaluatorOptions options{.first_ordering = 2, .orderings = 9, .episode = {.probe_cost = 1}};
  const Evaluator evaluator(environments(), options);
  for (const char* name : {"cmc", "asc", "parallel_probe"}) {
    const std::vector<genome::Program> one{program(name)};
    const std::vector<Cell> cells = evaluator.evaluate(one, kBetas);
    const std::vector<Diagnosis> all = diagnose(evaluator.environments(), one[0], kBetas, options);
    ASSERT_EQ(all.size(), cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      for (std::size_t q = 0; q < cells[i].questions.size(); ++q) {
        const DiagnosisSums& sums = all[i].questions[q];
        EXPECT_EQ(sums.episodes(), 9);
        EXPECT_EQ(sums.of(Outcome::kRight), cells[i].questions[q].right);
        EXPECT_EQ(sums.tokens.all, cells[i].questions[q].tokens);
        EXPECT_LE(sums.tokens.settled, sums.tokens.all);
        EXPECT_LE(sums.tokens.pruned + sums.tokens.unfinished, sums.tokens.all);
        const bool unrecorded = sums.of(Outcome::kUnrecorded) > 0;
        EXPECT_TRUE(!unrecorded || sums.of(Outcome::kUnrecorded) + sums.of(Outcome::kRight) == 9);
      }
      double percent = 0;
      for (const Outcome outcome : kAllOutcomes) percent += all[i].total().percent(outcome);
      EXPECT_NEAR(percent, 100, 1e-9);
    }
  }
}

TEST(Diagnosis, IsTheSameOnAnyNumberOfThreads) {
  const std::vector<Environment> all = environments();
  std::vector<std::vector<Diagnosis>> results;
  for (const std::size_t threads : {1U, 2U, 5U}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    results.push_back(diagnose(all, program("cmc"), kBetas, {.orderings = 6}));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

}  // namespace
}  // namespace replay
