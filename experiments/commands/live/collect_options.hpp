// collect_options.hpp: the options of `evotts collect`, and what they ask for.
// Why:      there are many; the command itself should read as what it does.
// Use:      add_collect_options(*command, *arguments);  ...  const CollectRequest asked =
//           read_options(*arguments);
// Promises: UsageError names the option and says what would be right.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/collect_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/live/server_option.hpp"
#include "live/collect/settings.hpp"
#include "live/upstream/calls.hpp"
#include "net/ledger.hpp"
#include "net/usage.hpp"

namespace CLI {
class App;
}

namespace experiments {

// As they were written.
struct CollectArguments {
  std::string questions, output;
  ServerOptions server;
  std::string branches = "64", interval = "500", max_tokens = "32768", look_tokens = "32", seed = "1";
  std::string temperature = "1", top_p = "1", top_k = "0", min_p = "0";
  std::vector<std::string> logit_bias, stop;
  std::string task = "boxed", end_of_thought = "</think>", system;
  std::optional<std::string> look_task, look_suffix, prompt;
  bool raw = false;
  std::string question_field, gold_field;
  std::optional<std::string> first;
  std::string requests = "256", request_seconds = "1200", patience = "900", segment = "4000";
  std::string price_input = "0", price_output = "0";
  std::optional<std::string> price_cached, budget_money, budget_tokens;
  bool estimate = false;
};

// What they mean.
struct CollectRequest {
  live::CollectSettings settings;
  live::QuestionFields fields;
  std::optional<std::size_t> first;  // so many of the questions
  std::int64_t segment_tokens = 0;
  live::CallOptions calls;
  net::Price price;
  net::SpendingLimits limits;
};

void add_collect_options(CLI::App& command, CollectArguments& arguments);

// Those of them that say how branches are made, looked into and read, for whoever makes them alike.
void add_branch_options(CLI::App& command, CollectArguments& arguments);
live::CollectSettings read_settings(const CollectArguments& arguments);

CollectRequest read_options(const CollectArguments& arguments);

}  // namespace experiments
