#include "experiments/commands/running/run_seeds.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <optional>
#include <set>

#include "evo/base/layout.hpp"
#include "evo/git/run_repository.hpp"
#include "evo/population/state.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/console/exit_codes.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/progress/run_log.hpp"
#include "experiments/session/expectation_text.hpp"
#include "experiments/session/signals.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

constexpr std::int64_t kMostSeeds = 1'000;

fs::path folder_of(const RunArguments& arguments, std::int64_t seed) {
  return fs::path(arguments.run) / fmt::format("seed-{}", seed);
}

fs::path end_of(const fs::path& run) { return run.string() + ".ended"; }

// Runs that ended by these are not gone on with by the same command.
std::string limits_of(const RunArguments& arguments) {
  return fmt::format("generations {} minutes {} stale {}\n", arguments.generations.value_or("-"),
                     arguments.minutes.value_or("-"), arguments.stale.value_or("-"));
}

void expect_alone(const RunArguments& arguments) {
  const auto refuse = [](const char* option) {
    throw UsageError(fmt::format("--seeds makes several new runs; leave it out with {}", option));
  };
  if (!arguments.registered.file.empty()) refuse("--preregister");
  if (!arguments.replayed.empty()) refuse("--replay-journal");
  if (arguments.estimate) refuse("--estimate");
  if (arguments.run.empty()) throw UsageError("run: --out is required; see evotts run --help");
  for (const std::string& setting : arguments.settings) {
    if (setting.starts_with("seed=")) throw UsageError("--set seed: --seeds gives the seeds");
  }
}

void make_folder(const fs::path& folder) {
  std::error_code failed;
  if (fs::exists(folder / ".git", failed))
    throw UsageError(
        fmt::format("--out {}: is one run; choose another folder for several", visible(folder.string())));
  fs::create_directories(folder, failed);
  if (failed || !fs::is_directory(folder, failed))
    throw UsageError(fmt::format("--out {}: cannot be made: {}", visible(folder.string()), failed.message()));
}

void expect_same_experiment(const fs::path& run, const std::string& toml) {
  const auto stored = evo::RunRepository::open(run).read(evo::kExperimentFile);
  if (stored && *stored == toml) return;
  throw UsageError(
      fmt::format("--out {}: is a run of another experiment; choose another folder", visible(run.string())));
}

RunArguments one_of(const RunArguments& arguments, std::int64_t seed) {
  RunArguments one = arguments;
  one.seeds.reset();
  one.one_of_many = true;
  one.run = folder_of(arguments, seed).string();
  one.settings.push_back(fmt::format("seed={}", seed));
  return one;
}

// Where the folder has no run in it, as after a kill in generation 0, it is begun anew.
int run_one(RunArguments one, const SeedRunner& runner, std::int64_t seed) {
  const bool begun = fs::exists(fs::path(one.run) / ".git");
  tell_on_the_way(fmt::format("seed {}\n", seed));
  if (!begun) return runner.start(one);
  if (one.minutes) {
    one.seconds_used = seconds_in_log(one.run);
    tell_on_the_way(
        fmt::format("{:.1f} of {} minutes were used before\n", one.seconds_used / 60, *one.minutes));
  }
  return runner.resume(one);
}

int stopped(int code) {
  tell_on_the_way("stopped; the same command goes on\n");
  return code;
}

struct Result {
  std::int64_t seed = 0;
  evo::State state;
};

double middle_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// Which seeds found nothing beyond a known controller, a line for each such controller.
std::string lines_of_nothing_found(const std::vector<Result>& results) {
  std::map<std::string, std::vector<std::int64_t>> seeds;
  for (const auto& [seed, state] : results) {
    if (is_known_itself(state)) seeds[expected_line(state)].push_back(seed);
  }
  std::string text;
  for (const auto& [line, of] : seeds)
    text += fmt::format("seed{} {}: {}", of.size() == 1 ? "" : "s", fmt::join(of, ", "), line);
  return text;
}

// The seeds in a table, and below it how far they are apart. A gain that was not measured is no 0 in it.
std::string table_of(const std::vector<Result>& results) {
  Table table({"seed", "generation", "champion", "score", "expected", "low", "high", "against"});
  std::vector<double> scores, gains;
  for (const auto& [seed, state] : results) {
    const auto& expected = state.expected;
    const bool measured = expected && !is_known_itself(state);
    const auto points = [&](double evo::ExpectedGain::*member) {
      return measured ? Cell{Decimal{(*expected).*member, 2}} : Cell{Missing{}};
    };
    table.add_row({seed, std::int64_t{state.generation}, genome::base::short_id(state.best().id),
                   Decimal{state.best().score, 3}, points(&evo::ExpectedGain::gain),
                   points(&evo::ExpectedGain::low), points(&evo::ExpectedGain::high),
                   expected ? Cell{expected->against} : Cell{Missing{}}});
    scores.push_back(state.best().score);
    if (measured) gains.push_back(expected->gain);
  }
  const auto line = [](const std::string& what, const std::vector<double>& values) {
    const auto [least, most] = std::ranges::minmax(values);
    return fmt::format("{}: median {:.3f}, worst {:.3f}, best {:.3f}, spread {:.3f}\n", what,
                       middle_of(values), least, most, most - least);
  };
  std::string text = table.text(Format::kTable) + line("score of the champion", scores);
  if (gains.empty()) return text + lines_of_nothing_found(results);
  const std::string seeds =
      gains.size() < results.size() ? fmt::format(", of {} of {} seeds", gains.size(), results.size()) : "";
  return text + line("expected gain on new questions" + seeds, gains) + lines_of_nothing_found(results);
}

}  // namespace

std::vector<std::int64_t> seeds_of(std::string_view text) {
  std::set<std::int64_t> seen;
  std::vector<std::int64_t> seeds;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const std::size_t dash = part.find('-');
    const std::int64_t first = whole_number("--seeds", part.substr(0, dash), kSeeds);
    const std::int64_t last =
        dash == part.npos ? first : whole_number("--seeds", part.substr(dash + 1), kSeeds);
    if (last < first || last - first >= kMostSeeds)
      throw UsageError(
          fmt::format("--seeds must be seeds and ranges as in 1-5,9, of at most {}, found \"{}\"", kMostSeeds,
                      visible(part, 60)));
    for (std::int64_t seed = first; seed <= last; ++seed) {
      if (seen.insert(seed).second) seeds.push_back(seed);
    }
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (static_cast<std::int64_t>(seeds.size()) > kMostSeeds)
    throw UsageError(fmt::format("--seeds: at most {} seeds", kMostSeeds));
  return seeds;
}

int run_seeds(RunArguments arguments, const SeedRunner& runner) {
  expect_alone(arguments);
  const std::vector<std::int64_t> seeds = seeds_of(*arguments.seeds);
  static_cast<void>(runner.experiment(arguments));  // its mistakes are told before a folder is made
  make_folder(arguments.run);
  const StopSignals signals(kStopsAfterCommit, launcher_here());
  runner.settle(arguments);
  for (const std::int64_t seed : seeds) {
    const RunArguments one = one_of(arguments, seed);
    if (fs::exists(fs::path(one.run) / ".git")) expect_same_experiment(one.run, runner.experiment(one));
  }
  int code = kGood;
  std::vector<Result> results;
  for (const std::int64_t seed : seeds) {
    if (stop_requested()) return stopped(code);
    const fs::path run = folder_of(arguments, seed);
    if (genome::base::content_of(end_of(run)) != limits_of(arguments)) {
      code = std::max(code, run_one(one_of(arguments, seed), runner, seed));
      if (stop_requested()) return stopped(code);
      genome::base::write_durably(end_of(run), limits_of(arguments));
    }
    results.push_back({seed, evo::state_in(evo::RunRepository::open(run), {})});
  }
  print("\n" + table_of(results));
  return code;
}

}  // namespace experiments
