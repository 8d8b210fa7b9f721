// synthetic_signals.hpp: made-up signals that tell right branches from wrong ones as well as wished.
// Why:      controllers that read signals need environments to be tried on, and recordings with signals are
//           few.
// Use:      const SyntheticSignals signals(parse_signal_names("entropy+logprob"));
//           signals.add(rng, probes, interval, tokens, shift, builder);
// Promises: the mean of a signal over a branch is normal, with deviation 1 before it is scaled, and lies
//           `shift` deviations above the middle; intervals scatter around it. Half of its variance is
//           shared by the signals of a branch. logprob is at most 0, entropy and confidence at least 0;
//           entropy falls where the others rise. Numbers have four decimals, as recorders print them.
// Threads:  immutable once made.
// Tests:    tests/replay/sources/synthetic_signals_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "genome/base/rng.hpp"
#include "replay/environment/question_builder.hpp"

namespace replay {

// The names in "entropy+logprob"; none in "". Throws InputError for what is no list of different names.
std::vector<std::string> parse_signal_names(std::string_view text);

class SyntheticSignals {
 public:
  explicit SyntheticSignals(std::vector<std::string> names);

  const std::vector<std::string>& names() const { return names_; }    // in the order given
  const std::vector<std::string>& sorted() const { return sorted_; }  // as columns of an environment

  // The numbers of the branch being built, which has `probes` already. `shift` is in standard deviations.
  void add(genome::base::Rng& rng, std::size_t probes, std::int64_t interval, std::int64_t tokens,
           double shift, QuestionBuilder& builder) const;

 private:
  std::vector<std::string> names_, sorted_;
};

}  // namespace replay
