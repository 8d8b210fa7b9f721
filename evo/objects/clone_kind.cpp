#include "evo/objects/clone_kind.hpp"

#include <fmt/format.h>
#include <sstream>
#include <string>
#include <system_error>

#include "genome/base/file.hpp"
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
  std::istringstream file(genome::base::content_of(git / "shallow").value_or(""));
  for (std::string line; std::getline(file, line);) ids.insert(line);
  return ids;
}

std::vector<fs::path> lost_alternates(const fs::path& objects) {
  std::vector<fs::path> lost;
  std::istringstream alternates(genome::base::content_of(objects / "info" / "alternates").value_or(""));
  for (std::string line; std::getline(alternates, line);) {
    std::error_code unknown;
    const fs::path folder = (objects / line).lexically_normal();
    if (!line.empty() && line.front() != '#' && line.front() != '"' && !fs::is_directory(folder, unknown))
      lost.push_back(folder);
  }
  return lost;
}

bool has_remote(git_repository* repository) {
  git_strarray names{};
  if (git_remote_list(&names, repository) < 0) return false;
  const bool any = names.count > 0;
  git_strarray_dispose(&names);
  return any;
}

// Not beside its files, where `git worktree`, a submodule or --separate-git-dir put it elsewhere.
bool is_elsewhere(git_repository* repository) {
  const char* const files = git_repository_workdir(repository);
  std::error_code unknown;
  return files != nullptr && !fs::is_directory(fs::path(files) / ".git", unknown);
}

}  // namespace

std::string CloneKind::completing(const fs::path& root) const {
  if (!has_source) return "the run that it was made from may have that";
  return genome::base::quoted_command(fmt::format("git -C {} fetch{}{}", genome::base::shell_path(root),
                                                  cut.empty() ? "" : " --unshallow",
                                                  partial ? " --refetch --no-filter" : "")) +
         " completes it";
}

CloneKind clone_kind_of(git_repository* repository) {
  const fs::path git = fs::path(git_repository_commondir(repository)).parent_path();
  return {.cut = cut_at(git),
          .lost = lost_alternates(git / "objects"),
          .has_source = has_remote(repository),
          .partial = is_promised(repository),
          .bare = git_repository_is_bare(repository) != 0,
          .linked = is_elsewhere(repository),
          .git = git};
}

}  // namespace evo
