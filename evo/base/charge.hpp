// charge.hpp: what an episode costs, in the unit that budgets are given in.
// Why:      some pay for every token, others wait for the longest branch of each round, many do both. What
//           is paid decides which controller is good, so it is said once and everything counts in it.
// Use:      const Charge mixed{.tokens = 0.7, .latency_tokens = 0.3};
//           if (mixed.of(point) <= range.high) ...
// Promises: the tokens, or the latency tokens, of a point come out as they are, to the last bit. Weights give
//           the unit, as a price of a token or seconds, so that charges may be far below 1.
// Threads:  a value.
// Tests:    tests/evo/population/charge_test.cpp
#pragma once

#include <string>

namespace evo {

// The weights of the two in a sum; one of them at least is above 0.
struct Charge {
  static constexpr double kLeast = 1e-9, kMost = 1000;  // of a weight that is not 0

  double tokens = 1;
  double latency_tokens = 0;

  bool is_tokens() const { return tokens == 1 && latency_tokens == 0; }
  bool is_latency() const { return tokens == 0 && latency_tokens == 1; }

  double of(double some_tokens, double some_latency) const {
    if (is_tokens()) return some_tokens;
    if (is_latency()) return some_latency;
    return tokens * some_tokens + latency_tokens * some_latency;
  }
  // What one token costs that nothing runs beside. Unless it is free, no episode costs less.
  double of_one_token() const { return tokens + latency_tokens; }

  // Of a point of a curve.
  template <typename Point>
  double of(const Point& point) const {
    return of(point.tokens, point.latency_tokens);
  }

  friend bool operator==(const Charge&, const Charge&) = default;
};

// The logarithm of something charged, or that of one token where it is less, as where an episode was free.
double log_charge(double charged, const Charge& charge);

bool is_charge(const Charge& charge);  // whether its weights are allowed

// "tokens", "latency_tokens" or "0.7 tokens + 0.3 latency_tokens".
std::string unit_of(const Charge& charge);

}  // namespace evo
