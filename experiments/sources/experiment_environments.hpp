// experiment_environments.hpp: the environments of an experiment, found, opened and ready to score on.
// Why:      every command that scores does so as the experiment says, from any folder.
// Use:      find_environments(experiment, run);
//           const replay::Evaluator evaluator = make_evaluator(experiment);
// Promises: relative files are named as they were where the run was started; those that are not in
//           the current folder are looked for there.
// Threads:  read the file system.
// Tests:    tests/experiments/commands/run_resume_test.cpp, tests/experiments/commands/fork_test.cpp
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "evo/experiment/experiment.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace experiments {

using Warn = std::function<void(const std::string&)>;

// What its episodes may spend.
replay::EpisodeOptions options_of(const evo::Experiment& experiment);

// Each environment, with its reweighted variants, on all orderings.
replay::Evaluator make_evaluator(const evo::Experiment& experiment);

// UsageError unless each held-out environment has the signals that a search over `search` offers: a winner
// that reads another could not be scored there.
void expect_signals_of_search(std::span<const replay::Environment> search,
                              std::span<const replay::Environment> held_out);

// Tells `warn` how many held-out questions are searched on in another recording, if there are any.
void warn_of_searched_questions(std::span<const replay::Environment> search,
                                std::span<const replay::Environment> held_out, const Warn& warn);

// Fixes the held-out environments by their digests, and forgets them: the search is never given them. The
// content of held_out.json; nothing when nothing is held out. Warns as above.
std::string seal_held_out(const evo::Experiment& experiment, const replay::Evaluator& evaluator,
                          const Warn& warn);

// Notes in the run where it was started.
void remember_folder(const std::filesystem::path& run,
                     const std::filesystem::path& started_in = std::filesystem::current_path());
// Empty when there is no note.
std::filesystem::path remembered_folder(const std::filesystem::path& run);

void find_environments(evo::Experiment& experiment, const std::filesystem::path& run);

}  // namespace experiments
