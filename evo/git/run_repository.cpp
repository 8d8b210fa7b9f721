#include "evo/git/run_repository.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "evo/base/access.hpp"
#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/git/commits.hpp"
#include "evo/git/gc_guard.hpp"
#include "evo/git/handles.hpp"
#include "evo/git/new_run.hpp"
#include "evo/git/packs.hpp"
#include "evo/git/run_lock.hpp"
#include "evo/git/tree_writer.hpp"
#include "evo/git/work_tree.hpp"
#include "genome/base/check.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFoldAt = 50;

// Joining packs is a convenience: on a disk that is nearly full it must not end the run.
bool has_room_to_fold(const std::vector<fs::path>& indices) {
  constexpr std::uintmax_t kSpare = 8 << 20;
  std::uintmax_t needed = kSpare;
  std::error_code gone;
  for (const fs::path& index : indices) {
    for (const char* extension : {".pack", ".idx"}) {
      const auto size = fs::file_size(fs::path(index).replace_extension(extension), gone);
      if (!gone) needed += size;
    }
  }
  const fs::space_info disk = fs::space(indices.front().parent_path(), gone);
  return gone || disk.available > needed;
}

// git knows a repository by its HEAD, which a writer puts right where it is but torn.
std::string why_no_repository(const fs::path& root) {
  const fs::path head = root / ".git" / "HEAD";
  if (!RunLock::ever_taken(root) || fs::exists(head)) return "it is no git repository";
  return fmt::format("its .git/HEAD is missing; put it back with: echo 'ref: {}' > {}", kMainReference,
                     genome::base::shell_path(head));
}

// Failures name the command that tells what is left of a run.
template <class Work>
auto naming_verify(const fs::path& path, Work&& work) {
  try {
    return work();
  } catch (const StorageError& error) {
    throw StorageError(error.what() + advice_to_verify(path));
  } catch (const NoMain& error) {  // lost, when the folder was a run before
    throw RunError(error.what() + (RunLock::ever_taken(path) ? advice_to_verify(path) : ""));
  }
}

}  // namespace

struct RunRepository::Impl {
  fs::path root;
  std::optional<RunLock> lock;  // Held by a writer, as is the next.
  std::optional<GcGuard> no_gc;
  std::size_t fold_at = kFoldAt;
  bool index_is_stale = false;
  GitRepository handle;
  std::optional<FreshObjects> fresh;

  explicit Impl(fs::path path) : root(std::move(path)) {}

  // Connects when needed, so that forgetting the handles is enough to start anew.
  git_repository* repository() {
    if (handle != nullptr) return handle.get();
    start_libgit2();
    auto opened = git_make<GitRepository>(
        [&](auto out) {
          return git_repository_open_ext(out, root.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
        },
        "open", root);
    if (lock) {
      const auto odb = git_make<GitOdb>([&](auto out) { return git_repository_odb(out, opened.get()); },
                                        "open the objects of", root);
      fresh.emplace(odb.get(), root);
    }
    handle = std::move(opened);
    return handle.get();
  }

  void lock_it() {
    lock.emplace(root);
    no_gc.emplace(root);
  }

  void disconnect() {
    fresh.reset();
    handle.reset();
  }

  // A writer may have folded packs away since we looked; a fresh handle finds where the objects went.
  template <class Work>
  auto reading(Work&& work) {
    try {
      return work(repository());
    } catch (const StorageError&) {
      disconnect();
      return work(repository());
    }
  }

  void check_that_it_is_a_run() {
    reading([&](git_repository* repo) {
      const GitTree tree = tree_at(repo, main_of(repo, root), root);
      if (entry_in(tree.get(), kCheckpointFile, root) == nullptr) {
        throw RunError(fmt::format("{}: not a run: its branch main has no {}",
                                   genome::base::visible(root.string()), kCheckpointFile));
      }
    });
  }

  // On top of the branch of that name, which is made if there is none.
  git_oid write_commit(const std::string& reference, const Changes& changes, const std::string& message,
                       std::vector<FileChange>& files) {
    git_repository* repo = repository();
    const std::optional<git_oid> there = tip_of(repo, reference, root);
    const std::optional<git_oid> parent = there ? there : tip_in_a_clone(repo, reference, root);
    const GitTree base = parent ? tree_at(repo, *parent, root) : GitTree();
    fresh->look_again();
    TreeWriter writer(repo, root, *fresh);
    const git_oid tree = writer.write(base.get(), changes.put, changes.remove);
    const git_oid id = create_commit(repo, tree, parent ? &*parent : nullptr, message, root);
    fresh->note(id, "");
    write_pack(repo, fresh->objects(), root);
    fresh->clear();
    move_branch(repo, reference, id, there ? &*there : nullptr, root);
    files = writer.changes();
    return id;
  }

  void update_files(const std::vector<FileChange>& files, const git_oid& id) {
    const bool was_stale = std::exchange(index_is_stale, true);  // Also if the update throws midway.
    index_is_stale = !update_work_tree(repository(), root, files);
    if (was_stale && !index_is_stale) index_is_stale = !repair_work_tree(repository(), root, id);
  }

  void fold_if_due() {
    const auto indices = packs_to_fold(root, fold_at);
    if (indices.empty() || !has_room_to_fold(indices)) return;
    fold_packs(repository(), indices, root);
    disconnect();
  }
};

RunRepository::RunRepository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunRepository::~RunRepository() = default;
RunRepository::RunRepository(RunRepository&&) noexcept = default;
RunRepository& RunRepository::operator=(RunRepository&&) noexcept = default;

RunRepository RunRepository::create(const fs::path& path, const Changes& first, const std::string& message) {
  return with_storage_errors([&] {
    start_libgit2();
    NewRun made(path);
    RunRepository run(std::make_unique<Impl>(made.folder()));
    run.impl_->lock_it();
    run.commit(first, message);
    run.impl_->disconnect();
    made.publish();
    run.impl_->root = made.target();
    return run;
  });
}

RunRepository RunRepository::fork(const RunRepository& source, std::string_view revision,
                                  const fs::path& path, const Changes& changes, const std::string& message,
                                  std::span<const std::string> branches, const Beside& beside) {
  return with_storage_errors([&] {
    start_libgit2();
    NewRun made(path);
    RunRepository run(std::make_unique<Impl>(made.folder()));
    std::map<std::string, git_oid> tips;
    source.impl_->reading([&](git_repository* repo) {
      std::vector<git_oid> from = {resolve(repo, revision, source.impl_->root)};
      tips[kMainReference] = from.front();
      for (const std::string& branch : branches) {
        const auto tip = tip_of_branch(repo, reference_of(branch), source.impl_->root);
        if (!tip) continue;
        tips[reference_of(branch)] = *tip;
        from.push_back(*tip);
      }
      copy_history(repo, from, made.folder());
      return 0;
    });
    const git_oid id = tips.at(kMainReference);
    run.impl_->lock_it();
    for (const auto& [reference, tip] : tips)
      move_branch(run.impl_->repository(), reference, tip, nullptr, made.folder());
    run.impl_->index_is_stale = !repair_work_tree(run.impl_->repository(), made.folder(), id);
    if (!message.empty()) run.commit(changes, message);
    if (!beside.changes.put.empty()) run.commit_beside(beside.branch, beside.changes, beside.message);
    run.impl_->disconnect();
    made.publish();
    run.impl_->root = made.target();
    return run;
  });
}

RunRepository RunRepository::open(const fs::path& path) {
  return naming_verify(path, [&] {
    return with_storage_errors([&] {
      RunRepository run = open_damaged(path);
      run.impl_->check_that_it_is_a_run();
      return run;
    });
  });
}

RunRepository RunRepository::open_damaged(const fs::path& path) {
  return with_storage_errors([&] {
    start_libgit2();
    RunRepository run(std::make_unique<Impl>(tidy(path)));
    const fs::path& root = run.impl_->root;
    expect_readable(root);
    if (!fs::exists(root))
      throw RunError(fmt::format("{}: there is no such run", genome::base::visible(root.string())));
    git_repository* raw = nullptr;
    const int code = git_repository_open_ext(&raw, root.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    run.impl_->handle.reset(raw);
    if (code == GIT_ENOTFOUND) {
      throw RunError(
          fmt::format("{}: not a run: {}", genome::base::visible(root.string()), why_no_repository(root)));
    }
    git_check(code, "open", root);
    return run;
  });
}

RunRepository RunRepository::open_for_writing(const fs::path& path) {
  RunRepository run = open(path);
  return naming_verify(path, [&] { return run_to_write(std::move(run)); });
}

RunRepository RunRepository::run_to_write(RunRepository run) {
  return with_storage_errors([&] {
    Impl& impl = *run.impl_;
    if (!fs::is_directory(impl.root / ".git")) {
      throw RunError(fmt::format("{}: only a repository with its own .git folder can be written to; clone it",
                                 genome::base::visible(impl.root.string())));
    }
    impl.lock_it();
    impl.disconnect();  // What was read before the lock was ours may have changed.
    remove_torn_packs(impl.root);
    git_repository* repo = impl.repository();
    const GitTree newest = tree_at(repo, main_of(repo, impl.root), impl.root);
    check_readable(repo, newest.get(), impl.root);
    remove_stale_locks(impl.root);
    if (!repair_work_tree(repo, impl.root, main_of(repo, impl.root))) {
      throw StorageError(fmt::format("cannot put right the files of {}: a git process keeps its index locked",
                                     genome::base::visible(impl.root.string())));
    }
    apply_settings(repo, impl.root);
    return std::move(run);
  });
}

std::string RunRepository::commit(const Changes& changes, const std::string& message) {
  return with_storage_errors([&] {
    EVOTTS_CHECK(impl_->lock.has_value());
    std::vector<FileChange> files;
    git_oid id;
    try {
      id = impl_->write_commit(kMainReference, changes, message, files);
    } catch (...) {
      // Objects that reached only memory must not be taken for written ones by the next commit.
      impl_->disconnect();
      throw;
    }
    impl_->no_gc->keep();
    impl_->update_files(files, id);
    impl_->fold_if_due();
    return hex_of(id);
  });
}

std::string RunRepository::commit_beside(const std::string& branch, const Changes& changes,
                                         const std::string& message) {
  return with_storage_errors([&] {
    EVOTTS_CHECK(impl_->lock.has_value() && reference_of(branch) != kMainReference);
    try {
      std::vector<FileChange> files;  // of no work tree
      return hex_of(impl_->write_commit(reference_of(branch), changes, message, files));
    } catch (...) {
      impl_->disconnect();
      throw;
    }
  });
}

std::optional<std::string> RunRepository::tip(const std::string& branch) const {
  return impl_->reading([&](git_repository* repo) -> std::optional<std::string> {
    const auto id = tip_of_branch(repo, reference_of(branch), impl_->root);
    return id ? std::optional(hex_of(*id)) : std::nullopt;
  });
}

void RunRepository::set_fold_at(std::size_t packs) { impl_->fold_at = packs; }

const fs::path& RunRepository::path() const { return impl_->root; }

std::string RunRepository::head() const { return commit_id({}); }

std::string RunRepository::commit_id(std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) { return hex_of(resolve(repo, revision, impl_->root)); });
}

std::string RunRepository::head_tree() const { return log(1).front().tree; }

std::optional<std::string> RunRepository::read(std::string_view file, std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) -> std::optional<std::string> {
    const GitTree tree = tree_at(repo, resolve(repo, revision, impl_->root), impl_->root);
    const GitTreeEntry entry = entry_in(tree.get(), file, impl_->root);
    if (entry == nullptr || git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) return std::nullopt;
    const auto blob = git_make<GitBlob>(
        [&](auto out) { return git_blob_lookup(out, repo, git_tree_entry_id(entry.get())); },
        fmt::format("read {} of", file), impl_->root);
    return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                       static_cast<std::size_t>(git_blob_rawsize(blob.get())));
  });
}

std::vector<std::string> RunRepository::list(std::string_view folder, std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) -> std::vector<std::string> {
    GitTree tree = tree_at(repo, resolve(repo, revision, impl_->root), impl_->root);
    if (!folder.empty()) {
      const GitTreeEntry entry = entry_in(tree.get(), folder, impl_->root);
      if (entry == nullptr || git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) return {};
      tree = git_make<GitTree>(
          [&](auto out) { return git_tree_lookup(out, repo, git_tree_entry_id(entry.get())); },
          fmt::format("read {} of", folder), impl_->root);
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      names.emplace_back(git_tree_entry_name(entry));
      if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) names.back() += '/';
    }
    std::ranges::sort(names);
    return names;
  });
}

std::map<std::string, std::string> RunRepository::files(std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) {
    std::map<std::string, std::string> all;
    const GitTree tree = tree_at(repo, resolve(repo, revision, impl_->root), impl_->root);
    const auto note = [](const char* folder, const git_tree_entry* entry, void* to) {
      if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
        static_cast<std::map<std::string, std::string>*>(to)->emplace(
            std::string(folder) + git_tree_entry_name(entry), hex_of(*git_tree_entry_id(entry)));
      }
      return 0;
    };
    git_check(git_tree_walk(tree.get(), GIT_TREEWALK_PRE, note, &all), "list the files of", impl_->root);
    return all;
  });
}

std::string RunRepository::content(const std::string& blob) const {
  return impl_->reading([&](git_repository* repo) {
    git_oid id;
    git_check(git_oid_fromstr(&id, blob.c_str()), "read an object of", impl_->root);
    const auto found = git_make<GitBlob>([&](auto out) { return git_blob_lookup(out, repo, &id); },
                                         fmt::format("read the object {} of", blob), impl_->root);
    return std::string(static_cast<const char*>(git_blob_rawcontent(found.get())),
                       static_cast<std::size_t>(git_blob_rawsize(found.get())));
  });
}

std::map<std::string, std::string> RunRepository::edited_files() const {
  return impl_->reading([&](git_repository* repo) {
    const GitTree tree = tree_at(repo, main_of(repo, impl_->root), impl_->root);
    const auto difference =
        git_make<GitDiff>([&](auto out) { return git_diff_tree_to_workdir(out, repo, tree.get(), nullptr); },
                          "compare the files of", impl_->root);
    std::map<std::string, std::string> edited;
    for (std::size_t i = 0; i < git_diff_num_deltas(difference.get()); ++i) {
      const git_diff_delta* delta = git_diff_get_delta(difference.get(), i);
      if (delta->status == GIT_DELTA_MODIFIED || delta->status == GIT_DELTA_TYPECHANGE)
        edited[delta->old_file.path] = "changed";
      if (delta->status == GIT_DELTA_DELETED) edited[delta->old_file.path] = "missing";
    }
    return edited;
  });
}

std::vector<CommitInfo> RunRepository::log(std::size_t limit, std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) {
    std::vector<CommitInfo> commits;
    GitCommit commit = commit_at(repo, resolve(repo, revision, impl_->root), impl_->root);
    while (commits.size() < limit) {
      commits.push_back(info_of(commit.get()));
      if (git_commit_parentcount(commit.get()) == 0) break;
      commit = commit_at(repo, *git_commit_parent_id(commit.get(), 0), impl_->root);
    }
    return commits;
  });
}

}  // namespace evo
