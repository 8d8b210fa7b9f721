// sample.hpp: one sample of a question, as a file of others tells it.
// Why:      a dozen tools write the same things under other names; past this, all are alike.
// Use:      Samples samples;
//           Sample& each = samples.add();   each.question = ...;   each.text = samples.keep(joined);
// Promises: texts are views: of the record they were read from, or of what keep() holds. Both live until the
//           next record.
// Threads:  one thread.
// Tests:    tests/live/samples/sample_pool_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace live {

// What is wrong with a record. Whoever knows file and line puts them in front.
struct BadRecord : std::runtime_error {
  using runtime_error::runtime_error;
};
// What is wrong with all of a file: no record of it is to be taken.
struct WrongFile : std::runtime_error {
  using runtime_error::runtime_error;
};

struct Sample {
  // Of its question; empty where it is not told.
  std::string_view id, question;
  std::string_view row;  // another name, under which a table of right answers may have it
  std::optional<std::string_view> gold;
  std::string_view options;  // to choose from, in their order, as some text

  std::string_view text;                   // an answer is read from it
  std::string_view thought;                // what was written before, where it is told apart
  std::optional<std::string_view> answer;  // as the file gives it; empty: it has none for this sample
  std::optional<bool> right;               // by the file
  std::optional<std::int64_t> tokens;
  bool shared = false;                 // its tokens are a share of a sum
  bool estimated = false;              // they are a guess of the format
  bool truncated = false;              // it met a limit on tokens
  std::optional<std::int64_t> number;  // among the samples of its question
  bool positional = false;             // that is its place in a list: other files may have others there
  std::string_view model;
  std::vector<std::pair<std::string_view, double>> signals;

  std::int64_t interval = 0;  // 0: without probes
  std::vector<std::string_view> probes;
};

class Samples {
 public:
  Sample& add() { return all_.emplace_back(); }
  std::vector<Sample>& all() { return all_; }
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }
  // A request that failed has no sample, and is no mistake of the file.
  void count_failed() { ++failed_; }
  std::size_t failed() const { return failed_; }
  void clear() {
    all_.clear();
    kept_.clear();
    failed_ = 0;
  }

 private:
  std::vector<Sample> all_;
  std::deque<std::string> kept_;  // a view of an entry stays valid
  std::size_t failed_ = 0;
};

// Of UTF-8.
std::size_t characters_in(std::string_view text);

// Gives each its share of a sum of tokens, by the characters of its text and thought.
void share_tokens(std::span<Sample> samples, std::int64_t sum);

}  // namespace live
