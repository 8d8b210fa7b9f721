#include "experiments/session/model_observer.hpp"

#include <cstdio>
#include <fmt/format.h>

#include "evo/base/layout.hpp"
#include "experiments/session/signals.hpp"

namespace experiments {

ModelObserver::ModelObserver(const evo::Experiment& experiment, const replay::Evaluator& evaluator,
                             const std::filesystem::path& run)
    : evaluator_(evaluator),
      betas_(experiment.betas),
      variants_(experiment.reweightings.size()),
      log_(run / evo::kExchangesLogFile) {}

std::string ModelObserver::observations(const evo::Individual& parent) {
  return experiments::observations(parent, observed());
}

void ModelObserver::log(const std::string& line) {
  std::FILE* const file = std::fopen(log_.c_str(), "ae");
  if (file == nullptr) return;
  fmt::print(file, "{}\n", line);
  std::fclose(file);
}

bool ModelObserver::stop_requested() { return experiments::stop_requested(); }

}  // namespace experiments
