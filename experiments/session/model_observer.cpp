#include "experiments/session/model_observer.hpp"

#include "evo/base/layout.hpp"
#include "evo/base/run_file.hpp"
#include "experiments/session/signals.hpp"

namespace experiments {

ModelObserver::ModelObserver(const evo::Experiment& experiment, const replay::Evaluator& evaluator,
                             const std::filesystem::path& run)
    : evaluator_(evaluator),
      betas_(experiment.betas),
      variants_(experiment.reweightings.size()),
      prompt_version_(experiment.model_prompt_version),
      log_(run / evo::kExchangesLogFile) {}

std::string ModelObserver::observations(const evo::Individual& parent) {
  return experiments::observations(parent, observed());
}

void ModelObserver::log(const std::string& line) { evo::add_line(log_, line); }

bool ModelObserver::stop_requested() { return waiting_is_over(); }

}  // namespace experiments
