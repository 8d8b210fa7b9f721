// Models side by side: limits, order, patience, budgets, pauses after failures, and replays.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "genome/text/printer.hpp"
#include "llm_mutators/clients/server_client.hpp"
#include "llm_mutators/proposers/llm_proposer.hpp"
#include "tests/llm_mutators/proposers/recording_observer.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

using Outcome = Reply::Outcome;
using std::chrono::milliseconds;

// A model that replies as the function says.
class Played : public LlmClient {
 public:
  using Play = std::function<Reply(const Prompt& prompt, int number)>;
  Played(std::string name, Play play) : name_(std::move(name)), play_(std::move(play)) {}
  std::string_view name() const override { return name_; }
  Reply ask(const Prompt& prompt, const MayTryAgain&) override {
    const int number = ++asked;
    const int now = ++at_once;
    int seen = most_at_once;
    while (now > seen && !most_at_once.compare_exchange_weak(seen, now)) {
    }
    Reply reply = play_(prompt, number);
    --at_once;
    return reply;
  }
  std::atomic<int> asked{0}, at_once{0}, most_at_once{0};

 private:
  std::string name_;
  Play play_;
};

class SeveralModelsTest : public ScriptedModels {
 protected:
  static Reply said(std::string text, std::int64_t output = 100) {
    return {
        .outcome = Outcome::kAnswered, .text = std::move(text), .usage = {.input = 1000, .output = output}};
  }
  // A child with this number of rounds.
  static Reply child(int rounds) {
    std::string text(genome::known_controller("cmc").value());
    text.replace(text.find("rounds 500"), 10, fmt::format("rounds {}", rounds));
    return said(fmt::format("HYPOTHESIS: {} rounds do\n```\n{}```\n", rounds, text));
  }
  static Reply failed(bool hopeless = false) { return {.error = "no", .hopeless = hopeless}; }
  // The index of a request is told by the seed of its prompt: unlike the order of asking, it is always the
  // same.
  static int mark(const Prompt& prompt) { return 2 + static_cast<int>(prompt.seed % 400); }

  Model model(const std::string& name, Played::Play play, int concurrency = 1,
              std::optional<net::Price> price = {}) {
    auto client = std::make_unique<Played>(name, std::move(play));
    played_[name] = client.get();
    return {.client = std::move(client), .price = price, .output_tokens = 500, .concurrency = concurrency};
  }
  std::unique_ptr<LlmProposer> proposer(std::vector<Model> models, LlmOptions options = {}) {
    const auto tell = [this](const std::string& message) { told_.push_back(message); };
    options.observer = std::make_shared<RecordingObserver>(told_);
    const auto committed = [this](const std::string& digest) -> std::optional<std::string> {
      const auto at = committed_.find(digest);
      return at == committed_.end() ? std::nullopt : std::optional(at->second);
    };
    return std::make_unique<LlmProposer>(
        std::move(models), Journal({.spool = folder_ / "spool", .committed = committed, .tell = tell}),
        options);
  }
  static std::vector<Model> only(Model model) {
    std::vector<Model> models;
    models.push_back(std::move(model));
    return models;
  }

  // One generation, committed: what was proposed.
  std::string generation(LlmProposer& models, int number, std::size_t count = 6,
                         std::map<std::string, std::string>* keep = nullptr) {
    std::vector<evo::ProposalRequest> requests;
    for (std::size_t i = 0; i < count; ++i) requests.push_back({7, number, i, {&mother_, &father_}});
    models.begin(
        {.generation = number, .population = std::span(&mother_, 1), .best = &mother_, .memory = memory_});
    std::string shown;
    std::vector<evo::ProposalOutcome> outcomes;
    for (const auto& p : models.propose(requests)) {
      if (!p) continue;
      shown += fmt::format("{} {} {}\n", p->child.tree().rounds, p->operation, p->exchange);
      outcomes.push_back(
          {.exchange = p->exchange, .id = "x", .fitness = mother_.fitness + gain_, .lives = gain_ > 0});
    }
    models.learn(outcomes);
    memory_ = models.memory();
    for (const evo::Exchange& e : models.take_exchanges())
      (keep != nullptr ? *keep : committed_)[e.digest] = e.json;
    return shown;
  }
  Memory memory() const { return Memory::read(memory_); }

  const evo::Individual mother_ = known("cmc"), father_ = known("esc");
  std::map<std::string, Played*> played_;
  std::map<std::string, std::string> committed_;
  std::vector<std::string> told_;
  std::string memory_;
  double gain_ = 0;
};

TEST_F(SeveralModelsTest, ExchangesRunSideBySideUpToTheLimitAndEnterInOrder) {
  const auto lazy = [this](int limit) {
    return [this, limit](const Prompt& prompt, int number) {
      // The first wait for each other, as a prompt may take longer to make than a reply; then some overtake.
      for (int waits = 0; waits < 1000 && played_.at("m")->most_at_once < limit; ++waits)
        std::this_thread::sleep_for(milliseconds(10));
      std::this_thread::sleep_for(milliseconds(number % 2 == 1 ? 60 : 20));
      return child(mark(prompt));
    };
  };
  auto side_by_side = proposer(only(model("m", lazy(3), 3)));
  const std::string three = generation(*side_by_side, 1, 9);
  EXPECT_EQ(played_["m"]->most_at_once, 3);
  memory_.clear();
  std::filesystem::remove_all(folder_ / "spool");
  auto in_turn = proposer(only(model("m", lazy(1), 1)));
  EXPECT_EQ(generation(*in_turn, 1, 9), three);
  EXPECT_EQ(played_["m"]->most_at_once, 1);
}

TEST_F(SeveralModelsTest, AGenerationWaitsOnlyAsLongAsItsPatience) {
  std::atomic<bool> open{false};
  auto patient = proposer(only(model(
                              "m",
                              [&](const Prompt& prompt, int) {
                                while (!open) std::this_thread::sleep_for(milliseconds(5));
                                return child(mark(prompt));
                              },
                              2)),
                          {.patience = 3});
  EXPECT_EQ(generation(*patient, 1), "");
  EXPECT_EQ(generation(*patient, 2), "");  // two are under way, and no more are asked than may be
  EXPECT_EQ(memory().pending.size(), 2U);
  std::thread opener([&] {
    std::this_thread::sleep_for(milliseconds(100));
    open = true;
  });
  EXPECT_EQ(generation(*patient, 3), "");
  const std::string entered = generation(*patient, 4);  // waits for those of generation 1
  opener.join();
  EXPECT_EQ(std::count(entered.begin(), entered.end(), '\n'), 2);
}

TEST_F(SeveralModelsTest, WhatIsUnderWayIsAskedAgainByAnotherProcessAndNothingElse) {
  const auto play = [](const Prompt& prompt, int) {
    std::this_thread::sleep_for(milliseconds(30));
    return child(mark(prompt));
  };
  auto first = proposer(only(model("m", play, 3)), {.patience = 2});
  generation(*first, 1);
  EXPECT_EQ(memory().pending.size(), 3U);
  first.reset();  // waits for the replies under way: they are paid for
  auto second = proposer(only(model("m", play, 3)), {.patience = 2});
  std::string entered = generation(*second, 2) + generation(*second, 3);
  EXPECT_EQ(std::count(entered.begin(), entered.end(), '\n') >= 3, true) << entered;
  EXPECT_TRUE(told_.empty());
  second.reset();  // no thread of it writes any more
  // without the spool they are asked again, from what the run holds
  memory_.clear();
  committed_.clear();
  std::filesystem::remove_all(folder_ / "spool");
  auto third = proposer(only(model("m", play, 3)), {.patience = 2});
  generation(*third, 1);
  third.reset();
  std::filesystem::remove_all(folder_ / "spool");
  auto fourth = proposer(only(model("m", play, 3)), {.patience = 0});
  entered = generation(*fourth, 2, 3);
  EXPECT_GE(std::count(entered.begin(), entered.end(), '\n'), 3);
  EXPECT_GE(played_["m"]->asked, 3);
}

TEST_F(SeveralModelsTest, AReplayOfTheJournalGoesTheSameWayWithoutAskingAnyone) {
  std::atomic<int> calls{0};
  const auto whimsical = [&](const Prompt& prompt, int) -> Reply {
    const int n = ++calls;
    std::this_thread::sleep_for(milliseconds(n * 37 % 23));
    if (n % 5 == 0) return failed();
    if (n % 4 == 0) return said("no controller here");
    return child(2 + (n + mark(prompt)) % 400);
  };
  std::vector<std::string> shown, memories;
  {
    std::vector<Model> models;
    models.push_back(model("a", whimsical, 2, net::Price{.input = 3, .output = 15}));
    models.push_back(model("b", whimsical, 2, net::Price{.input = 1, .output = 5}));
    auto live = proposer(std::move(models), {.invent = 0.3, .patience = 2});
    for (int g = 1; g <= 12; ++g) {
      gain_ = g % 3;
      shown.push_back(generation(*live, g));
      memories.push_back(memory_);
      std::this_thread::sleep_for(milliseconds(10));
    }
  }
  EXPECT_GT(calls, 20);
  const int asked = calls;
  const auto at_the_end = committed_;
  memory_.clear();
  std::map<std::string, std::string> again;
  std::vector<Model> models;
  models.push_back(model("a", whimsical, 2, net::Price{.input = 3, .output = 15}));
  models.push_back(model("b", whimsical, 2, net::Price{.input = 1, .output = 5}));
  auto replay = proposer(std::move(models), {.invent = 0.3, .patience = 2, .replay = true});
  for (int g = 1; g <= 12; ++g) {
    gain_ = g % 3;
    EXPECT_EQ(generation(*replay, g, 6, &again), shown[static_cast<std::size_t>(g - 1)]) << g;
    EXPECT_EQ(memory_, memories[static_cast<std::size_t>(g - 1)]) << g;
  }
  EXPECT_EQ(again, at_the_end);
  EXPECT_EQ(calls, asked);
}

TEST_F(SeveralModelsTest, TheBudgetIsNeverPassedAndWhatItAllowsIsUsed) {
  const net::Price price{.input = 1, .output = 10};
  for (const int concurrency : {1, 4}) {
    memory_.clear();
    told_.clear();
    std::filesystem::remove_all(folder_ / "spool");
    const double most = 0.16;
    auto models =
        proposer(only(model(
                     "m", [](const Prompt& prompt, int) { return child(mark(prompt)); }, concurrency, price)),
                 {.most_repairs = 1, .limits = {.money = most}});
    for (int g = 1; g <= 45; ++g) {
      generation(*models, g, 3);
      EXPECT_LE(memory().spent().money + models->under_way().money, most);
      EXPECT_NEAR(models->under_way().money, 0, 1e-12);
    }
    // A reply costs 0.002; the worst case of a question is the prompt's bytes and 500 tokens, twice.
    const double worst = worst_of({.price = price, .output_tokens = 500}, 20'000, 1).money;
    EXPECT_GT(memory().spent().money, most - 2 * worst);
    EXPECT_EQ(told_,
              (std::vector<std::string>{"the budget for models allows no further question at its worst; the "
                                        "genetic operators go on alone"}));
  }
}

TEST_F(SeveralModelsTest, UnreportedUsageAndLostTriesAreCountedAtTheirWorst) {
  auto models = proposer(only(model(
      "m",
      [](const Prompt& prompt, int) {
        Reply reply = child(mark(prompt));
        reply.usage = {};
        reply.lost = 2;
        return reply;
      },
      1, net::Price{.input = 1, .output = 1})));
  generation(*models, 1, 1);
  EXPECT_EQ(memory().models[0].unreported, 1);
  EXPECT_EQ(memory().models[0].output, 3 * 500);
  EXPECT_NEAR(memory().spent().money, static_cast<double>(memory().spent().tokens()) / 1e6, 1e-12);
}

TEST_F(SeveralModelsTest, WhatOtherProcessesLostCountsInTheBudget) {
  const net::Price price{.input = 1, .output = 1};
  const auto play = [](const Prompt& prompt, int) { return child(mark(prompt)); };
  const Model priced{.price = price, .output_tokens = 500};
  const net::Amount worst = worst_of(priced, 30'000, 0);
  const Journal before({.spool = folder_ / "spool"});
  for (const std::string digest : {"aa", "bb", "cc"}) before.sending(digest, worst);
  // The budget holds but for what was lost.
  auto poor =
      proposer(only(model("m", play, 1, price)), {.most_repairs = 0, .limits = {.money = 3.2 * worst.money}});
  EXPECT_EQ(generation(*poor, 1, 1), "");
  EXPECT_EQ(poor->lost().calls, 3);
  EXPECT_EQ(played_["m"]->asked, 0);
  EXPECT_EQ(told_.size(), 1U);
  EXPECT_EQ(memory().spent(), net::Amount{});  // the run's own figures are those of one that was never killed
  auto rich =
      proposer(only(model("m", play, 1, price)), {.most_repairs = 0, .limits = {.money = 5 * worst.money}});
  EXPECT_NE(generation(*rich, 1, 1), "");
  EXPECT_EQ(rich->lost().calls, 3);
}

TEST_F(SeveralModelsTest, WhatIsAtHandIsUsedEvenWhenTheBudgetAllowsNothingMore) {
  const net::Price price{.input = 1, .output = 1};
  // A reply that has to be sent back, and a process that ends before that is answered.
  auto first = proposer(only(model(
                            "m", [](const Prompt&, int) { return said("nothing"); }, 1, price)),
                        {.most_repairs = 0});
  generation(*first, 1, 1);
  committed_.clear();
  memory_.clear();
  first.reset();
  const auto play = [](const Prompt& prompt, int) { return child(mark(prompt)); };
  auto second = proposer(only(model("m", play, 1, price)), {.most_repairs = 1, .limits = {.money = 1e-6}});
  EXPECT_EQ(generation(*second, 1, 1), "");
  EXPECT_EQ(played_["m"]->asked, 0);
  EXPECT_EQ(memory().models[0].answered, 1);
  EXPECT_GT(memory().spent().money, 0);  // of what was paid before
  EXPECT_EQ(committed_.size(), 2U);      // and that the repair was not asked for, so that a replay does not
  const std::string after = memory_;
  memory_.clear();
  auto replay = proposer(only(model("m", play, 1, price)), {.most_repairs = 1, .replay = true});
  EXPECT_EQ(generation(*replay, 1, 1), "");
  EXPECT_EQ(memory_, after);
}

TEST_F(SeveralModelsTest, AGenerationMadeAgainTakesWhatItTookAndAsksWhatItAsked) {
  // The first process hears of two questions of generation 1 in generation 2, and is killed before it commits
  // that.
  std::atomic<bool> slow{false};
  const auto play = [&](const Prompt& prompt, int number) {
    if (slow || number == 3) std::this_thread::sleep_for(milliseconds(300));
    return child(mark(prompt));
  };
  auto first = proposer(only(model("m", play, 3)), {.patience = 4});
  generation(*first, 1);
  const std::string memory_then = memory_;
  const auto committed_then = committed_;
  while (spooled_records(folder_ / "spool").size() < 2) std::this_thread::sleep_for(milliseconds(5));
  const std::string entered = generation(*first, 2);
  // Not all that was submitted was begun: what is asked is what is to be committed as asked.
  const auto records = std::exchange(committed_, committed_then);
  first.reset();
  memory_ = memory_then;
  slow = true;  // whoever looks too early sees nothing
  auto second = proposer(only(model("m", play, 3)), {.patience = 4});
  EXPECT_EQ(generation(*second, 2), entered);
  EXPECT_EQ(committed_, records);
}

TEST_F(SeveralModelsTest, WhoAnswersSlowlyKeepsNobodyElseWaiting) {
  std::vector<Model> models;
  std::atomic<bool> done{false};
  models.push_back(model("slow", [&](const Prompt& prompt, int) {
    while (!done) std::this_thread::sleep_for(milliseconds(2));
    return child(mark(prompt));
  }));
  models.push_back(model("fast", [](const Prompt& prompt, int) { return child(mark(prompt)); }));
  auto both = proposer(std::move(models), {.patience = 1000});
  for (int g = 1; g <= 12; ++g) {
    generation(*both, g);
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_EQ(played_["slow"]->asked, 1);
  EXPECT_GE(played_["fast"]->asked, 5);
  done = true;
}

TEST_F(SeveralModelsTest, OneAbsurdFigureDoesNotEndABudget) {
  const Model known{.price = net::Price{2, 2, 2, 8}, .output_tokens = 500};
  Reply reply = said("x");
  reply.usage = {.input = 100'000'000'000, .output = 100'000'000'000};
  EXPECT_EQ(known.used(1000, reply).tokens(), known.worst(1000).tokens());
  reply.usage = {.input = 900, .output = 700};  // a little more than the limit is believed
  EXPECT_EQ(known.used(1000, reply).tokens(), 1600);
}

TEST_F(SeveralModelsTest, WhatAServerRefusesIsRememberedByTheRun) {
  tests::LoopbackServer server([](const tests::Seen& seen, int) {
    if (seen.json().contains("temperature")) return tests::error_answer(400, "temperature is not supported");
    return tests::chat_answer("nothing");
  });
  const auto at_server = [&] {
    Model model;
    model.client =
        std::make_unique<ServerClient>(ServerOptions{.name = "m", .url = server.url(), .seconds = 5},
                                       openai_format({.model = "x", .temperature = 0.5}));
    return only(std::move(model));
  };
  auto first = proposer(at_server(), {.most_repairs = 0});
  generation(*first, 1, 1);
  EXPECT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(memory().models[0].left_out, (std::vector<std::string>{"temperature"}));
  auto second = proposer(at_server(), {.most_repairs = 0});
  generation(*second, 2, 1);
  EXPECT_EQ(server.requests().size(), 3U) << "another process knows it too";
}

TEST_F(SeveralModelsTest, AModelThatFailsIsLeftAloneLongerAndLonger) {
  bool up = false;
  auto models = proposer(
      only(model("m", [&](const Prompt& prompt, int) { return up ? child(mark(prompt)) : failed(); })));
  std::vector<int> asked_in;
  for (int g = 1; g <= 40; ++g) {
    const int before = played_["m"]->asked;
    generation(*models, g);
    if (played_["m"]->asked > before) asked_in.push_back(g);
  }
  EXPECT_EQ(asked_in, (std::vector<int>{1, 2, 4, 8, 16, 32}));
  EXPECT_EQ(played_["m"]->asked, 3 + 5);  // once it failed, a single question tries it
  EXPECT_NE(told_.back().find("it is left alone for 16 generations; the genetic operators go on"),
            std::string::npos)
      << told_.back();
  up = true;
  for (int g = 41; g <= 48; ++g) generation(*models, g);
  EXPECT_EQ(memory().models[0].circuit.pause, 0);
  const std::string entered = generation(*models, 49);
  EXPECT_EQ(std::count(entered.begin(), entered.end(), '\n'), 6);
}

TEST_F(SeveralModelsTest, AWrongKeyIsNotTriedThrice) {
  auto models = proposer(only(model("m", [&](const Prompt&, int) { return failed(true); })));
  generation(*models, 1);
  EXPECT_EQ(played_["m"]->asked, 1);
  EXPECT_NE(told_.at(0).find("asking again now would not help"), std::string::npos);
}

TEST_F(SeveralModelsTest, AnotherModelStepsInAndTheBetterForItsMoneyIsAskedMore) {
  std::vector<Model> models;
  models.push_back(model(
      "dear", [](const Prompt& prompt, int) { return child(mark(prompt)); }, 1,
      net::Price{.input = 30, .output = 150}));
  models.push_back(model(
      "cheap", [](const Prompt& prompt, int) { return child(mark(prompt)); }, 1,
      net::Price{.input = 1, .output = 5}));
  models.push_back(model(
      "dead", [](const Prompt&, int) { return failed(true); }, 1, net::Price{}));
  auto all = proposer(std::move(models));
  gain_ = 0.5;
  for (int g = 1; g <= 12; ++g) generation(*all, g);
  EXPECT_GT(played_["cheap"]->asked, 2 * played_["dear"]->asked);
  EXPECT_GE(played_["dear"]->asked, 2);  // but it is not forgotten
  EXPECT_LE(played_["dead"]->asked, 6);
}

TEST_F(SeveralModelsTest, TruncatedRepliesAreSentBackAndRefusalsAreNot) {
  std::vector<std::string> prompts;
  const auto play = [&](const Prompt& prompt, int number) -> Reply {
    prompts.push_back(prompt.text());
    if (number == 1) {
      Reply cut = child(9);
      cut.outcome = Outcome::kTruncated;  // although a whole controller is in it
      return cut;
    }
    if (number == 2) return child(9);
    return {.outcome = Outcome::kRefused, .error = "the model declined"};
  };
  auto models = proposer(only(model("m", play)));
  EXPECT_NE(generation(*models, 1, 1).find("+repair"), std::string::npos);
  EXPECT_NE(prompts.at(1).find("the reply was cut off by the limit on its length"), std::string::npos);
  EXPECT_EQ(generation(*models, 2, 1), "");
  EXPECT_EQ(played_["m"]->asked, 3);
  EXPECT_EQ(memory().models[0].answered, 3);  // a model that declines is there
}

TEST_F(SeveralModelsTest, WhatIsKnownIsToldAsSuch) {
  // the parent with a register renamed: the same program in other words
  std::string renamed = mother_.text;
  for (std::size_t at = renamed.find("deviance"); at != std::string::npos; at = renamed.find("deviance", at))
    renamed.replace(at, 8, "apart");
  ASSERT_NE(renamed, mother_.text);
  std::vector<std::string> prompts;
  auto models = proposer(only(model("m",
                                    [&](const Prompt& prompt, int) {
                                      prompts.push_back(prompt.text());
                                      return said("```\n" + renamed + "```\n");
                                    })),
                         {.most_repairs = 1});
  EXPECT_EQ(generation(*models, 1, 1), "");
  ASSERT_EQ(prompts.size(), 2U);
  EXPECT_NE(prompts[1].find("known already, perhaps in other words"), std::string::npos);
}

TEST_F(SeveralModelsTest, LessonsAreHandedOn) {
  std::vector<std::string> prompts;
  auto models = proposer(only(model("m",
                                    [&](const Prompt& prompt, int number) {
                                      prompts.push_back(prompt.text());
                                      if (number == 2)
                                        return said("HYPOTHESIS: \x1b]0;title\x07 none\nno controller");
                                      return child(mark(prompt));
                                    })),
                         {.most_repairs = 0});
  gain_ = 0.25;
  for (int g = 1; g <= 3; ++g) generation(*models, g, 1);
  EXPECT_NE(prompts.at(1).find("rounds do: it scored 0.000, +0.250 compared with its parent; it was kept"),
            std::string::npos);
  EXPECT_NE(prompts.at(2).find("- ?]0;title? none: no usable controller: reply: error: expected one"),
            std::string::npos)
      << prompts.at(2).substr(prompts.at(2).size() - 1500);
}

TEST_F(SeveralModelsTest, InventionsHaveNoParent) {
  auto models = proposer(only(model("m", [](const Prompt& prompt, int) { return child(mark(prompt)); })),
                         {.invent = 1});
  EXPECT_NE(generation(*models, 1, 1).find(" model_invent "), std::string::npos);
}

TEST(Bandit, TriesEachAndThenPrefersGainForMoney) {
  EXPECT_EQ(choose(std::vector<Arm>{{.pulls = 3, .gain = 9, .cost = 1}, {}}), 1U);
  const std::vector<Arm> same_gain = {{.pulls = 50, .gain = 10, .cost = 5},
                                      {.pulls = 50, .gain = 10, .cost = 0.5}};
  EXPECT_EQ(choose(same_gain), 1U);
  const std::vector<Arm> neglected = {{.pulls = 3, .gain = 1, .cost = 0.3},
                                      {.pulls = 500, .gain = 60, .cost = 50}};
  EXPECT_EQ(choose(neglected), 0U);
  const std::vector<Arm> free = {{.pulls = 20, .gain = 1}, {.pulls = 20, .gain = 8}};
  EXPECT_EQ(choose(free), 1U);
}

TEST(Memory, ComesBackAsItWas) {
  Memory memory;
  memory.of("a b\n\xC3\xA9").money = 1.0 / 3;
  memory.of("x").circuit = {1, 2, 4};
  memory.of("x").reasoning = 12;
  memory.pending.push_back({"d", "x", "cross", 3, 4, {"p", "q"}, -0.1});
  for (int i = 0; i < 20; ++i) memory.learn({i, "h", "r"});
  const Memory again = Memory::read(memory.text());
  EXPECT_EQ(again.text(), memory.text());
  EXPECT_EQ(again.models[0].reasoning, std::nullopt);
  EXPECT_EQ(again.models[1].reasoning, 12);
  EXPECT_EQ(again.lessons.size(), Memory::kMostLessons);
  EXPECT_EQ(again.lessons.back().generation, 19);
  for (const char* bad : {"", "{}", "[]", "{\"format\":2}", "{\"format\":1,\"models\":3}"})
    EXPECT_EQ(Memory::read(bad).text(), Memory{}.text());
}

// Two islands ask a model; what it replies goes to the one that asked, also after the process has ended.
class IslandsAskTest : public SeveralModelsTest {
 protected:
  static LlmOptions options(int patience) {
    LlmOptions own{.task = {.advice = "of the first"}, .patience = patience};
    own.other_islands.push_back({.task = {.advice = "of the second"}});
    return own;
  }
  std::vector<evo::ProposalRequest> requests(int generation) const {
    std::vector<evo::ProposalRequest> asked;
    for (std::size_t i = 0; i < 6; ++i)
      asked.push_back({i < 4 ? 7U : 8U, generation, i, {&mother_, &father_}, nullptr, i < 4 ? 0U : 1U});
    return asked;
  }
  std::vector<std::optional<evo::Proposal>> propose(LlmProposer& models, int generation,
                                                    std::span<const evo::ProposalRequest> asked) {
    models.begin({.generation = generation,
                  .population = std::span(&mother_, 1),
                  .other_islands = {std::span(&father_, 1)},
                  .best = &mother_,
                  .memory = memory_});
    auto proposals = models.propose(asked);
    models.learn({});
    memory_ = models.memory();
    for (const evo::Exchange& e : models.take_exchanges()) committed_[e.digest] = e.json;
    return proposals;
  }
  // The island of whose prompt a child tells.
  static int told(const evo::Proposal& proposal) { return proposal.child.tree().rounds > 500 ? 1 : 0; }
  static Reply reply_to(const Prompt& prompt) {
    const bool second = prompt.text().contains("of the second");
    EXPECT_NE(second, prompt.text().contains("of the first"));
    return child(mark(prompt) + (second ? 500 : 0));
  }
};

TEST_F(IslandsAskTest, EachGetsWhatItAskedForByItsOwnPrompt) {
  const auto models =
      proposer(only(model("m", [](const Prompt& prompt, int) { return reply_to(prompt); })), options(0));
  const auto asked = requests(1);
  const auto proposals = propose(*models, 1, asked);
  ASSERT_EQ(proposals.size(), 6U);
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    ASSERT_TRUE(proposals[i].has_value()) << i;
    EXPECT_EQ(told(*proposals[i]), i < 4 ? 0 : 1) << i;
  }
}

TEST_F(IslandsAskTest, LateRepliesFindTheirIslandInAnotherProcess) {
  const auto play = [](const Prompt& prompt, int) { return reply_to(prompt); };
  {
    const auto first = proposer(only(model("m", play, 6)), options(1));
    propose(*first, 1, requests(1));
  }
  const auto pending = memory().pending;
  const auto on_second = [](const PendingQuestion& each) { return each.island == 1; };
  EXPECT_EQ(pending.size(), 6U);
  EXPECT_EQ(std::ranges::count_if(pending, on_second), 2);
  const auto second = proposer(only(model("m", play, 6)), options(1));
  // The second island asks for one child alone: its other reply waits, and keeps nobody else waiting.
  const auto asked = requests(2);
  const auto proposals = propose(*second, 2, std::span(asked).first(5));
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    ASSERT_TRUE(proposals[i].has_value()) << i;
    EXPECT_EQ(told(*proposals[i]), i < 4 ? 0 : 1) << i;
  }
  const auto waiting = memory().pending;
  ASSERT_GT(waiting.size(), 1U) << "one of before, and those of now";
  EXPECT_EQ(waiting.front().generation, 1);
  EXPECT_EQ(waiting.front().island, 1U);
}

}  // namespace
}  // namespace llm_mutators
