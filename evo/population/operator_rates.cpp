#include "evo/population/operator_rates.hpp"

#include <vector>

namespace evo {

void OperatorRates::credit(std::string_view operation, bool gained) {
  while (!operation.empty()) {
    const std::size_t plus = operation.find('+');
    Record& record = records_[std::string(operation.substr(0, plus))];
    record.tries += 1;
    record.gains += gained ? 1 : 0;
    operation = plus == std::string_view::npos ? std::string_view() : operation.substr(plus + 1);
  }
}

void OperatorRates::fade() {
  for (auto& [name, record] : records_) {
    record.tries *= kFade;
    record.gains *= kFade;
  }
}

double OperatorRates::weight(std::string_view name) const {
  const auto at = records_.find(std::string(name));
  const Record record = at == records_.end() ? Record{} : at->second;
  return kFloor + (record.gains + kPrior * kPriorTries) / (record.tries + kPriorTries);
}

std::size_t OperatorRates::draw(genome::base::Rng& rng, std::span<const std::string_view> names) const {
  double sum = 0;
  std::vector<double> weights;
  for (const std::string_view name : names) sum += weights.emplace_back(weight(name));
  double left = sum * genome::base::uniform_real(rng);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return names.size() - 1;
}

}  // namespace evo
