#include "evo/record/generations.hpp"

#include <fmt/format.h>

#include "evo/base/error.hpp"
#include "evo/record/trailers.hpp"
#include "genome/base/text.hpp"

namespace evo {

std::string GenerationIndex::commit_of(std::uint64_t generation) {
  const std::string wanted = std::to_string(generation);
  if (const auto known = commits_.find(wanted); known != commits_.end()) return known->second;
  while (!at_end_) {
    const CommitInfo info = repository_->log(1, next_).front();
    next_ = info.parent;
    at_end_ = next_.empty();
    const auto found = text_in(info, Trailer::kGeneration);
    if (!found) continue;
    if (newest_.empty()) newest_ = *found;
    oldest_ = *found;
    commits_.emplace(*found, info.id);
    if (*found == wanted) return info.id;
  }
  const CloneKind& kind = repository_->kind();
  throw RunError(fmt::format(
      "{}: no generation {}; it has {} to {}{}", genome::base::visible(repository_->path().string()),
      generation, oldest_, newest_,
      kind.cut.empty() ? "" : fmt::format(" (a shallow clone; '{}' completes it)",
                                          kind.completing(repository_->path()))));
}

std::string commit_of_generation(const RunRepository& repository, std::uint64_t generation) {
  return GenerationIndex(repository).commit_of(generation);
}

}  // namespace evo
