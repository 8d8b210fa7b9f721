// sweep.hpp: visits every question of every environment at every beta, on all cores.
// Why:      what looks into episodes (diagnoses, comparisons) must see those that evaluation sums up, and
//           just as fast; the evaluator itself keeps only sums.
// Use:      sweep(environments, betas.size(), [&](Machine& machine, const SweepPlace& at) {
//             results[index_of(at)] = look(machine, environments[at.environment].questions[at.question]);
//           });
// Promises: every place is visited exactly once; a visitor that writes by place gives the same result on any
//           number of threads.
// Threads:  uses the threads of the calling TBB arena; `visit` and `done` are called from any of them.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "replay/environment/environment.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/machine/machine.hpp"

namespace replay {

struct SweepPlace {
  std::size_t environment = 0;
  std::size_t beta = 0;
  std::size_t question = 0;
};

using SweepVisit = std::function<void(Machine&, const SweepPlace&)>;

void sweep(std::span<const Environment> environments, std::size_t betas, const SweepVisit& visit,
           const Evaluator::Progress& done = {});

// The orderings that such a sweep deals its questions in.
Orderings orderings_of(std::span<const Environment> environments, const EvaluatorOptions& options);

}  // namespace replay
