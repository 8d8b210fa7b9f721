#include <evotts/search.hpp>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "api/boundary.hpp"
#include "api/individual.hpp"
#include "api/threads.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "evo/run/run.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/sources/data_budgets.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/sources/given_founders.hpp"
#include "experiments/sources/run_source.hpp"
#include "experiments/sources/whole_samples.hpp"
#include "genome/base/text.hpp"
#include "replay/parallel/interruption.hpp"

namespace evotts {
namespace {

namespace fs = std::filesystem;
using detail::translated;
using genome::base::visible;

// Before the long work of scoring founders.
void expect_free(const fs::path& folder) {
  std::error_code unknown;
  if (folder.empty()) detail::throw_input("the folder of the run has no name");
  if (fs::symlink_status(folder, unknown).type() != fs::file_type::not_found)
    detail::throw_input(fmt::format("{}: exists already; choose another folder, or resume it if it is a run",
                                    visible(folder.string())));
}

void expect_no_models(const evo::Experiment& experiment, const std::string& whose) {
  if (!experiments::asks_models(experiment)) return;
  detail::throw_input(
      fmt::format("{}: asks language models, which a program of one's own cannot confirm; use `evotts run` "
                  "and `evotts resume`, or set model.share = 0",
                  visible(whose)));
}

// What variables hold goes into the run; nobody is to give that away unasked.
experiments::Approval approval_of(const fs::path& file, bool expand_variables) {
  return [&file, expand_variables](const experiments::Expansions& expansions, const evo::Experiment*) {
    if (expand_variables || expansions.uses.empty()) return;
    std::set<std::string> names;
    for (const experiments::Expansions::Use& use : expansions.uses) names.insert("${" + use.variable + "}");
    detail::throw_input(fmt::format(
        "{}: names variables of the environment ({}), which are put in only with expand_variables",
        visible(file.string()), fmt::join(names, ", ")));
  };
}

}  // namespace

// The run looks at the experiment, the evaluator and the proposer where they are.
struct Search::Impl {
  int threads = 0;
  evo::Experiment experiment;
  std::optional<replay::Evaluator> evaluator;
  std::optional<evo::GeneticProposer> proposer;
  std::optional<evo::Run> run;
  detail::Sealing sealing;

  Impl(int wanted_threads, evo::Experiment read) : threads(wanted_threads), experiment(std::move(read)) {}

  void open_environments() {
    evaluator.emplace(experiments::make_evaluator(experiment));
    experiments::settle_whole_samples(experiment, evaluator->environments());
    proposer.emplace(
        evo::GeneticProposer::by_island(evo::genetic_options(experiment, evaluator->environments())));
  }
  void started(evo::Run made) {
    run.emplace(std::move(made));
    sealing = detail::sealing_of(run->repository(), run->repository().head());
  }
};

Search::Search(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Search::~Search() = default;
Search::Search(Search&&) noexcept = default;
Search& Search::operator=(Search&&) noexcept = default;

Search Search::start(const fs::path& experiment, const fs::path& folder, const SearchOptions& options) {
  return translated([&] {
    const replay::Undisturbed to_the_end;
    detail::expect_threads(options.threads);
    auto impl = std::make_unique<Impl>(
        options.threads,
        experiments::read_experiment(experiment, options.settings, {}, experiments::process_variable,
                                     approval_of(experiment, options.expand_variables)));
    expect_no_models(impl->experiment, experiment.string());
    experiments::freeze_given_founders(impl->experiment);
    expect_free(folder);
    detail::on_threads(options.threads, [&] {
      experiments::resolve_budgets(impl->experiment);
      impl->open_environments();
      const auto silent = [](const std::string&) {};  // a library has no one to tell
      const std::string held_out = experiments::seal_held_out(impl->experiment, *impl->evaluator, silent);
      impl->started(evo::Run::create(folder, impl->experiment, experiments::to_toml(impl->experiment),
                                     *impl->evaluator, *impl->proposer, {.held_out = held_out}));
    });
    experiments::remember_folder(folder);
    return Search(std::move(impl));
  });
}

Search Search::resume(const fs::path& folder, const SearchOptions& options) {
  return translated([&] {
    const replay::Undisturbed to_the_end;
    detail::expect_threads(options.threads);
    if (!options.settings.empty())
      detail::throw_input("settings are those of the start; `evotts fork` makes a run with others");
    evo::RunRepository repository = evo::RunRepository::open_for_writing(folder);
    const std::string newest = repository.head();
    const experiments::RunAt at{evo::RunRepository::open(folder), newest};
    auto impl = std::make_unique<Impl>(options.threads, experiments::experiment_in(at));
    expect_no_models(impl->experiment, folder.string());
    experiments::find_environments(impl->experiment, folder);
    detail::on_threads(options.threads, [&] {
      impl->open_environments();
      impl->started(
          evo::Run::resume(std::move(repository), impl->experiment, *impl->evaluator, *impl->proposer));
    });
    return Search(std::move(impl));
  });
}

void Search::step() {
  translated([&] {
    const replay::Undisturbed to_the_end;
    detail::on_threads(impl_->threads, [&] { impl_->run->step(); });
  });
}

int Search::generation() const { return impl_->run->state().generation; }
int Search::generations() const { return impl_->experiment.generations; }
fs::path Search::folder() const { return impl_->run->repository().path(); }
Individual Search::best() const {
  return detail::shown(impl_->run->state().recommendation(), impl_->sealing);
}

}  // namespace evotts
