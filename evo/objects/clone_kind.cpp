#include "evo/objects/clone_kind.hpp"

#include <fmt/format.h>
#include <fstream>

#include "genome/base/shell_word.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

bool is_promised(git_repository* repository) {
  git_config* raw = nullptr;
  if (git_repository_config(&raw, repository) < 0) return false;
  const GitConfig settings(raw);
  bool promised = false;
  const auto note = [](const git_config_entry* entry, void* to) {
    int value = 1;
    if (entry->value != nullptr && git_config_parse_bool(&value, entry->value) < 0) value = 1;
    if (value != 0) *static_cast<bool*>(to) = true;
    return 0;
  };
  for (const char* key : {R"(^remote\..*\.promisor$)", R"(^extensions\.partialclone$)"})
    git_config_foreach_match(settings.get(), key, note, &promised);
  return promised;
}

std::set<std::string> cut_at(const fs::path& git) {
  std::set<std::string> ids;
  std::ifstream file(git / "shallow");
  for (std::string line; std::getline(file, line);) ids.insert(line);
  return ids;
}

}  // namespace

std::string CloneKind::completing(const fs::path& root) const {
  return fmt::format("git -C {} fetch{}{}", genome::base::shell_path(root), cut.empty() ? "" : " --unshallow",
                     partial ? " --refetch --no-filter" : "");
}

CloneKind clone_kind_of(git_repository* repository) {
  const fs::path git = fs::path(git_repository_commondir(repository)).parent_path();
  return {.cut = cut_at(git),
          .partial = is_promised(repository),
          .bare = git_repository_is_bare(repository) != 0,
          .linked = git_repository_is_worktree(repository) != 0,
          .git = git};
}

}  // namespace evo
