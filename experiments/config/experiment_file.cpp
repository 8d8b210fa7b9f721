#include "experiments/config/experiment_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>
#include <variant>
#include <vector>

#include "experiments/config/experiment_keys.hpp"
#include "experiments/config/model_files.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"
#include "genome/text/edition.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/sources/synthetic.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using evo::Experiment;

constexpr std::size_t kMostBytes = 1U << 20U;

void tell_old_names(const std::vector<Renamed>& renamed, const Notice& notice) {
  if (renamed.empty() || !notice) return;
  std::vector<std::string> pairs;
  for (const Renamed& each : renamed) pairs.push_back(fmt::format("{} is {}", each.old_name, each.name));
  notice(fmt::format("keys have new names (the old ones are still read): {}", fmt::join(pairs, ", ")));
}

// The base's path, without ".." where that makes no difference.
fs::path base_path(const Given& base) {
  fs::path joined = base.folder / std::get<std::string>(base.value.held);
  fs::path plain = joined.lexically_normal();
  std::error_code unknown;
  return fs::equivalent(joined, plain, unknown) ? plain : joined;
}

// Takes the file, then its base, and so on down.
class FileChain {
 public:
  FileChain(KeyCollector& collector, const Approval& approval) : collector_(collector), approval_(approval) {}

  void take(fs::path file) {
    std::string text = read_text(file.string(), kMostBytes);
    for (int layer = KeyCollector::kTopFile;; --layer) {
      files_.push_back(file);
      const auto base = collector_.take_file(text, file.string(), file.parent_path(), layer);
      if (!base) return;
      if (approval_ && !collector_.expansions().uses.empty()) approval_(collector_.expansions(), nullptr);
      if (!usable(*base, layer)) return;
      file = base_path(*base);
      try {
        text = read_text(file.string(), kMostBytes);
      } catch (const UsageError& error) {
        return collector_.blame_base(base->place, fmt::format("base: {}", error.what()));
      }
    }
  }

 private:
  bool usable(const Given& base, int layer) {
    const auto* text = std::get_if<std::string>(&base.value.held);
    if (text == nullptr || text->empty()) {
      collector_.blame_base(base.place,
                            fmt::format("base must be the path of a file, found {}", shown(base.value)));
      return false;
    }
    const fs::path path = base_path(base);
    std::error_code unknown;
    const auto same = [&](const fs::path& file) { return fs::equivalent(file, path, unknown); };
    if (fs::exists(path, unknown) && !fs::is_regular_file(path, unknown) &&
        !fs::is_directory(path, unknown)) {
      collector_.blame_base(base.place, fmt::format("base: {} is no ordinary file", shown_file(path)));
    } else if (std::ranges::any_of(files_, same)) {
      collector_.blame_base(base.place, fmt::format("base: {} is based on itself", shown_file(path)));
    } else if (layer == 0) {
      collector_.blame_base(base.place,
                            fmt::format("base: at most {} bases may be nested", KeyCollector::kTopFile));
    } else {
      return true;
    }
    return false;
  }

  static std::string shown_file(const fs::path& path) { return genome::base::visible(path.string(), 200); }

  KeyCollector& collector_;
  const Approval& approval_;
  std::vector<fs::path> files_;
};

// A relative path that only exists beside the file that names it is meant there.
std::string found_beside(const fs::path& folder, const std::string& spec) {
  std::error_code unknown;
  const fs::path beside = folder / spec;
  const bool relative = !spec.starts_with(replay::kSyntheticPrefix) && fs::path(spec).is_relative();
  return relative && !fs::exists(spec, unknown) && fs::exists(beside, unknown) ? beside.string() : spec;
}

void find_files(const KeyCollector& collector, Experiment& experiment) {
  const auto find = [&](std::string_view key, std::span<std::string> specs) {
    const Given* const given = collector.given(key);
    for (std::string& spec : specs) {
      if (given == nullptr || spec.empty()) continue;
      spec = found_beside(given->folder, spec);
      // It is kept with the run as TOML, and named in JSON.
      if (genome::base::first_not_utf8(spec))
        throw UsageError(fmt::format("{}: {}: the path of a file must be UTF-8 text, found {}",
                                     given->place.shown, key, genome::base::shell_path(spec)));
    }
  };
  find("environments.search", experiment.search);
  find("environments.held_out", experiment.held_out);
  find("population.founders", experiment.given_founders);
  find("model.prices", {&experiment.model_prices, 1});
  find("model.templates", {&experiment.model_template_folder, 1});
}

// What is wrong with an environment before it is read; empty where nothing is.
std::string problem_of(const std::string& spec, const fs::path& folder) {
  if (spec.starts_with(replay::kSyntheticPrefix)) {
    try {
      static_cast<void>(
          replay::parse_synthetic(std::string_view(spec).substr(replay::kSyntheticPrefix.size())));
      return {};
    } catch (const replay::InputError& error) {
      return error.what();
    }
  }
  std::error_code unknown;  // where a folder may not be entered, whoever reads the file says so
  if (fs::exists(spec, unknown) || unknown) return {};
  const bool beside = fs::path(spec).is_relative() && !folder.empty();
  return fmt::format("{}: no such file or folder{}", genome::base::visible(spec),
                     beside ? ", neither in the current folder nor beside the experiment file" : "");
}

void expect_environments(const KeyCollector& collector, const Experiment& experiment) {
  const auto expect = [&](std::string_view key, std::span<const std::string> specs) {
    const Given* const given = collector.given(key);
    for (const std::string& spec : specs) {
      if (given == nullptr || spec.empty()) continue;
      if (const std::string problem = problem_of(spec, given->folder); !problem.empty())
        throw UsageError(fmt::format("{}: {}: {}", given->place.shown, key, problem));
    }
  };
  expect("environments.search", experiment.search);
  expect("environments.held_out", experiment.held_out);
}

// Problems quote what was found, which may have come out of a variable.
Experiment finish(KeyCollector& collector, const Approval& approval) {
  std::optional<Experiment> experiment;
  try {
    experiment = collector.finish();
  } catch (const UsageError&) {
    if (approval) approval(collector.expansions(), nullptr);
    throw;
  }
  if (approval) approval(collector.expansions(), &*experiment);
  return *std::move(experiment);
}

Experiment parse(KeyCollector& collector, std::string_view text, std::string_view name,
                 std::span<const std::string> settings) {
  if (const auto base = collector.take_file(text, name, {}, KeyCollector::kTopFile))
    collector.blame(base->place, "base can only be given in an experiment file");
  for (const std::string& setting : settings) collector.take_setting(setting);
  return collector.finish();
}

// Without candidates for founders it means nothing over how many generations they are tried.
bool tries_candidates(const Experiment& experiment) {
  return experiment.founder_candidates > 0 ||
         std::ranges::any_of(experiment.island_tables,
                             [](const Experiment& island) { return island.founder_candidates > 0; });
}

}  // namespace

std::optional<std::string> process_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Experiment parse_experiment(std::string_view text, std::string_view name,
                            std::span<const std::string> settings, const VariableLookup& variables) {
  KeyCollector collector(name, variables);
  return parse(collector, text, name, settings);
}

Experiment parse_run_experiment(std::string_view text, std::string_view run,
                                std::span<const std::string> settings, const Notice& notice) {
  const std::string name = fmt::format("{} experiment.toml", run);
  const VariableLookup no_variables;
  KeyCollector collector(name, no_variables, KeyCollector::Writer::kRun);
  Experiment experiment = parse(collector, text, name, settings);
  tell_old_names(collector.renamed(KeyCollector::kSettings), notice);
  return experiment;
}

Experiment read_experiment(const fs::path& path, std::span<const std::string> settings, const Notice& notice,
                           const VariableLookup& variables, const Approval& approval,
                           EnvironmentFiles environments) {
  KeyCollector collector(path.string(), variables);
  FileChain(collector, approval).take(path);
  for (const std::string& setting : settings) collector.take_setting(setting);
  Experiment experiment = finish(collector, approval);
  find_files(collector, experiment);
  if (environments == EnvironmentFiles::kThere) expect_environments(collector, experiment);
  freeze_model_files(experiment);
  tell_old_names(collector.renamed(0), notice);
  return experiment;
}

std::string to_toml(const Experiment& experiment) {
  std::string text;
  std::string_view section;
  Experiment standard;
  standard.expected_gain = false;  // what a run means that does not say
  standard.model_prompt_version = 1;
  standard.expected_lead = false;
  standard.founder_stages = 0;
  standard.whole_samples = false;
  standard.edition = genome::kFirstEdition;
  for (const Key& key : experiment_keys()) {
    if (key.late && key.value.write(experiment) == key.value.write(standard)) continue;
    if (key.name == "objective.expected_lead" && !experiment.expected_gain) continue;
    if (key.name == "population.founder_stages" && !tries_candidates(experiment)) continue;
    if (key.name == "variation.whole_samples" && !experiment.whole_samples) continue;
    if (section_of(key.name) != section) {
      section = section_of(key.name);
      text += fmt::format("\n[{}]\n", section);
    }
    text += fmt::format("{} = {}\n", last_part_of(key.name), key.value.write(experiment));
  }
  return text;
}

}  // namespace experiments
