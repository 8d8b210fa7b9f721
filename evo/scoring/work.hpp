// work.hpp: what scoring was asked for, counted.
// Why:      the cost of a search is compared in controllers and episodes, so every purpose must count alike.
// Use:      Work work;
//           scorer.score(children, living, work);
//           counters.episodes += work.episodes;
// Promises: depends on what was asked alone: episodes that a cache spared count, and the known controllers
//           that a baseline is measured by do not.
// Threads:  a value.
// Tests:    tests/evo/scoring/work_test.cpp
#pragma once

#include <cstdint>

namespace evo {

struct Work {
  std::uint64_t controllers = 0;  // each time one is scored, on however many orderings; not by validation
  std::uint64_t episodes = 0;     // those of validation too

  Work& operator+=(const Work& more) {
    controllers += more.controllers;
    episodes += more.episodes;
    return *this;
  }
  friend bool operator==(const Work&, const Work&) = default;
};

}  // namespace evo
