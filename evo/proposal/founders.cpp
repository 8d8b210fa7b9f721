#include "evo/proposal/founders.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

#include "evo/base/error.hpp"
#include "evo/experiment/islands.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/looks.hpp"
#include "genome/tree/sites.hpp"
#include "genome/variation/beta_tables.hpp"
#include "genome/variation/mutation.hpp"
#include "genome/variation/sampler.hpp"

namespace evo {
namespace {

namespace base = genome::base;

static_assert(Experiment::kEdition == genome::kLatestEdition);

constexpr int kTries = 200;  // in a row that make no founder

class Founding {
 public:
  Founding(const Experiment& e, std::span<const genome::RecordedSignal> signals, std::size_t first_known)
      : e_(e),
        signals_(signals),
        first_known_(first_known),
        material_(material_of(e, signals)),
        wanted_(static_cast<std::size_t>(e.population)),
        mutations_(mutations_without(e.without)) {}

  std::vector<Proposal> run() {
    given();
    if (has_library(e_)) library();
    const std::size_t known = first_.size();  // may be none: not every controller has tables at many betas
    int in_vain = 0;
    for (std::uint64_t index = 0; first_.size() < wanted_; ++index) {
      const bool random =
          e_.founders == Founders::kRandom || (e_.founders == Founders::kBoth && index % 2 == 0);
      auto rng = base::keyed_stream(e_.seed, base::Stream::kFounders, index);
      const bool made =
          random ? add(genome::sample_controller(rng, material_), {}, "random") : mutant(rng, known);
      in_vain = made ? 0 : in_vain + 1;
      if (in_vain > kTries) throw RunError(too_few());
    }
    return std::move(first_);
  }

 private:
  void given() {
    for (const std::string& text : e_.given_founders) {
      const auto checked = genome::check_text(text).controller;
      if (!checked) throw RunError("population.founders: holds a text that is no controller");
      if (!needs_only(checked->tree(), signals_))
        throw RunError(fmt::format("population.founders: {} needs a signal that not all environments record",
                                   checked->tree().name));
      add(checked->tree(), {}, "given");
    }
    if (first_.size() > wanted_)
      throw RunError(fmt::format("population.founders: gives {} controllers, and {} has {} places{}",
                                 first_.size(), e_.islands > 1 ? "an island" : "the population", wanted_,
                                 e_.islands > 1 ? "; each island begins with all that are given" : ""));
    given_ = static_cast<std::ptrdiff_t>(first_.size());
  }

  // Behind those that are given, as far as there are places.
  void library() {
    for (const genome::KnownController& known : genome::known_controllers()) {
      if (genome::edition_of(known.name) > e_.edition) continue;
      const auto checked = genome::check_text(known.text).controller;
      EVOTTS_CHECK(checked.has_value());
      if (is_founder(checked->tree(), e_, signals_))
        add(checked->tree(), {}, fmt::format("library:{}", known.name));
    }
    if (first_.size() <= wanted_) return;
    const auto known = static_cast<std::size_t>(std::ssize(first_) - given_);
    const auto begin = first_.begin() + given_;
    std::rotate(begin, begin + static_cast<std::ptrdiff_t>(first_known_ % known), first_.end());
    for (auto extra = first_.begin() + static_cast<std::ptrdiff_t>(wanted_); extra != first_.end(); ++extra)
      ids_.erase(genome::identity(extra->child.tree()));
    first_.erase(first_.begin() + static_cast<std::ptrdiff_t>(wanted_), first_.end());
  }

  // Adds a mutant of one of the first `known` founders.
  bool mutant(base::Rng& rng, std::size_t known) {
    if (known == 0 || mutations_.empty()) return false;
    const genome::Controller parent = first_[base::uniform_index(rng, known)].child.tree();
    const std::string id = genome::identity(parent);
    const genome::Mutation kind = mutations_[base::uniform_index(rng, mutations_.size())];
    const auto child = genome::mutate(rng, parent, kind, material_);
    return child && add(*child, {id}, std::string(genome::name_of(kind)));
  }

  // Whether it is another.
  bool add(const genome::Controller& tree, std::vector<std::string> parents, std::string operation) {
    const auto checked = genome::check(tree).controller;
    EVOTTS_CHECK(checked.has_value());
    auto founder = in_form(*checked, e_);
    if (!founder || !ids_.insert(genome::identity(founder->tree())).second) return false;
    first_.push_back({std::move(*founder), std::move(parents), std::move(operation)});
    return true;
  }

  std::string too_few() const {
    return fmt::format("only {} of {} founders can be made; look at population.founders, variation.without{}",
                       first_.size(), wanted_,
                       e_.beta_tables
                           ? fmt::format(" and variation.beta_tables, which few controllers fit at {} betas",
                                         e_.betas.size())
                           : "");
  }

  const Experiment& e_;
  std::span<const genome::RecordedSignal> signals_;
  std::size_t first_known_;
  genome::Material material_;
  std::size_t wanted_;
  std::vector<genome::Mutation> mutations_;  // those that are on
  std::vector<Proposal> first_;
  std::ptrdiff_t given_ = 0;  // so many of them are the experimenter's
  std::set<std::string> ids_;
};

}  // namespace

std::optional<genome::CheckedController> in_form(const genome::CheckedController& controller,
                                                 const Experiment& experiment) {
  if (!experiment.beta_tables) return controller;
  return genome::with_beta_tables(controller, experiment.betas);
}

genome::Material material_of(const Experiment& experiment, std::span<const genome::RecordedSignal> signals) {
  using Of = genome::Material::Of;
  return genome::Material(signals, experiment.edition,
                          experiment.whole_samples.value_or(false) ? Of::kWholeSamples : Of::kBranches);
}

bool is_founder(const genome::Controller& known, const Experiment& experiment,
                std::span<const genome::RecordedSignal> signals) {
  if (experiment.whole_samples.value_or(false) && genome::looks_into_branches(known)) return false;
  return needs_only(known, signals);
}

bool needs_only(const genome::Controller& controller, std::span<const genome::RecordedSignal> signals) {
  return std::ranges::all_of(genome::signals_of(controller), [&](const std::string& needed) {
    return std::ranges::find(signals, needed, &genome::RecordedSignal::name) != signals.end();
  });
}

std::vector<Proposal> founders(const Experiment& experiment, std::span<const genome::RecordedSignal> signals,
                               std::size_t first_known) {
  return Founding(experiment, signals, first_known).run();
}

}  // namespace evo
