// run_source.hpp: runs and the controllers in them, as they are written on the command line.
// Why:      RUN, RUN@GENERATION and RUN@GENERATION:ID mean the same wherever they are written.
// Use:      RunAt at = open_run("runs/a@12");             // a run at one of its generations
//           std::string text = text_in(at, "best");
//           if (auto text = controller_text_from_run("runs/a:best")) check_text(*text);
//           const InRun named = controller_in_run("runs/a:best", {});   // as {"runs/a", "best"}
// Promises: an ID is "best", which the run recommends, "champion", which steers it, "limits", which it chose
//           for a service level, or the beginning of an identity, at least four digits, that names one
//           individual living at that generation or on its frontier. What does not exist or is ambiguous is
//           evo::RunError saying so; of an individual that lived before, it says at which generation.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/commands/names_of_controllers_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "evo/experiment/experiment.hpp"
#include "evo/git/run_repository.hpp"

namespace experiments {

struct RunAt {
  evo::RunRepository repository;
  std::string revision;  // a commit id
};

// RUN or RUN@GENERATION, for reading.
RunAt open_run(const std::string& spec);

// RunError where RUN:ID is written in place of a run.
void expect_run(const std::string& spec);

// RunError where RUN:ID or RUN@GENERATION is written in place of a whole run.
void expect_whole_run(const std::string& spec);

// "RUN@12" in its two parts; without a generation when there is none.
std::pair<std::string, std::optional<std::uint64_t>> split_generation(const std::string& spec);

// The experiment as it was then.
evo::Experiment experiment_in(const RunAt& at);

struct NamedText {
  std::string id;
  std::string text;
};

NamedText text_in(const RunAt& at, const std::string& id);

// A controller of a run as two words, RUN and ID, or as one, RUN:ID; without any ID, the best.
struct InRun {
  std::string run;  // RUN or RUN@GENERATION
  std::string id;
};

InRun controller_in_run(const std::string& run, const std::optional<std::string>& id,
                        const std::string& otherwise = "best");

// Of RUN or RUN@GENERATION, the name of its best controller, as a shell reads it; nothing where none is.
std::optional<std::string> best_of_run(const std::string& spec);

// Nothing when `spec` has not the form RUN:ID or RUN@GENERATION:ID; otherwise the canonical text.
std::optional<std::string> controller_text_from_run(const std::string& spec);

// The folder of the run with sealed environments that this file lies in; empty when it lies in none.
std::string sealing_run_around(const std::string& file);

}  // namespace experiments
