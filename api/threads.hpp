// threads.hpp: work on so many threads of its own.
// Why:      a library must not set limits for the whole process, as the program does with --threads.
// Use:      on_threads(options.threads, [&] { cells = evaluator.evaluate(programs, betas); });
// Promises: returns when the work is done, and passes on what it throws. 0 threads stand for all cores.
// Threads:  any; calls at once have threads of their own.
// Tests:    tests/api/evaluate_test.cpp
#pragma once

#include <tbb/task_arena.h>

#include "api/boundary.hpp"

namespace evotts::detail {

inline void expect_threads(int threads) { expect_within("threads", threads, 0, 1024); }

template <typename Work>
void on_threads(int threads, Work&& work) {
  tbb::task_arena arena(threads == 0 ? tbb::task_arena::automatic : threads);
  arena.execute(work);
}

}  // namespace evotts::detail
