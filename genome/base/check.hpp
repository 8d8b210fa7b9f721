// check.hpp: EVOTTS_CHECK, the always-on assertion for broken invariants of our own code.
// Why:      a wrong state must not go on quietly into a score or a run repository.
// Use:      EVOTTS_CHECK(index < size);
// Promises: aborts with file, line and condition; never used for bad input, which gets a message.
// Threads:  any.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace genome::base {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, condition);
  std::abort();
}

}  // namespace genome::base

#define EVOTTS_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::genome::base::check_failed(#condition, __FILE__, __LINE__))
