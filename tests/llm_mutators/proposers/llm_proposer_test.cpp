#include "llm_mutators/proposers/llm_proposer.hpp"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "genome/text/printer.hpp"
#include "tests/llm_mutators/proposers/recording_observer.hpp"
#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

class LlmProposerTest : public ScriptedModels {
 protected:
  std::vector<evo::ProposalRequest> requests(std::size_t count, int generation = 1) const {
    std::vector<evo::ProposalRequest> all;
    for (std::size_t i = 0; i < count; ++i)
      all.push_back({7, generation, i, {&mother_, i % 3 == 0 ? &mother_ : &father_}});
    return all;
  }

  LlmProposer proposer(std::unique_ptr<LlmClient> client, LlmOptions options = {}) {
    const auto tell = [this](const std::string& message) { told_.push_back(message); };
    if (!options.observer) options.observer = std::make_shared<RecordingObserver>(told_);
    return LlmProposer(std::move(client), Journal({.spool = folder_ / "spool", .tell = tell}), options);
  }

  std::unique_ptr<LlmClient> command(const std::string& body, double seconds = 10) const {
    return std::make_unique<CommandClient>(CommandOptions{
        .argv = {script("model.sh", "echo asked >> $HERE/asked\n" + body)}, .seconds = seconds});
  }

  // One question at a time.
  std::unique_ptr<LlmClient> another_each_time() const {
    file("each.txt", good_reply());
    return command(
        "cat > /dev/null; n=$(wc -l < $HERE/asked); sed \"s/rounds 500/rounds $((100 + n))/\" "
        "$HERE/each.txt");
  }

  static std::string shown(const std::vector<std::optional<evo::Proposal>>& proposals) {
    std::string all;
    for (const auto& p : proposals) {
      all += p ? fmt::format("{} {} {} {}\n", genome::identity(p->child.tree()), p->operation,
                             fmt::join(p->parents, ","), p->exchange)
               : "nothing\n";
    }
    return all;
  }

  const evo::Individual mother_ = known("cmc"), father_ = known("esc");
  std::vector<std::string> told_;
};

TEST_F(LlmProposerTest, WhatWasProposedBeforeIsToldAndNotProposedAgain) {
  LlmProposer model = proposer(always(good_reply()));
  const auto asked = requests(3);
  const auto proposals = model.propose(asked);
  EXPECT_EQ(std::ranges::count_if(proposals, [](const auto& each) { return each.has_value(); }), 1);
  EXPECT_EQ(model.take_exchanges().size(), 3U);
  ASSERT_EQ(model.known().lessons.size(), 2U);
  EXPECT_EQ(model.known().lessons.back().result,
            "this controller was proposed before and was not scored again");
  // Later ones are sent back, whatever became of the first.
  const std::string memory = model.memory();
  LlmProposer next = proposer(always(good_reply()));
  next.begin({.generation = 2, .best = &mother_, .memory = memory});
  std::vector<evo::ProposalRequest> later = requests(1);
  later[0].generation = 2;
  EXPECT_FALSE(next.propose(later)[0].has_value());
  EXPECT_EQ(next.take_exchanges().size(), 3U) << "with its repairs";
}

TEST_F(LlmProposerTest, AModelImprovesItsParents) {
  LlmProposer model = proposer(another_each_time());
  const auto asked = requests(12);
  const auto proposals = model.propose(asked);
  ASSERT_EQ(proposals.size(), 12U);
  const auto exchanges = model.take_exchanges();
  ASSERT_EQ(exchanges.size(), 12U);
  int crossed = 0;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    ASSERT_TRUE(proposals[i].has_value());
    EXPECT_EQ(proposals[i]->child.tree().name, "evolved");
    EXPECT_EQ(proposals[i]->exchange, exchanges[i].digest);
    const bool joined = proposals[i]->operation == "model_cross";
    crossed += joined ? 1 : 0;
    EXPECT_TRUE(joined || proposals[i]->operation == "model_mutate");
    EXPECT_EQ(proposals[i]->parents,
              joined ? std::vector({mother_.id, father_.id}) : std::vector({mother_.id}));
    EXPECT_FALSE(joined && i % 3 == 0);
  }
  EXPECT_GT(crossed, 0);
  EXPECT_LT(crossed, 8);
  EXPECT_TRUE(model.take_exchanges().empty());
}

TEST_F(LlmProposerTest, TheSecondParentIsAheadWhereTheFirstIsBehind) {
  evo::Individual weak = known("sc"), strong = known("asc");
  for (evo::CurvePoint& p : weak.curve) p.accuracy -= 5;
  strong.curve.back().accuracy += 9;
  strong.curve.front().accuracy -= 9;
  const std::vector<evo::Individual> population = {mother_, weak, strong};
  LlmProposer model = proposer(another_each_time(), {.crossover = 1});
  model.begin({.generation = 1, .population = population, .best = &mother_});
  std::vector<evo::ProposalRequest> asked;
  for (std::size_t i = 0; i < 20; ++i) asked.push_back({7, 1, i, {&mother_, &weak}});
  std::size_t strongly = 0;
  for (const auto& proposal : model.propose(asked)) {
    ASSERT_TRUE(proposal.has_value());
    EXPECT_EQ(proposal->operation, "model_cross");
    ASSERT_EQ(proposal->parents.size(), 2U);
    strongly += proposal->parents[1] == strong.id ? 1 : 0;
    // Where chance did not draw it, the second parent is the one that was given.
    EXPECT_TRUE(proposal->parents[1] == strong.id || proposal->parents[1] == weak.id);
  }
  EXPECT_GT(strongly, 10U);
}

TEST_F(LlmProposerTest, NothingIsAskedTwice) {
  const auto asked = requests(6);
  LlmProposer first = proposer(always(good_reply()));
  const std::string made = shown(first.propose(asked));
  EXPECT_EQ(times_asked(), 6);
  LlmProposer second = proposer(always("another model by the same name"));
  EXPECT_EQ(shown(second.propose(asked)), made);
  EXPECT_EQ(times_asked(), 6);
  const auto exchanges = first.take_exchanges();
  const auto again = second.take_exchanges();
  ASSERT_EQ(exchanges.size(), again.size());
  for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(exchanges[i].json, again[i].json);
}

TEST_F(LlmProposerTest, AKilledGenerationIsFinishedWithoutAskingAgain) {
  // Each reply is another controller, so that a second question would show.
  file("count", "0");
  file("better.ctl", better_cmc());
  const std::string body =
      "cat > /dev/null; n=$(cat $HERE/count); n=$((n+1)); echo $n > $HERE/count\n"
      "echo '```'; sed \"s/^rounds .*/rounds $n/\" $HERE/better.ctl; echo '```'";
  const auto asked = requests(8);
  const pid_t child = fork();
  if (child == 0) {
    class Dying : public CommandClient {
     public:
      using CommandClient::CommandClient;
      Reply ask(const Prompt& prompt, const MayTryAgain& again) override {
        if (++asked_ == 5) ::kill(getpid(), SIGKILL);
        return CommandClient::ask(prompt, again);
      }
      int asked_ = 0;
    };
    LlmProposer dying = proposer(std::make_unique<Dying>(CommandOptions{.argv = {script("model.sh", body)}}));
    dying.propose(asked);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  LlmProposer again =
      proposer(std::make_unique<CommandClient>(CommandOptions{.argv = {script("model.sh", body)}}));
  const auto resumed = again.propose(asked);
  for (std::size_t i = 0; i < resumed.size(); ++i) {
    ASSERT_TRUE(resumed[i].has_value());
    EXPECT_EQ(resumed[i]->child.tree().rounds, static_cast<int>(i) + 1);
  }
}

TEST_F(LlmProposerTest, ABrokenReplyIsSentBackWithItsFaults) {
  file("good.txt", good_reply());
  LlmProposer model = proposer(command(
      "cat > $HERE/prompt; if grep -q \"did you mean 'open'\" $HERE/prompt; then cat $HERE/good.txt; else\n"
      "printf '```\\ncontroller x\\nstart\\n  opne 3\\nanswer\\n  top(finished)\\n```\\n'; fi"));
  const auto proposals = model.propose(requests(1));
  ASSERT_TRUE(proposals[0].has_value());
  EXPECT_EQ(proposals[0]->operation, "model_mutate+repair");
  const auto exchanges = model.take_exchanges();
  ASSERT_EQ(exchanges.size(), 2U);
  EXPECT_EQ(proposals[0]->exchange, exchanges[1].digest);
  EXPECT_EQ(times_asked(), 2);
}

TEST_F(LlmProposerTest, ASignalThatIsNotRecordedIsSentBack) {
  const std::string body =
      "cat > $HERE/prompt; grep 'not all environments' $HERE/prompt > $HERE/fault\n"
      "printf '```\ncontroller x\nstart\n  read 3\nanswer\n  top(finished, signal(entropy))\n```\n'";
  LlmOptions options{.most_repairs = 1};
  options.task.signals = {"logprob", "score"};
  LlmProposer refused = proposer(command(body), options);
  EXPECT_EQ(shown(refused.propose(requests(1))), "nothing\n");
  EXPECT_EQ(
      content_of(path("fault")),
      "reply: error: not all environments record the signal entropy; these can be used: logprob, score\n");
  std::filesystem::remove_all(folder_ / "spool");
  options.task.signals = {"entropy"};
  LlmProposer taken = proposer(command(body), options);
  EXPECT_TRUE(taken.propose(requests(1))[0].has_value());
}

TEST_F(LlmProposerTest, RepairsEnd) {
  for (const std::string reply : {"<html>no</html>", "```\ncontroller \x1b]0;x\x07\n```"}) {
    std::filesystem::remove_all(folder_ / "spool");
    std::filesystem::remove(path("asked"));
    LlmProposer model = proposer(always(reply));
    EXPECT_EQ(shown(model.propose(requests(2))), "nothing\nnothing\n");
    EXPECT_EQ(times_asked(), 6);
    EXPECT_EQ(model.take_exchanges().size(), 6U);
  }
  EXPECT_TRUE(told_.empty());  // a poor reply is no failure
}

TEST_F(LlmProposerTest, AParentIsNoChild) {
  LlmProposer model = proposer(always("```\n" + mother_.text + "```\n"), {.most_repairs = 0});
  EXPECT_EQ(shown(model.propose(requests(1))), "nothing\n");
}

TEST_F(LlmProposerTest, AfterFailuresInARowTheModelIsLeftAlone) {
  LlmProposer model = proposer(command("exit 3"));
  EXPECT_EQ(shown(model.propose(requests(6))), "nothing\nnothing\nnothing\nnothing\nnothing\nnothing\n");
  EXPECT_EQ(times_asked(), 3);
  ASSERT_EQ(told_.size(), 3U);
  EXPECT_EQ(told_[0], "model.sh gave no reply (generation 1, child 0): exit code 3");
  EXPECT_NE(told_[2].find("left alone for this generation"), std::string::npos);
  EXPECT_EQ(model.take_exchanges().size(), 6U);  // how they ended is kept as well
  const std::string memory = model.memory();
  model.begin({.generation = 2, .population = std::span(&mother_, 1), .memory = memory});
  model.propose(requests(1, 2));  // and tried again in the next
  EXPECT_EQ(times_asked(), 4);
}

TEST_F(LlmProposerTest, FailuresAreAskedAgain) {
  EXPECT_EQ(shown(proposer(command("sleep 9", 0.2)).propose(requests(1))), "nothing\n");
  file("good.txt", good_reply());
  EXPECT_NE(shown(proposer(command("cat > /dev/null; cat $HERE/good.txt")).propose(requests(1))),
            "nothing\n");
}

TEST_F(LlmProposerTest, AReplyBetweenFailuresEndsTheRow) {
  file("good.txt", good_reply());
  LlmProposer model = proposer(
      command("cat > /dev/null; n=$(wc -l < $HERE/asked); [ $((n % 3)) = 0 ] || exit 1; cat $HERE/good.txt"));
  model.propose(requests(9));
  EXPECT_EQ(times_asked(), 9);
}

TEST_F(LlmProposerTest, StopsBetweenQuestionsAndKeepsTheReplies) {
  {
    const auto stopping = std::make_shared<RecordingObserver>(told_, [&] { return times_asked() >= 2; });
    LlmProposer model = proposer(always(good_reply()), {.observer = stopping});
    EXPECT_THROW(model.propose(requests(5)), Stopped);
  }
  EXPECT_EQ(times_asked(), 2);
  LlmProposer resumed = proposer(always(good_reply()));
  resumed.propose(requests(5));
  EXPECT_EQ(times_asked(), 5);
  EXPECT_EQ(resumed.take_exchanges().size(), 5U);
}

TEST_F(LlmProposerTest, NothingOfTheEnvironmentIsKept) {
  setenv("EVOTTS_TEST_SECRET", "sesame-open", 1);
  LlmProposer model =
      proposer(command("cat > /dev/null; echo \"$EVOTTS_TEST_SECRET\" >&2; echo no"), {.most_repairs = 0});
  model.propose(requests(1));
  unsetenv("EVOTTS_TEST_SECRET");
  const auto exchanges = model.take_exchanges();
  ASSERT_EQ(exchanges.size(), 1U);
  EXPECT_EQ(exchanges[0].json.find("sesame"), std::string::npos);
  EXPECT_EQ(exchanges[0].json.find(folder_.string()), std::string::npos);
}

}  // namespace
}  // namespace llm_mutators
