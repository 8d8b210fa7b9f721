#include "evo/verification/file_checks.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/json.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"

namespace evo {
namespace {

bool holds_controllers(const std::string& path) {
  return in_folder(path, kPopulationFolder) || in_folder(path, kArchiveFolder) ||
         in_folder(path, kHalvesFolder);
}

// "population/<name>.ctl" -> "<name>"
std::string name_in(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return path.substr(slash + 1, path.size() - slash - 1 - kControllerEnding.size());
}

// What is wrong with the text of a controller of that name, or nothing.
std::optional<std::string> problem_of_text(const std::string& text, const std::string& name) {
  if (genome::base::git_blob_id(text) != name)
    return fmt::format("its content is not the controller of that identity; {}", kByHand);
  const auto checked = genome::check_text(text).controller;
  if (!checked) return "does not check";
  if (genome::print(checked->tree()) != text) return "is not canonical";
  return std::nullopt;
}

std::optional<std::string> content(CheckContext& context, const std::string& path, const std::string& blob) {
  try {
    return context.repository.content(blob);
  } catch (const StorageError& error) {
    if (context.partial && !context.repository.has_object(blob)) {
      ++context.found.absent;
      context.absent_here = true;
      return std::nullopt;
    }
    context.report(path, fmt::format("cannot be read: {}", error.what()));
    context.lost.emplace(path, blob);
    return std::nullopt;
  }
}

bool is_new(const CheckContext& context, const std::string& path) { return !context.before.contains(path); }

}  // namespace

void CheckContext::report(const std::string& file, std::string problem) {
  found.problems.push_back({file.empty() ? place : place + " " + file, std::move(problem)});
}

// ---- lineage

void LineageCheck::births(CheckContext& context, const std::string& path, const std::string& text) {
  try {
    for (Born& born : births_in(text, path)) {
      for (const std::string& parent : born.birth.parents) {
        if (!knows(parent))
          context.report(path, fmt::format("{} has the parent {}, who was never born",
                                           genome::base::short_id(born.id), genome::base::short_id(parent)));
      }
      const std::uint64_t number = born.birth.number;
      if (!numbers_.emplace(number, born.id).second)
        context.report(path, fmt::format("two births have the number {}", number));
      ids_.insert(born.id);
      ++context.found.births;
      fresh_.emplace(number, std::move(born));
    }
  } catch (const RunError& error) {
    context.report("", error.what());
  }
}

void LineageCheck::skip_generations() {
  counted_ = numbers_.size();
  fresh_.clear();
}

void LineageCheck::compare_count(CheckContext& context, const State& state) {
  if (incomplete_) return;
  const std::uint64_t born = state.counters.births - std::min(counted_, state.counters.births);
  if (born != fresh_.size())
    context.report("", fmt::format("{}/ has {} births where the checkpoint counts {}; {}", kLineageFolder,
                                   fresh_.size(), born, kByHand));
  counted_ = state.counters.births;
}

std::vector<std::size_t> LineageCheck::fresh_by_island(std::size_t islands) const {
  std::vector<std::size_t> births(islands);
  for (const auto& [number, born] : fresh_) {
    const auto island = static_cast<std::size_t>(std::max(born.birth.island, 1)) - 1;
    if (island < births.size()) ++births[island];
  }
  return births;
}

void LineageCheck::compare(CheckContext& context, const Individual& individual, int island) const {
  if (incomplete_) return;
  const std::string path = population_path(individual.id, island);
  const auto number = numbers_.find(individual.birth.number);
  if (number == numbers_.end() || number->second != individual.id)
    return context.report(path, fmt::format("its birth is not the one that {}/ records", kLineageFolder));
  const auto born = fresh_.find(individual.birth.number);
  if (born == fresh_.end()) return;
  const Born& b = born->second;
  if (!(b.birth == individual.birth) || b.score != individual.score || b.fitness != individual.fitness)
    context.report(path,
                   fmt::format("{}/ and the checkpoint differ on its birth; {}", kLineageFolder, kByHand));
}

// ---- files

// After a gap the births of the generations in it, which are all there, since those files only grow.
void FilesCheck::catch_up(CheckContext& context) {
  const std::string own = context.generation ? lineage_path(*context.generation) : "";
  for (const auto& [path, blob] : context.now) {
    if (!in_folder(path, kLineageFolder) || path == own || context.before.contains(path)) continue;
    if (const auto text = content(context, path, blob))
      lineage_->births(context, path, *text);
    else
      lineage_->make_incomplete();
    context.before.emplace(path, blob);
  }
  for (const auto& [path, blob] : context.now) {
    if (!in_folder(path, kJournalFolder) || context.before.contains(path)) continue;
    if (const auto text = content(context, path, blob)) note_awaited(path, *text);
    context.before.emplace(path, blob);
  }
  lineage_->skip_generations();
}

void FilesCheck::look_at(CheckContext& context) {
  lineage_->next_generation();
  context.absent_here = false;
  if (context.after_gap) catch_up(context);
  for (const auto& [path, blob] : context.before) {
    if (!context.now.contains(path) && !holds_controllers(path) && path != kLimitsFile)
      context.report(path, fmt::format("was removed; {}", kByHand));
  }
  std::vector<std::pair<std::string, std::string>> controllers;  // after the births
  for (const auto& [path, blob] : context.now) {
    const auto old = context.before.find(path);
    if (old != context.before.end() && old->second == blob) continue;
    const auto text = content(context, path, blob);
    if (!text) {
      if (in_folder(path, kLineageFolder)) lineage_->make_incomplete();
      continue;
    }
    if (holds_controllers(path))
      controllers.emplace_back(path, *text);
    else
      changed(context, path, *text);
  }
  for (const auto& [path, text] : controllers) changed_controller(context, path, text);
}

void FilesCheck::changed(CheckContext& context, const std::string& path, const std::string& text) {
  for (const char* each : {kGenerationFile, kFrontierFile, kBestFile, kLimitsFile, kCheckpointFile}) {
    if (path == each) return;  // compared with the checkpoint
  }
  if (path == kExperimentFile || path == kHeldOutFile) {
    if (!context.settings_may_change)
      context.report(path, fmt::format("was changed on the way; {}", kByHand));
  } else if (path == kPreregistrationFile) {
    if (!context.after_gap && context.generation != 0)
      context.report(path, fmt::format("was {} after generation 0; {}",
                                       is_new(context, path) ? "added" : "changed", kByHand));
  } else if (in_folder(path, kLineageFolder)) {
    if (!is_new(context, path) || !context.generation || path != lineage_path(*context.generation))
      return context.report(path, fmt::format("was changed after its generation; {}", kByHand));
    lineage_->births(context, path, text);
  } else if (in_folder(path, kJournalFolder)) {
    changed_exchange(context, path, text);
  } else {
    context.report(path, fmt::format("is no file of a run; {}", kByHand));
  }
}

void FilesCheck::changed_controller(CheckContext& context, const std::string& path, const std::string& text) {
  const std::string name = path.ends_with(kControllerEnding) ? name_in(path) : "";
  const bool known = texts_.contains(name) && genome::base::git_blob_id(text) == name;
  if (!known) {
    if (const auto problem = problem_of_text(text, name)) return context.report(path, *problem);
    texts_.insert(name);
    ++context.found.texts;
  }
  // Births in the halves are no births of the run.
  if (!in_folder(path, kHalvesFolder) && !lineage_->knows(name))
    context.report(path, fmt::format("nothing under {}/ says how it was born", kLineageFolder));
}

// A question under way is recorded as asked; the record of its reply takes the place of that, once.
void FilesCheck::changed_exchange(CheckContext& context, const std::string& path, const std::string& text) {
  const nlohmann::json json = genome::base::read_json(text);
  if (!json.is_object()) return context.report(path, "is no JSON object");
  const bool awaited = awaited_.erase(path) > 0;
  if (!is_new(context, path) && !awaited)
    context.report(path, fmt::format("was changed after its generation; {}", kByHand));
  note_awaited(path, text);
}

void FilesCheck::note_awaited(const std::string& path, const std::string& text) {
  const nlohmann::json json = genome::base::read_json(text);
  if (json.is_object() && json.value("outcome", nlohmann::json()) == "asked") awaited_.insert(path);
}

}  // namespace evo
