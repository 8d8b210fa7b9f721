// Forks of runs with models: what the source paid for is not paid for again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "tests/experiments/session/model_run.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::chat_answer;
using tests::improved;
using tests::kKey;
using tests::LoopbackServer;
using tests::Play;
using tests::Ran;
using tests::reply_with;
using tests::Seen;

class ModelForkTest : public tests::ModelRun {
 protected:
  // Every third reply is none and has to be sent back.
  static Play play(const Seen& request, int number) {
    if (number % 3 == 0) return chat_answer("nothing");
    Play play = chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
    play.seconds = 0.02 * (number % 4);
    return play;
  }
  void fork(const std::string& from, const std::string& to, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"fork", from, to};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = evotts(arguments);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(" later exchanges with models come along"));
  }
  Ran resume(const std::string& name, int generations) const {
    Ran ran = evotts({"resume", name, "--generations", fmt::format("{}", generations)},
                     {.variables = {{"TEST_MODEL_KEY", kKey}}});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran;
  }
  // What the source had not begun to ask when it ended is asked by its fork.
  void expect_nothing_asked_twice(const std::vector<std::string>& runs) const {
    std::map<std::string, int> times;
    for (const std::string& run : runs) {
      for (const std::string& exchange : asked_in(run)) EXPECT_EQ(++times[exchange], 1) << run;
    }
  }
  // What a run says of its spending in the end.
  static std::string spending(const Ran& ran) {
    const std::size_t start = ran.out.rfind("\nmodels: ") + 1;
    return ran.out.substr(start, ran.out.find('\n', start) - start);
  }

  LoopbackServer server_{play};
};

// Whatever the source waited for or left under way.
TEST_F(ModelForkTest, WithoutAChangeNothingIsAskedUntilTheSourceIsPassed) {
  for (const char* patience : {"0", "1", "2", "1000000"}) {
    SCOPED_TRACE(patience);
    LoopbackServer server(play);
    const std::string a = std::string("a") + patience, b = std::string("b") + patience,
                      c = std::string("c") + patience;
    std::vector<std::string> model = model_at(server, "openai", ", concurrency=2");
    model.insert(model.end(),
                 {"model.invent=0.3", std::string("model.patience=") + patience, "model.required=false"});
    const Ran source = run(a, model);
    ASSERT_EQ(source.exit_code, 0) << source.err;
    const std::size_t asked = server.requests().size();
    ASSERT_GT(asked, 1U);
    fork(a + "@1", b);
    EXPECT_EQ(server.requests().size(), asked);
    const Ran forked = resume(b, 4);
    EXPECT_EQ(trees(b), trees(a));
    EXPECT_EQ(spending(forked), spending(source));
    // A fork of the fork inherits from both.
    fork(b + "@2", c);
    resume(c, 4);
    EXPECT_EQ(trees(c), trees(a));
    expect_nothing_asked_twice({a, b});
    expect_nothing_asked_twice({a, c});
    if (*patience == '0') {
      EXPECT_EQ(server.requests().size(), asked);
    }
    const Ran verified = evotts({"verify", c});
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    // Beyond the source it asks for itself, and has what is its own in its journal.
    resume(b, 6);
    EXPECT_GT(server.requests().size(), asked);
    expect_nothing_asked_twice({a, b});
  }
}

TEST_F(ModelForkTest, WhatIsAskedOtherwiseIsAskedAnew) {
  std::vector<std::string> model = model_at(server_);
  ASSERT_EQ(run("a", model).exit_code, 0);
  const std::size_t asked = server_.requests().size();
  fork("a@1", "b", {"--set", "model.advice=\"Keep it short.\""});
  resume("b", 3);
  const auto requests = server_.requests();
  ASSERT_GT(requests.size(), asked);
  for (std::size_t i = asked; i < requests.size(); ++i)
    EXPECT_THAT(requests[i].prompt(), HasSubstr("Keep it short."));
  EXPECT_THAT(git("b", {"log", "--all", "--format=%s"}), HasSubstr(" exchanges with models after the fork"));
  EXPECT_THAT(git("b", {"ls-tree", "-r", "--name-only", "inherited-journal"}), Not(HasSubstr("population/")));
}

TEST_F(ModelForkTest, RunsWithoutModelsInheritNothing) {
  ASSERT_EQ(run("a", {"--set", "model.share=0"}).exit_code, 0);
  const Ran forked = evotts({"fork", "a@1", "b"});
  ASSERT_EQ(forked.exit_code, 0) << forked.err;
  EXPECT_THAT(forked.out, Not(HasSubstr("exchanges")));
  EXPECT_EQ(git("b", {"branch", "--format=%(refname:short)"}), "main\n");
}

}  // namespace
}  // namespace experiments
