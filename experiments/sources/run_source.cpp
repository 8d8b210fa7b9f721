#include "experiments/sources/run_source.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <system_error>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/record/generations.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/console/text_file.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

constexpr std::size_t kShortestId = 4;

std::set<std::string> ids_in(const RunAt& at) {
  std::set<std::string> ids;
  for (const char* folder : {evo::kPopulationFolder, evo::kArchiveFolder}) {
    for (const std::string& file : at.repository.list(folder, at.revision)) {
      if (file.ends_with(evo::kControllerEnding))
        ids.insert(file.substr(0, file.size() - evo::kControllerEnding.size()));
    }
  }
  return ids;
}

std::string whole_id(const RunAt& at, const std::string& id) {
  const std::string run = genome::base::visible(at.repository.path().string());
  if (id.size() < kShortestId || id.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw evo::RunError(
        fmt::format("{}: an ID is \"best\" or at least {} digits of an identity, found \"{}\"", run,
                    kShortestId, genome::base::visible(id)));
  }
  std::vector<std::string> fitting;
  for (const std::string& each : ids_in(at)) {
    if (each.starts_with(id)) fitting.push_back(each);
  }
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty()) {
    throw evo::RunError(fmt::format(
        "{}: no individual {} lives at this generation; name another one as RUN@GENERATION:ID", run, id));
  }
  throw evo::RunError(fmt::format("{}: {} could be any of {}", run, id, fmt::join(fitting, ", ")));
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

RunAt open_run(const std::string& spec) {
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
  if (id == "best") {
    text = at.repository.read(evo::kBestFile, at.revision);
    if (text) return {genome::base::git_blob_id(*text), *text};
  } else {
    const std::string whole = whole_id(at, id);
    for (const std::string& path : {evo::population_path(whole), evo::archive_path(whole)}) {
      text = at.repository.read(path, at.revision);
      if (text) return {whole, *text};
    }
  }
  throw evo::RunError(
      fmt::format("{}: has no individual {}", genome::base::visible(at.repository.path().string()), id));
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
