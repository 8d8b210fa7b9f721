#include "evo/base/charge.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace evo {

double log_charge(double charged, const Charge& charge) {
  return std::log(std::max(charged, charge.of_one_token()));
}

bool is_charge(const Charge& charge) {
  const auto allowed = [](double weight) {
    return weight == 0 || (weight >= Charge::kLeast && weight <= Charge::kMost);
  };
  return allowed(charge.tokens) && allowed(charge.latency_tokens) &&
         charge.tokens + charge.latency_tokens > 0;
}

std::string unit_of(const Charge& charge) {
  if (charge.is_tokens()) return "tokens";
  if (charge.is_latency()) return "latency_tokens";
  if (charge.latency_tokens == 0) return fmt::format("{} tokens", charge.tokens);
  if (charge.tokens == 0) return fmt::format("{} latency_tokens", charge.latency_tokens);
  return fmt::format("{} tokens + {} latency_tokens", charge.tokens, charge.latency_tokens);
}

}  // namespace evo
