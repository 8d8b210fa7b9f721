// Runs with language models behind servers, by the command line alone: whether they help, what they cost,
// what is kept, and that nothing is asked twice.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/experiments/command_fixture.hpp"
#include "tests/llm_mutators/loopback_server.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::chat_answer;
using tests::error_answer;
using tests::Json;
using tests::LoopbackServer;
using tests::message_answer;
using tests::Play;
using tests::Ran;
using tests::Seen;

constexpr const char* kKey = "sk-evotts-test-7f3a9c51d2e84b60";

// A controller that a longer evolution found on environments like these, with other numbers each time.
std::string improved(std::uint64_t seed) {
  return fmt::format(R"(controller improved
rounds 500

schedule
  width rises round({} * {}^beta)
  level rises 0.831 + 0.257 * beta
  quorum rises round(3 + 1 * beta)

start
  open width

round
  stop when exists(top(finished))
  prune opened >= width when count(finished) >= 1
  advance active by 4
  stop when count(active) >= quorum and confidence(active) >= level

answer
  top(finished, streak)
  top(not pruned)
)",
                     2 + seed % 2, 20 + seed % 8);
}

std::string reply_with(const std::string& controller) {
  return "HYPOTHESIS: one finished branch is enough\n\n```\n" + controller + "```\n";
}

class ModelRunTest : public tests::CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    write("e.toml", R"(name = "modelled"
seed = 1
generations = 4
[environments]
search = ["synthetic:seed=11"]
[evaluation]
betas = [0, 0.5, 1]
orderings = 4
[objective]
budget_low = 40000
budget_high = 400000
[population]
size = 16
children = 12
[model]
share = 0.5
patience = 0
tuning_steps = 0
)");
  }

  // As settings of the command line: one model at this server.
  static std::vector<std::string> model_at(const LoopbackServer& server, const std::string& kind = "openai",
                                           const std::string& more = "") {
    return {
        "--set",
        fmt::format("models=[{{kind=\"{}\", model=\"small\", url=\"{}\", key_variable=\"TEST_MODEL_KEY\", "
                    "seconds=20, output_tokens=900, price={{input=2, output=8}}{}}}]",
                    kind, server.url(), more)};
  }
  Ran run(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"run", "e.toml", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return evotts(arguments, {.variables = {{"TEST_MODEL_KEY", kKey}}});
  }
  std::string git(const std::string& run, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {"/usr/bin/env", "git", "-c", "safe.directory=*", "-C", (folder_ / run).string()});
    const Ran ran = tests::run_process(arguments, {});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }
  Json generation_of(const std::string& run) const { return Json::parse(read(run + "/generation.json")); }
  std::string trees(const std::string& run) const { return git(run, {"log", "--format=%T %s"}); }
};

TEST_F(ModelRunTest, AModelThatImprovesControllersBeatsTheSameRunWithout) {
  LoopbackServer server([](const Seen& request, int) {
    return chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
  });
  const Ran without = run("without", {"--set", "model.share=0"});
  ASSERT_EQ(without.exit_code, 0) << without.err;
  const Ran with = run("with", model_at(server));
  ASSERT_EQ(with.exit_code, 0) << with.err;
  // At equal evaluations: the run without goes on until it has scored as many episodes, for whatever purpose.
  const Json modelled = generation_of("with");
  const auto episodes = [](const Json& generation) { return generation["counters"]["episodes"].get<long>(); };
  for (int generations = 5; episodes(generation_of("without")) < episodes(modelled); ++generations)
    ASSERT_EQ(evotts({"resume", "without", "--generations", std::to_string(generations)}).exit_code, 0);
  const Json plain = generation_of("without");
  EXPECT_GT(modelled["best"]["fitness"].get<double>(), plain["best"]["fitness"].get<double>() + 0.5)
      << with.out << without.out;
  EXPECT_LE(episodes(modelled), episodes(plain));
  const std::string lineage = git("with", {"grep", "-h", "model_", "HEAD", "--", "lineage"});
  EXPECT_THAT(lineage, HasSubstr("\"hypothesis\":\"one finished branch is enough\""));
  EXPECT_THAT(lineage, HasSubstr("\"exchange\""));
  // what is told of spending, while it runs, in the end, and later
  EXPECT_THAT(with.out, HasSubstr("\nmodels: "));
  EXPECT_THAT(with.out, HasSubstr(fmt::format("models: {} exchanges, {} answered; {} tokens read (0 cached)",
                                              server.requests().size(), server.requests().size(),
                                              1000 * server.requests().size())));
  EXPECT_THAT(evotts({"status", "with"}).out, HasSubstr("\nmodels        "));
  // the prompt has what a model needs
  const std::string prompt = server.requests().back().prompt();
  for (const char* part :
       {"# The language of controllers", "budgets from 40000 to 400000 tokens", "# What was tried lately",
        "| beta | accuracy | tokens |", "| within tokens | it reaches | best known | behind |",
        "By recorded environment, accuracy at thousands of tokens"})
    EXPECT_THAT(prompt, HasSubstr(part));
  const auto requests = server.requests();
  const bool traced = std::any_of(requests.begin(), requests.end(), [](const Seen& r) {
    return r.prompt().find("A question lost as ") != std::string::npos &&
           r.prompt().find("\nanswer: ") != std::string::npos;
  });
  EXPECT_TRUE(traced);
}

TEST_F(ModelRunTest, TheKeyIsNowhere) {
  // This server says it whenever it can.
  LoopbackServer server([](const Seen& request, int number) {
    const std::string key = request.headers.at("x-api-key");
    if (number % 4 == 0) return error_answer(422, "bad key " + key);
    if (number % 4 == 1) return message_answer("HYPOTHESIS: " + key + "\n```\ncontroller " + key + "\n```\n");
    return message_answer("HYPOTHESIS: with " + key + "\n```\n" +
                          improved(static_cast<std::uint64_t>(number)) + "```\n# " + key);
  });
  const Ran ran = run("a", model_at(server, "anthropic"));
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(server.requests().at(0).headers.at("x-api-key"), kKey);
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(kKey)));
  EXPECT_THAT(ran.err, HasSubstr("bad key [key]"));
  // as files, also those of git and of the log, which are compressed or not
  for (const auto& [name, content] : files()) EXPECT_EQ(content.find(kKey), std::string::npos) << name;
  for (const std::string revision : {"HEAD", "HEAD~1", "HEAD~2", "HEAD~3", "HEAD~4"})
    EXPECT_THAT(git("a", {"archive", revision}), Not(HasSubstr(kKey)));
  EXPECT_THAT(read("a/exchanges.log"), HasSubstr("\"outcome\":\"answered\""));
  EXPECT_THAT(git("a", {"grep", "-h", "\"reply\"", "HEAD", "--", "journal"}), HasSubstr("[key]"));
}

TEST_F(ModelRunTest, TheJournalIsReplayedWithoutAnyNetwork) {
  std::vector<std::string> model;
  {
    LoopbackServer server([](const Seen& request, int number) {
      if (number % 7 == 0) return error_answer(422, "no");
      Play play =
          chat_answer(number % 3 == 0 ? "nothing" : reply_with(improved(static_cast<std::uint64_t>(number))));
      play.seconds = number % 2 == 0 ? 0.03 : 0.0;
      return request.json()["seed"].get<std::uint64_t>() % 2 == 0
                 ? play
                 : chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
    });
    model = model_at(server, "openai", ", concurrency=3");
    model.insert(model.end(), {"model.patience=2", "model.invent=0.4", "model.tuning_steps=2"});
    const Ran live = run("live", model);
    ASSERT_EQ(live.exit_code, 0) << live.err;
  }
  std::vector<std::string> arguments = {"run", "e.toml", "--out", "again", "--replay-journal", "live"};
  arguments.insert(arguments.end(), model.begin(), model.end());
  const Ran again = evotts(arguments);  // without a key, and with nobody at that address
  EXPECT_EQ(again.exit_code, 0) << again.err << again.out;
  EXPECT_EQ(trees("again"), trees("live"));
  EXPECT_THAT(again.out, HasSubstr("replayed; tree "));
  // and something else is told of
  std::replace(arguments.begin(), arguments.end(), std::string("again"), std::string("other"));
  arguments.insert(arguments.end(), "population.size=15");
  const Ran other = evotts(arguments);
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("is not what it was in the run that is replayed"));
}

TEST_F(ModelRunTest, KilledAmidExchangesNothingIsAskedTwice) {
  const auto handler = [](const Seen& request, int) {
    Play play = chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
    play.seconds = 0.05;
    return play;
  };
  constexpr std::size_t kInFlight = 2;
  LoopbackServer server(handler);  // one for both runs: its address is part of their experiment
  const std::vector<std::string> model = model_at(server, "openai", ", concurrency=2");
  ASSERT_EQ(run("calm", model).exit_code, 0);
  const std::size_t undisturbed = server.requests().size();
  ASSERT_GT(undisturbed, 15U);
  std::size_t kills = 0;
  for (int attempt = 0; attempt < 30; ++attempt) {
    const bool started = std::filesystem::exists(folder_ / "killed/checkpoint.bin");
    if (!started) std::filesystem::remove_all(folder_ / "killed");
    std::vector<std::string> arguments = {EVOTTS_BINARY, "resume", "killed"};
    if (!started) {
      arguments = {EVOTTS_BINARY, "run", "e.toml", "--out", "killed"};
      arguments.insert(arguments.end(), model.begin(), model.end());
    }
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const std::size_t before = server.requests().size();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (::chdir(folder_.c_str()) != 0 || std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(126);
      ::setenv("TEST_MODEL_KEY", kKey, 1);
      ::execv(pointers.front(), pointers.data());
      ::_exit(127);
    }
    // killed after some more exchanges, in the middle of the next ones
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(child, &status, WNOHANG)) == 0 && server.requests().size() < before + 6)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (ended == child) {
      ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
      break;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    ++kills;
  }
  EXPECT_GE(kills, 2U);
  EXPECT_EQ(trees("killed"), trees("calm"));
  EXPECT_GE(server.requests().size(), 2 * undisturbed);
  EXPECT_LE(server.requests().size(), 2 * undisturbed + kInFlight * kills);
}

TEST_F(ModelRunTest, ARunWhoseModelNeverRepliedHasFailedUnlessToldOtherwise) {
  LoopbackServer server([](const Seen&, int) { return error_answer(401, "who are you?"); });
  const Ran dead = run("dead", model_at(server));
  EXPECT_EQ(dead.exit_code, 1);
  EXPECT_THAT(dead.err, HasSubstr("small gave no reply (generation 1, child "));
  EXPECT_THAT(dead.err,
              HasSubstr("status 401: who are you?; asking again now would not help, so it is left alone"));
  EXPECT_THAT(dead.err, HasSubstr("no language model ever replied in this run"));
  EXPECT_LT(server.requests().size(), 5U);
  EXPECT_EQ(generation_of("dead")["generation"], 4);  // it went on all the same
  std::vector<std::string> optional = model_at(server);
  optional.emplace_back("model.required=false");
  EXPECT_EQ(run("optional", optional).exit_code, 0);
}

TEST_F(ModelRunTest, EstimatesAskNobody) {
  LoopbackServer server([](const Seen&, int) { return chat_answer("x"); });
  std::vector<std::string> arguments = {"run", "e.toml", "--estimate"};
  for (const std::string& each : model_at(server)) arguments.push_back(each);
  arguments.insert(arguments.end(), {"model.budget=0.75"});
  const Ran ran = evotts(arguments);  // without a key
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(
      ran.out,
      HasSubstr(
          "about 24 questions (a share of 0.5 of 12 children in 4 generations), each of at most 3 calls"));
  EXPECT_THAT(ran.out, HasSubstr("\nsmall "));
  EXPECT_THAT(ran.out, HasSubstr("at most 0.7500 USD: the budget ends it before\n"));
  EXPECT_TRUE(server.requests().empty());
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(ModelRunTest, TheBudgetHolds) {
  LoopbackServer server([](const Seen& request, int) {
    return chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())), "stop",
                       tests::chat_usage(9000, 900));
  });
  std::vector<std::string> model = model_at(server);
  model.insert(model.end(), {"model.budget_tokens=150000", "model.repairs=0", "--generations", "10"});
  const Ran ran = run("a", model);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_LE(server.requests().size() * 9900, 150'000U);
  EXPECT_GE(server.requests().size(), 5U);
  EXPECT_THAT(ran.err, HasSubstr("the budget for models allows no further question at its worst"));
  EXPECT_THAT(ran.out, HasSubstr(" of 150000 ("));
}

TEST_F(ModelRunTest, WrongModelsAreToldOfAndKeysAreNotShown) {
  const auto refused = [&](const std::string& models, const std::vector<std::string>& words) {
    rejects({"run", "e.toml", "--out", "x", "--set", "models=" + models}, words,
            {.variables = {{"TEST_MODEL_KEY", kKey}}});
  };
  refused("[{model=\"x\"}]", {"--set models", "model 1: kind is missing"});
  refused("[{kind=\"openai\"}]", {"needs its model"});
  refused("[{kind=\"openai\", model=\"x\", ulr=\"y\"}]", {"no \"ulr\"", "did you mean \"url\""});
  refused("[{kind=\"openai\", model=\"x\", url=\"https://me:pass@host/v1\"}]",
          {"url must be an http or https address"});
  refused("[{kind=\"openai\", model=\"x\", url=\"http://example.com/v1\", key_variable=\"TEST_MODEL_KEY\"}]",
          {"unencrypted; use https"});
  refused("[{kind=\"openai\", model=\"x\", key_variable=\"EVOTTS_NO_SUCH_KEY\"}]",
          {"EVOTTS_NO_SUCH_KEY", "is not set"});
  refused("[{kind=\"command\"}]", {"needs its command"});
  refused("[{kind=\"command\", command=[\"./absent\"]}]", {"./absent"});
  refused("[{kind=\"openai\", model=\"x\", price={input=1}}]", {"price must be"});
  refused("[{kind=\"openai\", model=\"x\"}, {kind=\"openai\", model=\"x\"}]", {"two models are named \"x\""});
  refused(fmt::format("[{{kind=\"openai\", model=\"x {}\", key_variable=\"TEST_MODEL_KEY\"}}]", kKey),
          {"stands in the experiment itself"});
  rejects(
      {"run", "e.toml", "--out", "x", "--set", "models=[{kind=\"openai\", model=\"x\"}]", "model.budget=3"},
      {"price of the model \"x\" is not known"});
  const Ran pasted =
      evotts({"run", "e.toml", "--out", "x", "--set",
              fmt::format("models=[{{kind=\"openai\", model=\"x\", key_variable=\"{}\"}}]", kKey)});
  EXPECT_EQ(pasted.exit_code, 2);
  EXPECT_THAT(pasted.err, Not(HasSubstr(kKey)));
}

TEST_F(ModelRunTest, PricesAndTemplatesAreTakenIntoTheRun) {
  LoopbackServer server([](const Seen& request, int) {
    return chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
  });
  write("prices.toml", "[\"small\"]\ninput = 2.5\ncached_read = 0.25\noutput = 10\n");
  write("words/mutate.txt", "MINE\n{{parent}}\n");
  write("words/cross.txt", "MINE\n{{first}}{{second}}\n");
  const std::vector<std::string> more = {
      "--set", fmt::format("models=[{{kind=\"openai\", model=\"small\", url=\"{}\"}}]", server.url()),
      "model.prices=\"prices.toml\"", "model.templates=\"words\"", "model.invent=0"};
  ASSERT_EQ(run("a", more).exit_code, 0);
  const std::string kept = read("a/experiment.toml");
  EXPECT_THAT(kept, HasSubstr("price = { input = 2.5, cached_read = 0.25, cache_write = 2.5, output = 10 }"));
  EXPECT_THAT(kept, HasSubstr("mutate = \"MINE\\u000A{{parent}}\\u000A\""));
  EXPECT_THAT(kept, HasSubstr("templates = \"\""));
  EXPECT_THAT(server.requests().at(0).prompt(), HasSubstr("MINE\n```\ncontroller "));
  std::filesystem::remove_all(folder_ / "words");
  std::filesystem::remove(folder_ / "prices.toml");
  EXPECT_EQ(evotts({"resume", "a", "--generations", "5"}).exit_code, 0);
  write("words/mutate.txt", "{{parnet}}");
  write("prices.toml", "");
  std::vector<std::string> wrong = {"run", "e.toml", "--out", "x"};
  wrong.insert(wrong.end(), more.begin(), more.end());
  rejects(wrong, {"mutate.txt", "{{parnet}}"});
}

}  // namespace
}  // namespace experiments
