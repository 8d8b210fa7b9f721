#include <evotts/run.hpp>
#include <utility>

#include "api/boundary.hpp"
#include "api/individual.hpp"
#include "evo/base/error.hpp"
#include "evo/record/generations.hpp"
#include "evo/record/lineage.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/sources/run_source.hpp"
#include "replay/parallel/interruption.hpp"

namespace evotts {

using detail::Access;
using detail::translated;

namespace detail {

Individual shown(const evo::Individual& individual, const Sealing& sealing) {
  Individual out{.controller = Access::make(individual.controller, sealing),
                 .score = individual.score,
                 .fitness = individual.fitness,
                 .curve = {},
                 .born = individual.birth.generation,
                 .operation = individual.birth.operation,
                 .parents = individual.birth.parents};
  for (const evo::CurvePoint& p : individual.curve)
    out.curve.push_back({p.beta, p.accuracy, p.tokens, p.latency_tokens});
  return out;
}

}  // namespace detail

struct Run::Impl {
  experiments::RunAt at;
  evo::State state;
  detail::Sealing sealing;

  static std::unique_ptr<Impl> open(const std::filesystem::path& folder, std::optional<int> generation) {
    evo::RunRepository repository = evo::RunRepository::open(folder);
    if (generation && *generation < 0) detail::throw_input("generations are counted from 0");
    std::string revision =
        generation ? evo::commit_of_generation(repository, static_cast<std::uint64_t>(*generation))
                   : repository.head();
    evo::State state = evo::state_in(repository, revision);
    detail::Sealing sealing = detail::sealing_of(repository, revision);
    return std::make_unique<Impl>(
        Impl{{std::move(repository), std::move(revision)}, std::move(state), std::move(sealing)});
  }

  std::string experiment() const { return experiments::to_toml(experiments::experiment_in(at)); }
};

Run::Run(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Run::~Run() = default;
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;

Run Run::open(const std::filesystem::path& folder, std::optional<int> generation) {
  return translated([&] { return Run(Impl::open(folder, generation)); });
}

int Run::generation() const { return impl_->state.generation; }

std::string Run::experiment() const {
  return translated([&] { return impl_->experiment(); });
}

Individual Run::best() const { return detail::shown(impl_->state.recommendation(), impl_->sealing); }

std::vector<Individual> Run::population() const {
  std::vector<Individual> all;
  translated([&] {
    for (const evo::Island& island : impl_->state.islands) {
      for (const evo::Individual& each : island.population) {
        replay::take_breath();
        all.push_back(detail::shown(each, impl_->sealing));
      }
    }
  });
  return all;
}

std::vector<FrontierPoint> Run::frontier() const {
  std::vector<FrontierPoint> points;
  for (const evo::ArchivePoint& p : impl_->state.archive.points())
    points.push_back({p.id, p.beta, p.accuracy, p.tokens});
  return points;
}

Controller Run::controller(std::string_view id) const {
  return translated(
      [&] { return Access::make(experiments::text_in(impl_->at, std::string(id)).text, impl_->sealing); });
}

std::vector<Ancestor> Run::lineage(std::string_view id) const {
  return translated([&] {
    const evo::Lineage lineage(impl_->at.repository, impl_->at.revision);
    const evo::Born& last = lineage.find(id == "best" ? std::string_view(impl_->state.best().id) : id);
    std::vector<Ancestor> line;
    for (const evo::Born* born : lineage.main_line(last))
      line.push_back({born->id, born->birth.generation, born->birth.operation, born->score, born->fitness,
                      born->birth.parents, lineage.text_of(*born)});
    return line;
  });
}

}  // namespace evotts
