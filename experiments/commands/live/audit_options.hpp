// audit_options.hpp: the options of `evotts audit`, and what they ask for.
// Why:      there are many; the command itself should read as what it does.
// Use:      add_audit_options(*command, *arguments);  ...  const AuditRequest asked =
//           read_audit_options(*arguments, named);
// Promises: UsageError names the option and says what would be right. What the environment tells of its
//           recording is not told twice.
// Threads:  reads the environment, otherwise pure.
// Tests:    tests/experiments/commands/audit_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>

#include "experiments/commands/live/collect_options.hpp"
#include "experiments/commands/live/like.hpp"
#include "experiments/console/table.hpp"
#include "experiments/sources/controller_source.hpp"
#include "replay/environment/environment.hpp"
#include "replay/machine/episode.hpp"

namespace experiments {

// As they were written.
struct AuditArguments {
  std::string controller, environment;
  CollectArguments made;        // how branches are made, where the environment does not tell; and the server
  std::set<std::string> given;  // which options of the former were, as "--task"
  std::string beta = "0.5", probe_cost = "0", repeats = "1", seed = "1", replays = "500";
  std::optional<std::string> budget, questions, budget_tokens, threads;
  std::string episodes = "16", requests = "256", request_seconds = "1200", patience = "60";
  std::string format = "table";
  bool estimate = false;
};

// What they mean.
struct AuditRequest {
  replay::Environment environment;  // of the questions that are asked
  Like like;
  replay::EpisodeOptions episode;
  double beta = 0.5;
  std::size_t repeats = 1, replays = 500, at_once = 16;
  std::uint64_t seed = 1;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();  // of tokens
  live::CallOptions calls;
  Format format = Format::kTable;
};

void add_audit_options(CLI::App& command, AuditArguments& arguments);

AuditRequest read_audit_options(const AuditArguments& arguments, const NamedController& controller);

}  // namespace experiments
