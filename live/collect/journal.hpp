// journal.hpp: the file in which a collection is written down while it goes on.
// Why:      a branch costs minutes of a model; once it is whole, neither a kill nor a full disk may lose it.
// Use:      Journal journal("arith.collecting.jsonl", settings);
//           if (!journal.has(3, 17)) ...;  journal.add(branch);  journal.sync();
// Form:     lines of JSON: first {"evotts": "collecting", "version": 1, "settings": {...}}, then branches as
//           collected_branch.hpp writes them, and now and then {"spent": {...}, "open": {...}}: what was
//           spent by then in all, and what requests under way may come to.
// Promises: one process at a time has it open. A last line that was not finished is dropped. What add() wrote
//           before sync() returned outlasts the machine; a line that cannot be written whole is taken back.
//           A journal of other settings is refused with the names of those that differ.
// Throws:   InputError for a journal that is damaged, of other settings, or in another process's hands;
//           StorageError where the disk fails.
// Threads:  one at a time.
// Tests:    tests/live/collect/journal_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genome/base/descriptor.hpp"
#include "live/collect/collected_branch.hpp"

namespace live {

class Journal {
 public:
  Journal(std::filesystem::path path, const nlohmann::json& settings);

  bool has(std::size_t question, std::size_t number) const { return places_.contains({question, number}); }
  std::size_t branches() const { return places_.size(); }
  // Of all that the journal holds.
  std::int64_t tokens() const { return tokens_; }
  std::size_t cut() const { return cut_; }
  // The names of a branch's signals. REQUIRES: has().
  const std::vector<std::string>& signals(std::size_t question, std::size_t number) const {
    return signal_sets_[places_.at({question, number}).signals];
  }
  // What was spent before this opening, as far as it is known, requests that never ended at their worst.
  const Spent& spent_before() const { return spent_before_; }

  void add(const CollectedBranch& branch);
  void note(const Spent& spent, const Spent& open);
  void sync();

  CollectedBranch read(std::size_t question, std::size_t number) const;

  // When all that it holds is kept elsewhere.
  void remove();

 private:
  struct Place {
    std::uint64_t offset = 0;
    std::size_t bytes = 0;
    std::size_t signals = 0;  // which of signal_sets_
  };

  void lock();
  void load(const nlohmann::json& settings);
  void begin(const nlohmann::json& settings);
  void take(std::string_view line, std::uint64_t offset, std::size_t number);
  void expect_settings(const nlohmann::json& found, const nlohmann::json& wanted) const;
  void keep(const CollectedBranch& branch, Place place);
  void append(const nlohmann::json& line);
  std::string bytes_at(Place place) const;

  const std::filesystem::path path_;
  genome::base::Descriptor file_;
  std::uint64_t size_ = 0;  // of the lines that are whole
  std::map<std::pair<std::size_t, std::size_t>, Place> places_;
  std::vector<std::vector<std::string>> signal_sets_;  // each different
  std::int64_t tokens_ = 0;
  std::size_t cut_ = 0;
  Spent spent_before_;
};

// "x/arith.json" -> "x/arith.collecting.jsonl"
std::filesystem::path journal_path(const std::filesystem::path& environment);

}  // namespace live
