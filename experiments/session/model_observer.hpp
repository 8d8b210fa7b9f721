// model_observer.hpp: the terminal and the files of a run, as those who watch models being asked.
// Why:      what people are told, and what took time, must never enter the tree of a run.
// Use:      options.observer = std::make_shared<ModelObserver>(experiment, evaluator, run_folder);
// Promises: messages go to standard error. RUN/exchanges.log gets a line an exchange; that it cannot be
//           written is no failure, as nothing depends on it. A signal to stop is passed on (signals.hpp).
// Threads:  as llm_mutators/proposers/observer.hpp. The evaluator must outlive the object.
// Tests:    tests/experiments/session/model_run_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "experiments/console/report.hpp"
#include "experiments/session/observations.hpp"
#include "llm_mutators/proposers/observer.hpp"

namespace experiments {

class ModelObserver : public llm_mutators::Observer {
 public:
  ModelObserver(const evo::Experiment& experiment, const replay::Evaluator& evaluator,
                const std::filesystem::path& run);
  std::string observations(const evo::Individual& parent) override;
  void tell(const std::string& message) override { report(message); }
  void log(const std::string& line) override;
  bool stop_requested() override;

  Observed observed() const {
    return {
        .evaluator = evaluator_, .betas = betas_, .variants = variants_, .prompt_version = prompt_version_};
  }

 private:
  const replay::Evaluator& evaluator_;
  const std::vector<double> betas_;
  const std::size_t variants_;
  const int prompt_version_;
  const std::filesystem::path log_;
};

}  // namespace experiments
