#include "evo/scoring/episode_runner.hpp"

#include <map>
#include <tbb/parallel_for.h>
#include <tuple>
#include <utility>

#include "evo/sharing/job_runner.hpp"
#include "genome/base/check.hpp"
#include "genome/program/compiler.hpp"

namespace evo {
namespace {

// What must be run: each key once on the same orderings, however many controllers share it.
class Jobs {
 public:
  // The place of this setting's job.
  std::size_t place_of(const Compiled& compiled, const Compiled::Setting& setting, OrderingSlice orderings) {
    if (setting.key.empty()) return add(compiled, setting, orderings);
    const auto [known, fresh] =
        of_key_.try_emplace({setting.key, orderings.first, orderings.count}, jobs_.size());
    if (fresh) add(compiled, setting, orderings);
    return known->second;
  }
  const std::vector<replay::EvaluationJob>& all() const { return jobs_; }
  Controllers controllers() const { return controllers_; }

 private:
  std::size_t add(const Compiled& compiled, const Compiled::Setting& setting, OrderingSlice orderings) {
    jobs_.push_back({&setting.bound, static_cast<std::size_t>(orderings.first),
                     static_cast<std::size_t>(orderings.count)});
    controllers_.push_back(compiled.controller);
    return jobs_.size() - 1;
  }

  std::vector<replay::EvaluationJob> jobs_;
  std::vector<const genome::Controller*> controllers_;  // by job
  std::map<std::tuple<std::string, int, int>, std::size_t> of_key_;
};

}  // namespace

std::vector<const Compiled*> all_of(const std::vector<Compiled>& compiled) {
  std::vector<const Compiled*> all;
  for (const Compiled& each : compiled) all.push_back(&each);
  return all;
}

EpisodeRunner::EpisodeRunner(const Experiment& experiment, const replay::Evaluator& evaluator,
                             replay::QuestionSet questions)
    : experiment_(&experiment), evaluator_(&evaluator), questions_(std::move(questions)) {
  EVOTTS_CHECK(evaluator.options().orderings >=
               static_cast<std::size_t>(experiment.orderings + experiment.validation_orderings));
}

std::vector<Compiled> EpisodeRunner::compiled(
    std::span<const genome::CheckedController* const> controllers) const {
  std::vector<Compiled> all(controllers.size());
  tbb::parallel_for(std::size_t{0}, controllers.size(), [&](std::size_t i) {
    all[i].controller = &controllers[i]->tree();
    all[i].program = std::make_unique<genome::Program>(genome::compile(*controllers[i]));
    for (const double beta : experiment_->betas) {
      all[i].settings.push_back(
          {experiment_->cache ? behaviour_key(controllers[i]->tree(), beta) : std::string(),
           genome::bind(*all[i].program, beta)});
    }
  });
  return all;
}

std::vector<Slice> EpisodeRunner::run(std::span<const Compiled* const> controllers, OrderingSlice orderings,
                                      std::optional<std::size_t> level, Work& work) {
  return run(controllers, std::vector(controllers.size(), orderings), level, work);
}

std::vector<Slice> EpisodeRunner::run(std::span<const Compiled* const> controllers,
                                      std::span<const OrderingSlice> orderings, Work& work) {
  return run(controllers, orderings, std::nullopt, work);
}

std::vector<Slice> EpisodeRunner::run(std::span<const Compiled* const> controllers,
                                      std::span<const OrderingSlice> orderings,
                                      std::optional<std::size_t> level, Work& work) {
  EVOTTS_CHECK(orderings.size() == controllers.size());
  for (const OrderingSlice& each : orderings) work.episodes += episodes(each.count);
  const std::size_t betas = experiment_->betas.size();
  const bool remembers = level && experiment_->cache;
  std::vector<Slice> parts(controllers.size() * betas);  // by controller, then beta
  std::vector<std::optional<std::size_t>> job_of(parts.size());
  Jobs jobs;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Compiled& compiled = *controllers[i / betas];
    const Compiled::Setting& setting = compiled.settings[i % betas];
    const Slice* const known = remembers ? cache_.find(setting.key, *level) : nullptr;
    if (known != nullptr)
      parts[i] = *known;
    else
      job_of[i] = jobs.place_of(compiled, setting, orderings[i / betas]);
  }
  const std::vector<replay::Cell> cells = run_jobs(*evaluator_, jobs.all(), jobs.controllers(), questions_);
  std::vector<Slice> slices(controllers.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (job_of[i]) {
      parts[i] = slice_of(std::span(cells).subspan(*job_of[i] * questions_.size(), questions_.size()),
                          detail_for(*experiment_));
      if (remembers) cache_.put(controllers[i / betas]->settings[i % betas].key, *level, parts[i]);
    }
    slices[i / betas].append(parts[i]);
  }
  return slices;
}

std::uint64_t EpisodeRunner::episodes(int orderings) const {
  return experiment_->betas.size() * static_cast<std::uint64_t>(orderings) * replay::count_of(questions_);
}

}  // namespace evo
