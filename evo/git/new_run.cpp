#include "evo/git/new_run.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "genome/base/file.hpp"

namespace evo {

namespace fs = std::filesystem;

namespace {

// Folders that processes left here which were killed while they made a run of this name.
void sweep(const fs::path& parent, const std::string& prefix) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    pid_t pid = 0;
    const char* const end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + prefix.size(), end, pid);
    const bool gone = read.ec == std::errc() && read.ptr == end && pid > 0 &&
                      (pid == getpid() || (kill(pid, 0) != 0 && errno == ESRCH));
    if (gone) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

NewRun::NewRun(const fs::path& path) {
  try {
    target_ = tidy(path);
    if (fs::symlink_status(target_).type() != fs::file_type::not_found) refuse();
    fs::create_directories(target_.parent_path());
    const std::string prefix = fmt::format(".{}.new-", target_.filename().string());
    sweep(target_.parent_path(), prefix);
    folder_ = target_.parent_path() / fmt::format("{}{}", prefix, getpid());
    fs::create_directory(folder_);
  } catch (const fs::filesystem_error& error) {
    throw RunError(fmt::format("{}: cannot be made: {}", path.string(), error.code().message()));
  }
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags = GIT_REPOSITORY_INIT_NO_REINIT;
  options.initial_head = kMainBranch;
  const auto repository = git_make<GitRepository>(
      [&](auto out) { return git_repository_init_ext(out, folder_.c_str(), &options); }, "start a run in",
      folder_);
  apply_settings(repository.get(), folder_);
}

NewRun::~NewRun() {
  std::error_code ignored;
  if (!published_) fs::remove_all(folder_, ignored);
}

// Renames the finished run into its place, unless something has appeared there meanwhile.
void NewRun::publish() {
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / ".git"))
    genome::base::sync_path(entry.path());
  int code = renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE);
  // Not every file system knows this kind of rename; the plain one replaces an empty folder at worst.
  if (code != 0 && errno == EINVAL) code = std::rename(folder_.c_str(), target_.c_str());
  if (code != 0 && (errno == EEXIST || errno == ENOTEMPTY)) refuse();
  if (code != 0) {
    throw StorageError(
        fmt::format("cannot rename {} to {}: {}", folder_.string(), target_.string(), std::strerror(errno)));
  }
  published_ = true;
  genome::base::sync_path(target_.parent_path());
}

void NewRun::refuse() const {
  throw RunError(fmt::format("{}: exists already; choose another place for the run, or resume this one",
                             target_.string()));
}

void apply_settings(git_repository* repository, const fs::path& root) {
  const auto config = git_make<GitConfig>([&](auto out) { return git_repository_config(out, repository); },
                                          "open the settings of", root);
  for (const auto& [key, value] : {std::pair("core.autocrlf", "false"),
                                   std::pair("core.logallrefupdates", "false"), std::pair("gc.auto", "0")}) {
    git_buf now = GIT_BUF_INIT;
    const bool right = git_config_get_string_buf(&now, config.get(), key) == 0 &&
                       std::string_view(now.ptr, now.size) == value;
    git_buf_dispose(&now);
    if (!right) git_check(git_config_set_string(config.get(), key, value), "change the settings of", root);
  }
  const fs::path info = root / ".git" / "info";
  fs::create_directories(info);
  if (!fs::exists(info / "attributes")) {
    // A log of what took wall-clock time may lie beside the files of the run; it is never part of it.
    const std::string excluded = genome::base::content_of(info / "exclude").value_or("");
    genome::base::write_durably(info / "exclude", excluded + "/*.log\n");
    genome::base::write_durably(info / "attributes", "* -text -filter -ident -working-tree-encoding\n");
  }
}

fs::path tidy(const fs::path& path) {
  const fs::path normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace evo
