#include "evo/git/run_repository.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>
#include <utility>
#include <vector>

#include "evo/base/access.hpp"
#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/base/repository_files.hpp"
#include "evo/git/commits.hpp"
#include "evo/git/connection.hpp"
#include "evo/git/history.hpp"
#include "evo/git/new_run.hpp"
#include "evo/git/own_folder.hpp"
#include "evo/git/run_writer.hpp"
#include "evo/git/tree_bounds.hpp"
#include "evo/locks/run_lock.hpp"
#include "evo/objects/handles.hpp"
#include "genome/base/check.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

bool is_a_run(git_repository* repository, const fs::path& root) {
  const GitTree tree = tree_at(repository, main_of(repository, root), root);
  return entry_in(tree.get(), kCheckpointFile, root) != nullptr;
}

// The folders directly below that look like runs: seed-2 before seed-10.
std::vector<fs::path> runs_below(const fs::path& root) {
  std::vector<fs::path> runs;
  std::error_code ended, unknown;
  for (fs::directory_iterator each(root, ended); !ended && each != fs::directory_iterator();
       each.increment(ended)) {
    const fs::path& folder = each->path();
    if (fs::exists(folder / ".git", unknown) && fs::exists(folder / kCheckpointFile, unknown))
      runs.push_back(folder);
  }
  std::ranges::sort(runs, {},
                    [](const fs::path& run) { return std::pair(run.native().size(), run.native()); });
  return runs;
}

// As it would be written in the current folder, where it lies in that.
std::string shown_from_here(const fs::path& run) {
  std::error_code failed;
  const fs::path near = run.lexically_proximate(fs::current_path(failed));
  return genome::base::visible((failed || near.empty() || *near.begin() == ".." ? run : near).string());
}

// What to name in place of a folder that several runs were made in; empty where none is below it.
std::string holds_runs(const fs::path& root) {
  constexpr std::size_t kMostNamed = 5;
  const std::vector<fs::path> runs = runs_below(root);
  if (runs.empty()) return {};
  std::string text = runs.size() == 1 ? "it holds the run " : "it holds the runs ";
  for (std::size_t i = 0; i < std::min(runs.size(), kMostNamed); ++i)
    text += (i == 0 ? "" : ", ") + shown_from_here(runs[i]);
  return text + (runs.size() > kMostNamed ? fmt::format(" and {} more", runs.size() - kMostNamed) : "");
}

// git knows a repository by its HEAD, which a writer puts right where it is but torn.
std::string why_no_repository(const fs::path& root) {
  const fs::path head = root / ".git" / "HEAD";
  if (!fs::exists(root / ".git")) {
    if (std::string runs = holds_runs(root); !runs.empty()) return runs;
  }
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
  Connection connection;
  std::optional<RunWriter> writer;

  explicit Impl(const fs::path& path) : connection(path) {}
  Impl(const fs::path& path, GitRepository opened) : connection(path, std::move(opened)) {}

  const fs::path& root() const { return connection.root(); }

  template <class Work>
  auto reading(Work&& work) {
    return connection.reading(std::forward<Work>(work));
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
    run.impl_->writer.emplace(run.impl_->connection);
    run.commit(first, message);
    run.impl_->connection.disconnect();
    made.publish();
    run.impl_->connection.move_to(made.target());
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
    Connection& connection = run.impl_->connection;
    std::map<std::string, git_oid> tips;
    source.impl_->reading([&](git_repository* repo) {
      std::vector<git_oid> from = {resolve(repo, revision, source.impl_->root())};
      tips[kMainReference] = from.front();
      for (const std::string& branch : branches) {
        const auto tip = tip_of_branch(repo, reference_of(branch), source.impl_->root());
        if (!tip) continue;
        tips[reference_of(branch)] = *tip;
        from.push_back(*tip);
      }
      copy_history(repo, from, source.kind().cut, made.folder());
      return 0;
    });
    run.impl_->writer.emplace(connection);
    run.impl_->writer->start_at(tips.at(kMainReference));
    for (const auto& [reference, tip] : tips) {
      if (reference != kMainReference)
        move_branch(connection.repository(), reference, tip, nullptr, made.folder());
    }
    if (!message.empty()) run.commit(changes, message);
    if (!beside.changes.put.empty()) run.commit_beside(beside.branch, beside.changes, beside.message);
    connection.disconnect();
    made.publish();
    connection.move_to(made.target());
    return run;
  });
}

RunRepository RunRepository::open(const fs::path& path) {
  return naming_verify(path, [&] {
    return with_storage_errors([&] {
      RunRepository run = open_damaged(path);
      const fs::path& root = run.impl_->root();
      if (!run.impl_->reading([&](git_repository* repo) { return is_a_run(repo, root); })) {
        const std::string within = holds_runs(root);
        throw RunError(fmt::format("{}: not a run: its branch main has no {}{}{}",
                                   genome::base::visible(root.string()), kCheckpointFile,
                                   within.empty() ? "" : "; ", within));
      }
      return run;
    });
  });
}

RunRepository RunRepository::open_damaged(const fs::path& path) {
  return with_storage_errors([&] {
    start_libgit2();
    const fs::path root = tidy(path);
    expect_readable(root);
    expect_regular_files(root);
    expect_own_reading(root);
    if (!fs::exists(root))
      throw RunError(fmt::format("{}: there is no such run", genome::base::visible(root.string())));
    git_repository* raw = nullptr;
    const int code = git_repository_open_ext(&raw, root.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    GitRepository opened(raw);
    if (code == GIT_ENOTFOUND) {
      throw RunError(
          fmt::format("{}: not a run: {}", genome::base::visible(root.string()), why_no_repository(root)));
    }
    git_check(code, "open", root);
    return RunRepository(std::make_unique<Impl>(root, std::move(opened)));
  });
}

RunRepository RunRepository::open_for_writing(const fs::path& path) {
  RunRepository run = open(path);
  return naming_verify(path, [&] { return run_to_write(std::move(run)); });
}

RunRepository RunRepository::run_to_write(RunRepository run) {
  return with_storage_errors([&] {
    Impl& impl = *run.impl_;
    if (!fs::is_directory(impl.root() / ".git")) {
      throw RunError(fmt::format("{}: only a repository with its own .git folder can be written to; clone it",
                                 genome::base::visible(impl.root().string())));
    }
    expect_no_links(impl.root());
    expect_own_settings(impl.root());
    impl.writer.emplace(impl.connection);
    impl.writer->start();
    return std::move(run);
  });
}

std::string RunRepository::commit(const Changes& changes, const std::string& message) {
  return with_storage_errors([&] {
    EVOTTS_CHECK(impl_->writer.has_value());
    return hex_of(impl_->writer->commit(changes, message));
  });
}

std::string RunRepository::commit_beside(const std::string& branch, const Changes& changes,
                                         const std::string& message) {
  return with_storage_errors([&] {
    EVOTTS_CHECK(impl_->writer.has_value());
    return hex_of(impl_->writer->commit_beside(reference_of(branch), changes, message));
  });
}

const CloneKind& RunRepository::kind() const { return impl_->connection.kind(); }

bool RunRepository::has_object(const std::string& id) const {
  return impl_->reading([&](git_repository* repo) {
    git_oid object;
    git_check(git_oid_fromstr(&object, id.c_str()), "look for an object of", impl_->root());
    const auto odb = git_make<GitOdb>([&](auto out) { return git_repository_odb(out, repo); },
                                      "open the objects of", impl_->root());
    return git_odb_exists(odb.get(), &object) != 0;
  });
}

std::optional<std::string> RunRepository::tip(const std::string& branch) const {
  return impl_->reading([&](git_repository* repo) -> std::optional<std::string> {
    const auto id = tip_of_branch(repo, reference_of(branch), impl_->root());
    return id ? std::optional(hex_of(*id)) : std::nullopt;
  });
}

void RunRepository::set_fold_at(std::size_t packs) {
  EVOTTS_CHECK(impl_->writer.has_value());
  impl_->writer->set_fold_at(packs);
}

const fs::path& RunRepository::path() const { return impl_->root(); }

std::string RunRepository::head() const { return commit_id({}); }

std::string RunRepository::commit_id(std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) { return hex_of(resolve(repo, revision, impl_->root())); });
}

std::string RunRepository::head_tree() const { return log(1).front().tree; }

std::optional<std::string> RunRepository::read(std::string_view file, std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) -> std::optional<std::string> {
    const GitTree tree = tree_at(repo, resolve(repo, revision, impl_->root()), impl_->root());
    const GitTreeEntry entry = entry_in(tree.get(), file, impl_->root());
    if (entry == nullptr || git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) return std::nullopt;
    const auto blob = git_make<GitBlob>(
        [&](auto out) { return git_blob_lookup(out, repo, git_tree_entry_id(entry.get())); },
        fmt::format("read {} of", file), impl_->root());
    return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                       static_cast<std::size_t>(git_blob_rawsize(blob.get())));
  });
}

std::vector<std::string> RunRepository::list(std::string_view folder, std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) -> std::vector<std::string> {
    GitTree tree = tree_at(repo, resolve(repo, revision, impl_->root()), impl_->root());
    if (!folder.empty()) {
      const GitTreeEntry entry = entry_in(tree.get(), folder, impl_->root());
      if (entry == nullptr || git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) return {};
      tree = git_make<GitTree>(
          [&](auto out) { return git_tree_lookup(out, repo, git_tree_entry_id(entry.get())); },
          fmt::format("read {} of", folder), impl_->root());
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
    const GitTree tree = tree_at(repo, resolve(repo, revision, impl_->root()), impl_->root());
    TreeBounds(repo, impl_->root()).expect(tree.get());
    const auto note = [](const char* folder, const git_tree_entry* entry, void* to) {
      if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
        static_cast<std::map<std::string, std::string>*>(to)->emplace(
            std::string(folder) + git_tree_entry_name(entry), hex_of(*git_tree_entry_id(entry)));
      }
      return 0;
    };
    git_check(git_tree_walk(tree.get(), GIT_TREEWALK_PRE, note, &all), "list the files of", impl_->root());
    return all;
  });
}

std::string RunRepository::content(const std::string& blob) const {
  return impl_->reading([&](git_repository* repo) {
    git_oid id;
    git_check(git_oid_fromstr(&id, blob.c_str()), "read an object of", impl_->root());
    const auto found = git_make<GitBlob>([&](auto out) { return git_blob_lookup(out, repo, &id); },
                                         fmt::format("read the object {} of", blob), impl_->root());
    return std::string(static_cast<const char*>(git_blob_rawcontent(found.get())),
                       static_cast<std::size_t>(git_blob_rawsize(found.get())));
  });
}

std::map<std::string, FileState> RunRepository::edited_files() const {
  return impl_->reading([&](git_repository* repo) {
    const GitTree tree = tree_at(repo, main_of(repo, impl_->root()), impl_->root());
    TreeBounds(repo, impl_->root()).expect(tree.get());
    return files_beside(repo, tree.get(), impl_->root());
  });
}

std::vector<CommitInfo> RunRepository::log(std::size_t limit, std::string_view revision) const {
  return impl_->reading([&](git_repository* repo) {
    std::vector<CommitInfo> commits;
    const std::set<std::string>& cut = impl_->connection.kind().cut;
    GitCommit commit = commit_at(repo, resolve(repo, revision, impl_->root()), impl_->root());
    while (commits.size() < limit) {
      commits.push_back(info_of(commit.get(), cut));
      // What is behind the last one may be damaged, and is nobody's wish.
      if (commits.back().parent.empty() || commits.size() == limit) break;
      commit = commit_at(repo, *git_commit_parent_id(commit.get(), 0), impl_->root());
    }
    return commits;
  });
}

}  // namespace evo
