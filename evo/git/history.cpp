#include "evo/git/history.hpp"

#include "evo/objects/pack_files.hpp"

namespace evo {

void copy_history(git_repository* source, std::span<const git_oid> commits,
                  const std::filesystem::path& target_root) {
  constexpr const char* kOperation = "walk the history for";
  const auto builder = git_make<GitPackBuilder>([&](auto out) { return git_packbuilder_new(out, source); },
                                                "start a pack in", target_root);
  const auto walk =
      git_make<GitRevwalk>([&](auto out) { return git_revwalk_new(out, source); }, kOperation, target_root);
  for (const git_oid& commit : commits)
    git_check(git_revwalk_push(walk.get(), &commit), kOperation, target_root);
  git_check(git_packbuilder_insert_walk(builder.get(), walk.get()), kOperation, target_root);
  put_in_place(write_builder(builder.get(), target_root), target_root);
}

}  // namespace evo
