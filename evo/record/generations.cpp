#include "evo/record/generations.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "evo/base/error.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "genome/base/text.hpp"
#include "replay/parallel/interruption.hpp"

namespace evo {

std::string GenerationIndex::commit_of(std::uint64_t generation) {
  const std::string wanted = std::to_string(generation);
  if (const auto known = commits_.find(wanted); known != commits_.end()) return known->second;
  while (!at_end_) {
    replay::take_breath();
    const CommitInfo info = repository_->log(1, next_).front();
    next_ = info.parent;
    at_end_ = next_.empty();
    const auto found = text_in(info, Trailer::kGeneration);
    if (!found && !has(info, Trailer::kForkPoint)) unnamed_.push_back(info);
    if (!found) continue;
    if (newest_.empty()) newest_ = *found;
    oldest_ = *found;
    commits_.emplace(*found, info.id);
    if (*found == wanted) return info.id;
  }
  if (auto commit = unnamed(generation)) return *std::move(commit);
  const CloneKind& kind = repository_->kind();
  throw RunError(fmt::format(
      "{}: no generation {}; it has {} to {}{}", genome::base::visible(repository_->path().string()),
      generation, oldest_, newest_,
      kind.cut.empty() ? "" : fmt::format(" (a shallow clone; {})", kind.completing(repository_->path()))));
}

std::optional<std::string> GenerationIndex::unnamed(std::uint64_t generation) const {
  for (const CommitInfo& each : unnamed_) {
    replay::take_breath();
    const auto made = generation_made_in(*repository_, each);
    if (made && static_cast<std::uint64_t>(*made) == generation) return each.id;
  }
  return std::nullopt;
}

std::optional<int> generation_made_in(const RunRepository& repository, const CommitInfo& commit) {
  try {
    const int generation = state_in(repository, commit.id).generation;
    if (!commit.parent.empty() && state_in(repository, commit.parent).generation >= generation)
      return std::nullopt;
    return generation;
  } catch (const std::runtime_error&) {
    return std::nullopt;  // not to be read, so nothing can be had from it
  }
}

bool is_unnamed_fork(const RunRepository& repository, const CommitInfo& commit) {
  if (commit.parent.empty() || has(commit, Trailer::kGeneration)) return false;
  try {
    const State after = state_in(repository, commit.id), before = state_in(repository, commit.parent);
    return after.generation == before.generation && after.experiment != before.experiment;
  } catch (const std::runtime_error&) {
    return false;  // not to be read, so nothing can be had from it
  }
}

std::string commit_of_generation(const RunRepository& repository, std::uint64_t generation) {
  return GenerationIndex(repository).commit_of(generation);
}

}  // namespace evo
