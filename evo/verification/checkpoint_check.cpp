#include "evo/verification/checkpoint_check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "evo/base/layout.hpp"
#include "evo/population/exact_means.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

void report_difference(CheckContext& context, const char* file) {
  context.report(file, fmt::format("does not say what the checkpoint says; {}", kByHand));
}

// Whatever is there must be what the checkpoint gives; an earlier program may have written less.
bool contradicts(const nlohmann::json& said, const nlohmann::json& known) {
  if (!said.is_object() || !known.is_object()) return said != known;
  return std::ranges::any_of(said.items(), [&](const auto& each) {
    const auto at = known.find(each.key());
    return at == known.end() || contradicts(each.value(), *at);
  });
}

// People may amend a message, and say in it what they like; but what the program wrote must still be true.
void compare_title(CheckContext& context, const State& state) {
  const std::string& message = context.commit.message;
  const std::string title = fmt::format("generation {}: best {:.3f}", state.generation, state.best().score);
  const bool complete = has(context.commit, Trailer::kGeneration) && has(context.commit, Trailer::kBestId);
  const std::string shown = genome::base::visible(first_line(message));
  static const std::regex figures(R"(generation \d+: best -?\d)");
  if (std::regex_search(message, figures, std::regex_constants::match_continuous) &&
      !message.starts_with(title))
    return context.report("", fmt::format("the message of its commit begins with \"{}\", not with \"{}\"; {}",
                                          shown, title, kByHand));
  if (!complete || !message.starts_with(title))
    context.found.notes.push_back(
        fmt::format("{}: the message of its commit was amended (\"{}\"){}; its files are not touched by that",
                    context.place, shown,
                    complete ? "" : " and no longer has the lines that name its generation and its best"));
}

void compare_message(CheckContext& context, const State& state, const GenerationFigures& made) {
  std::vector<std::string> islands;
  const std::vector<std::string> said_of_islands = texts_in(context.commit, Trailer::kIsland);
  for (const auto& [trailer, value] : generation_trailers(state, made)) {
    if (trailer == Trailer::kIsland) {
      islands.push_back(value);
      continue;
    }
    const auto said = text_in(context.commit, trailer);
    if (said && *said != value)
      context.report("", fmt::format("the message of its commit says {} {} where its checkpoint says {}; {}",
                                     key_of(trailer), *said, value, kByHand));
  }
  if (islands != said_of_islands && !said_of_islands.empty())
    context.report("", fmt::format("the message of its commit says other things of its islands than its "
                                   "checkpoint; {}",
                                   kByHand));
  compare_title(context, state);
}

// The hypervolume depends on the experiment, so the file and the message are compared with each other.
void compare_summary(CheckContext& context, const std::string& text, const State& state,
                     const LineageCheck& lineage) {
  const auto json = genome::base::read_json(text);
  GenerationFigures made{.born = lineage.fresh(), .born_on = lineage.fresh_by_island(state.islands.size())};
  try {
    made.frontier_new = json.at("frontier").at("new").get<int>();
    made.hypervolume = json.at("frontier").at("hypervolume").get<double>();
    if (contradicts(json, nlohmann::json::parse(summary_json(state, made))))
      return report_difference(context, kGenerationFile);
  } catch (const nlohmann::json::exception&) {
    return report_difference(context, kGenerationFile);
  }
  compare_message(context, state, made);
}

void compare_folder(CheckContext& context, std::string_view folder, const std::set<std::string>& expected) {
  const std::string prefix = fmt::format("{}/", folder);
  for (auto it = context.now.lower_bound(prefix); it != context.now.end() && it->first.starts_with(prefix);
       ++it) {
    if (!expected.contains(it->first))
      context.report(it->first, fmt::format("the checkpoint does not know it; {}", kByHand));
  }
  for (const std::string& path : expected) {
    if (!context.now.contains(path)) context.report(path, fmt::format("is missing; {}", kByHand));
  }
}

void compare_folders(CheckContext& context, const State& state) {
  std::set<std::string> living, kept, in_halves;
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    for (const Individual& each : state.islands[i].population)
      living.insert(population_path(each.id, island_number(state, i)));
  }
  for (const auto& [id, text] : state.archive.texts()) kept.insert(archive_path(id));
  for (std::size_t half = 0; half < state.halves.size(); ++half) {
    for (const Island& island : state.halves[half].islands) {
      for (const Individual& each : island.population) in_halves.insert(half_path(each.id, half));
    }
  }
  compare_folder(context, kPopulationFolder, living);
  compare_folder(context, kHalvesFolder, in_halves);
  compare_folder(context, kArchiveFolder, kept);
}

// Figures of the frontier must be those of their sums, and none of its points dominated; that is so since
// means are exact. Figures of the living are proved when they are scored again.
void check_frontier(CheckContext& context, const State& state) {
  if (!state.exact) return;
  for (const ArchivePoint& p : state.archive.points()) {
    const CurvePoint figures = point_of(p.beta, p.sums);
    if (figures.accuracy != p.accuracy || figures.tokens != p.tokens)
      context.report(archive_path(p.id),
                     fmt::format("its point at beta {} is not that of its episodes", p.beta));
  }
  for (const ArchivePoint& p : state.archive.dominated(state.charge))
    context.report(archive_path(p.id), fmt::format("its point at beta {} is dominated by another", p.beta));
}

}  // namespace

std::string first_line(const std::string& message) {
  return message.substr(0, std::min<std::size_t>(message.find('\n'), 80));
}

void compare_with_checkpoint(CheckContext& context, LineageCheck& lineage) {
  std::optional<State> state;
  try {
    state = state_in(context.repository, context.commit.id);
  } catch (const std::runtime_error& error) {
    return context.report("", error.what());
  }
  const auto read = [&](const char* file) {
    return context.repository.read(file, context.commit.id).value_or("");
  };
  if (context.generation && state->generation != *context.generation)
    context.report(kCheckpointFile, fmt::format("is of generation {}", state->generation));
  if (genome::base::sha1_hex(read(kExperimentFile)) != state->experiment)
    context.report(kExperimentFile, fmt::format("is not what the checkpoint was made with; {}", kByHand));
  if (read(kBestFile) != state->recommendation().text) report_difference(context, kBestFile);
  if (read(kLimitsFile) != (state->limited ? state->limited->text : std::string()))
    report_difference(context, kLimitsFile);
  if (read(kFrontierFile) != frontier_csv(state->archive, state->charge))
    report_difference(context, kFrontierFile);
  if (context.generation) {
    lineage.compare_count(context, *state);
    compare_summary(context, read(kGenerationFile), *state, lineage);
  }
  compare_folders(context, *state);
  check_frontier(context, *state);
  for (std::size_t i = 0; i < state->islands.size(); ++i) {
    for (const Individual& each : state->islands[i].population)
      lineage.compare(context, each, island_number(*state, i));
  }
}

}  // namespace evo
