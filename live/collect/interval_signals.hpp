// interval_signals.hpp: log-probabilities of a branch's tokens -> signals of its intervals.
// Why:      controllers read how sure the model was, one number for each interval.
// Use:      auto signals = interval_signals({.logprobs = logprobs, .top = top}, {500, 1000});
//           signals["logprob"]  // three numbers
// Promises: a pure function. `logprob` is the mean log-probability of the sampled tokens. `entropy` (nats)
//           and `confidence` are there when candidates are told, two or more for each token. The entropy is
//           that of the candidates and of one more that has the rest of the probability, hence at most the
//           true one; the confidence is the negative mean of the candidates' log-probabilities (DeepConf,
//           arXiv 2508.15260, equation 2), averaged over tokens. Numbers are rounded to 4 decimals. A signal
//           that is missing for an interval with tokens is left out whole; an interval without tokens has 0.
// Threads:  pure functions.
// Tests:    tests/live/collect/interval_signals_test.cpp
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace live {

// Of each token in turn; what the server did not tell is NaN, or an empty list.
struct TokenLogprobs {
  std::vector<float> logprobs;
  std::vector<std::vector<float>> top;
};

// `ends` are the places of tokens at which intervals end, rising; what follows the last is one more interval.
std::map<std::string, std::vector<double>> interval_signals(const TokenLogprobs& tokens,
                                                            const std::vector<std::size_t>& ends);

}  // namespace live
