// question_folds.hpp: the questions outside one fold.
// Why:      numbers that were tuned on all questions look good on all of them. Tuned on some and chosen on
//           all, those that only fitted what they saw are found out.
// Use:      auto seen = without_fold(environments, 3, generation % 3, seed);
// Promises: distinct questions (replay/environment/distinct_questions.hpp) are dealt to the folds by the
//           seed, as evenly as their number allows; a question is in one fold with all its models and
//           reweighted variants. What is left of every environment keeps its order; one with
//           nothing left is left out.
// Threads:  pure function.
// Tests:    tests/evo/objective/question_folds_test.cpp
#pragma once

#include <cstdint>
#include <vector>

#include "replay/environment/distinct_questions.hpp"
#include "replay/environment/environment.hpp"
#include "replay/evaluation/question_set.hpp"

namespace evo {

// `fold` counts from 0, below `folds`.
replay::QuestionSet without_fold(const std::vector<replay::Environment>& environments, int folds, int fold,
                                 std::uint64_t seed,
                                 replay::SameQuestion same = replay::SameQuestion::kByRank);

// Those that are in both.
replay::QuestionSet common_questions(const replay::QuestionSet& a, const replay::QuestionSet& b);

}  // namespace evo
