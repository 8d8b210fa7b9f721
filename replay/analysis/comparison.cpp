#include "replay/analysis/comparison.hpp"

#include <algorithm>

#include "replay/evaluation/sweep.hpp"
#include "replay/machine/signal_columns.hpp"

namespace replay {
namespace {

Cell cell_of(const Comparison& comparison, QuestionSums PairedSums::*side) {
  Cell cell{.orderings = comparison.orderings, .questions = {}};
  for (const PairedSums& question : comparison.questions) cell.questions.push_back(question.*side);
  return cell;
}

void add(QuestionSums& sums, const EpisodeResult& result) {
  sums.right += result.right ? 1 : 0;
  sums.tokens += result.tokens;
  sums.latency_tokens += result.latency_tokens;
}

Interval difference_interval(std::span<const Comparison> environments, const DistinctQuestions& distinct,
                             const BootstrapOptions& options, double scale,
                             std::int64_t (PairedSums::*difference)() const) {
  std::vector<std::vector<double>> groups;
  for (const Comparison& comparison : environments) {
    std::vector<double>& group = groups.emplace_back();
    for (const PairedSums& question : comparison.questions) {
      group.push_back(scale * static_cast<double>((question.*difference)()) /
                      static_cast<double>(comparison.orderings));
    }
  }
  return mean_interval(groups, distinct, options);
}

}  // namespace

Cell Comparison::cell_a() const { return cell_of(*this, &PairedSums::a); }
Cell Comparison::cell_b() const { return cell_of(*this, &PairedSums::b); }

std::int64_t Comparison::alike() const {
  std::int64_t sum = 0;
  for (const PairedSums& question : questions) sum += question.alike;
  return sum;
}

std::vector<Comparison> compare(std::span<const Environment> environments, const ProgramPair& pair,
                                std::span<const double> betas, const EvaluatorOptions& options,
                                const Evaluator::Progress& done) {
  std::vector<genome::BoundProgram> bound_a, bound_b;
  for (const double beta : betas) {
    bound_a.push_back(genome::bind(pair.a, beta));
    bound_b.push_back(genome::bind(pair.b, beta));
  }
  std::vector<Comparison> all(environments.size() * betas.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].orderings = options.orderings;
    all[i].questions.resize(environments[i / betas.size()].questions.size());
  }
  std::vector<SignalColumns> columns_a, columns_b;  // by environment
  for (const Environment& environment : environments) {
    columns_a.push_back(signal_columns(pair.a, environment));
    columns_b.push_back(signal_columns(pair.b, environment));
  }
  const Orderings orderings = orderings_of(environments, options);
  const auto visit = [&](Machine& machine, const SweepPlace& at) {
    const Question& question = environments[at.environment].questions[at.question];
    PairedSums& sums = all[at.environment * betas.size() + at.beta].questions[at.question];
    ActionLog log_a, log_b;
    for (std::size_t s = 0; s < options.orderings; ++s) {
      log_a.clear();
      log_b.clear();
      const auto dealt = orderings.at(s, question.branches.size());
      const EpisodeResult a =
          machine.run(bound_a[at.beta], question, dealt,
                      {.episode = options.episode, .log = &log_a, .columns = columns_a[at.environment]});
      const EpisodeResult b =
          machine.run(bound_b[at.beta], question, dealt,
                      {.episode = options.episode, .log = &log_b, .columns = columns_b[at.environment]});
      add(sums.a, a);
      add(sums.b, b);
      if (a.answer == b.answer && log_a == log_b)
        ++sums.alike;
      else if (!sums.first_parting)
        sums.first_parting = s;
    }
  };
  sweep(environments, betas.size(), visit, done);
  return all;
}

Interval accuracy_difference_interval(std::span<const Comparison> environments,
                                      const DistinctQuestions& distinct, const BootstrapOptions& options) {
  return difference_interval(environments, distinct, options, 100, &PairedSums::right_difference);
}

Interval tokens_difference_interval(std::span<const Comparison> environments,
                                    const DistinctQuestions& distinct, const BootstrapOptions& options) {
  return difference_interval(environments, distinct, options, 1, &PairedSums::tokens_difference);
}

std::optional<std::size_t> parting(const ActionLog& a, const ActionLog& b) {
  const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at.first == a.end() && at.second == b.end()) return std::nullopt;
  return static_cast<std::size_t>(at.first - a.begin());
}

}  // namespace replay
