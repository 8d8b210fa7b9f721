// collect_report.hpp: what `evotts collect` tells: how far it is, what it came to, what it would take.
// Why:      hours of a model are spent; whoever waits wants to know how many are left, and what they cost.
// Use:      CollectLine line;   options.progress = [&](const auto& at) { line.show(at); };
//           print(summary_of(...));
// Promises: the line is shown on a terminal alone, fits its width and leaves no trace there.
//           Everything shown is harmless.
// Threads:  one at a time.
// Tests:    tests/experiments/commands/collect_test.cpp, tests/experiments/commands/collect_report_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "live/collect/collector.hpp"
#include "live/collect/recording.hpp"

namespace experiments {

class CollectLine {
 public:
  CollectLine() = default;
  ~CollectLine();
  CollectLine(const CollectLine&) = delete;
  CollectLine& operator=(const CollectLine&) = delete;

  void show(const live::CollectProgress& at);
  // A line of its own, above the one that is shown.
  void tell(const std::string& line);
  // Before anything else is printed.
  static void clear();

 private:
  double last_ = -1;  // seconds
};

// What has no room in so many columns is left out, what matters least first.
std::string progress_text(const live::CollectProgress& at,
                          std::size_t columns = std::numeric_limits<std::size_t>::max());

std::string spent_text(const live::Spent& spent);

// What was written, and what it is like.
std::string summary_text(const std::string& file, const live::Recording& made, const live::Spent& spent);

// Loud where more than a hundredth of the branches were cut; else empty.
std::string cut_warning(std::size_t cut, std::size_t branches, std::int64_t most_tokens,
                        std::optional<std::int64_t> context);

// What a collection takes whose branches have so many tokens.
struct Estimate {
  std::int64_t branches = 0, tokens = 0;  // of each
  std::int64_t prompt_tokens = 0;         // of a question
  std::int64_t suffix_tokens = 0;
};
live::Spent cost_of(const Estimate& estimate, const live::Recipe& recipe, const net::Price& price);

}  // namespace experiments
