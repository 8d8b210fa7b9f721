#include "experiments/tables/history.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "genome/base/digest.hpp"
#include "genome/base/error.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using evo::Trailer;

// What a generation says of one island in place of the run; nothing of a fork, which says nothing of it.
void take_island(HistoryEntry& entry, int island) {
  entry.best.reset();
  for (evo::IslandFigures& figures : evo::islands_in(entry.commit)) {
    if (figures.island != island) continue;
    entry.best = figures.best_score;
    entry.island = std::move(figures);
  }
}

// `commits` are newest first.
std::vector<HistoryEntry> entries_of(std::vector<evo::CommitInfo> commits, std::optional<int> island) {
  std::vector<HistoryEntry> entries;
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    HistoryEntry entry{.commit = std::move(*commit)};
    entry.generation = entry.value(Trailer::kGeneration);
    entry.best = entry.value(Trailer::kBestScore);
    if (island) take_island(entry, *island);
    // What was scored anew starts anew.
    if (!entries.empty() && entry.best && entries.back().best && !entry.is_fork())
      entry.gain = *entry.best - *entries.back().best;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

std::string HistoryEntry::headline() const {
  return genome::base::visible(commit.message.substr(0, commit.message.find('\n')));
}

std::string HistoryEntry::best_id() const {
  return genome::base::short_id(island ? island->best_id
                                       : evo::text_in(commit, Trailer::kBestId).value_or(""));
}

std::vector<HistoryEntry> history_of(const RunAt& at, std::optional<int> island) {
  return entries_of(at.repository.log(std::numeric_limits<std::size_t>::max(), at.revision), island);
}

ReadableHistory readable_history_of(const RunAt& at) {
  try {
    return {.entries = history_of(at), .missing = {}};
  } catch (const genome::base::Error&) {
    // Commit by commit, to find out how far back it goes.
  }
  std::vector<evo::CommitInfo> commits;
  std::string missing;
  for (std::string next = at.revision; !next.empty(); next = commits.back().parent) {
    try {
      commits.push_back(at.repository.log(1, next).front());
    } catch (const genome::base::Error& error) {
      missing = genome::base::visible(error.what(), 600);
      break;
    }
  }
  ReadableHistory history{.entries = entries_of(std::move(commits), {}), .missing = {}};
  if (missing.empty()) return history;
  const auto oldest = std::ranges::find_if(
      history.entries, [](const HistoryEntry& entry) { return entry.generation.has_value(); });
  history.missing = oldest == history.entries.end()
                        ? missing
                        : fmt::format("what is before generation {} cannot be read: {}",
                                      static_cast<std::int64_t>(*oldest->generation), missing);
  return history;
}

Cell number_cell(std::optional<double> value, int digits) {
  if (!value) return Missing{};
  if (digits == 0) return static_cast<std::int64_t>(*value);
  return Decimal{*value, digits};
}

Table history_table(const std::vector<HistoryEntry>& entries) {
  std::vector<std::string> columns = {"generation", "commit", "best", "gain", "best_id"};
  const bool islands = std::ranges::any_of(
      entries, [](const HistoryEntry& each) { return evo::has(each.commit, Trailer::kIsland); });
  if (islands) columns.emplace_back("best_island");
  for (const evo::TrailerInfo& each : evo::kTrailers) {
    if (!each.column.empty()) columns.emplace_back(each.column);
  }
  columns.emplace_back("note");
  Table table(columns);
  for (const HistoryEntry& entry : entries) {
    const std::string id = entry.best_id();
    std::vector<Cell> row = {number_cell(entry.generation, 0), genome::base::short_id(entry.commit.id),
                             number_cell(entry.best, 3), number_cell(entry.gain, 3),
                             id.empty() ? Cell{Missing{}} : Cell{id}};
    if (islands) row.push_back(number_cell(entry.value(Trailer::kBestIsland), 0));
    for (const evo::TrailerInfo& each : evo::kTrailers) {
      if (!each.column.empty()) row.push_back(number_cell(entry.value(each.trailer), each.digits));
    }
    row.push_back(entry.generation ? Cell{Missing{}} : Cell{entry.headline()});
    table.add_row(row);
  }
  return table;
}

}  // namespace experiments
