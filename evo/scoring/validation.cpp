#include "evo/scoring/validation.hpp"

#include "evo/scoring/baselines.hpp"
#include "evo/scoring/successive_halving.hpp"
#include "genome/base/check.hpp"

namespace evo {
namespace {

constexpr std::size_t kRemembered = 4096;

}  // namespace

Validation::Validation(QuestionScorer& scorer) : scorer_(&scorer) {
  const Experiment& e = experiment();
  if (e.validation_orderings > 0)
    baseline_ = measured_baseline(scorer.runner(), scorer.keeper(), {e.orderings, e.validation_orderings});
}

// In the cache their place is behind the rungs.
std::vector<Slice> Validation::run(std::span<const genome::CheckedController* const> controllers,
                                   Work& work) {
  const auto compiled = scorer_->runner().compiled(controllers);
  return scorer_->runner().run(all_of(compiled), {experiment().orderings, experiment().validation_orderings},
                               rungs(experiment()).size(), work);
}

void Validation::measure(std::span<Individual* const> individuals, Work& work) {
  std::vector<Individual*> fresh;
  std::vector<const genome::CheckedController*> controllers;
  for (Individual* each : individuals) {
    if (each->validated) continue;
    fresh.push_back(each);
    controllers.push_back(&each->controller);
  }
  if (fresh.empty()) return;
  if (known_.size() > kRemembered) known_.clear();
  const std::vector<Slice> slices = run(controllers, work);
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    Individual whole = *fresh[i];
    Seen seen;  // the standard error is that of the validation orderings alone
    scorer_->keeper().add(whole, seen, slices[i], experiment().validation_orderings, scorer_->baseline());
    fresh[i]->validated = whole.fitness;
    known_.insert_or_assign(fresh[i]->id, measured_from(*fresh[i], slices[i]));
  }
}

Validation::Measured Validation::measured_from(const Individual& individual, const Slice& slice) const {
  Individual anew{.controller = individual.controller, .size = individual.size};
  Seen seen;
  scorer_->keeper().add(anew, seen, slice, experiment().validation_orderings, baseline_);
  Measured measured{.fitness = anew.fitness, .shares = {}};
  if (detail_for(experiment()) == Detail::kQuestions)
    measured.shares = scorer_->keeper().shares_of(slice.sums, slice.right, experiment().betas,
                                                  experiment().validation_orderings);
  return measured;
}

const Validation::Measured& Validation::measured(const Individual& individual) {
  EVOTTS_CHECK(experiment().validation_orderings > 0);
  const auto known = known_.find(individual.id);
  if (known != known_.end()) return known->second;
  Work uncounted;  // it would depend on what is remembered
  const genome::CheckedController* const controller = &individual.controller;
  const std::vector<Slice> slices = run(std::span(&controller, 1), uncounted);
  return known_.emplace(individual.id, measured_from(individual, slices.front())).first->second;
}

double Validation::fitness(const Individual& individual) { return measured(individual).fitness; }

double Validation::error_between(const Individual& a, const Individual& b) {
  EVOTTS_CHECK(detail_for(experiment()) == Detail::kQuestions);
  const Measured &of_a = measured(a), &of_b = measured(b);
  return standard_error(of_a.shares, of_b.shares);
}

}  // namespace evo
