// Runs with language models behind servers, by the command line alone: whether they help, what they cost,
// what is kept, and that nothing is asked twice.
#include "tests/experiments/session/model_run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <thread>

#include "evo/experiment/experiment.hpp"
#include "tests/support/places.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::chat_answer;
using tests::error_answer;
using tests::improved;
using tests::Json;
using tests::kKey;
using tests::LoopbackServer;
using tests::message_answer;
using tests::Play;
using tests::Ran;
using tests::reply_with;
using tests::Seen;

class ModelRunTest : public tests::ModelRun {};

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
  EXPECT_GT(modelled["champion"]["fitness"].get<double>(), plain["champion"]["fitness"].get<double>() + 0.5)
      << with.out << without.out;
  EXPECT_LE(episodes(modelled), episodes(plain));
  const std::string lineage = git("with", {"grep", "-h", "model_", "HEAD", "--", "lineage"});
  EXPECT_THAT(lineage, HasSubstr("\"hypothesis\":\"one finished branch is enough\""));
  EXPECT_THAT(lineage, HasSubstr("\"exchange\""));
  // what is told of spending, while it runs, in the end, and later
  EXPECT_THAT(with.out, HasSubstr("\nmodels: "));
  EXPECT_THAT(with.out,
              HasSubstr(fmt::format("models: {0} exchanges, {0} answered, ", server.requests().size())));
  EXPECT_THAT(with.out, HasSubstr(fmt::format(" children; {} tokens read (0 cached)",
                                              1000 * server.requests().size())));
  EXPECT_THAT(evotts({"status", "with"}).out, HasSubstr("\nmodels        "));
  // the prompt has what a model needs
  const std::string prompt = server.requests().back().prompt();
  for (const char* part :
       {"# The controller language", "budget from 40000 to 400000 tokens", "# Recent proposals",
        "| beta | accuracy | tokens |", "| within tokens | it reaches | best known | behind |",
        "Accuracy in each recorded environment, at the cost in thousands of tokens"})
    EXPECT_THAT(prompt, HasSubstr(part));
  const auto requests = server.requests();
  const bool traced = std::any_of(requests.begin(), requests.end(), [](const Seen& r) {
    return r.prompt().find(" lost as \"") != std::string::npos &&
           r.prompt().find("\nanswer: ") != std::string::npos;
  });
  EXPECT_TRUE(traced);
}

// The experiment file that ships, with only the address and the length changed.
TEST_F(ModelRunTest, TheShippedExperimentWorksWithAServer) {
  LoopbackServer server([](const Seen& request, int) {
    return chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
  });
  const std::string shipped = std::string(tests::kSourceDir) + "/experiments/model_openai.toml";
  const auto run_shipped = [&](const std::string& out, const std::vector<std::string>& more) {
    // Of an edition whose random controllers are worse than what this server proposes.
    std::vector<std::string> arguments = {
        "run", shipped, "--out", out, "--set", "population.edition=3", "--generations", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = evotts(arguments, {.variables = {{"TEST_MODEL_KEY", kKey}}});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return generation_of(out);
  };
  std::vector<std::string> settings = model_at(server);
  settings.insert(settings.end(), {"model.patience=0"});
  const Json with = run_shipped("with", settings);
  EXPECT_GE(server.requests().size(), 4U);
  const auto episodes = [](const Json& generation) { return generation["counters"]["episodes"].get<long>(); };
  Json without = run_shipped("without", {"--set", "model.share=0"});
  for (int to = 3; episodes(without) < episodes(with); ++to) {
    ASSERT_EQ(evotts({"resume", "without", "--generations", std::to_string(to)}).exit_code, 0);
    without = generation_of("without");
  }
  EXPECT_GT(with["champion"]["fitness"].get<double>(), without["champion"]["fitness"].get<double>());
}

TEST_F(ModelRunTest, GenerationsGoOnWhileRepliesAreAwaited) {
  // No reply comes before the run has gone on for three generations.
  std::atomic<bool> idle{false};
  LoopbackServer server([&](const Seen& request, int) {
    const auto newest = [&] {
      std::ifstream file(folder_ / "a" / "generation.json");
      const Json json = Json::parse(file, nullptr, false);
      return json.is_object() ? json["generation"].get<int>() : 0;
    };
    for (int i = 0; newest() < 3 && !idle; ++i) {
      if (i == 2000) idle = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
  });
  std::vector<std::string> model = model_at(server, "openai", ", concurrency=2");
  model.insert(model.end(),
               {"generations=12", fmt::format("model.patience={}", evo::Experiment::kNeverWaits)});
  const Ran ran = run("a", model);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_FALSE(idle);
  EXPECT_THAT(ran.out, HasSubstr("\ngeneration   12 "));
  EXPECT_THAT(ran.out, HasSubstr(" of models "));
  const Ran verified = evotts({"verify", "a"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  // Replies that came after the end take effect when it goes on.
  const std::size_t asked = server.requests().size();
  const Ran more = evotts({"resume", "a", "--generations", "13"}, {.variables = {{"TEST_MODEL_KEY", kKey}}});
  EXPECT_EQ(more.exit_code, 0) << more.err;
  const std::vector<std::string> exchanges = asked_in("a");
  EXPECT_EQ(std::set<std::string>(exchanges.begin(), exchanges.end()).size(), exchanges.size())
      << "asked twice";
  EXPECT_GE(server.requests().size(), asked);
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
  for (bool ended = false; !ended && kills < 30;) {
    // killed after some more exchanges, in the middle of the next ones
    const std::size_t before = server.requests().size();
    ended = run_until("killed", model, [&] { return server.requests().size() >= before + 6; });
    kills += ended ? 0 : 1;
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
  // Nor when the budget does not allow a single question.
  std::vector<std::string> poor = model_at(server);
  poor.emplace_back("model.budget_tokens=1000");
  const Ran unasked = run("unasked", poor);
  EXPECT_EQ(unasked.exit_code, 1);
  EXPECT_THAT(unasked.err, HasSubstr("no language model was ever asked in this run"));
}

TEST_F(ModelRunTest, AnEstimateIsNeverLessThanWhatIsAsked) {
  LoopbackServer server([](const Seen&, int) { return chat_answer("nothing"); });
  for (const char* seed : {"seed=1", "seed=4", "seed=9"}) {
    std::vector<std::string> arguments = {"run", "e.toml", "--estimate"};
    std::vector<std::string> settings = model_at(server);
    settings.insert(settings.end(), {"model.repairs=0", "model.required=false", seed});
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    const std::size_t most = std::stoul(evotts(arguments).out);
    const std::size_t before = server.requests().size();
    ASSERT_EQ(run(seed, settings).exit_code, 0);
    EXPECT_EQ(server.requests().size() - before, most);
  }
}

TEST_F(ModelRunTest, AKeyThatACommandPrintsIsNowhere) {
  write("agent.sh",
        "#!/bin/sh\ncat > /dev/null\necho \"it is $TEST_MODEL_KEY\"\necho \"with $TEST_MODEL_KEY\" >&2\n"
        "n=$(cat asked 2> /dev/null || echo 0)\necho $((n + 1)) > asked\n[ $((n % 2)) = 0 ]\n");
  std::filesystem::permissions(folder_ / "agent.sh", std::filesystem::perms::owner_all);
  const Ran ran = run("a", {"--set",
                            "models=[{kind=\"command\", name=\"agent\", command=[\"./agent.sh\"], "
                            "key_variable=\"TEST_MODEL_KEY\"}]"});
  EXPECT_EQ(ran.out.find(kKey), std::string::npos);
  EXPECT_EQ(ran.err.find(kKey), std::string::npos);
  EXPECT_THAT(git("a", {"grep", "-h", "it is", "HEAD", "--", "journal"}), HasSubstr("it is [key]"));
  for (const auto& [name, text] : files()) EXPECT_EQ(text.find(kKey), std::string::npos) << name;
  for (const char* where : {"journal", "checkpoint.bin"})
    EXPECT_EQ(git("a", {"log", "--all", "-p", "--text", "--", where}).find(kKey), std::string::npos);
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
      HasSubstr("27 questions (a share of 0.5 of 12 children in 4 generations), each of at most 3 calls"));
  EXPECT_THAT(ran.out, HasSubstr("\nsmall "));
  EXPECT_THAT(ran.out, HasSubstr("at most 0.7500 USD: the budget ends it before\n"));
  // Budgets that the recordings tell make no longer prompts than it reckons with, and it opens no recording.
  const auto input_of = [](const std::string& out) {
    std::istringstream row(out.substr(out.find("\nsmall ")));
    std::string name, calls, input;
    row >> name >> calls >> input;
    return std::stoul(input);
  };
  arguments.insert(arguments.end(), {"objective.budget_low=data", "objective.budget_high=data",
                                     "environments.search=[\"no_such.json\"]"});
  const Ran open = evotts(arguments);
  EXPECT_EQ(open.exit_code, 0) << open.err;
  EXPECT_GT(input_of(open.out), input_of(ran.out));
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
