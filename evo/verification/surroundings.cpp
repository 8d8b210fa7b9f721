#include "evo/verification/surroundings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/locks/run_lock.hpp"
#include "evo/objects/multi_pack_index.hpp"
#include "evo/preregistration/registration.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/trailers.hpp"
#include "evo/verification/file_checks.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

// Each of a few, or how many.
void note_files(const std::vector<std::string>& files, std::string_view state, Verification& found) {
  constexpr std::size_t kFew = 5;
  if (files.size() > kFew) {
    found.notes.push_back(
        fmt::format("{} files, {} the first, are {} beside their commit; 'evotts resume' puts them back",
                    files.size(), genome::base::visible(files.front()), state));
    return;
  }
  for (const std::string& file : files)
    found.notes.push_back(fmt::format("{} is {} beside its commit; 'evotts resume' puts it back",
                                      genome::base::visible(file), state));
}

}  // namespace

void look_at_unsealings(const RunRepository& repository, Verification& found) {
  const std::string place = fmt::format("branch {}", kUnsealedBranch);
  try {
    const auto tip = repository.tip(kUnsealedBranch);
    if (!tip) return;
    const std::vector<Unsealing> looks = unsealings_of(repository);
    std::map<int, std::string> messages;
    for (const CommitInfo& each : repository.log(std::numeric_limits<std::size_t>::max(), *tip)) {
      if (const auto number = whole_number_in(each, Trailer::kUnsealing))
        messages.emplace(*number, each.message);
    }
    for (std::size_t i = 0; i < std::max(looks.size(), messages.size()); ++i) {
      const int number = static_cast<int>(i) + 1;
      // People may sign a message, which stands below it.
      if (i >= looks.size() || looks[i].number != number ||
          !messages[number].starts_with(unsealing_message(looks[i])))
        found.problems.push_back(
            {place, fmt::format("look {} is not as it was recorded; {}", number, kByHand)});
    }
  } catch (const std::runtime_error& error) {
    found.problems.push_back({place, error.what()});
  }
}

void look_at_preregistration(const RunRepository& repository, Verification& found) {
  try {
    const std::string newest = repository.head();
    const auto registration = registration_of(repository, newest);
    if (!registration) return;
    for (const std::string& each : contradictions(repository, *registration))
      found.problems.push_back({kPreregistrationFile, fmt::format("{}; {}", each, kByHand)});
    for (const std::string& each : changes_since(repository, newest, *registration))
      found.notes.push_back(fmt::format("{}: {}", kPreregistrationFile, each));
  } catch (const RunError& error) {
    found.problems.push_back({kPreregistrationFile, error.what()});
  } catch (const StorageError& error) {  // objects that are elsewhere or damaged are told of already
    if (!repository.kind().partial)
      found.notes.push_back(fmt::format("{} was not looked at: {}", kPreregistrationFile, error.what()));
  }
}

void look_beside(const RunRepository& repository, Verification& found) {
  const CloneKind& kind = repository.kind();
  if (kind.bare || kind.linked) return;
  const std::string text = genome::base::content_of(kind.git / "HEAD").value_or("");
  if (text != fmt::format("ref: {}\n", kMainReference))
    found.notes.push_back("main is not checked out; 'evotts resume' fixes that");
  if (RunLock::holder(repository.path())) return;
  try {
    std::map<FileState, std::vector<std::string>> files;
    for (const auto& [file, how] : repository.edited_files()) files[how].push_back(file);
    note_files(files[FileState::kMissing], "missing", found);
    note_files(files[FileState::kChanged], "changed", found);
    if (const std::size_t converted = files[FileState::kOtherLineEnds].size(); converted > 0)
      found.notes.push_back(
          fmt::format("{} files have other line ends than their commit, as git checked them out so "
                      "(core.autocrlf); 'evotts resume' puts them back",
                      converted));
  } catch (const std::runtime_error& error) {
    found.notes.push_back(
        fmt::format("the files beside their commits cannot be compared: {}; 'evotts resume' puts them right",
                    error.what()));
  }
}

void tell_what_is_elsewhere(const RunRepository& repository, const CommitInfo& oldest, Verification& found) {
  const CloneKind& kind = repository.kind();
  const std::string completing = kind.completing(repository.path());
  if (oldest.cut)
    found.notes.push_back(fmt::format("what was before {} is not in this clone, which is shallow; {}",
                                      genome::base::short_id(oldest.id), completing));
  if (found.absent > 0)
    found.notes.push_back(
        fmt::format("{} objects were not looked at, as they are not in this clone, which is partial; {}",
                    found.absent, completing));
  found.complete = found.absent == 0 && !oldest.cut;
  const std::set<std::string> missing = missing_in_multi_pack_index(kind.objects() / "pack");
  if (!missing.empty())
    found.notes.push_back(
        fmt::format("the index of several packs names {} that are gone, which disturbs git; "
                    "'evotts resume' removes it",
                    missing.size()));
  if (kind.bare)
    found.notes.push_back("this repository has no files of its own; clone it to go on");
  else if (kind.linked)
    found.notes.push_back(fmt::format("its repository is in another folder ({}); clone it to go on",
                                      genome::base::visible(kind.git.string())));
}

}  // namespace evo
