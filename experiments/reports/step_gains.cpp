#include "experiments/reports/step_gains.hpp"

#include <fmt/format.h>
#include <optional>

#include "evo/base/error.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/analysis/comparison.hpp"

namespace experiments {
namespace {

// The steps' controllers, each once.
struct Programs {
  std::vector<genome::Program> programs;
  std::map<std::string, std::size_t> places;  // by id

  void add(const evo::Lineage& lineage, const evo::Born& born) {
    if (places.contains(born.id)) return;
    const auto text = lineage.text_of(born);
    if (!text) return;
    const auto checked = genome::check_text(*text).controller;
    if (!checked) throw evo::RunError(fmt::format("the controller {} does not check", born.id));
    places.emplace(born.id, programs.size());
    programs.push_back(genome::compile(*checked));
  }
};

const evo::Born* first_parent(const evo::Lineage& lineage, const evo::Born& born) {
  return born.birth.parents.empty() ? nullptr : lineage.get(born.birth.parents.front());
}

// Two controllers at all betas, question by question: betas count as so many orderings more, so that a
// question is drawn with all its betas.
std::vector<replay::Comparison> paired(const replay::Evaluator& evaluator,
                                       const std::vector<replay::Cell>& cells, std::size_t betas,
                                       std::size_t a, std::size_t b) {
  std::vector<replay::Comparison> all;
  for (std::size_t e = 0; e < evaluator.environments().size(); ++e) {
    replay::Comparison sums;
    sums.questions.resize(evaluator.environments()[e].questions.size());
    for (std::size_t beta = 0; beta < betas; ++beta) {
      const replay::Cell& of_a = cells[evaluator.cell_index(a, e, beta, betas)];
      const replay::Cell& of_b = cells[evaluator.cell_index(b, e, beta, betas)];
      sums.orderings += of_a.orderings;
      for (std::size_t q = 0; q < sums.questions.size(); ++q) {
        sums.questions[q].a += of_a.questions[q];
        sums.questions[q].b += of_b.questions[q];
      }
    }
    all.push_back(std::move(sums));
  }
  return all;
}

StepGain gain_of(const std::vector<replay::Comparison>& pairs, const replay::DistinctQuestions& distinct) {
  double accuracy = 0, before = 0, after = 0;
  for (const replay::Comparison& each : pairs) {
    const replay::Cell a = each.cell_a(), b = each.cell_b();
    accuracy += (b.accuracy() - a.accuracy()) / static_cast<double>(pairs.size());
    before += a.tokens() / static_cast<double>(pairs.size());
    after += b.tokens() / static_cast<double>(pairs.size());
  }
  StepGain gain{.accuracy = accuracy,
                .accuracy_interval = replay::accuracy_difference_interval(pairs, distinct),
                .tokens_interval = {}};
  if (before > 0) {
    const replay::Interval tokens = replay::tokens_difference_interval(pairs, distinct);
    gain.tokens_percent = 100 * (after / before - 1);
    gain.tokens_interval = {100 * tokens.low / before, 100 * tokens.high / before};
  }
  return gain;
}

}  // namespace

void expect_same_environments(const RunAt& at, const replay::Evaluator& evaluator, std::size_t variants) {
  const auto marks = evo::state_in(at.repository, at.revision).environments;
  for (std::size_t i = 0; i < evaluator.environments().size(); ++i) {
    const replay::Environment& now = evaluator.environments()[i];
    if (i * variants < marks.size() && marks[i * variants].digest == now.digest) continue;
    throw evo::RunError(fmt::format("{}: the environment {} ({}) is not what it was when the run was started",
                                    genome::base::visible(at.repository.path().string()), now.name,
                                    now.source));
  }
}

StepGains::StepGains(const RunAt& at, const evo::Lineage& lineage, std::span<const evo::Born* const> steps) {
  evo::Experiment experiment = experiment_in(at);
  find_environments(experiment, at.repository.path());
  experiment.validation_orderings = 0;
  // The recorded environments alone: a reweighted variant has the same questions and says nothing new.
  const std::size_t variants = 1 + experiment.reweightings.size();
  experiment.reweightings.clear();
  const replay::Evaluator evaluator = make_evaluator(experiment);
  expect_same_environments(at, evaluator, variants);
  Programs known;
  for (const evo::Born* born : steps) {
    const evo::Born* parent = first_parent(lineage, *born);
    if (parent == nullptr) continue;
    known.add(lineage, *born);
    known.add(lineage, *parent);
  }
  if (known.programs.empty()) return;
  std::vector<replay::Cell> cells;
  {
    ProgressLine progress("comparing each step with its parent");
    cells = evaluator.evaluate(known.programs, experiment.betas, progress.callback());
  }
  const replay::DistinctQuestions distinct(evaluator.environments());
  for (const evo::Born* born : steps) {
    const evo::Born* parent = first_parent(lineage, *born);
    if (parent == nullptr) continue;
    const auto a = known.places.find(parent->id), b = known.places.find(born->id);
    if (a == known.places.end() || b == known.places.end()) continue;
    gains_.emplace(
        born->id, gain_of(paired(evaluator, cells, experiment.betas.size(), a->second, b->second), distinct));
  }
}

const StepGain* StepGains::of(const evo::Born& born) const {
  const auto found = gains_.find(born.id);
  return found == gains_.end() ? nullptr : &found->second;
}

}  // namespace experiments
