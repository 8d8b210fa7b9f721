// pooled_environment.hpp: the questions of a pool -> an environment, and what there is to say about it.
// Why:      others' data has gaps that no file shows: right answers that are told otherwise, copies of one
//           sample, lengths that nobody counted. Scores rest on them, so they are told.
// Use:      const PooledEnvironment made = pooled_environment(pool, {.fewest = 2}, &golds);
//           write_durably(out, replay::to_json(made.environment));
// Promises: a right answer of the table goes before one of the file. Questions without one, and those of too
//           few samples, are left out and listed. A sample that occurs twice, with its number, is taken once.
//           Signals are those that all samples have, and there are none beside probes. Without probes the
//           interval is a twentieth of the median length, unless one is given. What the pool holds of
//           questions goes over into the environment.
// Throws:   replay::InputError when no question is left, or sums of figures are too large.
// Threads:  one thread.
// Tests:    tests/live/samples/sample_pool_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "live/reading/gold_table.hpp"
#include "live/samples/sample_pool.hpp"
#include "replay/environment/environment.hpp"

namespace live {

struct EnvironmentWishes {
  std::size_t fewest = 1;  // samples of a question
  std::optional<std::int64_t> interval;
  std::string format;  // told in the file
};

// A sample that is right by the file and wrong by our equality, or the other way round.
struct Disagreement {
  std::string question, answer, gold;
  std::size_t sample = 0;  // its place among those of the question, from 0
  bool right = false;      // by the file
};

inline constexpr std::size_t kShownDisagreements = 3;

struct PoolReport {
  std::size_t samples = 0, least = 0, most = 0;  // of a question
  std::size_t blanks = 0, truncated = 0, right = 0;
  std::size_t repeated = 0;           // left out: the same number and text
  std::size_t copies = 0, alike = 0;  // samples like one before; questions with one text alone
  std::size_t flags = 0, disagreeing = 0;
  std::vector<Disagreement> disagreements;           // the first ones
  std::size_t given = 0, shared = 0, estimated = 0;  // tokens
  double tokens = 0;                                 // of all samples together
  std::int64_t shortest = 0, longest = 0;            // tokens of one
  bool probes = false;
  std::vector<std::string> without_gold, with_too_few;  // texts of questions
  std::vector<std::string> left_signals;                // that some samples lack, or beside probes
};

struct PooledEnvironment {
  replay::Environment environment;
  PoolReport report;
};

PooledEnvironment pooled_environment(SamplePool& pool, const EnvironmentWishes& wishes,
                                     const GoldTable* golds);

}  // namespace live
