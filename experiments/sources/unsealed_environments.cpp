#include "experiments/sources/unsealed_environments.hpp"

#include <fmt/format.h>

#include "evo/record/held_out.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"
#include "replay/sources/source.hpp"

namespace experiments {

std::string held_out_refusal(std::string_view environment, std::string_view controller,
                             const std::string& run) {
  using genome::base::visible;
  return fmt::format(
      "{} is held out by the run that {} was taken out of; {} scores it there, and puts the look on record",
      visible(environment), visible(controller),
      genome::base::quoted_command("evotts unseal " + genome::base::shell_path(run)));
}

std::vector<replay::Environment> environments_for(std::span<const NamedController> controllers,
                                                  std::span<const std::string> specs) {
  std::vector<replay::Environment> environments = replay::open_environments(specs);
  std::vector<evo::Fingerprint> prints;  // of them, made when a run holds something out
  for (const NamedController& named : controllers) {
    if (named.run.empty()) continue;
    const RunAt at = open_run(named.run);
    for (const evo::Fingerprint& sealed : evo::sealed_in(at.repository, at.revision)) {
      if (prints.empty()) prints = evo::fingerprints_of(environments);
      for (const evo::Fingerprint& each : prints) {
        if (evo::same_file_or_question(sealed, each))
          throw UsageError(held_out_refusal(each.name, named.label, named.run));
      }
    }
  }
  return environments;
}

}  // namespace experiments
