// file_checks.hpp: whether the files that a commit of a run changed are what a generation changes.
// Why:      verification.cpp walks through the history; what it looks at in each commit is here, in parts
//           that remember what earlier commits held.
// Use:      LineageCheck lineage;
//           FilesCheck files(lineage);
//           files.look_at(context);               // for each commit, the oldest first
// Promises: whatever a file holds ends as a finding in the context and not as a failure.
// Threads:  one thread.
// Tests:    tests/experiments/commands/verify_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "evo/git/run_repository.hpp"
#include "evo/population/state.hpp"
#include "evo/record/lineage.hpp"
#include "evo/verification/verification_result.hpp"

namespace evo {

inline constexpr std::string_view kByHand = "was it edited by hand?";

// The commit that is looked at, and what its checks share.
struct CheckContext {
  using Files = std::map<std::string, std::string>;  // content by path

  const RunRepository& repository;
  Verification& found;
  CommitInfo commit = {};
  std::optional<int> generation = {};
  bool settings_may_change = false;
  std::string place = {};  // "generation 12"
  Files before = {};       // of the commit before
  Files now = {};
  Files lost = {};           // of this commit or an earlier one: they cannot be read
  bool partial = false;      // objects may be elsewhere
  bool absent_here = false;  // some of this commit are
  bool after_gap = false;    // what was before this commit is not known

  void report(const std::string& file, std::string problem);
};

// That everybody is born once, of parents who were born before, and as the checkpoint has it.
class LineageCheck {
 public:
  void next_generation() { fresh_.clear(); }
  // Whoever was born so far was born in generations that are not looked at.
  void skip_generations();
  // Not all births can be read.
  void make_incomplete() { incomplete_ = true; }
  void births(CheckContext& context, const std::string& path, const std::string& text);
  bool knows(const std::string& id) const { return incomplete_ || ids_.contains(id); }
  std::size_t fresh() const { return fresh_.size(); }  // births of this generation
  // Of them, those on each island; on the first, who was born where there are no islands.
  std::vector<std::size_t> fresh_by_island(std::size_t islands) const;

  void compare_count(CheckContext& context, const State& state);
  // Of somebody who lives on the island of that number (see evo::island_number).
  void compare(CheckContext& context, const Individual& individual, int island) const;

 private:
  std::uint64_t counted_ = 0;  // by the generation before
  bool incomplete_ = false;
  std::unordered_set<std::string> ids_;
  std::unordered_map<std::uint64_t, std::string> numbers_;
  std::map<std::uint64_t, Born> fresh_;
};

// That a commit changed nothing but what a generation changes, and each file to what it may hold.
class FilesCheck {
 public:
  explicit FilesCheck(LineageCheck& lineage) : lineage_(&lineage) {}

  void look_at(CheckContext& context);

 private:
  void catch_up(CheckContext& context);
  void changed(CheckContext& context, const std::string& path, const std::string& text);
  void changed_controller(CheckContext& context, const std::string& path, const std::string& text);
  void changed_exchange(CheckContext& context, const std::string& path, const std::string& text);
  void note_awaited(const std::string& path, const std::string& text);

  LineageCheck* lineage_;
  std::unordered_set<std::string> texts_;    // of controllers that were found good
  std::unordered_set<std::string> awaited_;  // journal files of questions that have no reply yet
};

}  // namespace evo
