#include "evo/objects/clone_kind.hpp"

#include <fmt/format.h>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include "genome/base/file.hpp"
#include "genome/base/shell_word.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

using IsWanted = bool (*)(std::string_view name, const char* value);

// Whether one of the settings is wanted. Not by libgit2's own search: it leaks 20 KB for each setting whose
// name its regular expression does not match, and so does git_remote_list().
bool any_setting(git_repository* repository, IsWanted is_wanted) {
  git_config* raw = nullptr;
  if (git_repository_config(&raw, repository) < 0) return false;
  const GitConfig settings(raw);
  struct Search {
    IsWanted is_wanted;
    bool found = false;
  } search{is_wanted};
  const auto look = [](const git_config_entry* entry, void* to) {
    auto& asked = *static_cast<Search*>(to);
    asked.found = asked.found || asked.is_wanted(entry->name, entry->value);
    return 0;
  };
  git_config_foreach(settings.get(), look, &search);
  return search.found;
}

bool is_promised(git_repository* repository) {
  return any_setting(repository, [](std::string_view name, const char* value) {
    int on = 1;
    if (value != nullptr && git_config_parse_bool(&on, value) < 0) on = 1;
    const bool promisor = name.starts_with("remote.") && name.ends_with(".promisor");
    return on != 0 && (promisor || name == "extensions.partialclone");
  });
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
  return any_setting(repository, [](std::string_view name, const char*) {
    return name.starts_with("remote.") && (name.ends_with(".url") || name.ends_with(".pushurl"));
  });
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
