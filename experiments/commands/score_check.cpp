#include "experiments/commands/score_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "evo/base/layout.hpp"
#include "evo/base/program_version.hpp"
#include "evo/expectation/expectation_check.hpp"
#include "evo/record/c_libraries.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "evo/scoring/rescoring.hpp"
#include "evo/search/limits_search.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "genome/base/json.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

struct Living {
  std::size_t island = 0;  // counted from 0
  const evo::Individual* individual = nullptr;
};

// Evenly over the population, island after island, the best of each first.
std::vector<Living> sample_of(const evo::State& state, std::size_t wanted) {
  std::vector<Living> all, sample;
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    for (const evo::Individual& each : state.islands[i].population) all.push_back({i, &each});
  }
  const std::size_t count = std::min(all.size(), wanted);
  for (std::size_t i = 0; i < count; ++i) sample.push_back(all[i * all.size() / count]);
  return sample;
}

// Compares one individual, and says what is not the same.
void compare_scores(ScoreCheck& check, const evo::Individual& recorded, const evo::Individual& again,
                    int island) {
  ++check.compared;
  const auto difference = evo::score_difference(recorded, again);
  if (!difference) return;
  if (!check.elsewhere.empty() && !evo::score_difference(recorded, again, evo::Digits::kRounded))
    ++check.rounded;
  else
    check.problems.push_back(fmt::format("{}: {}", evo::population_path(recorded.id, island), *difference));
}

// The commits, newest first and without a gap, whose generation.json says of `key` what it says at `at`. The
// last of them is where that was computed; it came along to the others.
std::vector<evo::CommitInfo> saying_the_same(const RunAt& at, const char* key) {
  const auto said = [&](const std::string& revision) {
    const auto text = at.repository.read(evo::kGenerationFile, revision);
    const auto json = genome::base::read_json(text.value_or("{}"));
    nlohmann::json found = json.is_object() && json.contains(key) ? json[key] : nlohmann::json();
    if (found.is_object()) found.erase("measured");  // a count of tries, which goes on
    return found;
  };
  const nlohmann::json now = said(at.revision);
  std::vector<evo::CommitInfo> commits =
      at.repository.log(std::numeric_limits<std::size_t>::max(), at.revision);
  const auto otherwise =
      std::ranges::find_if(commits, [&](const evo::CommitInfo& each) { return said(each.id) != now; });
  commits.erase(otherwise, commits.end());
  return commits;
}

bool made_by_another_version(const std::vector<evo::CommitInfo>& commits) {
  return !commits.empty() &&
         evo::text_in(commits.back(), evo::Trailer::kProgramVersion) != evo::program_trailer();
}

constexpr const char* kOtherVersion = "another version of this program made it";

// Why an expected gain may come out otherwise than recorded although nothing is damaged; empty: for nothing.
std::string excuse(const RunAt& at) {
  const std::vector<evo::CommitInfo> commits = saying_the_same(at, "expected");
  const auto fork = [](const evo::CommitInfo& commit) { return evo::has(commit, evo::Trailer::kForkPoint); };
  if (std::ranges::any_of(commits, fork)) return "it was made before a fork";
  return made_by_another_version(commits) ? kOtherVersion : "";
}

void check_expectation(ScoreCheck& check, const RunAt& at, const evo::State& state,
                       const evo::Experiment& experiment, const replay::Evaluator& evaluator,
                       evo::Scorer& scorer) {
  if (!state.expected) return;
  const auto digits = check.elsewhere.empty() ? evo::Digits::kAll : evo::Digits::kRounded;
  const auto difference = evo::expectation_difference(state, experiment, evaluator, scorer, digits);
  check.expected = difference.value_or("made again, the same");
  if (!difference) return;
  if (const std::string why = excuse(at); !why.empty())
    check.expected += fmt::format(" ({})", why);
  else
    check.problems.push_back("expected gain: " + *difference);
}

// The figures of who was chosen for limits, measured again.
void check_choice(ScoreCheck& check, const RunAt& at, const evo::State& state,
                  const evo::Experiment& experiment, const replay::Evaluator& evaluator) {
  if (!state.limited || !experiment.limits.any()) return;
  const evo::LimitsChoice& choice = *state.limited;
  evo::Work uncounted;
  evo::LimitsSearch search(experiment, evaluator);
  const auto again = search.measured(choice.controller, choice.result.beta, uncounted);
  check.limits = again == choice.result ? "measured again, the same" : "measured again, otherwise";
  if (again == choice.result) return;
  if (made_by_another_version(saying_the_same(at, "limits")))
    check.limits += fmt::format(" ({})", kOtherVersion);
  else
    check.problems.push_back(fmt::format("{}: its figures come out otherwise", evo::kLimitsFile));
}

}  // namespace

ScoreCheck check_scores(const RunAt& at, std::size_t wanted) {
  ScoreCheck check;
  const std::string run = at.repository.path().string();
  evo::Experiment experiment = experiment_in(at);
  const evo::State state = evo::state_in(at.repository, at.revision);
  check.population = state.living();
  const std::vector<std::string> others = evo::other_c_libraries(at.repository, at.revision);
  if (!others.empty()) check.elsewhere = evo::shown_c_library(fmt::format("{}", fmt::join(others, ", ")));
  experiment.means = state.exact ? evo::Means::kExact : evo::Means::kRounded;
  find_environments(experiment, at.repository.path());
  std::optional<replay::Evaluator> evaluator;
  try {
    evaluator.emplace(make_evaluator(experiment));
  } catch (const replay::InputError& error) {
    check.left_out = error.what();
    return check;
  }
  const auto& environments = evaluator->environments();
  for (std::size_t i = 0; i < environments.size(); ++i) {
    if (i < state.environments.size() && environments[i].digest == state.environments[i].digest) continue;
    check.left_out =
        fmt::format("the environment {} is not what it was when the run was started", environments[i].source);
    return check;
  }
  if (state.islands.size() != static_cast<std::size_t>(experiment.islands)) {
    check.problems.push_back(fmt::format("{}: holds {} islands where the experiment has {}",
                                         evo::kCheckpointFile, state.islands.size(), experiment.islands));
    return check;
  }
  evo::Scorer scorer(experiment, *evaluator);
  ProgressLine progress("scoring again");
  const auto tell = progress.callback();
  const std::vector<Living> sample = sample_of(state, wanted);
  for (const auto& [island, recorded] : sample) {
    compare_scores(check, *recorded, evo::rescored(*recorded, scorer, island),
                   evo::island_number(state, island));
    if (tell) tell(check.compared, sample.size());
  }
  check_expectation(check, at, state, experiment, *evaluator, scorer);
  check_choice(check, at, state, experiment, *evaluator);
  return check;
}

}  // namespace experiments
