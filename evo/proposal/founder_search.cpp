#include "evo/proposal/founder_search.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <numeric>
#include <set>
#include <utility>

#include "evo/experiment/islands.hpp"
#include "evo/proposal/founders.hpp"
#include "evo/proposal/tuning.hpp"
#include "evo/scoring/successive_halving.hpp"
#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "genome/variation/sampler.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace evo {
namespace {

namespace base = genome::base;

// So many of a hundred, rounded up.
std::size_t percent_of(std::size_t all, int percent) {
  return (all * static_cast<std::size_t>(percent) + 99) / 100;
}

// What falls to one of `of` stages, so that all of them together have `all`.
std::size_t share_of(std::size_t all, std::size_t number, std::size_t of) {
  return all * (number + 1) / of - all * number / of;
}

// The plan of a stage: in as many of the first stages as there is somebody to be tuned, candidates are tried.
struct Plan {
  std::size_t stage, of, blocks, tuned;  // `tuned`: random ones of this stage

  Plan(const Experiment& experiment, FounderStage stage_of)
      : stage(static_cast<std::size_t>(stage_of.number)), of(static_cast<std::size_t>(stage_of.of)) {
    const std::size_t all =
        percent_of(static_cast<std::size_t>(experiment.founder_candidates), kTunedPercent);
    blocks = std::min(of, all);
    tuned = stage < blocks ? share_of(all, stage, blocks) : 0;
  }
};

std::vector<genome::CheckedController> candidates(const Experiment& experiment, const Plan& plan,
                                                  const genome::Material& material) {
  std::vector<genome::CheckedController> all;
  if (plan.tuned == 0) return all;
  for (std::size_t i = plan.stage; i < static_cast<std::size_t>(experiment.founder_candidates);
       i += plan.blocks) {
    // Unlike elsewhere the number of the stream is the second part of its key.
    auto rng = base::keyed_stream(experiment.seed, base::Purpose::kFounders, static_cast<std::uint64_t>(i),
                                  base::number_of(base::Stream::kFounderCandidates));
    auto checked = genome::check(genome::sample_controller(rng, material)).controller;
    EVOTTS_CHECK(checked.has_value());
    if (auto candidate = in_form(*checked, experiment)) all.push_back(std::move(*candidate));
  }
  return all;
}

// A controller that takes part.
struct Candidate {
  genome::CheckedController controller;
  std::string known;   // the name of the known controller it is; empty: random
  std::string parent;  // its id
  bool tuned = false;
};

// All of them, the fittest over these orderings first.
std::vector<Candidate> sorted_on(std::vector<Candidate> all, IslandScorer& scorer, OrderingSlice orderings,
                                 Work& work) {
  std::vector<genome::CheckedController> controllers;
  for (const Candidate& each : all) controllers.push_back(each.controller);
  const std::vector<double> fitness = scorer.all_questions().fitness_on(controllers, orderings, work);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fitness[a] > fitness[b]; });
  std::vector<Candidate> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(all[i]));
  return sorted;
}

// The first so many, and the others.
std::pair<std::vector<Candidate>, std::vector<Candidate>> parted(std::vector<Candidate> all,
                                                                 std::size_t first) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(std::min(first, all.size()));
  std::vector<Candidate> others(std::make_move_iterator(middle), std::make_move_iterator(all.end()));
  all.erase(middle, all.end());
  return {std::move(all), std::move(others)};
}

// Each with its numbers tuned, or as it was where that is better over these orderings.
std::vector<Candidate> all_tuned(const std::vector<Candidate>& all, IslandScorer& scorer,
                                 const TuningOptions& options, OrderingSlice orderings, Work& work) {
  std::vector<TuningTask> tasks;
  for (const Candidate& each : all)
    tasks.push_back({&each.controller, &scorer.outside_fold(tasks.size()), 0});
  auto others = tuned(tasks, options, work);
  std::vector<genome::CheckedController> pairs;  // the one, and what it has become
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!others[i]) continue;
    pairs.push_back(all[i].controller);
    pairs.push_back(*others[i]);
  }
  const std::vector<double> fitness = scorer.all_questions().fitness_on(pairs, orderings, work);
  std::vector<Candidate> better;
  for (std::size_t i = 0, pair = 0; i < all.size(); ++i) {
    const bool is_better = others[i] && fitness[pair + 1] > fitness[pair];
    if (others[i]) pair += 2;
    better.push_back(is_better ? Candidate{std::move(*others[i]), all[i].known, all[i].parent, true}
                               : all[i]);
  }
  return better;
}

// What is known is tuned with the rest, or it would be beaten by numbers rather than by structure.
std::vector<Candidate> all_known(const Experiment& experiment,
                                 std::span<const genome::RecordedSignal> signals) {
  std::vector<Candidate> all;
  if (!has_library(experiment)) return all;
  for (const genome::KnownController& known : genome::known_controllers()) {
    if (genome::edition_of(known.name) > experiment.edition) continue;
    auto checked = genome::check_text(known.text).controller;
    EVOTTS_CHECK(checked.has_value());
    auto candidate = in_form(*checked, experiment);
    if (!candidate || !is_founder(candidate->tree(), experiment, signals)) continue;
    const std::string id = genome::identity(candidate->tree());
    all.push_back({std::move(*candidate), std::string(known.name), id});
  }
  return all;
}

Proposal proposal_of(Candidate tried, const std::set<std::string>& founders) {
  if (tried.known.empty())
    return {std::move(tried.controller), {}, tried.tuned ? "random+tuning" : "random", {}};
  if (tried.tuned && founders.contains(tried.parent))
    return {std::move(tried.controller), {tried.parent}, "tuning", {}};
  return {std::move(tried.controller),
          {},
          fmt::format("library:{}{}", tried.known, tried.tuned ? "+tuning" : ""),
          {}};
}

}  // namespace

std::vector<Proposal> search_founders(IslandScorer& scorer, std::span<const Proposal> founders,
                                      FounderStage stage, Work& work) {
  const Experiment& experiment = scorer.experiment();
  if (experiment.founder_candidates == 0) return {};
  const int slice = rungs(experiment).front(), twice = std::min(2 * slice, experiment.orderings);
  const auto signals = replay::common_signals(scorer.evaluator().environments());
  const Plan plan(experiment, stage);
  std::vector<Candidate> tried;
  for (auto& each : candidates(experiment, plan, material_of(experiment, signals)))
    tried.push_back({std::move(each), {}, {}});
  // Alone, a stage takes its share of those that there really are.
  const std::size_t tuned_at_once = plan.of == 1 ? percent_of(tried.size(), kTunedPercent) : plan.tuned;
  if (!tried.empty())
    tried = parted(sorted_on(std::move(tried), scorer, {0, slice}, work), tuned_at_once).first;
  std::vector<Candidate> known = all_known(experiment, signals);
  const std::size_t all_tuned_once =
      percent_of(static_cast<std::size_t>(experiment.founder_candidates), kTunedPercent) + known.size();
  for (std::size_t i = plan.stage; i < known.size(); i += plan.of) tried.push_back(std::move(known[i]));
  if (tried.empty()) return {};
  // Numbers that chance drew are far from where they should be: wide steps first, then finer ones for few.
  tried = all_tuned(tried, scorer,
                    {.steps = experiment.tuning_steps, .orderings = slice, .sigma = 0.5, .range = 2.5},
                    {0, twice}, work);
  const std::size_t fine =
      plan.of == 1 ? percent_of(tried.size(), kTunedAgainPercent)
                   : share_of(percent_of(all_tuned_once, kTunedAgainPercent), plan.stage, plan.of);
  auto [best, others] = parted(sorted_on(std::move(tried), scorer, {0, twice}, work), fine);
  tried = all_tuned(best, scorer,
                    {.steps = 2 * experiment.tuning_steps, .orderings = twice, .sigma = 0.25, .range = 1.5},
                    {0, experiment.orderings}, work);
  // A stage has few, and none of them is lost for that.
  if (plan.of > 1) std::ranges::move(others, std::back_inserter(tried));
  std::set<std::string> ids;
  for (const Proposal& founder : founders) ids.insert(genome::identity(founder.child.tree()));
  std::vector<Proposal> proposals;
  for (Candidate& each : tried) proposals.push_back(proposal_of(std::move(each), ids));
  return proposals;
}

}  // namespace evo
