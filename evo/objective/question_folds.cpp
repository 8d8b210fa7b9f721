#include "evo/objective/question_folds.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "replay/environment/distinct_questions.hpp"

namespace evo {

replay::QuestionSet without_fold(const std::vector<replay::Environment>& environments, int folds, int fold,
                                 std::uint64_t seed, replay::SameQuestion same) {
  EVOTTS_CHECK(folds > 1 && fold >= 0 && fold < folds);
  const replay::DistinctQuestions distinct(environments, same);
  std::vector<std::size_t> dealt(distinct.count());
  std::iota(dealt.begin(), dealt.end(), std::size_t{0});
  auto rng = genome::base::keyed_stream(seed, genome::base::Purpose::kFolds, 0, 0);
  for (std::size_t i = dealt.size(); i > 1; --i)
    std::swap(dealt[i - 1], dealt[genome::base::uniform_index(rng, i)]);
  replay::QuestionSet left;
  for (std::size_t e = 0; e < environments.size(); ++e) {
    replay::EnvironmentPart part{.environment = e, .questions = {}};
    for (std::size_t q = 0; q < environments[e].questions.size(); ++q) {
      if (dealt[distinct.of(e, q)] % static_cast<std::size_t>(folds) != static_cast<std::size_t>(fold))
        part.questions.push_back(q);
    }
    if (!part.questions.empty()) left.push_back(std::move(part));
  }
  return left;
}

replay::QuestionSet common_questions(const replay::QuestionSet& a, const replay::QuestionSet& b) {
  replay::QuestionSet both;
  for (const replay::EnvironmentPart& part : a) {
    const auto other = std::ranges::find(b, part.environment, &replay::EnvironmentPart::environment);
    if (other == b.end()) continue;
    replay::EnvironmentPart common{.environment = part.environment, .questions = {}};
    std::ranges::set_intersection(part.questions, other->questions, std::back_inserter(common.questions));
    if (!common.questions.empty()) both.push_back(std::move(common));
  }
  return both;
}

}  // namespace evo
