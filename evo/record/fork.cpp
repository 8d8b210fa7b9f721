#include "evo/record/fork.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "evo/base/error.hpp"
#include "evo/base/program_version.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/inherited_journal.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "evo/scoring/rescoring.hpp"
#include "genome/base/c_library.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

// The same individuals on as many islands as the experiment has now.
State dealt_to(const Experiment& experiment, const State& state, const RunRepository& source) {
  const auto islands = static_cast<std::size_t>(experiment.islands);
  if (state.islands.size() == islands) return state;
  State dealt = with_islands(state, islands);
  if (dealt.islands.size() == islands) return dealt;
  throw RunError(fmt::format("{}: {} individuals are too few for {} islands",
                             genome::base::visible(source.path().string()), state.living(), islands));
}

// Halves of other questions, or dealt by another seed, would have seen what they are judged on; scores under
// another objective are others. New ones are made in the next generation.
bool keeps_halves(const ForkRequest& request) {
  const auto deals_anew = [](const ChangedKey& each) {
    return each.key == "seed" || each.key == "objective.expected_lead";
  };
  return request.scorer == nullptr && std::ranges::none_of(request.changes, deals_anew);
}

std::string message_of(const State& state, const ForkRequest& request) {
  std::string message =
      fmt::format("fork at generation {}: {}\n\n", state.generation, shown_changes(request.changes));
  for (const ChangedKey& each : request.changes)
    message += fmt::format("{}: {} -> {}\n", each.key, each.from, each.to);
  if (request.scorer != nullptr) message += "The population and the archive were scored anew.\n";
  return message + "\n" +
         trailer_lines({{Trailer::kForkPoint, request.revision},
                        {Trailer::kForkGeneration, fmt::format("{}", state.generation)},
                        {Trailer::kForkRescored, request.scorer != nullptr ? "yes" : "no"},
                        {Trailer::kBestId, state.best().id},
                        {Trailer::kBestScore, fmt::format("{:.6f}", state.best().score)},
                        {Trailer::kProgramVersion, program_trailer()},
                        {Trailer::kCLibrary, genome::base::c_library()}});
}

}  // namespace

std::string shown_changes(const std::vector<ChangedKey>& changes) {
  std::string text;
  for (const ChangedKey& each : changes)
    text += fmt::format("{}{} {} -> {}", text.empty() ? "" : ", ", each.key, each.from, each.to);
  constexpr std::size_t kLine = 100;  // the rest stands below
  return text.size() <= kLine ? text : fmt::format("{} keys changed", changes.size());
}

RunRepository fork_run(const RunRepository& source, const Experiment& experiment, const ForkRequest& request,
                       const std::filesystem::path& path) {
  const std::string branches[] = {kUnsealedBranch, kInheritedBranch};
  const RunRepository::Beside beside{
      kInheritedBranch,
      {.put = request.inherited},
      fmt::format("{} exchanges with models after the fork\n\n", request.inherited.size()) +
          trailer_lines({{Trailer::kForkPoint, request.revision}})};
  if (request.changes.empty())
    return RunRepository::fork(source, request.revision, path, {}, "", branches, beside);
  const State before = state_in(source, request.revision);
  const State dealt = dealt_to(experiment, before, source);
  Step step{.state = request.scorer != nullptr ? rescored_population(dealt, *request.scorer) : dealt};
  if (!keeps_halves(request) || step.state.islands.size() != before.islands.size() ||
      !experiment.expected_gain)
    forget_expectation(step.state);
  step.state.experiment = genome::base::sha1_hex(request.toml);
  RunRepository::Changes changes = files_after(step, &before, experiment);
  changes.put.erase(lineage_path(step.state.generation));  // nobody was born
  const bool as_it_was = request.scorer == nullptr && before.islands.size() == dealt.islands.size() &&
                         before.expected == step.state.expected;
  if (as_it_was) changes.put.erase(kGenerationFile);
  changes.put[kExperimentFile] = request.toml;
  if (!request.held_out.empty()) changes.put[kHeldOutFile] = request.held_out;
  return RunRepository::fork(source, request.revision, path, changes, message_of(step.state, request),
                             branches, beside);
}

}  // namespace evo
