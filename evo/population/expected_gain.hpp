// expected_gain.hpp: what a search like this one gains on new questions, as far as a run knows.
// Why:      a champion looks best on the questions that it was chosen on. How it was estimated otherwise is
//           in evo/expectation; what came out is part of a run's state.
// Use:      if (state.expected) show(state.expected->gain, state.expected->against);
// Promises: points of accuracy: the mean over the experiment's budgets, uniform in log tokens, as the score
//           is. [low, high] is a 95% interval over distinct questions.
// Threads:  a value.
#pragma once

#include <cstdint>
#include <string>

namespace evo {

struct ExpectedGain {
  double gain = 0, low = 0, high = 0;
  double standard_error = 0;  // over distinct questions
  double detectable = 0;      // the smallest true gain that so many questions show four times in five
  std::string against;        // the name of the best known controller
  std::uint64_t questions = 0;

  friend bool operator==(const ExpectedGain&, const ExpectedGain&) = default;
};

}  // namespace evo
