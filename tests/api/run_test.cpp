#include <algorithm>
#include <evotts/evaluate.hpp>
#include <evotts/machine.hpp>
#include <evotts/search.hpp>
#include <functional>
#include <gtest/gtest.h>

#include "tests/support/small_run.hpp"

namespace evotts {
namespace {

class ApiRun : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    write("e.toml", tests::SmallExperiment{}.toml());
  }

  std::filesystem::path at(const std::string& name) const { return folder_ / name; }

  void run_by_command(const std::string& run, const std::string& generations) const {
    const tests::Ran ran = evotts({"run", "e.toml", "--out", run, "--generations", generations});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }

  static void finish(Search& search) {
    while (search.generation() < search.generations()) search.step();
  }

  // The message of the error that it must throw for bad input.
  static std::string refusal(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::kInput) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
  }
};

TEST_F(ApiRun, ASearchMakesTheTreesOfTheCommand) {
  run_by_command("command", "4");
  Search search = Search::start(at("e.toml"), at("library"), {.threads = 2});
  EXPECT_EQ(search.generation(), 0);
  EXPECT_EQ(search.generations(), 4);
  finish(search);
  EXPECT_EQ(trees("library"), trees("command"));
  EXPECT_EQ(search.best().controller, evotts::Run::open(at("command")).best().controller);
}

TEST_F(ApiRun, SettingsAreThoseOfTheCommand) {
  const tests::Ran ran = evotts({"run", "e.toml", "--out", "command", "--set", "seed=8", "generations=1"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  Search search = Search::start(at("e.toml"), at("library"), {.settings = {"seed=8", "generations=1"}});
  finish(search);
  EXPECT_EQ(trees("library"), trees("command"));
}

TEST_F(ApiRun, CommandAndLibraryGoOnWithEachOthersRuns) {
  run_by_command("whole", "4");
  run_by_command("a", "2");
  {
    Search search = Search::resume(at("a"), {.threads = 1});
    EXPECT_EQ(search.generation(), 2);
    search.step();
    EXPECT_NE(refusal([&] { Search::resume(at("a")); }).find("process"), std::string::npos);
  }
  EXPECT_EQ(evotts({"resume", "a"}).exit_code, 0);
  EXPECT_EQ(trees("a"), trees("whole"));
  EXPECT_EQ(evotts({"verify", "a"}).exit_code, 0);
}

TEST_F(ApiRun, IsReadAsTheCommandsReadIt) {
  run_by_command("a", "3");
  const evotts::Run run = evotts::Run::open(at("a"));
  EXPECT_EQ(run.generation(), 3);
  const Individual best = run.best();
  EXPECT_EQ(best.controller.text(), evotts({"export", "a"}).out);
  EXPECT_EQ(best.controller, run.controller("best"));
  EXPECT_EQ(best.controller, run.controller(best.controller.id().substr(0, 8)));
  EXPECT_EQ(best.curve.size(), 3U);
  EXPECT_GT(best.score, 0);
  EXPECT_EQ(run.population().size(), 13U);
  EXPECT_EQ(run.experiment(), read("a/experiment.toml"));

  std::string frontier = "controller,beta,accuracy,tokens\n";
  const auto points = run.frontier();
  EXPECT_EQ(std::ranges::count(evotts({"status", "a", "--format", "csv"}).out, '\n'),
            static_cast<std::ptrdiff_t>(points.size()) + 1);
  for (const FrontierPoint& p : points) EXPECT_EQ(run.controller(p.id).id(), p.id);
}

TEST_F(ApiRun, ALineageEndsWithAFounder) {
  run_by_command("a", "3");
  const evotts::Run run = evotts::Run::open(at("a"));
  for (const Individual& each : run.population()) {
    const std::vector<Ancestor> line = run.lineage(each.controller.id());
    ASSERT_FALSE(line.empty());
    EXPECT_EQ(line.front().id, each.controller.id());
    EXPECT_EQ(line.front().text, each.controller.text());
    EXPECT_TRUE(line.back().parents.empty());
    for (std::size_t i = 0; i + 1 < line.size(); ++i) EXPECT_EQ(line[i].parents.front(), line[i + 1].id);
  }
  EXPECT_EQ(run.lineage("best").front().id, run.best().controller.id());
}

TEST_F(ApiRun, AGenerationStaysWhatItWas) {
  run_by_command("a", "1");
  const std::string first = evotts::Run::open(at("a")).best().controller.text();
  const evotts::Run reader = evotts::Run::open(at("a"));
  Search search = Search::resume(at("a"));
  finish(search);
  EXPECT_EQ(reader.generation(), 1);
  EXPECT_EQ(reader.best().controller.text(), first);
  EXPECT_EQ(evotts::Run::open(at("a")).generation(), 4);
  EXPECT_EQ(evotts::Run::open(at("a"), 1).best().controller.text(), first);
  EXPECT_EQ(evotts::Run::open(at("a"), 0).generation(), 0);
}

TEST_F(ApiRun, WhatIsNotThereIsRefused) {
  run_by_command("a", "0");
  EXPECT_NE(refusal([&] { evotts::Run::open(at("none")); }).find("none"), std::string::npos);
  EXPECT_FALSE(refusal([&] { evotts::Run::open(at("e.toml")); }).empty());
  EXPECT_FALSE(refusal([&] { evotts::Run::open(at("a"), 7); }).empty());
  EXPECT_FALSE(refusal([&] { evotts::Run::open(at("a"), -1); }).empty());
  const evotts::Run run = evotts::Run::open(at("a"));
  for (const char* id : {"", "ab", "zzzz", "0000000000000000000000000000000000000000", "worst"}) {
    EXPECT_FALSE(refusal([&] { run.controller(id); }).empty()) << id;
    EXPECT_FALSE(refusal([&] { run.lineage(id); }).empty()) << id;
  }
  EXPECT_NE(refusal([&] { Search::start(at("e.toml"), at("a")); }).find("exists already"), std::string::npos);
  EXPECT_FALSE(refusal([&] { Search::start(at("e.toml"), ""); }).empty());
  EXPECT_FALSE(refusal([&] { Search::start(at("none.toml"), at("b")); }).empty());
  EXPECT_FALSE(refusal([&] { Search::resume(at("none")); }).empty());
  EXPECT_FALSE(refusal([&] { Search::resume(at("a"), {.settings = {"seed=2"}}); }).empty());
  EXPECT_FALSE(refusal([&] { Search::start(at("e.toml"), at("b"), {.threads = -1}); }).empty());
  EXPECT_FALSE(std::filesystem::exists(at("b")));
}

TEST_F(ApiRun, AllMistakesOfAnExperimentAreTold) {
  write("wrong.toml", "sed = 1\ngenerations = -1\n" + tests::SmallExperiment{}.toml().substr(30));
  try {
    Search::start(at("wrong.toml"), at("b"));
    FAIL() << "a wrong experiment was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::kInput);
    EXPECT_GE(error.messages().size(), 2U) << error.what();
  }
}

TEST_F(ApiRun, ModelsAreNotAsked) {
  const std::string models =
      "[[models]]\nkind = \"command\"\nname = \"m\"\ncommand = [\"touch\", \"asked\"]\n";
  write("m.toml", tests::SmallExperiment{.more = {{"model", "share = 0.5\n" + models}}}.toml());
  EXPECT_NE(refusal([&] { Search::start(at("m.toml"), at("b")); }).find("language models"),
            std::string::npos);
  Search search = Search::start(at("m.toml"), at("b"), {.settings = {"model.share=0"}});
  EXPECT_EQ(search.generation(), 0);
  EXPECT_FALSE(std::filesystem::exists("asked"));
}

TEST_F(ApiRun, VariablesAreNotGivenAwayUnasked) {
  ::setenv("EVOTTS_API_TEST", "synthetic:seed=5,questions=6,branches=24", 1);
  write("v.toml", tests::SmallExperiment{.search = "${EVOTTS_API_TEST}"}.toml());
  const std::string message = refusal([&] { Search::start(at("v.toml"), at("b")); });
  EXPECT_NE(message.find("${EVOTTS_API_TEST}"), std::string::npos) << message;
  EXPECT_EQ(message.find("synthetic"), std::string::npos) << message;
  EXPECT_FALSE(std::filesystem::exists(at("b")));
  EXPECT_EQ(Search::start(at("v.toml"), at("b"), {.expand_variables = true}).generation(), 0);
}

TEST_F(ApiRun, HeldOutEnvironmentsStayClosed) {
  const std::string sealed = "seed=77,questions=4,branches=16";
  write("h.toml",
        tests::SmallExperiment{.more = {{"environments", "held_out = [\"synthetic:" + sealed + "\"]\n"}}}
            .toml());
  const Search search = Search::start(at("h.toml"), at("b"));
  const Environment held_out = Environment::synthetic(sealed);
  const Evaluator evaluator({Environment::synthetic("seed=5"), held_out}, {.orderings = 1});
  const evotts::Run run = evotts::Run::open(at("b"));
  for (const Controller& each : {search.best().controller, run.best().controller, run.controller("best"),
                                 run.population().back().controller}) {
    EXPECT_NE(refusal([&] { evaluator.evaluate(each, {0}); }).find("evotts unseal"), std::string::npos);
    EXPECT_FALSE(refusal([&] { Machine().run(Program(each), 0, held_out, 0, 0); }).empty());
    EXPECT_EQ(evaluator.evaluate(parse_controller(each.text()), {0}).size(), 2U);  // as any other text
  }
}

}  // namespace
}  // namespace evotts
