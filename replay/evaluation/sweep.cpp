#include "replay/evaluation/sweep.hpp"

#include <atomic>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace replay {

void sweep(std::span<const Environment> environments, std::size_t betas, const SweepVisit& visit,
           const Evaluator::Progress& done) {
  std::vector<SweepPlace> places;
  for (std::size_t e = 0; e < environments.size(); ++e) {
    for (std::size_t b = 0; b < betas; ++b) {
      for (std::size_t q = 0; q < environments[e].questions.size(); ++q) places.push_back({e, b, q});
    }
  }
  tbb::enumerable_thread_specific<Machine> machines;
  std::atomic<std::size_t> finished{0};
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, places.size(), 1),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      Machine& machine = machines.local();
                      for (std::size_t i = range.begin(); i != range.end(); ++i) {
                        visit(machine, places[i]);
                        if (done) done(++finished, places.size());
                      }
                    });
}

Orderings orderings_of(std::span<const Environment> environments, const EvaluatorOptions& options) {
  std::vector<std::size_t> sizes;
  for (const Environment& environment : environments) {
    for (const Question& question : environment.questions) sizes.push_back(question.branches.size());
  }
  return Orderings(options.first_ordering, options.orderings, sizes);
}

}  // namespace replay
