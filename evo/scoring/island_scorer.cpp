#include "evo/scoring/island_scorer.hpp"

#include <numeric>
#include <utility>

#include "evo/objective/question_folds.hpp"
#include "evo/scoring/successive_halving.hpp"
#include "genome/base/check.hpp"

namespace evo {

IslandScorer::IslandScorer(IslandPlan plan, const replay::Evaluator& evaluator,
                           std::shared_ptr<QuestionScorer> questions)
    : evaluator_(&evaluator),
      plan_(std::move(plan)),
      all_(std::move(questions)),
      behaviours_(all_->runner()) {}

QuestionScorer& IslandScorer::outside_fold(std::uint64_t turn) {
  if (experiment().folds < 2) return *all_;
  folds_.resize(static_cast<std::size_t>(experiment().folds));
  auto& fold = folds_[turn % folds_.size()];
  if (!fold) {
    auto seen = without_fold(evaluator_->environments(), experiment().folds,
                             static_cast<int>(turn % folds_.size()), experiment().seed);
    if (plan_.questions) seen = common_questions(seen, *plan_.questions);
    if (seen.empty()) return *all_;  // a single question
    fold = std::make_unique<QuestionScorer>(all_->experiment(), *evaluator_, seen);
  }
  return *fold;
}

void IslandScorer::score(std::vector<Individual>& born, std::span<const Individual> living, Work& work) {
  std::vector<const genome::CheckedController*> controllers;
  for (const Individual& each : born) controllers.push_back(&each.controller);
  work.controllers += born.size();
  const std::vector<Compiled> compiled = all_->runner().compiled(controllers);
  std::vector<Seen> seen(born.size());
  std::vector<std::size_t> contenders(born.size());
  std::iota(contenders.begin(), contenders.end(), std::size_t{0});
  const std::vector<int> ends = rungs(experiment());
  int from = 0;
  for (std::size_t rung = 0; rung < ends.size() && !contenders.empty(); ++rung) {
    std::vector<const Compiled*> running;
    for (const std::size_t i : contenders) running.push_back(&compiled[i]);
    const OrderingSlice orderings{from, ends[rung] - from};
    const std::vector<Slice> slices = all_->runner().run(running, orderings, rung, work);
    std::vector<const Individual*> scored;
    for (std::size_t k = 0; k < contenders.size(); ++k) {
      all_->keeper().add(born[contenders[k]], seen[contenders[k]], slices[k], orderings.count,
                         all_->baseline());
      scored.push_back(&born[contenders[k]]);
    }
    from = ends[rung];
    if (rung + 1 == ends.size()) break;
    const std::vector<bool> goes_on = promoted(scored, living, rung, experiment().niche);
    std::vector<std::size_t> on;
    for (std::size_t k = 0; k < contenders.size(); ++k) {
      if (goes_on[k]) on.push_back(contenders[k]);
    }
    contenders = std::move(on);
  }
}

}  // namespace evo
