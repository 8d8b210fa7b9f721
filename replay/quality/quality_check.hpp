// quality_check.hpp: what makes recorded environments worthless or doubtful.
// Why:      a search over bad recordings ends in a controller that is fitted to their mistakes, and nothing
//           on the way says so.
// Use:      for (const EnvironmentQuality& each : check_quality(environments, {}))
//             for (const std::string& warning : warnings_of(each)) tell(warning);
// Promises: questions are counted from 0, as in the messages of the reader. An answer is right when it is
//           equal to the gold answer, as everywhere. Nothing is changed.
// Threads:  pure functions.
// Tests:    tests/replay/quality/quality_check_test.cpp
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "replay/environment/environment.hpp"

namespace replay {

// The one spelling of an answer among all that mean the same. An empty function: answers are left alone.
using NormalForm = std::function<std::string(std::string_view)>;

// Whether two environments are recordings of one model. An empty function: all are.
using SameModel = std::function<bool(const Environment&, const Environment&)>;

using QuestionNumbers = std::vector<std::size_t>;

// Questions of one environment that are in another one too, or in itself.
struct SharedQuestions {
  std::string other;           // its name
  std::size_t questions = 0;   // with the same text
  std::size_t recordings = 0;  // of these, with the same gold answer and branches as well
  bool other_model = false;    // whether that is a recording of another model

  // Several models are asked the same questions. One model should not be, and no two models answer alike.
  bool doubtful() const { return !other_model || recordings > 0; }
  friend bool operator==(const SharedQuestions&, const SharedQuestions&) = default;
};

struct EnvironmentQuality {
  std::size_t questions = 0, branches = 0, probes = 0;
  QuestionNumbers without_right;     // no branch ends right
  QuestionNumbers gold_absent;       // of these: the gold answer is at no probe either
  QuestionNumbers one_answer;        // all branches end alike, so that there is nothing to choose
  QuestionNumbers equal_branches;    // all branches, of at least two, are the same to the last probe
  std::size_t shorter_branches = 0;  // T < interval * L
  std::size_t longer_branches = 0;   // T > interval * (L + 1), where the environment has probes at all
  std::size_t blank_probes = 0, blank_ends = 0;
  std::size_t merged_answers = 0;    // that the normal form would make equal to another of their question
  std::size_t righted_branches = 0;  // that would be right then
  std::vector<SharedQuestions> shared;
  std::optional<double> smallest_gain;  // in points; see detectable_gain.hpp
};

// One for each environment, in their order.
std::vector<EnvironmentQuality> check_quality(std::span<const Environment> environments,
                                              const NormalForm& normal_form,
                                              const SameModel& same_model = {});

// What is doubtful about it, a sentence each; nothing when all is well.
std::vector<std::string> warnings_of(const EnvironmentQuality& quality);

// What is as it should be and worth knowing: which questions other models were asked, too.
std::vector<std::string> notes_of(const EnvironmentQuality& quality);

}  // namespace replay
