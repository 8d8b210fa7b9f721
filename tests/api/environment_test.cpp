#include <evotts/environment.hpp>
#include <functional>
#include <gtest/gtest.h>
#include <limits>

#include "tests/support/command_line.hpp"

namespace evotts {
namespace {

std::vector<RecordedQuestion> two_questions() {
  return {{.text = "6 * 7?",
           .gold = "42",
           .interval = 500,
           .branches = {{.probes = {"ERR", "42"}, .tokens = 1200, .answer = "42"},
                        {.probes = {}, .tokens = 0, .answer = ""}}},
          {.text = "again \"quoted\"\n",
           .gold = "\xC3\xA9",
           .interval = 1,
           .branches = {{.probes = {"7"}, .tokens = 3, .answer = "7"}}}};
}

// The message of the error that it must throw for bad input.
std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::kInput);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

std::string refusal_of(const std::vector<RecordedQuestion>& questions) {
  return refusal([&] { Environment::make("mine", questions); });
}

TEST(ApiEnvironment, HoldsWhatItWasMadeOf) {
  const Environment made = Environment::make("mine", two_questions());
  EXPECT_EQ(made.name(), "mine");
  EXPECT_EQ(made.digest().size(), 16U);
  ASSERT_EQ(made.questions(), 2U);
  EXPECT_EQ(made.branches(0), 2U);
  EXPECT_EQ(made.question(0), two_questions()[0]);
  EXPECT_EQ(made.question(1), two_questions()[1]);
}

TEST(ApiEnvironment, ItsTextGivesItAgain) {
  const Environment made = Environment::make("mine", two_questions());
  const Environment read = Environment::parse(made.json(), "mine");
  EXPECT_EQ(read.digest(), made.digest());
  EXPECT_EQ(read.json(), made.json());

  const Environment synthetic = Environment::synthetic("seed=5,questions=3,branches=4");
  std::vector<RecordedQuestion> questions;
  for (std::size_t i = 0; i < synthetic.questions(); ++i) questions.push_back(synthetic.question(i));
  EXPECT_EQ(Environment::make("copy", questions).json(), synthetic.json());
}

std::vector<RecordedQuestion> with_signals() {
  auto questions = two_questions();
  questions[0].branches[0].signals = {{"logprob", {-0.5, -0.25, 1e300}}, {"e", {5e-324, 0, 3}}};
  questions[0].branches[1].signals = {{"e", {0.1}}, {"logprob", {-1}}};
  questions[1].branches[0].signals = {{"e", {1, 2}}, {"logprob", {3, 4}}};
  return questions;
}

TEST(ApiEnvironment, HoldsTheSignalsItWasMadeOf) {
  const Environment made = Environment::make("mine", with_signals());
  EXPECT_EQ(made.signals(), (std::vector<std::string>{"e", "logprob"}));
  EXPECT_EQ(made.question(0), with_signals()[0]);
  EXPECT_EQ(made.question(1), with_signals()[1]);
  EXPECT_EQ(Environment::make("mine", {made.question(0), made.question(1)}).json(), made.json());
  EXPECT_EQ(Environment::parse(made.json(), "mine").digest(), made.digest());
  EXPECT_TRUE(Environment::make("mine", two_questions()).signals().empty());
}

TEST(ApiEnvironment, SignalsReadFromAFileAreMadeAgain) {
  const std::string json = Environment::synthetic("seed=5,questions=3,branches=4").json();
  const Environment read = Environment::parse(json, "read");
  std::vector<RecordedQuestion> questions;
  for (std::size_t i = 0; i < read.questions(); ++i) questions.push_back(read.question(i));
  for (RecordedQuestion& question : questions) {
    for (RecordedBranch& branch : question.branches)
      branch.signals = {{"logprob", std::vector<double>(branch.probes.size() + 1, -0.125)}};
  }
  const Environment made = Environment::make("made", questions);
  EXPECT_EQ(Environment::parse(made.json(), "again").question(2), questions[2]);
}

TEST(ApiEnvironment, BadSignalsAreRefusedByPlace) {
  const auto refused = [](const std::function<void(RecordedBranch&)>& change) {
    auto questions = with_signals();
    change(questions[0].branches[1]);
    return refusal_of(questions);
  };
  EXPECT_EQ(refused([](RecordedBranch& b) { b.signals.clear(); }),
            "mine: question 0, branch 1: has the signals none, but the first branch has e, logprob");
  EXPECT_NE(refused([](RecordedBranch& b) { b.signals["more"] = {1}; }).find("e, logprob, more"),
            std::string::npos);
  EXPECT_EQ(
      refused([](RecordedBranch& b) {
        b.signals["e"] = {1, 2};
      }),
      "mine: question 0, branch 1: signal e: must have a number more than there are probes, 1; found 2");
  for (const double number :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(refused([&](RecordedBranch& b) { b.signals["e"] = {number}; }),
              "mine: question 0, branch 1: signal e: has a number that is not finite");
  }
  auto questions = two_questions();
  for (RecordedBranch& each : questions[0].branches) each.signals = {{"a b", {0}}};
  EXPECT_NE(refusal_of(questions).find("a name is 1 to 64 letters"), std::string::npos);
  questions = {questions[1]};
  for (int i = 0; i < 17; ++i) questions[0].branches[0].signals["s" + std::to_string(i)] = {1, 2};
  EXPECT_EQ(refusal_of(questions), "mine: has more than 16 signals");
  questions = two_questions();
  questions[0].branches[1] = {.probes = std::vector<std::string>(65'535, "1"), .signals = {{"e", {0}}}};
  questions[0].branches[0].signals = {{"e", {0, 0, 0}}};
  EXPECT_NE(refusal_of(questions).find("branch 1: has more than 65534 probes"), std::string::npos);
  questions = with_signals();
  questions[0].branches[0].signals["e"] = {1e308, 1e308, 1e308};
  questions[0].branches[0].tokens = 1'000'000;
  EXPECT_NE(refusal_of(questions).find("mine: question 0"), std::string::npos);
}

TEST(ApiEnvironment, BadRecordingsAreRefusedByPlace) {
  EXPECT_NE(refusal_of({}).find("mine: holds no questions"), std::string::npos);
  auto questions = two_questions();
  questions[1].interval = 0;
  EXPECT_EQ(refusal_of(questions),
            "mine: question 1: interval must be a whole number from 1 to 1000000000, found 0");
  questions = two_questions();
  questions[0].branches[1].tokens = -1;
  EXPECT_NE(refusal_of(questions).find("mine: question 0, branch 1: tokens"), std::string::npos);
  questions[0].branches[1].tokens = std::int64_t{1} << 62;
  EXPECT_NE(refusal_of(questions).find("branch 1: tokens"), std::string::npos);
  questions = two_questions();
  questions[1].branches.clear();
  EXPECT_EQ(refusal_of(questions), "mine: question 1: has no branches");
  questions = two_questions();
  questions[0].gold = "\xFF";
  EXPECT_NE(refusal_of(questions).find("mine: "), std::string::npos);
}

TEST(ApiEnvironment, QuestionsThatAreNotThereAreRefused) {
  const Environment made = Environment::make("mine", two_questions());
  EXPECT_EQ(refusal([&] { made.question(2); }), "mine: there is no question 2; they are counted from 0 to 1");
  EXPECT_FALSE(refusal([&] { made.branches(static_cast<std::size_t>(-1)); }).empty());
}

class ApiEnvironmentFiles : public tests::CommandLine {};

TEST_F(ApiEnvironmentFiles, AreFoundAsTheCommandLineFindsThem) {
  const std::string text = Environment::make("x", two_questions()).json();
  write("a/e.json", text);
  write("b/e.json", text);
  const Environment loaded = Environment::load(folder_ / "a" / "e.json");
  EXPECT_EQ(loaded.name(), "a/e");
  EXPECT_EQ(loaded.source(), (folder_ / "a" / "e.json").string());
  const auto all = open_environments({folder_.string(), "synthetic:seed=4"});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_NE(all[0].name(), all[1].name());
  EXPECT_EQ(all[2].name(), "synthetic-4");
  EXPECT_EQ(all[2].json(), Environment::synthetic("seed=4").json());
}

TEST_F(ApiEnvironmentFiles, AreRefusedWithTheirPath) {
  write("broken.json", "[1");
  const std::string broken = (folder_ / "broken.json").string();
  EXPECT_NE(refusal([&] { Environment::load(broken); }).find(broken), std::string::npos);
  EXPECT_NE(refusal([&] { Environment::load(folder_ / "none.json"); }).find("none.json"), std::string::npos);
  EXPECT_NE(refusal([&] { open_environments({}); }).find("no environment"), std::string::npos);
  EXPECT_NE(refusal([&] { Environment::synthetic("seeds=1"); }).find("seeds"), std::string::npos);
  EXPECT_NE(refusal([&] { Environment::parse("", "mine"); }).find("mine: is empty"), std::string::npos);
}

}  // namespace
}  // namespace evotts
