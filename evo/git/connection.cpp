#include "evo/git/connection.hpp"

#include <algorithm>

#include "evo/objects/pack_files.hpp"

namespace evo {

Connection::Connection(std::filesystem::path root, GitRepository opened)
    : root_(std::move(root)), handle_(std::move(opened)), packs_(packs_there(root_)) {}

void Connection::move_to(std::filesystem::path root) {
  disconnect();
  root_ = std::move(root);
}

git_repository* Connection::repository() {
  if (handle_ != nullptr) return handle_.get();
  start_libgit2();
  packs_ = packs_there(root_);  // before: a pack that goes while the handle is made is noticed
  handle_ = git_make<GitRepository>(
      [&](auto out) {
        return git_repository_open_ext(out, root_.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
      },
      "open", root_);
  return handle_.get();
}

bool Connection::packs_went() const {
  if (handle_ == nullptr) return false;
  return !std::ranges::includes(packs_there(root_), packs_);
}

}  // namespace evo
