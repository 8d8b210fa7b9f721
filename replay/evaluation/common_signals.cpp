#include "replay/evaluation/common_signals.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace replay {
namespace {

constexpr std::size_t kLeftOut = 20;  // one of so many, at either end

std::vector<std::string> common_names(std::span<const Environment> environments) {
  if (environments.empty()) return {};
  std::vector<std::string> names = environments.front().signals;
  for (const Environment& environment : environments.subspan(1)) {
    std::erase_if(names, [&](const std::string& name) {
      return !std::ranges::binary_search(environment.signals, name);
    });
  }
  return names;
}

void append_means(std::vector<double>& means, const Environment& environment, const std::string& signal) {
  const auto place = std::ranges::lower_bound(environment.signals, signal) - environment.signals.begin();
  for (const Question& question : environment.questions) {
    const std::vector<double>& mean = question.signals[static_cast<std::size_t>(place)].mean;
    for (const Branch& branch : question.branches)
      means.push_back(mean[branch.first_signal + branch.probes + 1]);
  }
}

double ranked(std::vector<double>& values, std::size_t rank) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

std::vector<genome::RecordedSignal> common_signals(std::span<const Environment> environments) {
  std::vector<genome::RecordedSignal> signals;
  for (const std::string& name : common_names(environments)) {
    std::vector<double> means;
    for (const Environment& environment : environments) append_means(means, environment, name);
    const std::size_t last = means.size() - 1, left_out = means.size() / kLeftOut;
    signals.push_back({name, ranked(means, left_out), ranked(means, last - left_out)});
  }
  return signals;
}

std::vector<std::string> names_of(std::span<const genome::RecordedSignal> signals) {
  std::vector<std::string> names;
  for (const genome::RecordedSignal& each : signals) names.push_back(each.name);
  return names;
}

}  // namespace replay
