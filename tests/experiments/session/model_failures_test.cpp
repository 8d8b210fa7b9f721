// Runs whose models bring nothing: each says so on the screen, with its cause, and what to set.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "experiments/config/experiment_file.hpp"
#include "tests/experiments/session/model_run.hpp"
#include "tests/support/places.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::chat_answer;
using tests::improved;
using tests::Json;
using tests::kKey;
using tests::LoopbackServer;
using tests::Play;
using tests::Ran;
using tests::reply_with;
using tests::Seen;

class ModelFailuresTest : public tests::ModelRun {
 protected:
  // One generation with a model behind this address.
  Ran run_at(const std::string& out, const std::string& url,
             const std::vector<std::string>& more = {}) const {
    std::vector<std::string> settings = {
        "--set", fmt::format("models=[{{kind=\"openai\", model=\"small\", url=\"{}\", seconds=2, "
                             "output_tokens=900}}]",
                             url)};
    settings.insert(settings.end(), more.begin(), more.end());
    settings.insert(settings.end(), {"--generations", "1"});
    return run(out, settings);
  }
};

TEST_F(ModelFailuresTest, RepliesWithoutAUsableChildAreAFailureThatSaysWhy) {
  LoopbackServer server([](const Seen&, int number) {
    return chat_answer(number % 3 == 0 ? "```\ncontroller x\nanswer\n  topp(finished)\n```\n" : "I cannot.");
  });
  const Ran ran = run_at("a", server.url(), {"model.repairs=0"});
  EXPECT_EQ(ran.exit_code, 1);
  const std::size_t asked = server.requests().size();
  ASSERT_GE(asked, 3U);
  const std::string reasons = fmt::format(
      "{} times no controller in the reply; {} times a controller that does "
      "not check",
      asked - asked / 3, asked / 3);
  EXPECT_THAT(ran.err,
              HasSubstr(fmt::format("language models replied {} times in this run, and no reply brought a "
                                    "usable child: {}",
                                    asked, reasons)));
  EXPECT_THAT(ran.out, HasSubstr(fmt::format("models: {0} exchanges, {0} answered, 0 children; ", asked)));
  EXPECT_THAT(ran.out, HasSubstr("without a child: " + reasons));
  EXPECT_THAT(evotts({"status", "a"}).out, HasSubstr("without a child: " + reasons));
  const Json status = Json::parse(evotts({"status", "a", "--format", "json"}).out);
  EXPECT_THAT(status.dump(), HasSubstr("\"reason\":\"a controller that does not check\""));
  EXPECT_EQ(run_at("b", server.url(), {"model.required=false"}).exit_code, 0);
}

TEST_F(ModelFailuresTest, ThinkingThatUsesUpAllTokensIsSaidAndNotAskedAgain) {
  LoopbackServer server([](const Seen&, int number) {
    if (number % 2 == 0) return chat_answer("<think>\nLet me see", "length", tests::chat_usage(1000, 900));
    Play play = chat_answer("", "length", tests::chat_usage(1000, 900));
    Json json = Json::parse(play.body);
    json["choices"][0]["message"] = {{"content", nullptr}, {"reasoning_content", "Let me see"}};
    play.body = json.dump();
    return play;
  });
  const Ran ran = run_at("a", server.url());
  EXPECT_EQ(ran.exit_code, 1);
  const std::string reason = fmt::format("{} times thinking used up output_tokens", server.requests().size());
  EXPECT_THAT(ran.err, HasSubstr(reason));
  for (const Seen& request : server.requests())
    EXPECT_THAT(request.prompt(), Not(HasSubstr("Your previous reply"))) << "it would be used up again";
  EXPECT_THAT(git("a", {"grep", "-h", "\"error\"", "HEAD", "--", "journal"}),
              HasSubstr("thinking used up all 900 output_tokens before any reply; raise it"));
}

TEST_F(ModelFailuresTest, WhatCannotBeReachedIsSaidWithItsCause) {
  std::string url;
  {
    url = LoopbackServer([](const Seen&, int) { return Play{}; }).url();
  }
  const Ran refused = run_at("refused", url);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("small: " + url + "/chat/completions cannot be reached: "));
  EXPECT_THAT(refused.err, HasSubstr("; it is tried again, for 2 s at most"));
  // Even where no generation waits for a reply.
  const Ran never = run_at("never", url, {fmt::format("model.patience={}", evo::Experiment::kNeverWaits)});
  EXPECT_THAT(never.err, HasSubstr("cannot be reached"));
  const Ran unknown = run_at("unknown", "http://no-such-host.invalid/v1");
  EXPECT_THAT(unknown.err, HasSubstr("http://no-such-host.invalid/v1/chat/completions cannot be reached: "));
}

TEST_F(ModelFailuresTest, AnAddressThatLeadsNowhereIsNamed) {
  LoopbackServer server(
      [](const Seen&, int) { return Play{.status = 404, .body = R"({"detail":"Not Found"})"}; });
  const Ran ran = run_at("a", server.url(""));
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err,
              HasSubstr(fmt::format("status 404 of {}/chat/completions: Not Found; is /v1 missing, as in "
                                    "{}/v1?",
                                    server.url(""), server.url(""))));
}

TEST_F(ModelFailuresTest, AKeyDoesNotGoToAProxyInTheClear) {
  LoopbackServer proxy([](const Seen&, int) { return chat_answer("x"); });
  const auto with = [&](const std::string& variable, const std::string& hosts) {
    std::vector<std::string> arguments = {
        "run",
        "e.toml",
        "--out",
        "x",
        "--generations",
        "1",
        "--set",
        fmt::format("models=[{{kind=\"openai\", model=\"small\", url=\"http://models.invalid/v1\", "
                    "key_variable=\"TEST_MODEL_KEY\", seconds=1{}}}]",
                    hosts)};
    return evotts(arguments, {.variables = {{"TEST_MODEL_KEY", kKey},
                                            {variable, "http://me:password@proxy.invalid:3128"}}});
  };
  for (const char* variable : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    const Ran ran = with(variable, ", unencrypted_hosts=[\"models.invalid\"]");
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err,
                HasSubstr("model \"small\": its key would go unencrypted to the proxy "
                          "http://proxy.invalid:3128 (of " +
                          std::string(variable) + "); use https, or name models.invalid in no_proxy"));
    EXPECT_THAT(ran.err, Not(HasSubstr("password")));
  }
  const Ran refused = with("https_proxy", "");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err,
              HasSubstr("unencrypted_hosts = [\"models.invalid\"] where that network is your own"));
  // Where it may be read it goes, by a proxy that may read it.
  std::vector<std::string> arguments = {
      "run",
      "e.toml",
      "--out",
      "y",
      "--generations",
      "1",
      "--set",
      "models=[{kind=\"openai\", model=\"small\", url=\"http://models.invalid/v1\", "
      "key_variable=\"TEST_MODEL_KEY\", seconds=5, unencrypted_hosts=[\"models.invalid\"]}]"};
  const Ran allowed =
      evotts(arguments, {.variables = {{"TEST_MODEL_KEY", kKey}, {"http_proxy", proxy.url("")}}});
  EXPECT_EQ(allowed.exit_code, 1) << "it brings no child";
  ASSERT_FALSE(proxy.requests().empty());
  EXPECT_EQ(proxy.requests()[0].path, "http://models.invalid/v1/chat/completions");
}

TEST_F(ModelFailuresTest, ARunThatOutrunsItsModelSaysSo) {
  LoopbackServer server([](const Seen&, int) {
    Play play = chat_answer("nothing");
    play.seconds = 100;  // or until the test ends
    return play;
  });
  std::vector<std::string> model = model_at(server);
  model.insert(model.end(), {"generations=12", "model.share=0.1", "models.0.seconds=12",
                             fmt::format("model.patience={}", evo::Experiment::kNeverWaits)});
  const Ran ran = run("a", model);
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.out + ran.err,
              HasSubstr("the run outruns its models: a question to small has been under way"));
}

TEST(ShippedRecipes, WaitForTheirModels) {
  for (const char* name : {"openai", "anthropic", "command"}) {
    const auto path = fmt::format("{}/experiments/model_{}.toml", tests::kSourceDir, name);
    const evo::Experiment recipe = read_experiment(path, {});
    EXPECT_LE(recipe.model_patience, 8) << name;
    const std::vector<std::string> settings = {"models.0.concurrency=7", "models.0.seconds=9"};
    const evo::Experiment changed = read_experiment(path, settings);
    EXPECT_EQ(changed.models.at(0).concurrency, 7) << name;
    EXPECT_EQ(changed.models.at(0).seconds, 9) << name;
    EXPECT_EQ(changed.models.at(0).name, recipe.models.at(0).name) << name;
  }
}

}  // namespace
}  // namespace experiments
