#include "evo/verification/verification.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/record/generations.hpp"
#include "evo/record/trailers.hpp"
#include "evo/verification/checkpoint_check.hpp"
#include "evo/verification/file_checks.hpp"
#include "evo/verification/surroundings.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/open_files.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

// Commits from the newest back; what stopped the walk, if something did.
struct Chain {
  std::vector<CommitInfo> commits;  // newest first
  std::string cut;
};

Chain chain_from(const RunRepository& repository, std::string commit) {
  Chain chain;
  try {
    if (commit.empty()) commit = repository.head();
    // One after another: what is before a cut is to be seen.
    while (!commit.empty()) {
      chain.commits.push_back(repository.log(1, commit).front());
      commit = chain.commits.back().parent;
    }
  } catch (const std::runtime_error& error) {
    chain.cut = error.what();
  }
  return chain;
}

// Looks at the commits of a run, the oldest first.
class HistoryWalk {
 public:
  HistoryWalk(const RunRepository& repository, Verification& found)
      : context_{.repository = repository, .found = found, .partial = repository.kind().partial},
        problems_at_start_(found.problems.size()) {}

  void look_at(const CommitInfo& commit) {
    if (changes_nothing(commit)) return;
    const std::size_t before = problems(), absent = context_.found.absent;
    begin(commit);
    const bool listed = list_files();
    if (listed) look_at_files(before);
    const bool all_here = context_.found.absent == absent;
    last_is_good_ = listed && all_here && problems() == before;
    context_.after_gap = !listed;
    if (!listed || !context_.generation) return;
    ++context_.found.generations;
    if (!last_is_good_ || !whole_history_) return;
    context_.found.newest_whole = *context_.generation;
    context_.found.newest_whole_commit = commit.id;
    context_.found.whole_before = before == problems_at_start_;
  }

  bool last_is_good() const { return last_is_good_; }

 private:
  std::size_t problems() const { return context_.found.problems.size(); }

  // A person may put a commit of words alone, or a merge, on top.
  bool changes_nothing(const CommitInfo& commit) {
    const bool nothing = !first_ && commit.tree == context_.commit.tree &&
                         !has(commit, Trailer::kGeneration) && !has(commit, Trailer::kForkPoint);
    if (nothing)
      context_.found.notes.push_back(fmt::format("commit {} (\"{}\") changes no file and is passed over",
                                                 genome::base::short_id(commit.id),
                                                 genome::base::visible(first_line(commit.message))));
    return nothing;
  }

  void begin(const CommitInfo& commit) {
    context_.commit = commit;
    const bool fork = has(commit, Trailer::kForkPoint) || is_unnamed_fork(context_.repository, commit);
    if (fork && !has(commit, Trailer::kForkPoint))
      context_.found.notes.push_back(fmt::format("commit {}: the message of this fork was amended (\"{}\")",
                                                 genome::base::short_id(commit.id),
                                                 genome::base::visible(first_line(commit.message))));
    context_.generation = whole_number_in(commit, Trailer::kGeneration);
    context_.after_gap = context_.after_gap || (first_ && commit.cut);
    context_.settings_may_change = fork || first_ || context_.after_gap;
    context_.place = context_.generation
                         ? fmt::format("generation {}", *context_.generation)
                         : fmt::format("{} {}", fork ? "fork" : "commit", genome::base::short_id(commit.id));
    check_order(fork);
  }

  // A message that was replaced tells no generation: the checkpoint does, and all else is checked by it.
  void take_generation_of_checkpoint() {
    context_.generation = generation_made_in(context_.repository, context_.commit);
    if (context_.generation) context_.place = fmt::format("generation {}", *context_.generation);
  }

  void check_order(bool fork) {
    if (!context_.generation && !fork) take_generation_of_checkpoint();
    const auto generation = context_.generation;
    if (!generation && !fork)
      return context_.report(
          "", fmt::format("is no generation (\"{}\"); {}",
                          genome::base::visible(first_line(context_.commit.message)), kByHand));
    const int expected = last_ ? *last_ + 1 : 0;
    if (generation && *generation != expected && !(context_.commit.cut && !last_))
      context_.report("", fmt::format("comes where generation {} should", expected));
    if (generation) last_ = generation;
  }

  bool list_files() {
    try {
      context_.now = context_.repository.files(context_.commit.id);
      return true;
    } catch (const std::runtime_error& error) {
      if (context_.partial && dynamic_cast<const StorageError*>(&error) != nullptr) {
        ++context_.found.absent;
        return false;
      }
      context_.report("", fmt::format("its files cannot be listed: {}", error.what()));
      whole_history_ = false;
      return false;
    }
  }

  void look_at_files(std::size_t problems_before) {
    files_.look_at(context_);
    std::erase_if(context_.lost, [&](const auto& each) {
      const auto still = context_.now.find(each.first);
      return still == context_.now.end() || still->second != each.second;
    });
    if (context_.lost.empty()) {
      if (context_.absent_here)
        lineage_.skip_generations();
      else
        compare_with_checkpoint(context_, lineage_);
    } else {
      whole_history_ = false;
      if (problems() == problems_before)
        context_.report("", fmt::format("needs {} files of earlier generations that cannot be read",
                                        context_.lost.size()));
    }
    context_.before = context_.now;
    first_ = false;
  }

  CheckContext context_;
  LineageCheck lineage_;
  FilesCheck files_{lineage_};
  const std::size_t problems_at_start_;
  bool first_ = true, whole_history_ = true, last_is_good_ = false;
  std::optional<int> last_;  // generation
};

// Commits of generations among these, the highest generation first; later ones first.
std::vector<CommitInfo> generations_among(const RunRepository& repository,
                                          const std::vector<std::string>& commits) {
  std::vector<CommitInfo> found;
  for (const std::string& id : commits) {
    try {
      CommitInfo info = repository.log(1, id).front();
      if (whole_number_in(info, Trailer::kGeneration)) found.push_back(std::move(info));
    } catch (const std::runtime_error&) {
      continue;  // listed as unreadable already
    }
  }
  std::ranges::stable_sort(found, [](const CommitInfo& a, const CommitInfo& b) {
    return std::pair(*whole_number_in(a, Trailer::kGeneration), a.time) >
           std::pair(*whole_number_in(b, Trailer::kGeneration), b.time);
  });
  return found;
}

void walk(const RunRepository& repository, const Chain& chain, const VerifyProgress& progress,
          Verification& found) {
  HistoryWalk walk(repository, found);
  for (std::size_t i = chain.commits.size(); i-- > 0;) {
    walk.look_at(chain.commits[i]);
    if (progress.generations) progress.generations(chain.commits.size() - i, chain.commits.size());
  }
  found.can_resume = walk.last_is_good();
}

// When the branch is cut, the newest commit with a whole history among all that are there.
void look_for_another_start(const RunRepository& repository, const std::vector<std::string>& commits,
                            const VerifyProgress& progress, Verification& found) {
  for (const CommitInfo& candidate : generations_among(repository, commits)) {
    const Chain chain = chain_from(repository, candidate.id);
    if (!chain.cut.empty()) continue;
    Verification other;
    walk(repository, chain, progress, other);
    if (!other.newest_whole) continue;
    found.generations = other.generations;
    found.births = other.births;
    found.texts = other.texts;
    found.newest_whole = other.newest_whole;
    found.whole_before = other.whole_before;
    found.newest_whole_commit = other.newest_whole_commit;
    return;
  }
}

}  // namespace

Verification verify(const std::filesystem::path& path, const VerifyProgress& progress) {
  const RunRepository repository = RunRepository::open_damaged(path);
  Verification found;
  found.git = repository.kind().git;
  if (!repository.kind().lost.empty()) {
    found.unjudged =
        fmt::format("objects are borrowed from {} (see objects/info/alternates), which is not there",
                    genome::base::visible(repository.kind().lost.front().string()));
    return found;
  }
  const ObjectsReport objects =
      check_objects(repository.path(), repository.kind().objects(), progress.objects);
  found.packs = objects.packs;
  found.objects = objects.objects;
  for (const DamagedFile& each : objects.files) found.problems.push_back({each.path, each.problem});
  if (!objects.unreadable.empty())
    found.problems.push_back(
        {".git/objects", fmt::format("{} of {} objects cannot be read or are not what their names say",
                                     objects.unreadable.size(), objects.objects)});
  const std::size_t before = found.problems.size();
  const Chain chain = chain_from(repository, {});
  if (!chain.commits.empty()) {
    for (const CommitInfo& each : chain.commits) {
      if (!found.newest) found.newest = whole_number_in(each, Trailer::kGeneration);
    }
  }
  if (!chain.cut.empty()) {
    found.branch_lost = chain.commits.empty();
    found.problems.push_back({found.branch_lost ? "branch main" : "history", chain.cut});
    look_for_another_start(repository, objects.commits, progress, found);
    return found;
  }
  walk(repository, chain, progress, found);
  tell_what_is_elsewhere(repository, chain.commits.back(), found);
  found.newest = std::max(found.newest, found.newest_whole);  // its message may not tell
  if (!genome::base::open_files_advice().empty())
    throw StorageError(fmt::format("cannot read all of {}", genome::base::visible(path.string())));
  if (found.problems.size() > before) {
    for (const DamagedFile& each : objects.orphans) found.problems.push_back({each.path, each.problem});
  }
  look_at_unsealings(repository, found);
  look_at_preregistration(repository, found);
  if (!std::filesystem::is_directory(repository.path() / ".git")) found.can_resume = false;
  if (found.can_resume) look_beside(repository, found);
  return found;
}

std::optional<std::string> salvaged_commit(const std::filesystem::path& path, int generation) {
  const RunRepository repository = RunRepository::open_damaged(path);
  const ObjectsReport objects = check_objects(repository.path(), repository.kind().objects());
  for (const CommitInfo& candidate : generations_among(repository, objects.commits)) {
    if (whole_number_in(candidate, Trailer::kGeneration) == generation &&
        chain_from(repository, candidate.id).cut.empty())
      return candidate.id;
  }
  return std::nullopt;
}

}  // namespace evo
