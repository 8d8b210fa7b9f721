// sample_imports.hpp: the commands that make environments of samples of other tools, below env import.
// Use:      add_imports_of_samples(import, action);
// Promises: one command for each format, and auto, which finds the format by itself.
// Threads:  one thread.
// Tests:    tests/experiments/commands/env_import_test.cpp
#pragma once

#include <string>

#include "experiments/commands/commands.hpp"
#include "live/formats/sample_import.hpp"
#include "live/samples/pooled_environment.hpp"

namespace experiments {

void add_imports_of_samples(CLI::App& import, Action& action);

// The environment of what was read. What is wrong with all of it together is a UsageError that names `file`.
live::PooledEnvironment environment_of(live::SampleImport& import, const live::EnvironmentWishes& wishes,
                                       const live::GoldTable* golds, const std::string& file);

// What came of an import, in lines for people; `file` is what was written.
std::string import_report(const std::string& file, const live::SampleImport& import,
                          const live::PooledEnvironment& made, double characters_per_token);
// What the environment cannot show: a line each.
void warn_of_import(const live::SampleImport& import, const live::PooledEnvironment& made,
                    double characters_per_token);

}  // namespace experiments
