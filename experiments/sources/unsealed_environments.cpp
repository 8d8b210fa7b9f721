#include "experiments/sources/unsealed_environments.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <system_error>

#include "evo/record/held_out.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

// --env takes all words behind it, so a controller that was meant as one more is read as a file.
void expect_no_controllers(std::span<const std::string> specs) {
  for (const std::string& spec : specs) {
    std::error_code unknown;
    if (!genome::known_controller(spec) || std::filesystem::exists(spec, unknown)) continue;
    throw UsageError(fmt::format(
        "{}: cannot be opened: there is no such file; {} is a known controller: name it before --env", spec,
        spec));
  }
}

}  // namespace

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
  expect_no_controllers(specs);
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
