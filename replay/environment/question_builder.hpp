// question_builder.hpp: makes one Question out of answers and signals as they come.
// Why:      readers, importers and generators know a branch step by step; ids of answers and the tables of
//           signals follow from that by one rule.
// Use:      QuestionBuilder builder(text, gold, 500, 1);
//           builder.add_probe("41");
//           builder.add_signal(0, std::vector{-0.2, -0.1});
//           builder.end_branch(720, "42");
//           Question question = std::move(builder).finish();
// Promises: each different answer has its id in the order of first appearance. The mean of a signal weighs
//           each interval by its tokens, and what follows the last probe by max(0, T - interval * L); a mean
//           over no tokens at all is the latest number. Sums are added up in the order of steps. Nothing is
//           allocated beyond what the question holds.
// Threads:  one thread a builder.
// Tests:    tests/replay/environment/question_builder_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "replay/environment/environment.hpp"
#include "replay/environment/limits.hpp"

namespace replay {

class QuestionBuilder {
 public:
  // Signals are numbered by their places in Environment::signals. REQUIRES: interval > 0.
  QuestionBuilder(std::string text, std::string gold, std::int64_t interval, std::size_t signals = 0);

  // Room for what is to come, so that nothing is moved on the way; more or less may come.
  void reserve(std::size_t branches, std::size_t probes);

  // The next probe of the branch being built.
  void add_probe(std::string_view answer);
  // The numbers of a signal of that branch: of each interval in turn, then of what follows the last probe.
  // REQUIRES: all are finite; those of this signal are not given yet.
  void add_signal(std::size_t signal, std::span<const double> numbers);
  // Ends that branch; the next probe belongs to a new one. Returns the first signal with a sum that no double
  // holds, after which the question is of no use. REQUIRES: tokens >= 0; of each signal there is one number
  // more than there are probes.
  std::optional<std::size_t> end_branch(std::int64_t tokens, std::string_view final_answer);

  // REQUIRES: at least one branch was ended, and the last one was.
  Question finish() &&;

 private:
  // Tells answers of at most eight bytes apart by itself, longer ones almost always.
  struct Fingerprint {
    std::uint64_t bytes = 0;  // the answer's own, or their hash
    std::uint64_t size = 0;
    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  };

  AnswerId intern(std::string_view answer);
  static Fingerprint fingerprint(std::string_view answer);
  bool is(AnswerId id, std::string_view answer, Fingerprint print) const;
  // Where the id of the answer stands in slots_, or would.
  std::size_t slot_of(std::string_view answer, Fingerprint print) const;
  void grow_slots();

  Question question_;
  std::size_t branch_begin_ = 0;     // index of the first probe of the branch being built
  std::size_t signal_begin_ = 0;     // where that branch begins in the tables of signals
  std::vector<AnswerId> slots_;      // ids by the hash of their answers: open addressing, at most half full
  std::vector<Fingerprint> prints_;  // by AnswerId
  AnswerId latest_ = kNoAnswer;
};

}  // namespace replay
