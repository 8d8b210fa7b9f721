#include "experiments/sources/unsealed_environments.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "evo/record/held_out.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/source.hpp"

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
  for (const NamedController& named : controllers) {
    if (named.run.empty()) continue;
    const RunAt at = open_run(named.run);
    for (const evo::EnvironmentMark& sealed : evo::sealed_in(at.repository, at.revision)) {
      const auto found =
          std::find_if(environments.begin(), environments.end(),
                       [&](const replay::Environment& each) { return each.digest == sealed.digest; });
      if (found == environments.end()) continue;
      throw UsageError(held_out_refusal(found->name, named.label, named.run));
    }
  }
  return environments;
}

}  // namespace experiments
