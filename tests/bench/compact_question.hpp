// compact_question.hpp: a question as hand-written controllers want it: answers as 16-bit ids, a row a
// branch. Why:      the yardstick may arrange the recording as suits it best, before the time is taken. Use:
// const CompactQuestion compact(question);
//           std::uint16_t p3 = compact.rows[static_cast<std::size_t>(compact.branches[7].first + 2)];
// Promises: ids, numbers of branches and of probes are those of the question.
// Threads:  immutable once made.
#pragma once

#include <cstdint>
#include <vector>

#include "replay/environment/environment.hpp"

namespace bench {

struct CompactQuestion {
  struct Branch {
    std::int32_t first = 0;      // index of p1 in `rows`
    std::int32_t length = 0;     // L
    std::int64_t last_cost = 0;  // of the step from d = L
    std::uint16_t final_answer = 0;
  };

  // REQUIRES: fewer than 65,535 different answers and 2^31 probes.
  explicit CompactQuestion(const replay::Question& question);

  std::int64_t interval = 0;
  std::int32_t gold = -1;  // -1: an answer that no branch gives
  std::size_t answers = 0;
  std::vector<std::uint16_t> rows;
  std::vector<Branch> branches;
};

}  // namespace bench
