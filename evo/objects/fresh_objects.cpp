#include "evo/objects/fresh_objects.hpp"

#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>

namespace evo {

FreshObjects::FreshObjects(const std::filesystem::path& root) : root_(root) {
  constexpr const char* kOperation = "prepare a commit to";
  odb_ = git_make<GitOdb>([](auto out) { return git_odb_new(out); }, kOperation, root_);
  git_check(git_mempack_new(&memory_), kOperation, root_);
  if (git_odb_add_backend(odb_.get(), memory_, 1) < 0) {
    memory_->free(memory_);
    git_fail(kOperation, root_);
  }
  repository_ = git_make<GitRepository>([&](auto out) { return git_repository_wrap_odb(out, odb_.get()); },
                                        kOperation, root_);
  // Without settings of its own it would look for those of the user.
  const auto settings = git_make<GitConfig>([](auto out) { return git_config_new(out); }, kOperation, root_);
  git_check(git_repository_set_config(repository_.get(), settings.get()), kOperation, root_);
}

git_oid FreshObjects::write_file(const std::string& content, std::string_view name) {
  git_oid id;
  git_check(git_odb_write(&id, odb_.get(), content.data(), content.size(), GIT_OBJECT_BLOB),
            "write a file to", root_);
  note(id, name);
  return id;
}

void FreshObjects::note(const git_oid& id, std::string_view name) {
  if (seen_.insert(hex_of(id)).second) objects_.push_back({id, std::string(name)});
}

}  // namespace evo
