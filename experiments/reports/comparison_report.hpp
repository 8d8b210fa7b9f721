// comparison_report.hpp: everything `evotts compare` says about two controllers, as one text.
// Why:      `evotts diff --behaviour` says the same of two texts, so it is apart from the command line.
// Use:      print(comparison_report(a, b, environments, {.betas = {0.5}}, Format::kTable));
// Promises: says so when the two act alike in every episode. The same on any number of threads.
// Threads:  uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/compare_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/console/table.hpp"
#include "experiments/sources/controller_source.hpp"
#include "replay/analysis/comparison.hpp"

namespace experiments {

struct ComparisonRequest {
  std::vector<double> betas;
  replay::EvaluatorOptions options;
  replay::BootstrapOptions bootstrap;
  std::optional<std::size_t> most_questions;  // as many as ten in text, and all in JSON, when not given
  // Where to look for the parting; anywhere when not given.
  std::optional<std::size_t> question;
  std::optional<std::uint64_t> ordering;
};

std::string comparison_report(const NamedController& a, const NamedController& b,
                              std::span<const replay::Environment> environments,
                              const ComparisonRequest& request, Format format);

}  // namespace experiments
