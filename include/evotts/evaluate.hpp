// evaluate.hpp: controllers scored on environments: accuracy and tokens at every beta.
// Why:      a controller's worth is its curve from tokens to accuracy, over many orders in which the recorded
//           branches are dealt.
// Use:      const evotts::Evaluator evaluator({evotts::Environment::synthetic("seed=3")}, {.orderings = 20});
//           for (const evotts::Score& s : evaluator.evaluate(evotts::known_controller("cmc"), {0, 0.5, 1}))
//             std::printf("%g: %.2f%% for %.0f tokens\n", s.beta, s.accuracy, s.tokens);
//           const std::vector<evotts::Controller> one = {evotts::known_controller("sc")};
//           evaluator.evaluate(one, {0.5}, [](std::size_t done, std::size_t total) {
//             std::printf("%zu of %zu\n", done, total);
//           });
// Promises: the result is the same to the last digit on any number of threads, and equal to what
//           `evotts eval` prints for the same controllers, environments and options.
// Throws:   Error (kInput) when there is no environment, controller or beta, a number is out of range, or an
//           environment is one that the controller's own run holds out (see run.hpp). What a call of Progress
//           throws ends the evaluation, and evaluate() throws it.
// Threads:  an evaluator uses `threads` threads of its own while evaluate() runs. Any number of threads may
//           call evaluate() at once. No thread is left when it returns, so that a process may fork then. One
//           that was moved from may only be assigned to or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <evotts/controller.hpp>
#include <evotts/environment.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace evotts {

namespace detail {
struct EvaluatorData;
}  // namespace detail

struct EvaluationOptions {
  int orderings = 100;               // orders in which the branches of a question are dealt, 1 to 10,000
  std::uint64_t first_ordering = 0;  // the seed of the first, below 2^63; the others count on from it
  std::optional<std::int64_t> budget = std::nullopt;  // tokens of an episode, 0 to 10^12; none: no limit
  std::int64_t probe_cost = 0;                        // tokens of a probe, 0 to 10^6
  int threads = 0;                                    // 0: all cores; at most 1024
  std::uint64_t bootstrap_seed = 0;                   // for the intervals
};

// Sums over the orderings of one question.
struct QuestionScore {
  std::int64_t right = 0;           // episodes with the right answer
  std::int64_t tokens = 0;          // of all episodes
  std::int64_t latency_tokens = 0;  // of all episodes
  friend bool operator==(const QuestionScore&, const QuestionScore&) = default;
};

// One controller on one environment at one beta.
struct Score {
  std::size_t controller = 0;   // its place among the controllers given
  std::size_t environment = 0;  // its place among the evaluator's environments
  double beta = 0;
  double accuracy = 0;                         // percent of episodes
  double accuracy_low = 0, accuracy_high = 0;  // its 95% interval, a bootstrap over questions
  double tokens = 0;                           // mean of an episode
  double latency_tokens = 0;                   // mean of an episode, with branches side by side
  std::vector<QuestionScore> questions;        // in their order
  friend bool operator==(const Score&, const Score&) = default;
};

// Called often, from any of the evaluation's threads, and at once from several: parts of the work that are
// done, and how many there are. The thread that called evaluate() is one of them.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

class Evaluator {
 public:
  explicit Evaluator(std::vector<Environment> environments, const EvaluationOptions& options = {});

  const std::vector<Environment>& environments() const;

  // Betas are from 0 to 1. Scores are in the order controller, environment, beta.
  std::vector<Score> evaluate(const std::vector<Controller>& controllers,
                              const std::vector<double>& betas) const;
  std::vector<Score> evaluate(const std::vector<Controller>& controllers, const std::vector<double>& betas,
                              const Progress& progress) const;
  std::vector<Score> evaluate(const Controller& controller, const std::vector<double>& betas) const;

 private:
  std::shared_ptr<const detail::EvaluatorData> data_;
};

}  // namespace evotts
