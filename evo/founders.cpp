#include "evo/founders.hpp"

#include <fmt/format.h>
#include <set>

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

class Founding {
 public:
  explicit Founding(const Experiment& e) : e_(e), wanted_(static_cast<std::size_t>(e.population)) {}

  std::vector<Proposal> run() {
    if (e_.founders != Founders::kRandom) library();
    const std::size_t known = first_.size();
    for (std::uint64_t index = 0; first_.size() < wanted_; ++index) {
      const bool random =
          e_.founders == Founders::kRandom || (e_.founders == Founders::kBoth && index % 2 == 0);
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
    const auto kinds = genome::all_mutations();
    const genome::Mutation kind = kinds[base::uniform_index(rng, kinds.size())];
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
