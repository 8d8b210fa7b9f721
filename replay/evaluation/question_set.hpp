// question_set.hpp: some of the questions of some environments, by their places.
// Why:      what is optimised on a part of the questions and judged on all needs no second evaluator with
//           copies of what is recorded, only to know which questions count.
// Use:      evaluator.run(jobs, {{.environment = 0, .questions = {0, 2, 5}}})
// Promises: environments and questions are in rising order, and no part is empty.
// Threads:  a value.
// Tests:    tests/replay/evaluation/evaluator_test.cpp
#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

#include "replay/environment/environment.hpp"

namespace replay {

struct EnvironmentPart {
  std::size_t environment = 0;
  std::vector<std::size_t> questions;
  friend bool operator==(const EnvironmentPart&, const EnvironmentPart&) = default;
};

using QuestionSet = std::vector<EnvironmentPart>;

inline QuestionSet all_questions(const std::vector<Environment>& environments) {
  QuestionSet all;
  for (std::size_t e = 0; e < environments.size(); ++e) {
    all.push_back({e, std::vector<std::size_t>(environments[e].questions.size())});
    std::iota(all.back().questions.begin(), all.back().questions.end(), std::size_t{0});
  }
  return all;
}

inline std::size_t count_of(const QuestionSet& questions) {
  std::size_t count = 0;
  for (const EnvironmentPart& part : questions) count += part.questions.size();
  return count;
}

}  // namespace replay
