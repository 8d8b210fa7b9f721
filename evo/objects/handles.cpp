#include "evo/objects/handles.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <iterator>
#include <unistd.h>

#include "evo/base/error.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

bool start_once() {
  if (git_libgit2_init() < 0) throw StorageError("cannot start libgit2");
  for (const int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                          GIT_CONFIG_LEVEL_GLOBAL}) {
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  }
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  // Such clones are read like any other; that objects are missing is told by clone_kind.hpp. Settings of a
  // work tree of its own (git sparse-checkout makes such) are none that a run depends on.
  const char* const extensions[] = {"partialclone", "worktreeconfig", "preciousobjects"};
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, std::size(extensions));
  // Objects are written where the repository's own are not (see fresh_objects.hpp).
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
  return true;
}

}  // namespace

void start_libgit2() { [[maybe_unused]] static const bool started = start_once(); }

void git_fail(std::string_view operation, const std::filesystem::path& path) {
  const git_error* error = git_error_last();
  throw StorageError(fmt::format("cannot {} {}: {}", operation, genome::base::visible(path.string()),
                                 error != nullptr && error->message != nullptr ? error->message : "unknown"));
}

std::string hex_of(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 1> text{};
  git_oid_tostr(text.data(), text.size(), &id);
  return text.data();
}

}  // namespace evo
