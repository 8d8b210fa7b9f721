#include "experiments/sources/run_source.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/record/controller_texts.hpp"
#include "evo/record/generations.hpp"
#include "evo/record/lineage.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/json.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

constexpr std::size_t kShortestId = 4;
constexpr std::string_view kBest = "best";
constexpr std::string_view kChampion = "champion";
constexpr std::string_view kLimits = "limits";

bool is_beginning_of_id(std::string_view id) {
  return id.size() >= kShortestId && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Where somebody who does not live at this generation was born; empty when nobody of this ID was.
std::string earlier_life(const RunAt& at, const std::string& id) {
  try {
    const evo::Lineage lineage(at.repository, at.revision);
    const evo::Born& born = lineage.find(id);
    if (!lineage.text_of(born)) return {};
    return genome::base::shell_path(shown_path(at.repository.path()),
                                    fmt::format("@{}:{}", born.birth.generation, id));
  } catch (const evo::RunError&) {
    return {};
  }
}

std::optional<std::string> best_text(const RunAt& at) {
  return at.repository.read(evo::kBestFile, at.revision);
}

// Of those who need not live: a known controller that is recommended, and who was chosen for limits.
std::vector<std::string> chosen_texts(const RunAt& at) {
  std::vector<std::string> texts;
  for (const char* file : {evo::kBestFile, evo::kLimitsFile}) {
    if (auto text = at.repository.read(file, at.revision)) texts.push_back(*std::move(text));
  }
  return texts;
}

NamedText text_for_limits(const RunAt& at) {
  if (const auto text = at.repository.read(evo::kLimitsFile, at.revision))
    return {genome::base::git_blob_id(*text), *text};
  throw evo::RunError(
      fmt::format("{}: nothing was chosen for limits at this generation; objective.limits asks for it",
                  genome::base::visible(at.repository.path().string())));
}

std::string whole_id(const RunAt& at, const std::string& id) {
  const std::string run = genome::base::visible(at.repository.path().string());
  if (!is_beginning_of_id(id)) {
    throw evo::RunError(fmt::format(
        "{}: an ID is \"best\", \"champion\", \"limits\" or at least {} digits of an identity, found "
        "\"{}\"",
        run, kShortestId, genome::base::visible(id)));
  }
  std::vector<std::string> fitting;
  for (const std::string& each : evo::ControllerTexts(at.repository, at.revision).ids()) {
    if (each.starts_with(id)) fitting.push_back(each);
  }
  for (const auto& text : chosen_texts(at)) {
    const std::string chosen = genome::base::git_blob_id(text);
    if (chosen.starts_with(id) && std::ranges::count(fitting, chosen) == 0) fitting.push_back(chosen);
  }
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty()) {
    const std::string earlier = earlier_life(at, id);
    throw evo::RunError(
        fmt::format("{}: no individual {} lives at this generation; {}", run, id,
                    earlier.empty() ? "name another one as RUN@GENERATION:ID" : "it did as " + earlier));
  }
  throw evo::RunError(fmt::format("{}: {} could be any of {}", run, id, fmt::join(fitting, ", ")));
}

// The identity of the champion, where it need not be what the run recommends; empty where it is.
std::string champion_in(const RunAt& at) {
  const auto text = at.repository.read(evo::kGenerationFile, at.revision);
  const auto json = genome::base::read_json(text.value_or("{}"));
  if (!json.is_object() || !json.contains("champion") || !json["champion"].is_object()) return {};
  const auto& champion = json["champion"];
  return champion.contains("id") && champion["id"].is_string() ? champion["id"].get<std::string>() : "";
}

// RUN:ID in its two parts, where no such file exists and either part is what it should be.
std::optional<InRun> split_id(const std::string& spec) {
  namespace fs = std::filesystem;
  const auto colon = spec.rfind(':');
  std::error_code unknown;
  if (colon == std::string::npos || colon == 0 || fs::exists(spec, unknown)) return std::nullopt;
  InRun parts{spec.substr(0, colon), spec.substr(colon + 1)};
  const bool is_run =
      fs::exists(parts.run, unknown) || fs::exists(parts.run.substr(0, parts.run.rfind('@')), unknown);
  if (is_run || parts.id == kBest || parts.id == kChampion || parts.id == kLimits ||
      is_beginning_of_id(parts.id))
    return parts;
  return std::nullopt;
}

}  // namespace

// The whole is a path when such a folder exists, or nothing like a number follows.
std::pair<std::string, std::optional<std::uint64_t>> split_generation(const std::string& spec) {
  const auto at = spec.rfind('@');
  if (at == std::string::npos || std::filesystem::exists(spec)) return {spec, std::nullopt};
  const std::string digits = spec.substr(at + 1);
  std::uint64_t generation = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), generation);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    throw evo::RunError(fmt::format("{}: behind '@' the number of a generation is expected, found \"{}\"",
                                    genome::base::visible(spec), genome::base::visible(digits)));
  }
  return {spec.substr(0, at), generation};
}

void expect_run(const std::string& spec) {
  const auto parts = split_id(spec);
  if (!parts) return;
  throw evo::RunError(fmt::format("{}: names a controller in a run, where the run alone is wanted: {}",
                                  genome::base::visible(spec), genome::base::visible(parts->run)));
}

void expect_whole_run(const std::string& spec) {
  namespace fs = std::filesystem;
  expect_run(spec);
  const auto at = spec.rfind('@');
  std::error_code unknown;
  if (at == std::string::npos || at == 0 || fs::exists(spec, unknown)) return;
  const std::string run = spec.substr(0, at);
  if (!fs::exists(run, unknown)) return;
  split_generation(spec);  // says what is wrong where no number is behind the '@'
  throw evo::RunError(
      fmt::format("{}: names a generation of a run, where the run alone is wanted: {}; evotts fork {} NEW "
                  "starts there",
                  genome::base::visible(spec), genome::base::visible(run),
                  genome::base::shell_path(run, spec.substr(at))));
}

RunAt open_run(const std::string& spec) {
  expect_run(spec);
  const auto [path, generation] = split_generation(spec);
  evo::RunRepository repository = evo::RunRepository::open(path);
  std::string revision = generation ? evo::commit_of_generation(repository, *generation) : repository.head();
  return {std::move(repository), std::move(revision)};
}

evo::Experiment experiment_in(const RunAt& at) {
  const auto toml = at.repository.read(evo::kExperimentFile, at.revision);
  if (!toml)
    throw evo::RunError(fmt::format("{}: has no {}", genome::base::visible(at.repository.path().string()),
                                    evo::kExperimentFile));
  return parse_run_experiment(*toml, at.repository.path().string());
}

NamedText text_in(const RunAt& at, const std::string& id) {
  std::optional<std::string> text;
  const std::string champion = id == kChampion ? champion_in(at) : "";
  if (!champion.empty()) return text_in(at, champion);
  if (id == kLimits) return text_for_limits(at);
  if (id == kBest || id == kChampion) {
    text = best_text(at);
    if (text) return {genome::base::git_blob_id(*text), *text};
  } else {
    const std::string whole = whole_id(at, id);
    text = evo::ControllerTexts(at.repository, at.revision).find(whole);
    for (const auto& chosen : chosen_texts(at)) {
      if (!text && genome::base::git_blob_id(chosen) == whole) text = chosen;
    }
    if (text) return {whole, *text};
  }
  throw evo::RunError(
      fmt::format("{}: has no individual {}", genome::base::visible(at.repository.path().string()), id));
}

InRun controller_in_run(const std::string& run, const std::optional<std::string>& id,
                        const std::string& otherwise) {
  const auto parts = split_id(run);
  if (!parts) return {run, id.value_or(otherwise)};
  if (id && *id != parts->id) {
    throw UsageError(fmt::format("{} names one controller and {} another; leave one of them out",
                                 genome::base::visible(run), genome::base::visible(*id)));
  }
  return *parts;
}

std::optional<std::string> best_of_run(const std::string& spec) {
  std::string run = spec;
  while (run.size() > 1 && run.ends_with('/')) run.pop_back();
  try {
    const RunAt at = open_run(run);
    if (!at.repository.read(evo::kBestFile, at.revision)) return std::nullopt;
    return genome::base::shell_path(run, fmt::format(":{}", kBest));
  } catch (const std::runtime_error&) {
    return std::nullopt;  // no run, or one that cannot be read
  }
}

std::optional<std::string> controller_text_from_run(const std::string& spec) {
  const auto colon = spec.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  return text_in(open_run(spec.substr(0, colon)), spec.substr(colon + 1)).text;
}

std::string sealing_run_around(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  const fs::path whole = fs::weakly_canonical(file, unknown);
  for (fs::path folder = whole.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (fs::exists(folder / evo::kHeldOutFile, unknown) && fs::exists(folder / ".git", unknown))
      return shown_path(folder);
  }
  return {};
}

}  // namespace experiments
