#include "evo/git/work_tree.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/base/repository_files.hpp"
#include "genome/base/file.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

constexpr int kLockAttempts = 100;
constexpr auto kLockPause = std::chrono::milliseconds(10);

fs::path temporary_file(const fs::path& root) { return root / ".git" / "evotts.file"; }

// In the place of a folder of the run a link would lead the file elsewhere. What it points at stays.
void remove_links_above(const fs::path& root, const fs::path& path) {
  for (fs::path folder = path.parent_path(); folder != root && folder.has_relative_path();
       folder = folder.parent_path()) {
    std::error_code unknown;
    if (fs::is_symlink(fs::symlink_status(folder, unknown))) fs::remove(folder);
  }
}

void put_file(const fs::path& root, const fs::path& path, const std::string& content) {
  const fs::path temporary = temporary_file(root);
  genome::base::OutputFile file(temporary);
  file.write(content);
  file.close();
  remove_links_above(root, path);
  if (std::rename(temporary.c_str(), path.c_str()) == 0) return;
  if (errno != ENOENT) genome::base::fail_at("replace", path);
  std::error_code ignored;  // The second rename tells what is wrong.
  fs::create_directories(path.parent_path(), ignored);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) genome::base::fail_at("create", path);
}

void remove_file(const fs::path& root, const fs::path& path) {
  remove_links_above(root, path);
  if (unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) genome::base::fail_at("remove", path);
  // git knows no empty folders, so neither should the work tree; rmdir spares those with files in them.
  for (fs::path folder = path.parent_path(); folder != root; folder = folder.parent_path()) {
    if (rmdir(folder.c_str()) != 0) break;
  }
}

// The entry git itself would make; with the file's times and size `git status` need not read the file.
git_index_entry entry_of(const FileChange& change, const fs::path& file) {
  struct stat info {};
  if (lstat(file.c_str(), &info) != 0) genome::base::fail_at("look at", file);
  git_index_entry entry{};
  entry.ctime = {static_cast<std::int32_t>(info.st_ctim.tv_sec),
                 static_cast<std::uint32_t>(info.st_ctim.tv_nsec)};
  entry.mtime = {static_cast<std::int32_t>(info.st_mtim.tv_sec),
                 static_cast<std::uint32_t>(info.st_mtim.tv_nsec)};
  entry.dev = static_cast<std::uint32_t>(info.st_dev);
  entry.ino = static_cast<std::uint32_t>(info.st_ino);
  entry.mode = GIT_FILEMODE_BLOB;
  entry.uid = info.st_uid;
  entry.gid = info.st_gid;
  entry.file_size = static_cast<std::uint32_t>(info.st_size);
  entry.id = change.blob;
  entry.path = change.path.c_str();
  return entry;
}

GitIndex index_of(git_repository* repository, const fs::path& root) {
  return git_make<GitIndex>([&](auto out) { return git_repository_index(out, repository); },
                            "open the index of", root);
}

// A user's `git status` holds the index's lock for a moment.
bool write_index(git_index* index, const fs::path& root) {
  int code = git_index_write(index);
  for (int attempt = 0; code == GIT_ELOCKED && attempt < kLockAttempts; ++attempt) {
    std::this_thread::sleep_for(kLockPause);
    code = git_index_write(index);
  }
  if (code == GIT_ELOCKED) return false;
  git_check(code, "write the index of", root);
  return true;
}

GitTree tree_of(git_repository* repository, const git_oid& id, const fs::path& root) {
  const auto commit = git_make<GitCommit>([&](auto out) { return git_commit_lookup(out, repository, &id); },
                                          "read a commit of", root);
  return git_make<GitTree>([&](auto out) { return git_commit_tree(out, commit.get()); }, "read the tree of",
                           root);
}

// The index, or if it was torn (it is not part of history) one made of the generation before: files which
// the interrupted update should have removed are then still known to belong to the run.
GitIndex usable_index(git_repository* repository, const fs::path& root, const git_oid& commit) {
  git_index* raw = nullptr;
  if (git_repository_index(&raw, repository) == 0 && git_index_read(raw, 1) == 0) return GitIndex(raw);
  git_index_free(raw);
  fs::remove(root / ".git" / "index");
  GitIndex index = index_of(repository, root);
  git_check(git_index_read(index.get(), 1), "make the index of", root);
  const auto head = git_make<GitCommit>([&](auto out) { return git_commit_lookup(out, repository, &commit); },
                                        "read a commit of", root);
  if (git_commit_parentcount(head.get()) > 0) {
    const GitTree before = tree_of(repository, *git_commit_parent_id(head.get(), 0), root);
    git_check(git_index_read_tree(index.get(), before.get()), "make the index of", root);
  }
  return index;
}

// Even where the file is no reference any more.
void put_head_on_main(git_repository* repository, const fs::path& root) {
  git_reference* raw = nullptr;
  const int code = git_reference_lookup(&raw, repository, "HEAD");
  const GitReference head(raw);
  const char* const target = code == 0 ? git_reference_symbolic_target(head.get()) : nullptr;
  if (target != nullptr && std::strcmp(target, kMainReference) == 0) return;
  if (code != 0) put_file(root, root / ".git" / "HEAD", fmt::format("ref: {}\n", kMainReference));
  git_check(git_repository_set_head(repository, kMainReference), "set HEAD of", root);
}

// git writes into the index what a file looked like after it had converted its line ends, which hides that
// the file is not what the run has. Without those times every file is compared byte for byte.
void forget_times(git_index* index, const fs::path& root) {
  std::vector<git_index_entry> entries;
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < git_index_entrycount(index); ++i) {
    entries.push_back(*git_index_get_byindex(index, i));
    paths.emplace_back(entries.back().path);
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].path = paths[i].c_str();
    entries[i].mtime = entries[i].ctime = {};
    entries[i].file_size = 0;
    git_check(git_index_add(index, &entries[i]), "read the index of", root);
  }
}

bool differs_in_line_ends_alone(git_repository* repository, const git_oid& id, const fs::path& file) {
  const auto blob = git_make<GitBlob>([&](auto out) { return git_blob_lookup(out, repository, &id); },
                                      "read an object of", file);
  const std::string_view committed(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                                   static_cast<std::size_t>(git_blob_rawsize(blob.get())));
  std::error_code gone;  // a line end is one byte longer at most
  if (fs::file_size(file, gone) > 2 * committed.size()) return false;
  std::string here = genome::base::content_of(file).value_or("");
  boost::algorithm::replace_all(here, "\r\n", "\n");
  return here == committed;
}

// How long ago a file was written; a very long time for one that is not there, or is of the future.
std::chrono::nanoseconds age_of(const fs::path& file) {
  std::error_code missing;
  const auto written = fs::last_write_time(file, missing);
  if (missing) return std::chrono::hours(1);
  const auto age = fs::file_time_type::clock::now() - written;
  return age.count() < 0 ? std::chrono::hours(1) : age;
}

// A checkout follows links in the place of folders.
void remove_links_in_the_way(const git_tree* tree, const fs::path& root) {
  std::vector<fs::path> folders;
  const auto note = [](const char* above, const git_tree_entry* entry, void* to) {
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
      static_cast<std::vector<fs::path>*>(to)->push_back(fs::path(above) / git_tree_entry_name(entry));
    return 0;
  };
  git_check(git_tree_walk(tree, GIT_TREEWALK_PRE, note, &folders), "list the folders of", root);
  for (const fs::path& folder : folders) remove_links_above(root, root / folder / "file");
}

}  // namespace

bool update_work_tree(git_repository* repository, const fs::path& root, std::span<const FileChange> changes) {
  const GitIndex index = index_of(repository, root);
  git_check(git_index_read(index.get(), 0), "read the index of", root);
  for (const FileChange& change : changes) {
    const fs::path file = root / change.path;
    if (change.content == nullptr) {
      remove_file(root, file);
      const int code = git_index_remove(index.get(), change.path.c_str(), 0);
      if (code != GIT_ENOTFOUND) git_check(code, "update the index of", root);
    } else {
      put_file(root, file, *change.content);
      const git_index_entry entry = entry_of(change, file);
      git_check(git_index_add(index.get(), &entry), "update the index of", root);
    }
  }
  return write_index(index.get(), root);
}

std::map<std::string, FileState> files_beside(git_repository* repository, const git_tree* tree,
                                              const fs::path& root) {
  expect_regular_rules(root);
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  const auto difference = git_make<GitDiff>(
      [&](auto out) {
        return git_diff_tree_to_workdir(out, repository, const_cast<git_tree*>(tree), &options);
      },
      "compare the files of", root);
  std::map<std::string, FileState> found;
  for (std::size_t i = 0; i < git_diff_num_deltas(difference.get()); ++i) {
    const git_diff_delta* delta = git_diff_get_delta(difference.get(), i);
    const char* const path = delta->old_file.path;
    if (delta->status == GIT_DELTA_DELETED) found[path] = FileState::kMissing;
    if (delta->status == GIT_DELTA_TYPECHANGE) found[path] = FileState::kChanged;
    if (delta->status == GIT_DELTA_MODIFIED) {
      found[path] = differs_in_line_ends_alone(repository, delta->old_file.id, root / path)
                        ? FileState::kOtherLineEnds
                        : FileState::kChanged;
    }
  }
  return found;
}

void remove_stale_locks(const fs::path& root) {
  const std::string references[] = {"index", "HEAD", "config", kMainReference, reference_of(kUnsealedBranch)};
  for (const std::string& name : references) {
    const fs::path file = root / ".git" / (name + ".lock");
    while (age_of(file) < kLockAttempts * kLockPause) std::this_thread::sleep_for(kLockPause);
    fs::remove(file);
  }
  fs::remove(temporary_file(root));
}

bool repair_work_tree(git_repository* repository, const fs::path& root, const git_oid& commit) {
  expect_regular_rules(root);
  put_head_on_main(repository, root);
  const GitIndex index = usable_index(repository, root, commit);
  forget_times(index.get(), root);
  const GitTree tree = tree_of(repository, commit, root);
  remove_links_in_the_way(tree.get(), root);

  git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;
  options.checkout_strategy = GIT_CHECKOUT_FORCE | GIT_CHECKOUT_RECREATE_MISSING;
  options.disable_filters = 1;
  const auto* whole = reinterpret_cast<const git_object*>(tree.get());
  const int code = git_checkout_tree(repository, whole, &options);
  if (code == GIT_ELOCKED) return false;
  git_check(code, "put right the files of", root);
  // Checkout leaves the entries of files which were right already, even where the entry was not.
  git_check(git_index_read_tree(index.get(), tree.get()), "put right the index of", root);
  return write_index(index.get(), root);
}

}  // namespace evo
