#include "evo/git/connection.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <system_error>

#include "evo/objects/pack_files.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

// The files of a run are beside its .git folder, whatever core.worktree says.
void keep_to_own_folder(git_repository* repository, const std::filesystem::path& root) {
  if (!std::filesystem::is_directory(root / ".git")) return;
  std::error_code unknown;
  const std::string own = std::filesystem::canonical(root, unknown).string() + "/";
  const char* const taken = git_repository_workdir(repository);
  if (taken != nullptr && taken == own) return;  // libgit2 leaks a path that it is told once more
  git_check(git_repository_set_workdir(repository, root.c_str(), 0), "open", root);
}

}  // namespace

Connection::Connection(std::filesystem::path root, GitRepository opened)
    : root_(std::move(root)), handle_(std::move(opened)) {
  keep_to_own_folder(handle_.get(), root_);
  kind_ = clone_kind_of(handle_.get());
  packs_ = packs_there(kind_.objects());
}

void Connection::move_to(std::filesystem::path root) {
  disconnect();
  root_ = std::move(root);
}

git_repository* Connection::repository() {
  if (handle_ != nullptr) return handle_.get();
  start_libgit2();
  auto opened = git_make<GitRepository>(
      [&](auto out) {
        return git_repository_open_ext(out, root_.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
      },
      "open", root_);
  keep_to_own_folder(opened.get(), root_);
  kind_ = clone_kind_of(opened.get());
  packs_ = packs_there(kind_.objects());  // libgit2 lists them later, when the first object is wanted
  handle_ = std::move(opened);
  return handle_.get();
}

const CloneKind& Connection::kind() {
  repository();
  return kind_;
}

bool Connection::packs_went() const {
  if (handle_ == nullptr) return false;
  return !std::ranges::includes(packs_there(kind_.objects()), packs_);
}

// Opening a partial clone costs much, as libgit2 looks through its settings by a pattern.
bool Connection::lacks_it_still() const {
  return handle_ != nullptr && kind_.is_less() && packs_there(kind_.objects()) == packs_;
}

void Connection::fail_as_it_is() {
  try {
    throw;
  } catch (const StorageError& error) {
    if (!kind_.lost.empty())
      throw StorageError(fmt::format("{}; its objects are borrowed from {}, which is not there", error.what(),
                                     genome::base::visible(kind_.lost.front().string())));
    if (!kind_.is_less()) throw;
    throw StorageError(fmt::format("{}; this clone is {}, and {}", error.what(),
                                   kind_.partial ? "partial" : "shallow", kind_.completing(root_)));
  }
}

}  // namespace evo
