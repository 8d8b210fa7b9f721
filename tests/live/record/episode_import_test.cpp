// Served over a recording and kept, whole branches come back as the recording had them.
#include "live/record/episode_import.hpp"

#include <fmt/format.h>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "genome/program/compiler.hpp"
#include "live/record/episode_json.hpp"
#include "live/record/record_file.hpp"
#include "live/upstream/server.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "tests/support/kept_episode.hpp"
#include "tests/support/recorded_server.hpp"
#include "tests/support/small_questions.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using replay::InputError;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using Json = nlohmann::json;

constexpr std::uint64_t kSeed = 3;
constexpr std::int64_t kInterval = 10;

// Branch b of question q has b intervals behind each of which it shows another answer.
replay::Environment recorded() {
  replay::Environment environment;
  environment.signals = {"logprob"};
  for (int q = 0; q < 2; ++q) {
    replay::QuestionBuilder builder(fmt::format("Q{}", q), "1", kInterval, 1);
    for (int b = 0; b < 6; ++b) {
      std::vector<double> logprobs;
      for (int i = 0; i < b; ++i) builder.add_probe(fmt::format("{}", q + i));
      for (int i = 0; i <= b; ++i) logprobs.push_back(-0.25 * (1 + i) - q);
      builder.add_signal(0, logprobs);
      builder.end_branch(b * kInterval + 5, fmt::format("{}", b % 3));
    }
    environment.questions.push_back(std::move(builder).finish());
  }
  return environment;
}

// Reads a signal and prunes what has come further than three intervals.
constexpr const char* kPrunes =
    "start\n  open 6\nround\n  prune active and depth >= 3 and signal(logprob) > -9\n"
    "  stop when not any(active)\n  advance active by 1\nanswer\n  top(finished)\n";
constexpr const char* kReads = "start\n  read 6\nanswer\n  top(finished)\n";

class EpisodeImportTest : public testing::Test {
 protected:
  // Serves both questions and keeps them.
  void serve(const char* controller, bool look_always) {
    const genome::Program program = genome::compile(tests::controller(controller));
    const tests::RecordedServer server(environment_, tests::as_recorded(environment_.questions[0]),
                                       {.seed = kSeed});
    Upstream upstream({.url = server.url()}, server.capabilities(), {.requests = 8});
    for (const char* question : {"Q0", "Q1"}) {
      std::promise<EpisodeOutcome> outcome;
      Episode::start(
          {.serving = std::make_shared<Serving>(
               Serving{.recipe = {.grade = Grade::kExact,
                                  .interval = kInterval,
                                  .most_tokens = 100,
                                  .look_tokens = 8,
                                  .suffix = {.text = "!", .ids = {1}}},
                       .task = ReadingTask({.task = "after:#", .look_task = "number", .look_suffix = "!"})}),
           .program = std::make_shared<genome::BoundProgram>(genome::bind(program, 0.5)),
           .reads = genome::answer_reads(program),
           .session = {.branches = 6, .look_always = look_always},
           .seed = kSeed,
           .trail = true},
          upstream, {.text = question},
          {.done = [&](EpisodeOutcome it) { outcome.set_value(std::move(it)); }});
      EpisodeRecord record = tests::kept_episode(fmt::format("{}-{}", question, ++served_), question);
      Json made = Json::parse(tests::kMade);
      made["task"] = "after:#";
      record.head.made = made.dump();
      record.seed = kSeed;
      record.outcome = outcome.get_future().get();
      trails_.push_back(record.outcome.trail);
      append_lines(file_, line_of(record) + "\n");
    }
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
  }
  GoldTable golds() const {
    write("gold.csv", "question,answer\nQ0,1\n Q1 ,2\n");
    return {folder_.path() / "gold.csv", {}};
  }
  replay::Environment made(EpisodeImport& import) const {
    TextsWriter texts(texts_path(folder_.path() / "out.json"));
    replay::Environment environment = import.environment(texts);
    texts.finish();
    return replay::parse_environment(replay::to_json(environment), "out", "out");
  }
  // Of a question's branches: answers, tokens and signals.
  static std::vector<std::string> shown(const replay::Environment& environment, std::size_t q,
                                        const std::vector<std::size_t>& branches) {
    const replay::Question& question = environment.questions[q];
    std::vector<std::string> all;
    for (const std::size_t b : branches) {
      const replay::Branch& branch = question.branches[b];
      std::string text = fmt::format("{} {}:", branch.tokens,
                                     question.answers[static_cast<std::size_t>(branch.final_answer)]);
      for (std::size_t i = 0; i < branch.probes; ++i)
        text += " " + question.answers[static_cast<std::size_t>(question.probes[branch.first_probe + i])];
      for (const replay::SignalTable& signal : question.signals)
        for (std::size_t i = 1; i < branch.probes + 2; ++i)
          text += fmt::format(" {}", signal.latest[branch.first_signal + i]);
      all.push_back(text);
    }
    return all;
  }

  tests::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "e.jsonl";
  const replay::Environment environment_ = recorded();
  std::vector<std::shared_ptr<const EpisodeTrail>> trails_;
  int served_ = 0;
};

TEST_F(EpisodeImportTest, WholeBranchesAreThoseOfTheRecording) {
  serve(kPrunes, true);
  // Three intervals are one too many for the last three of six.
  ASSERT_EQ(trails_[0]->branches.size(), 6U);
  EXPECT_EQ(trails_[0]->branches[5].end, TrailBranch::End::kPruned);
  EXPECT_EQ(trails_[0]->branches[5].intervals, 3);
  EXPECT_EQ(trails_[0]->branches[5].tokens, 3 * kInterval);
  EpisodeImport import({});
  import.read(file_, golds());
  const replay::Environment environment = made(import);
  const ImportCounts& counts = import.counts();
  EXPECT_EQ(counts.opened, 12U);
  EXPECT_EQ(counts.whole, counts.imported);
  EXPECT_EQ(counts.imported, 6U);
  ASSERT_EQ(environment.questions.size(), 2U);
  EXPECT_EQ(environment.signals, environment_.signals);
  for (std::size_t q = 0; q < 2; ++q) {
    EXPECT_EQ(environment.questions[q].text, environment_.questions[q].text);
    EXPECT_EQ(environment.questions[q].gold, q == 0 ? "1" : "2");
    EXPECT_EQ(shown(environment, q, {0, 1, 2}), shown(environment_, q, {0, 1, 2}));
  }
  const Json collected = Json::parse(environment.collected);
  EXPECT_EQ(collected["interval"], kInterval);
  EXPECT_EQ(collected["imported"]["opened"], 12);
  std::size_t texts = 0;
  read_texts(texts_path(folder_.path() / "out.json"), [&](const BranchText& each) {
    ++texts;
    EXPECT_EQ(each.looks.size(), environment.questions[each.question].branches[each.branch].probes);
    EXPECT_TRUE(each.text.starts_with("[")) << each.text;
  });
  EXPECT_EQ(texts, 6U);
}

TEST_F(EpisodeImportTest, WithoutLooksBranchesAreWholeSamples) {
  serve(kReads, true);
  EpisodeImport strict({});
  strict.read(file_, golds());
  EXPECT_EQ(strict.counts().whole, 12U);
  EXPECT_EQ(strict.counts().without_looks, 10U);  // one of each question has no interval
  EXPECT_EQ(strict.taken(), 0U);
  EXPECT_THAT(strict.with_too_few(), ElementsAre("Q0", "Q1"));

  EpisodeImport all({.probes = false});
  all.read(file_, golds());
  const replay::Environment environment = made(all);
  EXPECT_EQ(all.counts().imported, 12U);
  EXPECT_EQ(Json::parse(environment.collected)["grade"], "whole samples");
  for (std::size_t b = 0; b < 6; ++b) {
    const replay::Branch& branch = environment.questions[1].branches[b];
    EXPECT_EQ(branch.probes, 0U);
    EXPECT_EQ(branch.tokens, environment_.questions[1].branches[b].tokens);
  }
}

// Signals of whole samples are the means that such a server tells.
TEST_F(EpisodeImportTest, WithoutLooksSignalsAreMeans) {
  const EpisodeRecord record = tests::kept_episode("a", "Q0");
  append_lines(file_, line_of(record) + "\n");
  EpisodeImport import({.probes = false, .fewest = 1});
  import.read(file_, golds());
  const replay::Environment environment = made(import);
  EXPECT_DOUBLE_EQ(environment.questions[0].signals[0].latest[1], (10 * -0.5 + 7 * -0.25) / 17);
}

TEST_F(EpisodeImportTest, PutsTogetherBranchesOfOneQuestionButNotTheSameTwice) {
  for (const char* id : {"a1", "a2", "b1"})
    append_lines(file_, line_of(tests::kept_episode(id, "Q0")) + "\n");
  append_lines(file_, line_of(tests::kept_episode("c1", "Q1")) + "\n");
  append_lines(file_, line_of(tests::kept_episode("d1", "nobody knows")) + "\n");
  EpisodeRecord history = tests::kept_episode("e1", "Q0");
  history.messages.insert(history.messages.begin(), {"system", "be brief"});
  append_lines(file_, line_of(history) + "\n");
  EpisodeImport import({.fewest = 2});
  import.read(file_, golds());
  const replay::Environment environment = made(import);
  ASSERT_EQ(environment.questions.size(), 1U);
  EXPECT_EQ(environment.questions[0].branches.size(), 2U);
  EXPECT_EQ(import.counts().twice, 1U);  // a1 and a2 have one seed
  EXPECT_EQ(import.counts().with_history, 1U);
  EXPECT_THAT(import.without_gold(), ElementsAre("nobody knows"));
  EXPECT_THAT(import.with_too_few(), ElementsAre("Q1"));
}

TEST_F(EpisodeImportTest, FindsRightAnswersByTheIdOfTheEpisode) {
  append_lines(file_, line_of(tests::kept_episode("a1", "Q7")) + "\n");
  append_lines(file_, line_of(tests::kept_episode("b1", "Q7")) + "\n");
  write("ids.jsonl", "{\"id\": \"b1\", \"gold\": 2}\n");
  const GoldTable golds(folder_.path() / "ids.jsonl", {.question = "id", .gold = "gold"});
  EpisodeImport import({});
  import.read(file_, golds);
  EXPECT_EQ(made(import).questions[0].gold, "2");
  EXPECT_EQ(import.counts().imported, 2U);
}

TEST_F(EpisodeImportTest, RefusesWhatDoesNotBelongTogether) {
  append_lines(file_, line_of(tests::kept_episode("a", "Q0")) + "\n");
  const auto refused = [&](const EpisodeRecord& record, const std::string& message) {
    const std::filesystem::path other = folder_.path() / "other.jsonl";
    std::filesystem::remove(other);
    append_lines(other, line_of(record) + "\n");
    EpisodeImport import({});
    import.read(file_, golds());
    EXPECT_THAT([&] { import.read(other, golds()); }, ThrowsMessage<InputError>(HasSubstr(message)));
  };
  refused(tests::kept_episode("a", "Q0"), "other.jsonl: line 1: the episode a occurs twice");
  EpisodeRecord record = tests::kept_episode("b", "Q0");
  Json made = Json::parse(record.head.made);
  made["sampling"]["temperature"] = 0.5;
  record.head.made = made.dump();
  refused(record, "sampling/temperature");
  EpisodeImport import({});
  write("bad.jsonl", line_of(tests::kept_episode("a", "Q0")) + "\n{\"evotts\":\"episode\"\x1b}\n");
  EXPECT_THAT([&] { import.read(folder_.path() / "bad.jsonl", golds()); },
              ThrowsMessage<InputError>(
                  testing::AllOf(HasSubstr("bad.jsonl: line 2: "), testing::Not(HasSubstr("\x1b")))));
}

}  // namespace
}  // namespace live
