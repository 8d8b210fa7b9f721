// What a model would be asked, shown without asking it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/experiments/session/model_run.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::chat_answer;
using tests::improved;
using tests::LoopbackServer;
using tests::Ran;
using tests::reply_with;
using tests::Seen;

class PromptCommandTest : public tests::ModelRun {
 protected:
  std::string prompt(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"prompt"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }
};

TEST_F(PromptCommandTest, EachOperatorIsShownAndNobodyIsAsked) {
  LoopbackServer server([](const Seen&, int) { return chat_answer("x"); });
  const std::string model = "models=[{kind=\"openai\", model=\"small\", url=\"" + server.url() +
                            "\", key_variable=\"EVOTTS_NO_SUCH_KEY\"}]";
  const auto of = [&](const std::string& kind) {
    return prompt({"e.toml", "--operator", kind, "--set", model});
  };
  const std::string mutate = of("mutate");
  for (const char* part : {"# The controller language", "# The task", "# The controller to improve",
                           "# How it performs", "HYPOTHESIS: ", "# Your reply"})
    EXPECT_THAT(mutate, HasSubstr(part));
  EXPECT_EQ(prompt({"e.toml", "--set", model}), mutate);
  EXPECT_THAT(of("cross"), HasSubstr("# The second controller"));
  EXPECT_THAT(of("invent"), HasSubstr("a different kind"));
  EXPECT_THAT(of("repair"), testing::AllOf(HasSubstr(mutate), HasSubstr("did you mean 'open'")));
  EXPECT_TRUE(server.requests().empty());
  rejects({"prompt", "e.toml", "--operator", "guess", "--set", model},
          {"--operator must be mutate, cross, invent or repair", "\"guess\""});
}

TEST_F(PromptCommandTest, OfARunItTellsWhatEarlierExchangesBrought) {
  LoopbackServer server([](const Seen& request, int) {
    return chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
  });
  std::vector<std::string> model = model_at(server);
  model.insert(model.end(), {"--generations", "2"});
  ASSERT_EQ(run("a", model).exit_code, 0);
  const std::string later = prompt({"a"});
  EXPECT_THAT(later, HasSubstr("# Recent proposals and their results"));
  EXPECT_THAT(later, HasSubstr("- one finished branch is enough: it scored "));
  EXPECT_THAT(later, HasSubstr("# New questions\n\nOn questions that it has never seen"));
  EXPECT_THAT(prompt({"a@0"}), Not(HasSubstr("# Recent proposals")));
  rejects({"prompt", "a", "--set", "seed=3"}, {"--set is for an experiment file"});
}

}  // namespace
}  // namespace experiments
