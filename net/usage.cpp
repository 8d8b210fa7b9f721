#include "net/usage.hpp"

#include <algorithm>

#include "genome/base/check.hpp"

namespace net {
namespace {

constexpr double kMillion = 1e6;
constexpr std::int64_t kEnvelope = 200;  // tokens that a chat's own marks may add to a prompt

}  // namespace

double cost(const Price& price, const Usage& usage) {
  EVOTTS_CHECK(usage.known());
  const std::int64_t read = std::clamp<std::int64_t>(usage.cached_read.value_or(0), 0, *usage.input);
  const std::int64_t written =
      std::clamp<std::int64_t>(usage.cache_write.value_or(0), 0, *usage.input - read);
  const auto money = [](std::int64_t tokens, double price_of_a_million) {
    return static_cast<double>(tokens) * price_of_a_million / kMillion;
  };
  return money(*usage.input - read - written, price.input) + money(read, price.cached_read) +
         money(written, price.cache_write) + money(*usage.output, price.output);
}

Usage worst_usage(std::size_t prompt_bytes, std::int64_t output_tokens) {
  return {.input = static_cast<std::int64_t>(prompt_bytes) + kEnvelope, .output = output_tokens};
}

double worst_cost(const Price& price, std::size_t prompt_bytes, std::int64_t output_tokens) {
  const double dearest = std::max({price.input, price.cached_read, price.cache_write});
  return cost({.input = dearest, .output = price.output}, worst_usage(prompt_bytes, output_tokens));
}

}  // namespace net
