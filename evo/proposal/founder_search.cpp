#include "evo/proposal/founder_search.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <set>

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

// Those of a stage.
std::vector<genome::CheckedController> candidates(const Experiment& experiment, FounderStage stage,
                                                  const genome::Material& material) {
  std::vector<genome::CheckedController> all;
  const int stages = std::clamp(experiment.founder_candidates / kFewestCandidates, 1, stage.of);
  if (stage.number >= stages) return all;
  for (int i = stage.number; i < experiment.founder_candidates; i += stages) {
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

// Those of the share `percent` that are the fittest over these orderings, the best first.
std::vector<Candidate> best_of(std::vector<Candidate> all, IslandScorer& scorer, OrderingSlice orderings,
                               int percent, Work& work) {
  std::vector<genome::CheckedController> controllers;
  for (const Candidate& each : all) controllers.push_back(each.controller);
  const std::vector<double> fitness = scorer.all_questions().fitness_on(controllers, orderings, work);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fitness[a] > fitness[b]; });
  order.resize((all.size() * static_cast<std::size_t>(percent) + 99) / 100);
  std::vector<Candidate> best;
  for (const std::size_t i : order) best.push_back(std::move(all[i]));
  return best;
}

// Each with its numbers tuned, or as it was where that is better over these orderings.
std::vector<Candidate> all_tuned(const std::vector<Candidate>& all, IslandScorer& scorer,
                                 const TuningOptions& options, OrderingSlice orderings, Work& work) {
  std::vector<Candidate> better;
  for (const Candidate& each : all) {
    auto other = tuned(each.controller, scorer.outside_fold(better.size()), 0, options, work);
    if (other) {
      const genome::CheckedController pair[] = {each.controller, *other};
      const auto fitness = scorer.all_questions().fitness_on(pair, orderings, work);
      if (fitness[1] <= fitness[0]) other.reset();
    }
    better.push_back(other ? Candidate{std::move(*other), each.known, each.parent, true} : each);
  }
  return better;
}

// What is known is tuned with the rest, or it would be beaten by numbers rather than by structure.
void add_known(std::vector<Candidate>& tried, const Experiment& experiment, FounderStage stage,
               std::span<const genome::RecordedSignal> signals) {
  int place = 0;
  for (const genome::KnownController& known : genome::known_controllers()) {
    if (place++ % stage.of != stage.number) continue;
    auto checked = genome::check_text(known.text).controller;
    EVOTTS_CHECK(checked.has_value());
    auto candidate = in_form(*checked, experiment);
    if (!candidate || !needs_only(candidate->tree(), signals)) continue;
    const std::string id = genome::identity(candidate->tree());
    tried.push_back({std::move(*candidate), std::string(known.name), id});
  }
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
  std::vector<Candidate> tried;
  for (auto& each : candidates(experiment, stage, genome::Material(signals)))
    tried.push_back({std::move(each), {}, {}});
  if (!tried.empty()) tried = best_of(std::move(tried), scorer, {0, slice}, kTunedPercent, work);
  if (has_library(experiment)) add_known(tried, experiment, stage, signals);
  if (tried.empty()) return {};
  // Numbers that chance drew are far from where they should be: wide steps first, then finer ones for few.
  tried = all_tuned(tried, scorer,
                    {.steps = experiment.tuning_steps, .orderings = slice, .sigma = 0.5, .range = 2.5},
                    {0, twice}, work);
  tried = best_of(std::move(tried), scorer, {0, twice}, kTunedAgainPercent, work);
  tried = all_tuned(tried, scorer,
                    {.steps = 2 * experiment.tuning_steps, .orderings = twice, .sigma = 0.25, .range = 1.5},
                    {0, experiment.orderings}, work);
  std::set<std::string> ids;
  for (const Proposal& founder : founders) ids.insert(genome::identity(founder.child.tree()));
  std::vector<Proposal> proposals;
  for (Candidate& each : tried) proposals.push_back(proposal_of(std::move(each), ids));
  return proposals;
}

}  // namespace evo
