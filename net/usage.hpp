// usage.hpp: what an exchange with a language model used, and what that costs.
// Why:      bills are made of four kinds of tokens, and providers report them in different ways; adding the
//           wrong ones is how budgets are overrun.
// Use:      double money = cost({.input = 3, .cached_read = 0.3, .cache_write = 3.75, .output = 15}, usage);
// Promises: pure functions. `input` holds all tokens read, those from the provider's cache and those written
//           into it included; `output` holds all tokens written, reasoning included: reasoning is never
//           added. A count that was not reported is missing, which is not the same as 0.
// Threads:  values.
// Tests:    tests/net/usage_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace net {

struct Usage {
  std::optional<std::int64_t> input;
  std::optional<std::int64_t> cached_read;  // of the input, read from the provider's cache
  std::optional<std::int64_t> cache_write;  // of the input, written into it
  std::optional<std::int64_t> output;
  std::optional<std::int64_t> reasoning;  // of the output
  // Whether enough was reported to make a bill.
  bool known() const { return input.has_value() && output.has_value(); }
  friend bool operator==(const Usage&, const Usage&) = default;
};

// Money for a million tokens of each kind, in any one currency.
struct Price {
  double input = 0;
  double cached_read = 0;
  double cache_write = 0;
  double output = 0;
  friend bool operator==(const Price&, const Price&) = default;
};

// REQUIRES: usage.known().
double cost(const Price& price, const Usage& usage);

// The most that one call may use: a token is never less than a byte of the prompt, and `output_tokens` bounds
// what is written. Both kinds of input are taken at the dearest price.
Usage worst_usage(std::size_t prompt_bytes, std::int64_t output_tokens);
double worst_cost(const Price& price, std::size_t prompt_bytes, std::int64_t output_tokens);

}  // namespace net
