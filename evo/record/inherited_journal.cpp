#include "evo/record/inherited_journal.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace evo {

std::map<std::string, std::string> exchanges_after(const RunRepository& source, std::string_view revision) {
  std::map<std::string, std::string> records;
  const auto before = source.files(revision), now = source.files();
  for (const auto& [path, blob] : now) {
    if (!in_folder(path, kJournalFolder)) continue;
    const auto same = before.find(path);
    if (same == before.end() || same->second != blob) records.emplace(path, source.content(blob));
  }
  return records;
}

RecordLookup inherited_journal(const std::filesystem::path& run) {
  struct Shared {
    RunRepository repository;
    std::string tip;
    std::mutex mutex;
    explicit Shared(RunRepository opened) : repository(std::move(opened)) {}
  };
  const auto shared = std::make_shared<Shared>(RunRepository::open(run));
  const auto tip = shared->repository.tip(kInheritedBranch);
  if (!tip) return {};
  shared->tip = *tip;
  return [shared](const std::string& digest) {
    const std::scoped_lock lock(shared->mutex);
    return shared->repository.read(journal_path(digest), shared->tip);
  };
}

}  // namespace evo
