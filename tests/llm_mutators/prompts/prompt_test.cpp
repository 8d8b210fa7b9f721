#include "llm_mutators/prompts/prompt.hpp"

#include "genome/base/file.hpp"
#include "llm_mutators/prompts/language_card.hpp"
#include "llm_mutators/prompts/templates.hpp"
#include "tests/support/places.hpp"
#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

class PromptTest : public ScriptedModels {};

TEST_F(PromptTest, HoldsCardTaskParentCurveAndWhatIsKnown) {
  evo::Individual cmc = known("cmc"), best = known("esc");
  cmc.fitness = 63.5;
  best.score = best.fitness = 65.25;
  const Prompter prompter({.budget_low = 30e3, .budget_high = 700e3, .advice = "Keep\x1b it short."}, {});
  evo::Archive archive({{cmc.id, 0.5, 63.25, 60000}, {cmc.id, 1, 71.5, 300000}}, {{cmc.id, cmc.text}});
  const std::vector<Lesson> lessons = {{3, "less is\nmore", "score 61; not kept"}};
  const std::string prompt =
      prompter
          .mutation(
              cmc, {.archive = &archive, .best = &best, .lessons = lessons, .observations = "early: 12%\x07"})
          .text();
  EXPECT_TRUE(prompt.starts_with(language_card()));
  EXPECT_NE(prompt.find("budget from 30000 to 700000 tokens"), std::string::npos);
  EXPECT_NE(prompt.find("\nKeep? it short.\n"), std::string::npos);
  EXPECT_NE(prompt.find(
                fmt::format("```\n{}```\n\nIt has {} operations and operands. Its score is 64.125, or 63.500 "
                            "after the subtractions; the best controller so far has 65.250.\n",
                            cmc.text, cmc.size)),
            std::string::npos);
  EXPECT_NE(prompt.find("| 0 | 61.50 | 52000 |\n| 0.5 | 66.25 | 180000 |\n| 1 | 70.00 | 412346 |\n"),
            std::string::npos);
  // beside the frontier's, at equal tokens
  EXPECT_NE(prompt.find("| within tokens | it reaches | best known | behind |\n| --- | --- | --- | --- |\n"
                        "| 30000 | - | - | - |\n"),
            std::string::npos);
  EXPECT_NE(prompt.find("| 700000 | 70.00 | 71.50 | 1.50 |\n"), std::string::npos);
  EXPECT_NE(prompt.find("Its settings, averaged over all environments:\n"), std::string::npos);
  EXPECT_NE(Prompter({.reweightings = {4}}, {})
                .mutation(cmc, {})
                .rest.find("all environments and their variants:\n"),
            std::string::npos);
  EXPECT_NE(prompt.find("\nearly: 12%?\n"), std::string::npos);
  EXPECT_NE(prompt.find("\n- less is\\nmore: score 61; not kept\n"), std::string::npos);
  EXPECT_NE(prompt.find("HYPOTHESIS: "), std::string::npos);
  EXPECT_EQ(prompt.find("{{"), std::string::npos);
}

TEST_F(PromptTest, AllShareTheirBeginning) {
  const evo::Individual cmc = known("cmc"), esc = known("esc");
  const Prompter prompter({}, {});
  for (const Prompt& prompt :
       {prompter.mutation(cmc, {}), prompter.crossover(esc, cmc, {}), prompter.invention({}),
        prompter.repair(prompter.mutation(esc, {}), "x", "y")}) {
    EXPECT_EQ(prompt.constant, prompter.constant());
    EXPECT_LE(prompt.rest.size(), kMostRest);
  }
}

TEST_F(PromptTest, CrossoverHoldsBothParents) {
  const std::string prompt = Prompter({}, {}).crossover(known("esc"), known("cmc"), {}).rest;
  EXPECT_LT(prompt.find("controller esc"), prompt.find("controller cmc"));
}

TEST_F(PromptTest, InventionShowsTheFrontier) {
  const evo::Individual cmc = known("cmc"), esc = known("esc");
  evo::Archive archive({{esc.id, 0, 55.5, 40000}, {cmc.id, 1, 71.5, 300000}},
                       {{cmc.id, cmc.text}, {esc.id, esc.text}});
  const std::string prompt = Prompter({}, {}).invention({.archive = &archive}).rest;
  EXPECT_NE(prompt.find("| 1 | 0 | 55.50 | 40000 |\n| 2 | 1 | 71.50 | 300000 |\n"), std::string::npos);
  EXPECT_NE(prompt.find("Controller 1:\n\n```\n" + esc.text), std::string::npos);
  EXPECT_NE(prompt.find("Controller 2:\n\n```\n" + cmc.text), std::string::npos);
}

TEST_F(PromptTest, ALongFrontierIsShownInPart) {
  const evo::Individual cmc = known("cmc");
  std::vector<evo::ArchivePoint> points;
  for (int i = 0; i < 100; ++i) points.push_back({cmc.id, i / 99.0, 50 + i * 0.1, 10e3 + i * 1e3});
  const evo::Archive archive(points, {{cmc.id, cmc.text}});
  const std::string prompt = Prompter({}, {}).invention({.archive = &archive}).rest;
  EXPECT_NE(prompt.find("has 100 points, which belong to 1 controllers; 12 of the points are shown."),
            std::string::npos);
  EXPECT_NE(prompt.find("| 1 | 0 | 50.00 | 10000 |\n"), std::string::npos);
  EXPECT_NE(prompt.find("| 1 | 1 | 59.90 | 109000 |\n"), std::string::npos);
  EXPECT_EQ(std::count(prompt.begin(), prompt.end(), '|'), 14 * 5);
  EXPECT_EQ(prompt.find("Controller 1:"), prompt.rfind("Controller 1:"));
}

TEST_F(PromptTest, RepairBeginsWithThePromptAndIsBounded) {
  const Prompter prompter({}, {});
  const Prompt prompt = prompter.mutation(known("esc"), {});
  const std::string repair =
      prompter.repair(prompt, "controller x\n  \x1b\xFF```", "controller:1:1: error\n").text();
  EXPECT_TRUE(repair.starts_with(prompt.text()));
  EXPECT_NE(repair.find("<reply>\ncontroller x\n  ?\xEF\xBF\xBD```\n</reply>"), std::string::npos);
  EXPECT_NE(repair.find("controller:1:1: error\n"), std::string::npos);
  EXPECT_LE(prompter.repair(prompt, std::string(1'000'000, 'x'), std::string(1'000'000, 'y')).size(),
            prompt.size() + kMostRepair);
}

TEST_F(PromptTest, TemplatesCanBeReplaced) {
  const Prompter prompter({}, {{"mutate", "Improve:\n{{parent}}Or {{unknown}}."}});
  const std::string rest = prompter.mutation(known("esc"), {}).rest;
  EXPECT_TRUE(rest.starts_with("Improve:\n```\ncontroller esc"));
  EXPECT_TRUE(rest.ends_with("Or {{unknown}}."));
}

TEST_F(PromptTest, WhatProposalsBroughtIsTold) {
  const std::vector<Lesson> lessons = {{3, "", "it was dropped"}};
  const Scene scene{.lessons = lessons, .proposals = 12, .kept = 3};
  const std::string rest = Prompter({}, {}).mutation(known("esc"), scene).rest;
  EXPECT_NE(rest.find("have proposed 12 controllers that could be scored. Of these, 3 scored higher\n"),
            std::string::npos);
  EXPECT_NE(rest.find("\n- (no hypothesis given): it was dropped\n"), std::string::npos);
  EXPECT_EQ(Prompter({.prompt_version = 1}, {}).mutation(known("esc"), scene).rest.find("have proposed"),
            std::string::npos);
}

// A run is replayed by what was asked, byte for byte.
TEST_F(PromptTest, TheFirstVersionIsAskedAsItWas) {
  const Prompter first({.prompt_version = 1}, {});
  EXPECT_TRUE(
      first.constant().starts_with("# The language of controllers\n\nA controller answers one question"));
  EXPECT_NE(first.constant().find("# The task\n\nYou improve controllers. A controller is run on many"),
            std::string::npos);
  EXPECT_TRUE(first.mutation(known("esc"), {}).rest.ends_with("and keep what is good.\n"));
  EXPECT_NE(first.repair("x", "y", "z").rest.find("This was replied before, but it cannot be used:"),
            std::string::npos);
}

// People copy and change the files, so the program must hold them byte for byte.
TEST_F(PromptTest, BuiltInTemplatesAreThoseOfTheFiles) {
  for (const Template& each : built_in_templates())
    EXPECT_EQ(genome::base::content_of(
                  fmt::format("{}/llm_mutators/prompts/templates/{}.txt", tests::kSourceDir, each.name)),
              each.text);
  for (const Template& each : built_in_templates())
    EXPECT_EQ(genome::base::content_of(fmt::format("{}/llm_mutators/prompts/first_templates/{}.txt",
                                                   tests::kSourceDir, each.name)),
              each.first_text);
}

TEST(Templates, FaultsAreTold) {
  for (const Template& each : built_in_templates())
    EXPECT_EQ(template_fault(each.name, each.text), std::nullopt) << each.name;
  EXPECT_EQ(template_fault("mutate", "{{parents}}"),
            "there is no {{parents}} in this template; there are: parent observations lessons");
  EXPECT_EQ(template_fault("repair", "x {{reply"), "a \"{{\" has no \"}}\"");
  EXPECT_NE(template_fault("rules", "{{parent}}"), std::nullopt);
  EXPECT_NE(template_fault("mutate", "{{}}"), std::nullopt);
  EXPECT_EQ(filled("{{a}}{{b}}{{", {{"a", "{{b}}"}, {"b", "c"}}), "{{b}}c{{");
}

}  // namespace
}  // namespace llm_mutators
