#include "evo/git/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "evo/git/commits.hpp"
#include "evo/git/new_run.hpp"
#include "evo/git/tree_bounds.hpp"
#include "evo/objects/pack_files.hpp"
#include "genome/base/file.hpp"

namespace evo {
namespace {

constexpr const char* kOperation = "walk the history for";

// libgit2 does not know of histories that are cut, so its own walk would miss the parents.
std::vector<git_oid> commits_back_from(git_repository* source, std::span<const git_oid> starts,
                                       const std::set<std::string>& cut, const std::filesystem::path& root) {
  std::vector<git_oid> found;
  std::set<std::string> seen;
  for (const git_oid& start : starts) {
    for (std::vector<git_oid> next = {start}; !next.empty();) {
      const git_oid id = next.back();
      next.pop_back();
      if (!seen.insert(hex_of(id)).second) continue;
      found.push_back(id);
      if (cut.contains(hex_of(id))) continue;
      const GitCommit commit = commit_at(source, id, root);
      for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i)
        next.push_back(*git_commit_parent_id(commit.get(), i));
    }
  }
  return found;
}

void insert_whole(git_packbuilder* builder, git_repository* source, std::span<const git_oid> commits,
                  const std::filesystem::path& root) {
  const auto walk =
      git_make<GitRevwalk>([&](auto out) { return git_revwalk_new(out, source); }, kOperation, root);
  for (const git_oid& commit : commits) git_check(git_revwalk_push(walk.get(), &commit), kOperation, root);
  git_check(git_packbuilder_insert_walk(builder, walk.get()), kOperation, root);
}

// The ids of those at which it is cut.
std::vector<std::string> insert_cut(git_packbuilder* builder, git_repository* source,
                                    std::span<const git_oid> commits, const std::set<std::string>& cut,
                                    const std::filesystem::path& root) {
  std::vector<std::string> still_cut;
  for (const git_oid& id : commits_back_from(source, commits, cut, root)) {
    git_check(git_packbuilder_insert_commit(builder, &id), kOperation, root);
    if (cut.contains(hex_of(id))) still_cut.push_back(hex_of(id));
  }
  return still_cut;
}

}  // namespace

void copy_history(git_repository* source, std::span<const git_oid> commits, const std::set<std::string>& cut,
                  const std::filesystem::path& target_root) {
  // Trees are inserted by walks of libgit2's own, and every commit has one.
  const char* const files = git_repository_workdir(source);
  const std::filesystem::path run = tidy(files != nullptr ? files : git_repository_path(source));
  TreeBounds bounds(source, run);
  for (const git_oid& id : commits_back_from(source, commits, cut, run))
    bounds.expect(tree_at(source, id, run).get());
  const auto builder = git_make<GitPackBuilder>([&](auto out) { return git_packbuilder_new(out, source); },
                                                "start a pack in", target_root);
  std::vector<std::string> still_cut;
  if (cut.empty())
    insert_whole(builder.get(), source, commits, target_root);
  else
    still_cut = insert_cut(builder.get(), source, commits, cut, target_root);
  put_in_place(write_builder(builder.get(), target_root), target_root);
  if (!still_cut.empty())
    genome::base::write_durably(target_root / ".git" / "shallow",
                                fmt::format("{}\n", fmt::join(still_cut, "\n")));
}

}  // namespace evo
