#include "evo/founders.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "evo/error.hpp"
#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "genome/freed.hpp"
#include "genome/known_controllers.hpp"
#include "genome/mutation.hpp"
#include "genome/printer.hpp"
#include "genome/sampler.hpp"

namespace evo {
namespace {

namespace base = genome::base;

constexpr int kTries = 200;  // in a row that make no founder

class Founding {
 public:
  explicit Founding(const Experiment& e) : e_(e), wanted_(static_cast<std::size_t>(e.population)) {
    for (const genome::Mutation each : genome::all_mutations()) {
      if (std::ranges::find(e.without, genome::name_of(each)) == e.without.end()) mutations_.push_back(each);
    }
  }

  std::vector<Proposal> run() {
    if (e_.founders != Founders::kRandom) library();
    const std::size_t known = first_.size();  // may be none: not every controller can be freed at many betas
    std::size_t last = known;
    int in_vain = 0;
    for (std::uint64_t index = 0; first_.size() < wanted_; ++index) {
      in_vain = first_.size() > last ? 0 : in_vain + 1;
      last = first_.size();
      if (in_vain > kTries || (known == 0 && e_.founders == Founders::kLibrary)) {
        throw RunError(
            fmt::format("only {} of {} founders can be made: few controllers fit this experiment "
                        "(variation.freed at {} betas)",
                        first_.size(), wanted_, e_.betas.size()));
      }
      const bool random = known == 0 || e_.founders == Founders::kRandom ||
                          (e_.founders == Founders::kBoth && index % 2 == 0);
      auto rng = base::keyed_stream(e_.seed, base::Purpose::kFounders, index);
      if (random)
        add(genome::sample_controller(rng), {}, "random");
      else
        mutant(rng, base::uniform_index(rng, known));
    }
    return std::move(first_);
  }

 private:
  void library() {
    for (const genome::KnownController& known : genome::known_controllers()) {
      if (first_.size() == wanted_) return;
      const auto checked = genome::check_text(known.text).controller;
      EVOTTS_CHECK(checked.has_value());
      add(checked->tree(), {}, fmt::format("library:{}", known.name));
    }
  }

  void mutant(base::Rng& rng, std::size_t of) {
    const genome::Controller parent = first_[of].child.tree();
    const std::string id = genome::identity(parent);
    if (mutations_.empty()) return add(genome::sample_controller(rng), {}, "random");
    const genome::Mutation kind = mutations_[base::uniform_index(rng, mutations_.size())];
    if (const auto child = genome::mutate(rng, parent, kind))
      add(*child, {id}, std::string(genome::name_of(kind)));
  }

  void add(const genome::Controller& tree, std::vector<std::string> parents, std::string operation) {
    const auto checked = genome::check(tree).controller;
    EVOTTS_CHECK(checked.has_value());
    auto founder = in_form(*checked, e_);
    if (!founder || !ids_.insert(genome::identity(founder->tree())).second) return;
    first_.push_back({std::move(*founder), std::move(parents), std::move(operation)});
  }

  const Experiment& e_;
  std::size_t wanted_;
  std::vector<genome::Mutation> mutations_;  // those that are on
  std::vector<Proposal> first_;
  std::set<std::string> ids_;
};

}  // namespace

std::optional<genome::CheckedController> in_form(const genome::CheckedController& controller,
                                                 const Experiment& experiment) {
  if (!experiment.freed) return controller;
  return genome::freed(controller, experiment.betas);
}

std::vector<Proposal> founders(const Experiment& experiment) { return Founding(experiment).run(); }

}  // namespace evo
