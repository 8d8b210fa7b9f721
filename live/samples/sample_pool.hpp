// sample_pool.hpp: samples as they come -> questions with their branches.
// Why:      samples of a question are spread over rows, files and lists, in any order, and texts of gigabytes
//           are not to be held until the last one was seen.
// Use:      SamplePool pool(reader, {.keep_truncated = false});
//           pool.add(samples.all());   // for each record
//           pool.expect_one_model("outputs/");
//           const PooledEnvironment made = pooled_environment(pool, wishes, &golds);
// Promises: a question is known by its id, and without one by its text. Unequal numbers of samples are kept.
//           Branches stand in the order of their numbers, else as they came. Of a sample its answer, its
//           tokens and a fingerprint of its text are held, some fifty bytes. The same samples give the same
//           environment. Samples of one model are taken, of the first or of the one that is asked for, unless
//           all are wanted; those of others are counted, so that expect_one_model() can name them all.
// Throws:   BadRecord where a record says other things of a question than one before: its text, its right
//           answer, the order of its options, its interval; and for figures beyond
//           replay/environment/limits.hpp. Nothing of such a record is taken. expect_one_model() throws
//           replay::InputError.
// Threads:  one thread.
// Tests:    tests/live/samples/sample_pool_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "live/samples/answer_reader.hpp"
#include "live/samples/sample.hpp"

namespace live {

struct PoolOptions {
  bool keep_truncated = false;      // read their answers as of others
  double characters_per_token = 4;  // where tokens are not told
  std::string model;                // take samples of this one only; empty: all must be of one
  bool mix_models = false;          // take those of all
};

enum class TokenCount : std::uint8_t { kGiven, kShared, kEstimated };

// What is held of a sample.
struct PooledSample {
  std::uint64_t print = 0;  // of its text, or of all else where there is none
  std::int64_t tokens = 0;
  std::int64_t number = 0;
  std::size_t first_probe = 0, first_signal = 0;  // in the question's
  std::uint32_t answer = 0;                       // in the question's answers
  std::uint32_t probes = 0, signals = 0;
  TokenCount count = TokenCount::kGiven;
  bool numbered = false, truncated = false, flagged = false, right = false;
};

struct PooledSignal {
  std::uint32_t name = 0;  // in the pool's
  double value = 0;
};

struct PooledQuestion {
  std::string id, row, text, gold, options;
  bool has_gold = false;
  std::int64_t interval = 0;  // 0: without probes
  std::vector<std::string> answers;
  std::unordered_map<std::string, std::uint32_t> numbers;  // of answers
  std::vector<std::uint32_t> probes;                       // answers
  std::vector<PooledSignal> signals;
  std::vector<PooledSample> samples;
};

struct PoolCounts {
  std::size_t other_models = 0;  // samples that were left out
  std::size_t overlong = 0;      // answers that are too long to be one
};

class SamplePool {
 public:
  SamplePool(const AnswerReader& reader, PoolOptions options)
      : reader_(reader), options_(std::move(options)) {}

  void add(std::span<const Sample> samples);

  std::vector<PooledQuestion>& questions() { return questions_; }
  const std::vector<std::string>& signals() const { return signals_; }
  const PoolCounts& counts() const { return counts_; }
  // Nothing where records do not tell it; of several, all names.
  std::string model() const;
  void expect_one_model(const std::string& files) const;  // whose name begins the message
  const AnswerReader& reader() const { return reader_; }
  const PoolOptions& options() const { return options_; }

 private:
  bool is_taken(const Sample& sample);
  std::size_t question_of(const Sample& sample);
  std::size_t new_question(const Sample& sample);
  void learn(PooledQuestion& question, const Sample& sample);
  void expect_same(const PooledQuestion& question, const Sample& sample) const;
  void take(PooledQuestion& question, const Sample& sample);
  std::uint32_t answer_number(PooledQuestion& question, std::string answer);
  std::uint32_t signal_number(std::string_view name);
  void hold(std::size_t bytes);

  const AnswerReader& reader_;
  const PoolOptions options_;
  std::vector<PooledQuestion> questions_;
  std::unordered_map<std::string, std::size_t> by_id_, by_text_;
  std::vector<std::string> signals_;
  std::map<std::string, std::size_t, std::less<>> models_;  // samples of each
  std::string first_model_;
  std::size_t held_ = 0;
  PoolCounts counts_;
};

}  // namespace live
