#include "evo/git/commits.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <git2/sys/commit.h>
#include <thread>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

GitCommit commit_at(git_repository* repository, const git_oid& id, const fs::path& root) {
  return git_make<GitCommit>([&](auto out) { return git_commit_lookup(out, repository, &id); },
                             "read a commit of", root);
}

GitTree tree_at(git_repository* repository, const git_oid& id, const fs::path& root) {
  const GitCommit commit = commit_at(repository, id, root);
  return git_make<GitTree>([&](auto out) { return git_commit_tree(out, commit.get()); }, "read the tree of",
                           root);
}

git_oid main_of(git_repository* repository, const fs::path& root) {
  git_oid id;
  const int code = git_reference_name_to_id(&id, repository, kMainReference);
  if (code == GIT_ENOTFOUND) {
    throw NoMain(fmt::format("{}: not a run: it is a git repository without a branch main",
                             genome::base::visible(root.string())));
  }
  git_check(code, "read the branch main of", root);
  return id;
}

git_oid resolve(git_repository* repository, std::string_view revision, const fs::path& root) {
  if (revision.empty()) return main_of(repository, root);
  git_oid prefix;
  git_commit* commit = nullptr;
  int code = GIT_ENOTFOUND;
  if (is_hex(revision) && revision.size() >= GIT_OID_MINPREFIXLEN && revision.size() <= GIT_OID_HEXSZ) {
    git_check(git_oid_fromstrn(&prefix, revision.data(), revision.size()), "look for a commit in", root);
    code = git_commit_lookup_prefix(&commit, repository, &prefix, revision.size());
  }
  if (code == GIT_ENOTFOUND || code == GIT_EAMBIGUOUS) {
    throw RunError(fmt::format("{}: {} commit {}", genome::base::visible(root.string()),
                               code == GIT_EAMBIGUOUS ? "more than one" : "no",
                               genome::base::visible(revision)));
  }
  git_check(code, "look for a commit in", root);
  const GitCommit owner(commit);
  return *git_commit_id(commit);
}

GitTreeEntry entry_in(const git_tree* tree, std::string_view path, const fs::path& root) {
  git_tree_entry* entry = nullptr;
  const int code = git_tree_entry_bypath(&entry, tree, std::string(path).c_str());
  if (code != GIT_ENOTFOUND) git_check(code, "read a tree of", root);
  return GitTreeEntry(code == 0 ? entry : nullptr);
}

void check_readable(git_repository* repository, const git_tree* tree, const fs::path& root) {
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* const entry = git_tree_entry_byindex(tree, i);
    const std::string_view name = git_tree_entry_name(entry);
    const git_oid* const id = git_tree_entry_id(entry);
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
      if (name == kLineageFolder || name == kJournalFolder) continue;
      const auto folder = git_make<GitTree>([&](auto out) { return git_tree_lookup(out, repository, id); },
                                            fmt::format("read {} of", name), root);
      check_readable(repository, folder.get(), root);
    } else {
      git_make<GitBlob>([&](auto out) { return git_blob_lookup(out, repository, id); },
                        fmt::format("read {} of", name), root);
    }
  }
}

git_oid create_commit(FreshObjects& fresh, const git_oid& tree_id, const git_oid* parent_id,
                      const std::string& message, const fs::path& root) {
  const auto author = git_make<GitSignature>(
      [](auto out) { return git_signature_now(out, kAuthorName, kAuthorAddress); }, "commit to", root);
  const git_oid* parents[] = {parent_id};
  git_oid id;
  git_check(git_commit_create_from_ids(&id, fresh.repository(), nullptr, author.get(), author.get(), nullptr,
                                       message.ends_with('\n') ? message.c_str() : (message + '\n').c_str(),
                                       &tree_id, parent_id == nullptr ? 0 : 1, parents),
            "commit to", root);
  fresh.note(id, "");
  return id;
}

std::optional<std::string> missing_in(git_repository* repository, const FreshObjects& fresh,
                                      const git_oid& tree, const fs::path& root) {
  const auto odb = git_make<GitOdb>([&](auto out) { return git_repository_odb(out, repository); },
                                    "open the objects of", root);
  git_repository* const holder = fresh.has(tree) ? fresh.repository() : repository;
  const auto entries = git_make<GitTree>([&](auto out) { return git_tree_lookup(out, holder, &tree); },
                                         "read a tree of", root);
  for (std::size_t i = 0; i < git_tree_entrycount(entries.get()); ++i) {
    const git_tree_entry* const entry = git_tree_entry_byindex(entries.get(), i);
    const git_oid& id = *git_tree_entry_id(entry);
    const std::string name = git_tree_entry_name(entry);
    if (!fresh.has(id) && git_odb_exists(odb.get(), &id) == 0) return name;
    if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) continue;
    if (const auto inner = missing_in(repository, fresh, id, root)) return name + "/" + *inner;
  }
  return std::nullopt;
}

std::optional<git_oid> tip_of(git_repository* repository, const std::string& reference,
                              const fs::path& root) {
  git_oid id;
  const int code = git_reference_name_to_id(&id, repository, reference.c_str());
  if (code == GIT_ENOTFOUND) return std::nullopt;
  git_check(code, fmt::format("read {} of", reference), root);
  return id;
}

std::optional<git_oid> tip_in_a_clone(git_repository* repository, const std::string& reference,
                                      const fs::path& root) {
  return tip_of(repository, "refs/remotes/origin/" + branch_of(reference), root);
}

std::optional<git_oid> tip_of_branch(git_repository* repository, const std::string& reference,
                                     const fs::path& root) {
  const auto own = tip_of(repository, reference, root);
  return own ? own : tip_in_a_clone(repository, reference, root);
}

void fail_as_moved(const fs::path& root, const std::string& reference, const std::optional<git_oid>& expected,
                   const std::optional<git_oid>& now) {
  const std::string run = genome::base::visible(root.string());
  const std::string branch = branch_of(reference);
  const std::string back =
      expected ? fmt::format("; {} puts it back to the last commit made here",
                             genome::base::quoted_command(fmt::format("git -C {} update-ref {} {}",
                                                                      genome::base::shell_path(root),
                                                                      reference, hex_of(*expected))))
               : "";
  throw StorageError(fmt::format("cannot commit to {}: another process has {} the branch {} meanwhile{}{}",
                                 run, now ? "moved" : "removed", branch,
                                 now ? fmt::format(" (to {})", hex_of(*now)) : "", back));
}

void move_branch(git_repository* repository, const std::string& reference, const git_oid& id,
                 const git_oid* parent, const fs::path& root) {
  int code = GIT_ELOCKED;
  for (int attempt = 0; attempt < 100 && code == GIT_ELOCKED; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    git_reference* raw = nullptr;
    code = parent == nullptr
               ? git_reference_create(&raw, repository, reference.c_str(), &id, 0, "commit")
               : git_reference_create_matching(&raw, repository, reference.c_str(), &id, 1, parent, "commit");
    git_reference_free(raw);
  }
  if (code == GIT_EMODIFIED || code == GIT_ENOTFOUND || code == GIT_EEXISTS) {
    fail_as_moved(root, reference, parent == nullptr ? std::nullopt : std::optional(*parent),
                  tip_of(repository, reference, root));
  }
  git_check(code, fmt::format("move {} of", reference), root);
}

CommitInfo info_of(const git_commit* commit, const std::set<std::string>& cut) {
  const std::string id = hex_of(*git_commit_id(commit));
  const bool is_cut = cut.contains(id);
  const bool has_parent = !is_cut && git_commit_parentcount(commit) > 0;
  CommitInfo info{.id = id,
                  .tree = hex_of(*git_commit_tree_id(commit)),
                  .parent = has_parent ? hex_of(*git_commit_parent_id(commit, 0)) : "",
                  .cut = is_cut,
                  .message = git_commit_message(commit),
                  .trailers = {},
                  .time = git_commit_time(commit)};
  for (auto& [key, value] : trailers_of(info.message)) info.trailers[key] = std::move(value);
  return info;
}

}  // namespace evo
