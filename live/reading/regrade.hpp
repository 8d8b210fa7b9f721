// regrade.hpp: an environment whose answers are read anew from the texts of its branches.
// Why:      a better task or normal form must not cost the model's time again.
// Use:      const Regraded r = regraded(environment, texts_path(environment.source), {.task = "number"});
//           write_durably(out, replay::to_json(r.environment));
// Promises: every final, every look and every gold answer is read by the new task; tokens, signals, intervals
//           and their order stay, and `collected` has the new words beside its other entries. What is not
//           given in the words stays as `collected` says. A look's task follows the task when it did before.
// Throws:   replay::InputError: a branch without a text or a text without a branch, another number of looks
//           than there are probes, no task known; it names both files. An environment that was imported has
//           no texts unless they are given, and is told so.
// Threads:  reads a file, otherwise pure.
// Tests:    tests/live/reading/regrade_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "live/reading/answer_task.hpp"
#include "replay/environment/environment.hpp"

namespace live {

struct RegradeWords {
  std::optional<std::string> task, look_task, look_suffix;
};

// Of all branches and looks of an environment.
struct GradeCounts {
  std::size_t finals = 0, looks = 0;
  std::size_t right = 0;                          // finals that are the gold answer
  std::size_t blank_finals = 0, blank_looks = 0;  // ERR or empty
};
GradeCounts counts_of(const replay::Environment& environment);

struct Regraded {
  replay::Environment environment;  // its source and digest are the old ones
  std::size_t changed_finals = 0, changed_looks = 0;
};

// The words for an environment, of what is given and what was collected.
TaskWords words_of(const replay::Environment& environment, const RegradeWords& given);

Regraded regraded(const replay::Environment& environment, const std::filesystem::path& texts,
                  const RegradeWords& given);

}  // namespace live
