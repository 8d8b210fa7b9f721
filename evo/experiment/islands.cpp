#include "evo/experiment/islands.hpp"

#include <algorithm>
#include <string_view>

#include "genome/base/rng.hpp"

namespace evo {
namespace {

// What is dealt, and the key by which a table makes it its island's own.
struct DealtNumber {
  std::string_view key;
  int Experiment::*number;
};
constexpr DealtNumber kDealt[] = {{"population.size", &Experiment::population},
                                  {"population.children", &Experiment::children},
                                  {"population.founder_candidates", &Experiment::founder_candidates}};

IslandPlan plan_of(const Experiment& whole, std::size_t island) {
  IslandPlan plan{.experiment = whole, .questions = {}};
  Experiment& own = plan.experiment;
  own.island_tables.clear();
  if (island < whole.island_tables.size()) {
    take_own(own, whole.island_tables[island]);
    own.own_keys = whole.island_tables[island].own_keys;
  }
  own.seed = island_seed(own.seed, island);
  const auto islands = static_cast<int>(whole.islands), place = static_cast<int>(island);
  for (const DealtNumber& each : kDealt) {
    if (std::ranges::count(own.own_keys, each.key) > 0) continue;
    const int all = own.*each.number;
    own.*each.number = all / islands + (place < all % islands ? 1 : 0);
  }
  plan.turns = islands;
  plan.turn = place;
  return plan;
}

// Each island begins with the known controllers behind those of the islands before it.
void deal_known(std::vector<IslandPlan>& plans) {
  std::size_t places = 0;
  for (IslandPlan& plan : plans) {
    plan.first_known = places;
    if (has_library(plan.experiment)) places += static_cast<std::size_t>(plan.experiment.population);
  }
}

// Seeds behind those of islands.
constexpr std::size_t kHalfSeeds = kMostIslands, kHalvingSeed = kMostIslands + 2;

}  // namespace

std::uint64_t island_seed(std::uint64_t seed, std::size_t island) {
  namespace base = genome::base;
  return island == 0 ? seed : base::keyed_stream(seed, base::Purpose::kIslands, island)();
}

void take_own(Experiment& to, const Experiment& from) {
  to.seed = from.seed;
  to.population = from.population;
  to.children = from.children;
  to.founders = from.founders;
  to.given_founders = from.given_founders;
  to.founder_candidates = from.founder_candidates;
  to.tournament = from.tournament;
  to.niche = from.niche;
  to.crossover = from.crossover;
  to.constants = from.constants;
  to.most_mutations = from.most_mutations;
  to.adaptive = from.adaptive;
  to.without = from.without;
  to.beta_tables = from.beta_tables;
  to.tuned = from.tuned;
  to.simplified = from.simplified;
  to.tuning_steps = from.tuning_steps;
  to.folds = from.folds;
  to.model_share = from.model_share;
  to.model_invent = from.model_invent;
  to.model_tuning_steps = from.model_tuning_steps;
  to.model_advice = from.model_advice;
  to.model_templates = from.model_templates;
}

std::vector<IslandPlan> island_plans(const Experiment& experiment) {
  std::vector<IslandPlan> plans;
  for (std::size_t i = 0; i < static_cast<std::size_t>(experiment.islands); ++i)
    plans.push_back(plan_of(experiment, i));
  deal_known(plans);
  return plans;
}

std::vector<IslandPlan> half_plans(const Experiment& experiment, std::size_t half,
                                   const replay::QuestionSet& questions) {
  std::vector<IslandPlan> plans = island_plans(experiment);
  for (IslandPlan& plan : plans) {
    Experiment& own = plan.experiment;
    own.seed = island_seed(own.seed, kHalfSeeds + half);
    own.population = std::max(2, (own.population + 1) / 2);
    own.children = (own.children + 1) / 2;
    own.founder_candidates = (own.founder_candidates + 1) / 2;
    // Nobody knows on which questions they were found.
    own.given_founders.clear();
    if (own.founders == Founders::kGiven) own.founders = Founders::kBoth;
    plan.questions = questions;
    plan.turn += plan.turns * static_cast<int>(half);  // the halves take turns as well
    plan.turns *= 2;
  }
  deal_known(plans);
  return plans;
}

std::uint64_t halving_seed(const Experiment& experiment) {
  return island_seed(experiment.seed, kHalvingSeed);
}

}  // namespace evo
