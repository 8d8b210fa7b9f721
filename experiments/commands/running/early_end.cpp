#include "experiments/commands/running/early_end.hpp"

#include <fmt/format.h>

#include "evo/base/error.hpp"
#include "experiments/ranks/ranks.hpp"

namespace experiments {

std::unique_ptr<StopSignals> stop_signals(const RunArguments& arguments) {
  if (arguments.one_of_many) return nullptr;
  return std::make_unique<StopSignals>(kStopsAfterCommit, launcher_here());
}

void end_without(std::string_view what, std::string_view more) {
  end_ranks_in_order();
  if (stop_at_once())
    throw evo::StorageError(fmt::format("stopped before {}, and nothing is kept: start again", what));
  throw evo::StorageError(
      fmt::format("the time is up before {}, and nothing is kept; give more --minutes, or {}", what, more));
}

}  // namespace experiments
