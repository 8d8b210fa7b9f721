#include "evo/base/repository_files.hpp"

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>
#include <cerrno>
#include <cstdint>
#include <fmt/format.h>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "evo/base/error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

constexpr int kDeepestFolder = 16;    // .git/refs/remotes/origin/a/b has five
constexpr int kDeepestAlternate = 5;  // as git has it
constexpr int kDeepestRules = 8;      // as deep as a commit may be
constexpr std::uint64_t kMostFiles = 4'000'000;

// As people would name it: below the run where it is.
std::string shown(const fs::path& run, const fs::path& file) {
  const fs::path inside = file.lexically_relative(run);
  const bool elsewhere = inside.empty() || *inside.begin() == "..";
  return visible((elsewhere ? file : inside).string());
}

[[noreturn]] void refuse(const fs::path& run, const fs::path& file, std::string_view what) {
  throw RunError(fmt::format("{}: {} {}", visible(run.string()), shown(run, file), what));
}

bool never_ends(mode_t mode) { return S_ISFIFO(mode) || S_ISCHR(mode) || S_ISBLK(mode); }

constexpr std::string_view kSpecial = "is a pipe or a device, not a regular file; remove it";

enum class Links { kRefused, kFollowed };

class Look {
 public:
  Look(const fs::path& run, Links links) : run_(run), links_(links) {}

  void at_repository(const fs::path& folder) {
    at_folder(folder, 0);
    if (links_ == Links::kFollowed) at_alternates(folder / "objects", 0);
  }

 private:
  void at_folder(const fs::path& folder, int depth) {
    if (depth > kDeepestFolder)
      refuse(run_, folder, fmt::format("is more than {} folders deep; remove it", kDeepestFolder));
    std::error_code error;
    fs::directory_iterator it(folder, error);
    for (const fs::directory_iterator end; !error && it != end; it.increment(error)) {
      const bool of_hooks = depth == 0 && it->path().filename() == "hooks";
      std::error_code unknown;
      if (!of_hooks || !fs::is_directory(it->path(), unknown)) at_entry(it->path(), depth);
    }
    if (!error || error == std::errc::no_such_file_or_directory) return;
    // Nothing in a folder that may not be entered can be opened.
    if (links_ == Links::kFollowed && ::access(folder.c_str(), X_OK) != 0) return;
    refuse(run_, folder, fmt::format("cannot be looked into: {}", error.message()));
  }

  void at_entry(const fs::path& path, int depth) {
    if (++files_ > kMostFiles) refuse(run_, path, fmt::format("is beyond the first {} files", kMostFiles));
    struct stat there {};
    if (::lstat(path.c_str(), &there) != 0) {
      if (errno == ENOENT || links_ == Links::kFollowed) return;
      refuse(run_, path, fmt::format("cannot be looked at: {}", std::generic_category().message(errno)));
    }
    if (S_ISLNK(there.st_mode)) {
      if (links_ == Links::kRefused) refuse_link(run_, path);
      if (::stat(path.c_str(), &there) != 0) return;  // it leads nowhere
    }
    if (never_ends(there.st_mode)) refuse(run_, path, kSpecial);
    if (S_ISDIR(there.st_mode) && seen_.emplace(there.st_dev, there.st_ino).second)
      at_folder(path, depth + 1);
  }

  // Folders of objects that others own, of which git opens nothing else.
  void at_alternates(const fs::path& objects, int depth) {
    if (depth == kDeepestAlternate) return;
    std::istringstream lines(genome::base::content_of(objects / "info" / "alternates").value_or(""));
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || line.front() == '#') continue;
      const fs::path borrowed = objects / line;
      std::error_code error;
      for (fs::directory_iterator it(borrowed, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename();
        if (name == "pack" || name == "info" || name.size() == 2) at_entry(it->path(), 0);
      }
      at_alternates(borrowed, depth + 1);
    }
  }

  const fs::path& run_;
  Links links_;
  std::uint64_t files_ = 0;
  std::set<std::pair<dev_t, ino_t>> seen_;  // folders
};

// What a file like .git or commondir says; nothing where it is none.
std::string line_of(const fs::path& file, std::string_view before) {
  std::string line = genome::base::content_of(file).value_or("");
  line.resize(std::min(line.size(), line.find('\0')));
  boost::algorithm::trim(line);
  if (!line.starts_with(before)) return {};
  line.erase(0, before.size());
  boost::algorithm::trim(line);
  return line;
}

void look_at_rules(const fs::path& run, const fs::path& folder, int depth) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path name = it->path().filename();
    struct stat there {};
    if (name == ".gitignore" || name == ".gitattributes") {
      if (::stat(it->path().c_str(), &there) == 0 && never_ends(there.st_mode))
        refuse(run, it->path(), kSpecial);
    } else if (name != ".git" && depth < kDeepestRules) {
      if (::lstat(it->path().c_str(), &there) == 0 && S_ISDIR(there.st_mode))
        look_at_rules(run, it->path(), depth + 1);
    }
  }
}

}  // namespace

std::vector<fs::path> repository_folders(const fs::path& run) {
  std::error_code unknown;
  fs::path git = run / ".git";
  if (const std::string named = line_of(git, "gitdir:"); !named.empty())
    git = fs::weakly_canonical(run / named, unknown);
  std::vector<fs::path> found;
  for (const fs::path& own : {git, run}) {  // a bare one is the folder itself
    const std::string common = line_of(own / "commondir", "");
    const fs::path shared = common.empty() ? own : fs::weakly_canonical(own / common, unknown);
    // Without these git takes it for no repository.
    if (!fs::exists(own / "HEAD", unknown) || !fs::exists(shared / "objects", unknown) ||
        !fs::exists(shared / "refs", unknown))
      continue;
    found.push_back(own);
    if (shared != own) found.push_back(shared);
  }
  return found;
}

void expect_regular_files(const fs::path& run) {
  struct stat git {};
  if (::stat((run / ".git").c_str(), &git) == 0 && never_ends(git.st_mode))
    refuse(run, run / ".git", kSpecial);
  Look look(run, Links::kFollowed);
  for (const fs::path& folder : repository_folders(run)) look.at_repository(folder);
}

void expect_no_links_in_repository(const fs::path& run) {
  std::error_code unknown;
  const fs::path git = run / ".git";
  if (fs::is_symlink(fs::symlink_status(git, unknown))) refuse_link(run, git);
  Look(run, Links::kRefused).at_repository(git);
}

void expect_regular_rules(const fs::path& run) { look_at_rules(run, run, 0); }

void refuse_link(const fs::path& run, const fs::path& link) {
  throw RunError(
      fmt::format("{}: {} is a symbolic link, which may lead out of the run; nothing was written. "
                  "If you trust where it leads, put what is there in its place",
                  visible(run.string()), shown(run, link)));
}

}  // namespace evo
