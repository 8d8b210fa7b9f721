#include "evo/git/new_run.hpp"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace evo {

namespace fs = std::filesystem;

namespace {

enum class Locked : std::uint8_t { kYes, kByAnother, kNotHere };

// Locks count for all processes of the machine, in whatever container; some file systems know none.
Locked try_to_lock(int folder) {
  if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0) return Locked::kYes;
  return folder >= 0 && errno == EWOULDBLOCK ? Locked::kByAnother : Locked::kNotHere;
}

genome::base::Descriptor opened(const fs::path& folder) {
  return genome::base::Descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// The process of that number, as far as this container tells.
bool seems_alive(std::string_view number) {
  pid_t pid = 0;
  std::from_chars(number.data(), number.data() + number.size(), pid);
  return pid != getpid() && (kill(pid, 0) == 0 || errno != ESRCH);
}

bool is_left_over(const fs::path& folder, std::string_view number) {
  constexpr auto kMoment = std::chrono::minutes(1);  // from making a folder to locking it takes much less
  const genome::base::Descriptor held = opened(folder);
  const Locked locked = try_to_lock(held.number());
  if (locked != Locked::kYes) return locked == Locked::kNotHere && !seems_alive(number);
  std::error_code gone;
  const auto written = fs::last_write_time(folder, gone);
  return !seems_alive(number) || (!gone && fs::file_time_type::clock::now() - written > kMoment);
}

// Folders that processes left here which were killed while they made a run of this name.
void sweep(const fs::path& parent, const std::string& prefix) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const std::string_view number = std::string_view(name).substr(prefix.size());
    const bool ours = !number.empty() && number.find_first_not_of("0123456789.") == number.npos;
    if (ours && is_left_over(entry.path(), number)) fs::remove_all(entry.path(), ignored);
  }
}

// As remove_all(), which has a folder open for every level; this has one at a time.
void remove_tree(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) entries.push_back(entry.path());
  for (const fs::path& entry : entries) {
    if (fs::is_directory(fs::symlink_status(entry, ignored)))
      remove_tree(entry);
    else
      fs::remove(entry, ignored);
  }
  fs::remove(folder, ignored);
}

}  // namespace

NewRun::Folder::~Folder() {
  lock.close();  // so that a folder can be opened even when no more files can be
  if (!path.empty()) remove_tree(path);
}

NewRun::NewRun(const fs::path& path) {
  try {
    target_ = tidy(path);
    if (fs::symlink_status(target_).type() != fs::file_type::not_found) refuse();
    fs::create_directories(target_.parent_path());
    make_folder();
  } catch (const fs::filesystem_error& error) {
    throw RunError(
        fmt::format("{}: cannot be made: {}", genome::base::visible(path.string()), error.code().message()));
  }
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags = GIT_REPOSITORY_INIT_NO_REINIT;
  options.initial_head = kMainBranch;
  const auto repository = git_make<GitRepository>(
      [&](auto out) { return git_repository_init_ext(out, folder().c_str(), &options); }, "start a run in",
      folder());
  apply_settings(repository.get(), folder());
}

// A process of another container may have our number.
void NewRun::make_folder() {
  const fs::path parent = target_.parent_path();
  const std::string prefix = fmt::format(".{}.new-", target_.filename().string());
  sweep(parent, prefix);
  for (int attempt = 0; folder_.path.empty(); ++attempt) {
    const fs::path next =
        parent / fmt::format("{}{}{}", prefix, getpid(), attempt == 0 ? "" : fmt::format(".{}", attempt));
    if (fs::create_directory(next)) folder_.path = next;
  }
  folder_.lock = opened(folder());
  // Before anything is put into it: to remove that, a file more has to be opened.
  if (folder_.lock.number() < 0) genome::base::fail_at("open", folder());
  try_to_lock(folder_.lock.number());  // where there are no locks, the number in the name has to do
}

// Renames the finished run into its place, unless something has appeared there meanwhile.
void NewRun::publish() {
  for (const auto& entry : fs::recursive_directory_iterator(folder() / ".git"))
    genome::base::sync_path(entry.path());
  int code = renameat2(AT_FDCWD, folder().c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE);
  // Not every file system knows this kind of rename; the plain one replaces an empty folder at worst.
  if (code != 0 && errno == EINVAL) code = std::rename(folder().c_str(), target_.c_str());
  if (code != 0 && (errno == EEXIST || errno == ENOTEMPTY)) refuse();
  if (code != 0) {
    throw StorageError(fmt::format("cannot rename {} to {}: {}", genome::base::visible(folder().string()),
                                   genome::base::visible(target_.string()), std::strerror(errno)));
  }
  folder_.path.clear();
  genome::base::sync_path(target_.parent_path());
}

void NewRun::refuse() const {
  throw RunError(fmt::format("{}: exists already; choose another place for the run, or resume this one",
                             genome::base::visible(target_.string())));
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
  // A log of what took wall-clock time may lie beside the files of the run; it is never part of it.
  const std::string excluded = genome::base::content_of(info / "exclude").value_or("");
  if (excluded.find("/*.log\n") == std::string::npos)
    genome::base::write_durably(info / "exclude", excluded + "/*.log\n");
  if (genome::base::content_of(info / "attributes").value_or("").empty())
    genome::base::write_durably(info / "attributes", "* -text -filter -ident -working-tree-encoding\n");
}

fs::path tidy(const fs::path& path) {
  const fs::path normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace evo
