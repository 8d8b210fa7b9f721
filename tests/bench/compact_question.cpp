#include "tests/bench/compact_question.hpp"

#include <algorithm>

#include "genome/base/check.hpp"

namespace bench {

CompactQuestion::CompactQuestion(const replay::Question& question)
    : interval(question.interval), gold(question.gold_id), answers(question.answers.size()) {
  EVOTTS_CHECK(question.answers.size() < 0xFFFF && question.probes.size() < 0x7FFFFFFF);
  rows.reserve(question.probes.size());
  for (const replay::AnswerId answer : question.probes) rows.push_back(static_cast<std::uint16_t>(answer));
  branches.reserve(question.branches.size());
  for (const replay::Branch& branch : question.branches) {
    branches.push_back({static_cast<std::int32_t>(branch.first_probe),
                        static_cast<std::int32_t>(branch.probes),
                        std::max<std::int64_t>(0, branch.tokens - interval * branch.probes),
                        static_cast<std::uint16_t>(branch.final_answer)});
  }
}

}  // namespace bench
