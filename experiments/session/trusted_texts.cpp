#include "experiments/session/trusted_texts.hpp"

#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "genome/base/digest.hpp"
#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::StorageError;

fs::path home_folder() {
  const char* const home = std::getenv("HOME");
  if (home != nullptr && fs::path(home).is_absolute()) return home;
  const ::passwd* const user = ::getpwuid(::geteuid());
  return user == nullptr || user->pw_dir == nullptr ? fs::path() : fs::path(user->pw_dir);
}

bool is_own(const fs::path& folder) {
  struct stat found {};
  return ::stat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == ::geteuid() &&
         (found.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void make_own(const fs::path& folder) {
  std::error_code unknown;
  if (fs::exists(folder, unknown)) return;
  if (folder.has_relative_path()) make_own(folder.parent_path());
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    genome::base::fail_at("make the folder", folder);
}

}  // namespace

fs::path state_folder() {
  const char* const given = std::getenv("XDG_STATE_HOME");
  // As its specification says, a relative one counts as none: it would change with the current folder.
  const bool usable = given != nullptr && fs::path(given).is_absolute();
  const fs::path home = usable ? fs::path() : home_folder();
  if (!usable && home.empty()) return {};
  return (usable ? fs::path(given) : home / ".local" / "state") / "evotts" / "trusted";
}

fs::path TrustedTexts::file_of(const std::string& text) const {
  return folder_ / genome::base::sha1_hex(text);
}

bool TrustedTexts::has(const std::string& text) const {
  if (folder_.empty() || !is_own(folder_)) return false;
  const fs::path file = file_of(text);
  std::error_code unknown;
  return fs::is_regular_file(file, unknown) && genome::base::content_of(file) == text + "\n";
}

void TrustedTexts::add(const std::string& text) const {
  if (folder_.empty()) throw StorageError("there is no home folder to remember it in");
  make_own(folder_);
  if (!is_own(folder_))
    throw StorageError(fmt::format("{}: is no folder of this user that nobody else may write to",
                                   genome::base::visible(folder_.string())));
  genome::base::write_durably(file_of(text), text + "\n");
}

}  // namespace experiments
