// Settings of single models on the command line, and keys that need a model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "experiments/config/experiment_file.hpp"
#include "experiments/console/usage_error.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using testing::HasSubstr;

const std::string kPlain = "[environments]\nsearch = [\"synthetic:\"]\n";
const std::string kTwo = R"(
[[models]]
kind = "openai"
name = "small"
model = "a"
url = "http://127.0.0.1:1/v1"
[[models]]
kind = "openai"
model = "gpt-4.1"
price = { input = 1, output = 2 }
[[islands]]
[[islands]]
variation.crossover = 0.1
[environments]
search = ["synthetic:"]
[population]
islands = 2
)";

Experiment parse(const std::string& text, const std::vector<std::string>& settings) {
  const auto variables = [](const std::string& name) {
    return name == "URL" ? std::optional<std::string>("http://127.0.0.1:9/v1") : std::nullopt;
  };
  const VariableLookup lookup = variables;
  return parse_experiment(text, "e.toml", settings, lookup);
}

std::string fault(const std::string& text, const std::vector<std::string>& settings) {
  try {
    parse(text, settings);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "none";
}

TEST(ModelSettings, ReachElementsByNumberAndByName) {
  const Experiment e = parse(
      kTwo, {"models.0.url=http://127.0.0.1:2/v1", "models.small.concurrency=9", "models.gpt-4.1.seconds=5",
             "models.1.price.input=3", "models.1.key_variable=A_KEY", "islands.1.variation.crossover=0.75"});
  EXPECT_EQ(e.models.at(0).url, "http://127.0.0.1:2/v1");
  EXPECT_EQ(e.models[0].concurrency, 9);
  EXPECT_EQ(e.models[0].model, "a");
  EXPECT_EQ(e.models.at(1).seconds, 5);
  EXPECT_EQ(e.models[1].price->input, 3);
  EXPECT_EQ(e.models[1].price->output, 2);
  EXPECT_EQ(e.models[1].key_variable, "A_KEY");
  EXPECT_EQ(e.island_tables.at(1).crossover, 0.75);
  EXPECT_EQ(parse(kTwo, {"models.0.url=${URL}"}).models[0].url, "http://127.0.0.1:9/v1");
  // also of models that a setting gives, in whatever order
  EXPECT_EQ(
      parse(kPlain, {"models.0.seconds=4", "models=[{kind=\"openai\", model=\"x\"}]"}).models[0].seconds, 4);
}

TEST(ModelSettings, WhatReachesNoneIsTold) {
  EXPECT_THAT(fault(kTwo, {"models.2.url=http://a/v1"}),
              HasSubstr("--set models.2.url: there is no such one among the 2, which are numbered from 0 on: "
                        "\"small\", \"gpt-4.1\""));
  EXPECT_THAT(fault(kTwo, {"models.tiny.url=http://a/v1"}),
              HasSubstr("--set models.tiny.url: there is no such one"));
  EXPECT_THAT(fault(kTwo, {"models.-1.url=http://a/v1"}), HasSubstr("there is no such one"));
  EXPECT_THAT(fault(kTwo, {"models.99999999999999999999.url=http://a/v1"}),
              HasSubstr("there is no such one"));
  EXPECT_THAT(fault(kPlain, {"models.0.url=http://a/v1"}),
              HasSubstr("there is none of them in the experiment"));
  EXPECT_THAT(fault(kTwo, {"models.0.ulr=http://a/v1"}),
              HasSubstr("--set models.0.ulr: a model has no \"ulr\""));
  EXPECT_THAT(
      fault(kTwo, {"models.0.url=ftp://a"}),
      HasSubstr("--set models.0.url: must be an http or https address without user, query or fragment, "
                "found \"ftp://a\""));
  EXPECT_THAT(fault(kTwo, {"models.0.key_variable=sk-secret value"}),
              HasSubstr("what was found is not shown"));
  EXPECT_EQ(fault(kTwo, {"models.0.key_variable=sk-secret value"}).find("secret"), std::string::npos);
  for (const char* half :
       {"models.0=x", "models.0.=x", "models.=x", "models.0..url=x", "models.0.url.host=x"})
    EXPECT_THAT(fault(kTwo, {half}), HasSubstr("--set models")) << half;
}

// In a run they are numbers.
const std::vector<std::string> kBudgets = {"objective.budget_low=5", "objective.budget_high=50"};

TEST(ModelSettings, WhatIsSaidOfModelsNeedsOne) {
  for (const char* key : {"model.share=0.5", "model.budget=3", "model.budget_tokens=100"}) {
    const std::string name = std::string(key).substr(0, std::string(key).find('='));
    EXPECT_THAT(fault(kPlain, {key}), HasSubstr("--set " + name + ": " + name + " is for a language model"))
        << key;
    EXPECT_EQ(fault(kPlain, {key, "model.command=[\"x\"]"}), "none") << key;
    EXPECT_EQ(fault(kTwo, {key, "models=[]"}), "none") << "a list that is empty says so";
  }
  EXPECT_THAT(fault(kPlain + "[model]\nshare = 0.5\n", {}), HasSubstr("e.toml:4:"));
  EXPECT_EQ(fault(kPlain + "[model]\nshare = 0\nbudget = \"none\"\n", {}), "none");
  // A run holds every key.
  const std::string run = to_toml(parse(kPlain, kBudgets));
  EXPECT_NO_THROW(parse_run_experiment(run, "a"));
  EXPECT_THROW(parse_run_experiment(run, "a", std::vector<std::string>{"model.share=0.5"}), UsageError);
}

TEST(ModelSettings, RunsKeepTheVersionOfPromptsTheyBeganWith) {
  std::string toml = to_toml(parse(kPlain, kBudgets));
  EXPECT_EQ(parse_run_experiment(toml, "a").model_prompt_version, 2);
  toml.erase(toml.find("prompt_version = 2\n"), std::string("prompt_version = 2\n").size());
  EXPECT_EQ(parse_run_experiment(toml, "a").model_prompt_version, 1);
  EXPECT_EQ(parse_experiment(toml, "a", {}, {}).model_prompt_version, 2);
}

}  // namespace
}  // namespace experiments
