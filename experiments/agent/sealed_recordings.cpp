#include "experiments/agent/sealed_recordings.hpp"

#include <fmt/format.h>
#include <system_error>

#include "evo/base/layout.hpp"
#include "evo/git/run_repository.hpp"
#include "evo/record/held_out.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/error.hpp"
#include "genome/base/text.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 4, kMostEntries = 10'000;

std::vector<fs::path> runs_that_hold_out(const fs::path& root) {
  std::vector<fs::path> runs;
  std::error_code failed;
  int entries = 0;
  for (fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, failed), end;
       !failed && at != end && entries < kMostEntries; at.increment(failed), ++entries) {
    if (at->path().filename() == ".git" || at.depth() >= kDeepest) at.disable_recursion_pending();
    if (at->path().filename() == evo::kHeldOutFile && fs::exists(at->path().parent_path() / ".git", failed))
      runs.push_back(at->path().parent_path());
  }
  return runs;
}

}  // namespace

void expect_not_held_out(const fs::path& root, const std::vector<std::string>& environments) {
  std::vector<evo::Fingerprint> prints;  // made when a run holds something out
  for (const fs::path& run : runs_that_hold_out(root)) {
    std::vector<evo::Fingerprint> sealed;
    try {
      sealed = evo::sealed_in(evo::RunRepository::open(run), {});
    } catch (const genome::base::Error&) {
      continue;  // no run that anything could be said of
    }
    if (!sealed.empty() && prints.empty())
      prints = evo::fingerprints_of(replay::open_environments(environments));
    for (const evo::Fingerprint& held : sealed) {
      for (const evo::Fingerprint& each : prints) {
        if (evo::same_file_or_question(held, each))
          throw UsageError(
              fmt::format("{} is held out by the run {}: only evotts unseal looks at it, on record",
                          genome::base::visible(each.name),
                          genome::base::visible(run.lexically_relative(root).string())));
      }
    }
  }
}

}  // namespace experiments
