// evaluator.hpp: controllers x betas x environments x orderings -> exact sums, on all cores.
// Why:      search quality is bought with evaluations; this is the only place where episodes are run in bulk.
// Use:      Evaluator evaluator(std::move(environments), {.orderings = 100});
//           std::vector<Cell> cells = evaluator.evaluate(programs, betas);
//           double accuracy = cells[evaluator.cell_index(programs.size(), p, e, b)].accuracy();
// Promises: sums are whole numbers written by index, so the result is the same on any number of threads.
// Throws:   InputError when a program needs a signal that an environment does not have.
// Threads:  const; in the caller's TBB arena, or on its OwnThreads. What `done` throws ends it, and is passed
//           on.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "genome/program/program.hpp"
#include "replay/environment/environment.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/evaluation/question_set.hpp"
#include "replay/machine/episode.hpp"

namespace replay {

// Sums over the orderings of one question.
struct QuestionSums {
  std::int64_t right = 0;
  std::int64_t tokens = 0;
  std::int64_t latency_tokens = 0;
  QuestionSums& operator+=(const QuestionSums& more) {
    right += more.right;
    tokens += more.tokens;
    latency_tokens += more.latency_tokens;
    return *this;
  }
  friend bool operator==(const QuestionSums&, const QuestionSums&) = default;
};

// One controller at one beta on one environment.
struct Cell {
  std::size_t orderings = 0;
  std::vector<QuestionSums> questions;

  double accuracy() const;        // percent
  double tokens() const;          // mean of an episode
  double latency_tokens() const;  // mean of an episode
  QuestionSums sums() const;      // over its questions
  friend bool operator==(const Cell&, const Cell&) = default;
};

struct EvaluatorOptions {
  std::uint64_t first_ordering = 0;
  std::size_t orderings = 100;
  EpisodeOptions episode;
};

// A program at one beta over some of the evaluator's orderings, on all its environments.
struct EvaluationJob {
  const genome::BoundProgram* bound = nullptr;
  std::size_t first = 0;  // of the evaluator's orderings
  std::size_t count = 0;
};

// As Evaluator::run() has them, of sums by job, then question of the set.
// REQUIRES: as many sums as that makes.
std::vector<Cell> cells_of(std::span<const EvaluationJob> jobs, const QuestionSet& questions,
                           std::span<const QuestionSums> sums);

class Evaluator {
 public:
  Evaluator(std::vector<Environment> environments, const EvaluatorOptions& options);

  const std::vector<Environment>& environments() const { return environments_; }
  const EvaluatorOptions& options() const { return options_; }
  // Episodes of one controller at one beta on all environments.
  std::int64_t episodes() const;
  // How many episodes it has run since it was made: for progress. Any thread may ask while others evaluate.
  std::uint64_t episodes_run() const { return run_->load(std::memory_order_relaxed); }

  // Cells in the order program, environment, beta. `done`, when given, is called now and then from any
  // thread with the number of (program, beta, question) blocks finished and their total.
  using Progress = std::function<void(std::size_t done, std::size_t total)>;
  std::vector<Cell> evaluate(std::span<const genome::Program> programs, std::span<const double> betas,
                             const Progress& done = {}) const;

  // The same for any jobs, so that an evaluation can be made in slices: cells in the order job, environment.
  // Sums of slices that touch add up to those of the whole.
  std::vector<Cell> run(std::span<const EvaluationJob> jobs, const Progress& done = {}) const;

  // The same on some of the questions: cells in the order job, environment of the set.
  std::vector<Cell> run(std::span<const EvaluationJob> jobs, const QuestionSet& questions,
                        const Progress& done = {}) const;

  // The same as one row: by job, then question of the set.
  std::vector<QuestionSums> sums(std::span<const EvaluationJob> jobs, const QuestionSet& questions,
                                 const Progress& done = {}) const;

  std::size_t cell_index(std::size_t program, std::size_t environment, std::size_t beta,
                         std::size_t betas) const {
    return (program * environments_.size() + environment) * betas + beta;
  }

 private:
  std::vector<Environment> environments_;
  EvaluatorOptions options_;
  Orderings orderings_;
  std::shared_ptr<std::atomic<std::uint64_t>> run_ = std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace replay
