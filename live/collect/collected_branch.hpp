// collected_branch.hpp: one branch as it was recorded, and what recording took.
// Why:      a branch is written down at once when it is whole, and put into its environment later; between
//           the two it is a line of text.
// Use:      journal.add(branch);   spent += branch.spent;
// Promises: values. json_of() and branch_of() are inverse, but that text which is no UTF-8 is written with
//           U+FFFD in its place.
// Throws:   branch_of() an std::exception that says what is wrong.
// Threads:  values.
// Tests:    tests/live/collect/journal_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace live {

// Tokens that went through the server, by what they were for. What was lost came with requests that failed;
// what is unseen may have been written for those beside, at the most that they asked for.
struct Spent {
  std::int64_t requests = 0, lost_requests = 0;
  std::int64_t prompt_tokens = 0, cached_tokens = 0;  // read; those cached are of the prompts
  std::int64_t branch_tokens = 0, look_tokens = 0, lost_tokens = 0, unseen_tokens = 0;  // written
  double money = 0;

  std::int64_t written() const { return branch_tokens + look_tokens + lost_tokens + unseen_tokens; }
  Spent& operator+=(const Spent& other);
  friend bool operator==(const Spent&, const Spent&) = default;
};

struct CollectedBranch {
  std::size_t question = 0, number = 0;
  std::int64_t tokens = 0;         // of the whole branch
  std::string text;                // its thought, then its answer
  std::vector<std::string> looks;  // what the model said when it was made to answer, at each interval
  // Of each signal: one number for each look and one for what follows.
  std::map<std::string, std::vector<double>> signals;
  std::string reason;  // the server's word for its end
  bool cut = false;    // at a limit of tokens
  Spent spent;
};

nlohmann::json json_of(const Spent& spent);
Spent spent_of(const nlohmann::json& json);

nlohmann::json json_of(const CollectedBranch& branch);
CollectedBranch branch_of(const nlohmann::json& json);

}  // namespace live
