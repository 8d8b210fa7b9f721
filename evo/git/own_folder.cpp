#include "evo/git/own_folder.hpp"

#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <fmt/format.h>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "genome/base/file.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

[[noreturn]] void refuse_link(const fs::path& run, const fs::path& link) {
  throw RunError(
      fmt::format("{}: {} is a symbolic link, which may lead out of the run; nothing was written. "
                  "If you trust where it leads, put what is there in its place",
                  visible(run.string()), visible(link.lexically_relative(run).string())));
}

bool is_link(const fs::path& path) {
  std::error_code unknown;
  return fs::is_symlink(fs::symlink_status(path, unknown));
}

// What the program itself writes, or has git write, besides the files of generations.
constexpr std::array kWritten = {kRunLogFile, kExchangesLogFile};

// "[include]", "[includeIf "..."]", in any case; git and libgit2 read what they name as if it stood here.
bool includes_others(std::string line) {
  boost::algorithm::trim(line);
  boost::algorithm::to_lower(line);
  if (!line.starts_with('[')) return false;
  line.erase(0, 1);
  boost::algorithm::trim_left(line);
  return line.starts_with("include");
}

// The value of a setting in the repository's own file, if it has one.
std::optional<std::string> setting(git_config* settings, const char* key) {
  git_buf value = GIT_BUF_INIT;
  const int code = git_config_get_string_buf(&value, settings, key);
  std::optional<std::string> found;
  if (code == 0) found = std::string(value.ptr, value.size);
  git_buf_dispose(&value);
  return found;
}

}  // namespace

void expect_no_links(const fs::path& run) {
  for (const char* name : kWritten) {
    if (is_link(run / name)) refuse_link(run, run / name);
  }
  if (is_link(run / ".git")) refuse_link(run, run / ".git");
  std::error_code error;
  for (fs::recursive_directory_iterator it(run / ".git", error), end; !error && it != end;
       it.increment(error)) {
    if (it->path() == run / ".git" / "hooks") {
      if (it->is_directory(error)) it.disable_recursion_pending();
    } else if (is_link(it->path())) {
      refuse_link(run, it->path());
    }
  }
}

void expect_no_includes(const fs::path& run) {
  std::istringstream lines(genome::base::content_of(run / ".git" / "config").value_or(""));
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (!includes_others(line)) continue;
    throw RunError(
        fmt::format("{}: line {} of .git/config includes other files ({}), which are not read; remove "
                    "that section, or clone the run",
                    visible(run.string()), number, visible(line)));
  }
  std::error_code unknown;
  if (fs::exists(run / ".git" / "commondir", unknown))
    throw RunError(
        fmt::format("{}: .git/commondir says that its objects are in another folder; clone the run",
                    visible(run.string())));
}

void expect_own_settings(const fs::path& run) {
  const fs::path file = run / ".git" / "config";
  std::error_code unknown;
  git_config* raw = nullptr;
  if (!fs::exists(file, unknown) || git_config_open_ondisk(&raw, file.c_str()) < 0) return;
  const GitConfig settings(raw);
  const auto refuse = [&](std::string_view key, std::string_view what) {
    const std::string command =
        fmt::format("git config -f {} --unset-all {}", genome::base::shell_path(file), key);
    throw RunError(
        fmt::format("{}: {} in .git/config {}; nothing was written. {} makes this folder its own again",
                    visible(run.string()), key, what, genome::base::quoted_command(command)));
  };
  if (const auto elsewhere = setting(settings.get(), "core.worktree"))
    refuse("core.worktree", fmt::format("puts its files into another folder ({})", visible(*elsewhere)));
  int bare = 0;
  if (git_config_get_bool(&bare, settings.get(), "core.bare") == 0 && bare != 0)
    refuse("core.bare", "says that it has no files");
}

void expect_files_and_folders(git_repository* repository, const git_tree* tree, const fs::path& run) {
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* const entry = git_tree_entry_byindex(tree, i);
    const git_filemode_t mode = git_tree_entry_filemode(entry);
    if (mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE) continue;
    if (mode != GIT_FILEMODE_TREE) {
      throw RunError(fmt::format("{}: its commit holds {}, which is {}; a run has files and folders alone",
                                 visible(run.string()), visible(git_tree_entry_name(entry)),
                                 mode == GIT_FILEMODE_LINK ? "a symbolic link" : "no file"));
    }
    const auto folder = git_make<GitTree>(
        [&](auto out) { return git_tree_lookup(out, repository, git_tree_entry_id(entry)); },
        "read a tree of", run);
    expect_files_and_folders(repository, folder.get(), run);
  }
}

}  // namespace evo
