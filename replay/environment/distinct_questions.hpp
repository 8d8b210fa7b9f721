// distinct_questions.hpp: which recorded questions are the same one, asked of another model or reweighted.
// Why:      the same thirty questions in four environments are thirty draws of chance, not a hundred and
//           twenty; a standard error over questions has to count them so.
// Use:      const DistinctQuestions distinct(environments);
//           weights[distinct.of(e, q)] += ...
// Promises: questions are the same when they have the same text and the same rank among equal texts of their
//           environments (kByRank), or the same words (kByText). A question without text is like no other.
//           Numbers go from 0 in order of first appearance.
// Threads:  immutable once made.
// Tests:    tests/replay/evaluation/budget_curve_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "replay/environment/environment.hpp"

namespace replay {

enum class SameQuestion : std::uint8_t {
  kByRank,  // equal texts of one environment are several questions
  kByText,  // they are one, and so are texts that differ in white space alone
};

// The words of a text with one blank between them: what two texts have alike where only white space differs.
std::string squeezed(std::string_view text);

class DistinctQuestions {
 public:
  explicit DistinctQuestions(std::span<const Environment> environments,
                             SameQuestion same = SameQuestion::kByRank);

  std::size_t count() const { return count_; }
  std::size_t of(std::size_t environment, std::size_t question) const { return of_[environment][question]; }

 private:
  std::vector<std::vector<std::size_t>> of_;
  std::size_t count_ = 0;
};

}  // namespace replay
