#include "evo/base/access.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "evo/base/error.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

// "alice", or "the user 1234".
std::string user_name(uid_t id) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return fmt::format("the user {}", id);
  return genome::base::visible(found->pw_name);
}

// "belongs to alice and may not be read by bob".
std::string refusal(const fs::path& folder, int reason, std::string_view done) {
  struct stat info {};
  const uid_t own = geteuid();
  if (reason == EROFS) return fmt::format("is read-only: it lies on a file system that may not be {}", done);
  if (::stat(folder.c_str(), &info) == 0 && info.st_uid != own)
    return fmt::format("belongs to {} and may not be {} by {}", user_name(info.st_uid), done, user_name(own));
  return fmt::format("{}: {} may not be {} ({})", done == "read" ? "cannot be read" : "is read-only",
                     genome::base::visible(folder.string()), done, std::strerror(reason));
}

// What access(2) says, for the user whom files are opened as; 0 when it is allowed, or nothing is there.
int denied(const fs::path& path, int mode) {
  if (faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0) return 0;
  return errno == ENOENT || errno == ENOTDIR ? 0 : errno;
}

}  // namespace

void expect_readable(const fs::path& run) {
  const fs::path git = run / ".git";
  std::vector<fs::path> needed = {git / "objects", git / "objects" / "pack", git / "refs" / "heads"};
  std::error_code unknown;
  for (fs::directory_iterator it(git / "objects" / "pack", unknown), end; !unknown && it != end;
       it.increment(unknown))
    needed.push_back(it->path());
  needed.insert(needed.begin(), {run, git, git / "HEAD", git / "config", git / "packed-refs", git / "refs",
                                 git / "refs" / "heads" / "main"});
  for (const fs::path& folder : needed) {
    const bool is_file = !fs::is_directory(folder, unknown);  // as .git is in a worktree, too
    const bool is_listed = folder == git / "objects" || folder == git / "objects" / "pack";
    const int reason = denied(folder, is_file ? R_OK : is_listed ? R_OK | X_OK : X_OK);
    if (reason != EACCES && reason != EPERM) continue;
    throw RunError(
        fmt::format("{}: {}", genome::base::visible(run.string()), refusal(folder, reason, "read")));
  }
}

void expect_writable(const fs::path& run) {
  const fs::path git = run / ".git";
  for (const fs::path& path :
       {git, run, git / "evotts.lock", git / "objects", git / "objects" / "pack", git / "refs" / "heads"}) {
    const int reason = denied(path, W_OK);
    if (reason != EACCES && reason != EPERM && reason != EROFS) continue;
    const std::string fork = fmt::format("evotts fork {} NEW", genome::base::shell_path(run));
    throw RunError(fmt::format("{}: {}; it can be looked at, and {} makes a run of your own of it",
                               genome::base::visible(run.string()), refusal(path, reason, "written to"),
                               genome::base::quoted_command(fork)));
  }
}

std::string advice_to_verify(const fs::path& run) {
  const std::string command = fmt::format("evotts verify {}", genome::base::shell_path(run));
  return fmt::format("; {} lists what is damaged, if anything is, and what can still be resumed",
                     genome::base::quoted_command(command));
}

}  // namespace evo
