#include "api/data.hpp"

#include "api/boundary.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "genome/base/digest.hpp"
#include "genome/text/printer.hpp"

namespace evotts::detail {

Sealing sealing_of(const evo::RunRepository& repository, const std::string& revision) {
  return {repository.path().string(), evo::sealed_in(repository, revision)};
}

Controller Access::make(genome::CheckedController checked, Sealing sealing) {
  std::string text = genome::print(checked.tree());
  std::string id = genome::base::git_blob_id(text);
  return Controller(std::make_shared<const ControllerData>(
      ControllerData{std::move(checked), std::move(text), std::move(id), std::move(sealing)}));
}

Controller Access::make(const std::string& canonical_text, Sealing sealing) {
  genome::CheckResult result = genome::check_text(canonical_text);
  if (!result.controller)
    throw_input(sealing.run + ": a controller of this run is not valid:\n" +
                genome::render_all(result.diagnostics, "controller", canonical_text));
  return make(std::move(*result.controller), std::move(sealing));
}

Environment Access::make(replay::Environment recorded) {
  return Environment(std::make_shared<const EnvironmentData>(EnvironmentData{std::move(recorded)}));
}

void expect_not_held_out(const Controller& controller, const replay::Environment& environment) {
  const ControllerData& data = Access::of(controller);
  if (data.sealing.environments.empty()) return;
  const evo::Fingerprint print = evo::fingerprint_of(environment);
  for (const evo::Fingerprint& sealed : data.sealing.environments) {
    if (evo::same_file_or_question(sealed, print))
      throw_input(experiments::held_out_refusal(environment.name, data.id, data.sealing.run));
  }
}

}  // namespace evotts::detail
