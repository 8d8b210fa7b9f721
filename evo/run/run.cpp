#include "evo/run/run.hpp"

#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/base/sha256.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "evo/scoring/rescoring.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

void expect_same_environments(const State& state, const replay::Evaluator& evaluator,
                              const std::string& run) {
  const auto& now = evaluator.environments();
  if (now.size() != state.environments.size()) {
    throw RunError(fmt::format("{}: was started on {} environments, but {} are here now", run,
                               state.environments.size(), now.size()));
  }
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i].digest == state.environments[i].digest) continue;
    throw RunError(
        fmt::format("{}: the environment {} ({}) is not what it was when the run was started; its scores "
                    "could not be compared",
                    run, now[i].name, now[i].source));
  }
}

void expect_same_islands(const State& state, const Experiment& experiment, const std::string& run) {
  for (const State& half : state.halves) expect_same_islands(half, experiment, run);
  if (state.islands.size() == static_cast<std::size_t>(experiment.islands)) return;
  throw RunError(fmt::format("{}: its checkpoint holds {} islands where its experiment has {}", run,
                             state.islands.size(), experiment.islands));
}

std::unique_ptr<LimitsSearch> limits_search(const Experiment& experiment,
                                            const replay::Evaluator& evaluator) {
  return experiment.limits.any() ? std::make_unique<LimitsSearch>(experiment, evaluator) : nullptr;
}

void expect_same_experiment(const State& state, const RunRepository& repository) {
  const auto toml = repository.read(kExperimentFile);
  if (toml && genome::base::sha1_hex(*toml) == state.experiment) return;
  throw RunError(
      fmt::format("{}: its {} is not what it was when the run was started; put it back, or start a new run",
                  genome::base::visible(repository.path().string()), kExperimentFile));
}

}  // namespace

Run::Run(RunRepository repository, std::unique_ptr<Experiment> experiment, std::unique_ptr<Scorer> scorer,
         std::unique_ptr<CrossFitting> crossed, std::unique_ptr<LimitsSearch> limits, State state,
         Proposer& proposer)
    : repository_(std::move(repository)),
      experiment_(std::move(experiment)),
      scorer_(std::move(scorer)),
      crossed_(std::move(crossed)),
      limits_(std::move(limits)),
      state_(std::move(state)),
      proposer_(&proposer) {}

Run Run::create(const std::filesystem::path& path, const Experiment& experiment,
                const std::string& experiment_toml, const replay::Evaluator& evaluator, Proposer& proposer,
                const SealedFiles& sealed) {
  std::error_code denied;  // told when the repository is made
  if (std::filesystem::exists(std::filesystem::symlink_status(path, denied))) {
    throw RunError(
        fmt::format("{}: exists already; choose another --out, or go on with it by {}",
                    genome::base::visible(path.string()),
                    genome::base::quoted_command("evotts resume " + genome::base::shell_path(path))));
  }
  auto own = std::make_unique<Experiment>(experiment);
  auto scorer = std::make_unique<Scorer>(*own, evaluator);
  auto crossed = cross_fitting(*own, evaluator);
  Step first = found(*scorer);
  if (crossed) crossed->found(first.state, *scorer);
  auto limits = limits_search(*own, evaluator);
  if (limits) limits->choose(first, *scorer);
  first.state.experiment = genome::base::sha1_hex(experiment_toml);
  RunRepository::Changes changes = files_after(first, nullptr, experiment);
  changes.put[kExperimentFile] = experiment_toml;
  std::string message = commit_message(first, nullptr, experiment);
  if (!sealed.held_out.empty()) changes.put[kHeldOutFile] = sealed.held_out;
  if (!sealed.preregistration.empty()) {
    changes.put[kPreregistrationFile] = sealed.preregistration;
    message += trailer_lines({{Trailer::kPreregistration, sha256_hex(sealed.preregistration)}});
  }
  RunRepository repository = RunRepository::create(path, changes, message);
  return Run(std::move(repository), std::move(own), std::move(scorer), std::move(crossed), std::move(limits),
             std::move(first.state), proposer);
}

Run Run::resume(RunRepository repository, const Experiment& experiment, const replay::Evaluator& evaluator,
                Proposer& proposer) {
  State state = state_in(repository, {});
  expect_same_experiment(state, repository);
  expect_same_environments(state, evaluator, genome::base::visible(repository.path().string()));
  expect_same_islands(state, experiment, genome::base::visible(repository.path().string()));
  auto own = std::make_unique<Experiment>(experiment);
  auto scorer = std::make_unique<Scorer>(*own, evaluator);
  auto crossed = cross_fitting(*own, evaluator);
  auto limits = limits_search(*own, evaluator);
  return Run(std::move(repository), std::move(own), std::move(scorer), std::move(crossed), std::move(limits),
             std::move(state), proposer);
}

void Run::take_exact_means() {
  if (experiment_->means == Means::kExact) return;
  experiment_->means = Means::kExact;
  scorer_ = std::make_unique<Scorer>(*experiment_, scorer_->evaluator());  // it remembers rounded scores
}

Step Run::step() {
  if (!state_.exact && experiment_->means == Means::kExact)
    inexact_ = std::exchange(state_, scored_exactly(state_, *scorer_));
  Step step = advance(state_, *scorer_, *proposer_);
  if (crossed_)
    crossed_->advance(state_, step.state, *scorer_);
  else
    forget_expectation(step.state);
  if (limits_) limits_->choose(step, *scorer_);
  const State& committed = inexact_ ? *inexact_ : state_;
  repository_.commit(files_after(step, &committed, *experiment_),
                     commit_message(step, &state_, *experiment_));
  inexact_.reset();
  state_ = step.state;
  return step;
}

}  // namespace evo
