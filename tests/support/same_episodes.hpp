// same_episodes.hpp: two controllers act the same, in every episode of a small environment.
// Use:      inside a rapidcheck property: tests::expect_same_episodes(a, b, 0.5);
// Threads:  pure functions.
#pragma once

#include <cstdint>
#include <rapidcheck.h>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/sources/synthetic.hpp"

namespace tests {

inline const replay::Environment& small_world() {
  static const auto made = replay::make_synthetic({.seed = 4, .questions = 3, .branches = 24});
  return made;
}

inline void expect_same_episodes(const genome::Controller& a, const genome::Controller& b, double beta) {
  const genome::Program p = genome::compile(*genome::check(a).controller),
                        q = genome::compile(*genome::check(b).controller);
  const genome::BoundProgram at_beta = genome::bind(p, beta), fixed = genome::bind(q, beta);
  replay::Machine machine;
  for (std::uint64_t s = 0; s < 3; ++s) {
    const auto order = replay::ordering(s, 24);
    for (const replay::Question& question : small_world().questions) {
      const auto x = machine.run(at_beta, question, order), y = machine.run(fixed, question, order);
      RC_ASSERT(x.answer == y.answer);
      RC_ASSERT(x.tokens == y.tokens);
      RC_ASSERT(x.latency_tokens == y.latency_tokens);
      RC_ASSERT(x.rounds == y.rounds);
    }
  }
}

}  // namespace tests
