#include "evo/git/run_writer.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "evo/base/access.hpp"
#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/git/commits.hpp"
#include "evo/git/new_run.hpp"
#include "evo/git/tree_bounds.hpp"
#include "evo/git/tree_writer.hpp"
#include "evo/locks/maintenance_lock.hpp"
#include "evo/objects/multi_pack_index.hpp"
#include "evo/objects/pack_files.hpp"
#include "evo/objects/pack_folding.hpp"
#include "genome/base/check.hpp"
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
      const auto size = fs::file_size(beside(index, extension), gone);
      if (!gone) needed += size;
    }
  }
  const fs::space_info disk = fs::space(indices.front().parent_path(), gone);
  return gone || disk.available > needed;
}

bool same(const std::optional<git_oid>& a, const std::optional<git_oid>& b) {
  return a.has_value() == b.has_value() && (!a || git_oid_equal(&*a, &*b) != 0);
}

}  // namespace

struct RunWriter::Made {
  FreshObjects fresh;
  std::vector<FileChange> files;
  git_oid tree = {};
  git_oid id = {};
};

RunWriter::RunWriter(Connection& connection)
    : connection_(connection),
      lock_(connection.root()),
      no_gc_(connection.root(), lock_.killed_holder()),
      fold_at_(kFoldAt) {}

// git may have been at an index of several packs while they were folded.
RunWriter::~RunWriter() {
  try {
    remove_stale_multi_pack_index(connection_.root());
  } catch (const std::exception&) {
    // the next writer does it
  }
}

void RunWriter::start() {
  const fs::path& root = connection_.root();
  connection_.disconnect();  // What was read before the lock was ours may have changed.
  { const MaintenanceLock left_by_a_killed_writer(root); }
  mend_packs(root);
  remove_stale_multi_pack_index(root);
  last_ = connection_.reading([&](git_repository* repo) {
    const git_oid main = main_of(repo, root);
    const GitTree tree = tree_at(repo, main, root);
    TreeBounds(repo, root).expect(tree.get());
    check_readable(repo, tree.get(), root);
    return main;
  });
  remove_stale_locks(root);
  apply_settings(connection_.repository(), root);
  if (!repair_work_tree(connection_.repository(), root, *last_)) {
    throw StorageError(fmt::format("cannot put right the files of {}: a git process keeps its index locked",
                                   genome::base::visible(root.string())));
  }
}

void RunWriter::start_at(const git_oid& id) {
  git_repository* const repo = connection_.repository();
  TreeBounds(repo, connection_.root()).expect(tree_at(repo, id, connection_.root()).get());
  move_branch(connection_.repository(), kMainReference, id, nullptr, connection_.root());
  last_ = id;
  index_is_stale_ = !repair_work_tree(connection_.repository(), connection_.root(), id);
}

git_oid RunWriter::commit(const RunChanges& changes, const std::string& message) {
  const auto there = tip_of(connection_.repository(), kMainReference, connection_.root());
  if (!same(there, last_)) fail_as_moved(connection_.root(), kMainReference, last_, there);
  std::vector<FileChange> files;
  last_ = write(kMainReference, there, there, changes, message, files);
  no_gc_.keep();
  update_files(files, *last_);
  remove_stale_multi_pack_index(connection_.root());
  fold_if_due();
  return *last_;
}

git_oid RunWriter::commit_beside(const std::string& reference, const RunChanges& changes,
                                 const std::string& message) {
  EVOTTS_CHECK(reference != kMainReference);
  const auto there = tip_of(connection_.repository(), reference, connection_.root());
  const auto parent = there ? there : tip_in_a_clone(connection_.repository(), reference, connection_.root());
  if (parent) {
    connection_.reading([&](git_repository* repo) {
      TreeBounds(repo, connection_.root()).expect(tree_at(repo, *parent, connection_.root()).get());
      return 0;
    });
  }
  std::vector<FileChange> files;  // of no work tree
  return write(reference, there, parent, changes, message, files);
}

// Repeatable: it writes to memory.
RunWriter::Made RunWriter::make(const std::optional<git_oid>& parent, const RunChanges& changes,
                                const std::string& message) {
  return connection_.reading([&](git_repository* repo) {
    const fs::path& root = connection_.root();
    const GitTree base = parent ? tree_at(repo, *parent, root) : GitTree();
    Made made{.fresh = FreshObjects(root), .files = {}};
    TreeWriter trees(repo, root, made.fresh);
    made.tree = trees.write(base.get(), changes.put, changes.remove);
    made.id = create_commit(made.fresh, made.tree, parent ? &*parent : nullptr, message, root);
    made.files = trees.changes();
    return made;
  });
}

git_oid RunWriter::write(const std::string& reference, const std::optional<git_oid>& there,
                         const std::optional<git_oid>& parent, const RunChanges& changes,
                         const std::string& message, std::vector<FileChange>& files) {
  Made made = make(parent, changes, message);
  const KeptPack pack(made.fresh, connection_.root());
  expect_all_there(made, connection_.packs_went());
  move_branch(connection_.repository(), reference, made.id, there ? &*there : nullptr, connection_.root());
  files = std::move(made.files);
  return made.id;
}

// As long as no pack goes, what the parent names is there: the parent was written so, or looked at when the
// run was opened.
void RunWriter::expect_all_there(const Made& made, bool packs_went) {
  if (!packs_went) return;
  const fs::path& root = connection_.root();
  connection_.disconnect();
  const auto missing = connection_.reading(
      [&](git_repository* repo) { return missing_in(repo, made.fresh, made.tree, root); });
  if (!missing) return;
  throw StorageError(fmt::format(
      "cannot commit to {}: its {} is in no pack any more, as another process has deleted it{}",
      genome::base::visible(root.string()), genome::base::visible(*missing), advice_to_verify(root)));
}

void RunWriter::update_files(const std::vector<FileChange>& files, const git_oid& id) {
  const bool was_stale = std::exchange(index_is_stale_, true);  // Also if the update throws midway.
  index_is_stale_ = !update_work_tree(connection_.repository(), connection_.root(), files);
  if (was_stale && !index_is_stale_)
    index_is_stale_ = !repair_work_tree(connection_.repository(), connection_.root(), id);
}

void RunWriter::fold_if_due() {
  const auto indices = packs_to_fold(connection_.root(), fold_at_);
  if (indices.empty() || !has_room_to_fold(indices)) return;
  const MaintenanceLock lock(connection_.root());
  if (lock.is_ours() && fold_packs(indices, connection_.root())) connection_.disconnect();
}

}  // namespace evo
