#include "live/collect/interval_signals.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace live {
namespace {

using OfToken = std::function<std::optional<double>(std::size_t token)>;

std::optional<double> finite(double value) {
  if (!std::isfinite(value)) return {};
  return value;
}

std::optional<double> entropy(const std::vector<float>& candidates) {
  if (candidates.size() < 2) return {};
  double sum = 0, total = 0;
  for (const float logprob : candidates) {
    const double p = std::exp(static_cast<double>(logprob));
    if (p > 0) sum -= p * static_cast<double>(logprob);
    total += p;
  }
  const double rest = 1 - total;
  if (rest > 0) sum -= rest * std::log(rest);
  return finite(sum);
}

std::optional<double> confidence(const std::vector<float>& candidates) {
  if (candidates.size() < 2) return {};
  double sum = 0;
  for (const float logprob : candidates) sum -= static_cast<double>(logprob);
  return finite(sum / static_cast<double>(candidates.size()));
}

double rounded(double value) {
  const double result = std::round(value * 1e4) / 1e4;
  return result == 0 ? 0 : result;  // no -0
}

// The mean over each interval; empty when one that has tokens has no number.
std::vector<double> means(std::size_t tokens, const std::vector<std::size_t>& ends, const OfToken& of) {
  std::vector<double> all;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= ends.size(); ++i) {
    const std::size_t end = i < ends.size() ? std::clamp(ends[i], begin, tokens) : tokens;
    double sum = 0;
    std::size_t known = 0;
    for (std::size_t token = begin; token < end; ++token) {
      const std::optional<double> value = of(token);
      if (!value) continue;
      sum += *value;
      ++known;
    }
    if (known == 0 && end > begin) return {};
    all.push_back(known == 0 ? 0 : rounded(sum / static_cast<double>(known)));
    begin = end;
  }
  return all;
}

}  // namespace

std::map<std::string, std::vector<double>> interval_signals(const TokenLogprobs& tokens,
                                                            const std::vector<std::size_t>& ends) {
  std::map<std::string, std::vector<double>> signals;
  const auto add = [&](const char* name, std::size_t count, const OfToken& of) {
    if (count == 0) return;
    if (std::vector<double> numbers = means(count, ends, of); !numbers.empty())
      signals[name] = std::move(numbers);
  };
  const auto& [logprobs, top] = tokens;
  add("logprob", logprobs.size(),
      [&](std::size_t token) { return finite(static_cast<double>(logprobs[token])); });
  add("entropy", top.size(), [&](std::size_t token) { return entropy(top[token]); });
  add("confidence", top.size(), [&](std::size_t token) { return confidence(top[token]); });
  return signals;
}

}  // namespace live
