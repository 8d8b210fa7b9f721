// memory.hpp: what is known of the models from one generation to the next: a JSON object in the checkpoint.
// Why:      what was spent, who brought gains, who fails, what is under way and what was learnt must be the
//           same in a resumed run as in one that was never stopped.
// Use:      Memory memory = Memory::read(outlook.memory);   ...   std::string bytes = memory.text();
// Promises: read(m.text()) == m, numbers to the last bit. What is no memory (or of another format) reads as
//           an empty one: a run can always go on.
// Threads:  a value.
// Tests:    tests/llm_mutators/proposers/several_models_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm_mutators/journal/model_choice.hpp"
#include "llm_mutators/journal/pending_calls.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

// After failures in a row a model is left alone for 1, 2, 4, ... kLongestPause generations, then tried with a
// single question (a circuit breaker, counted in generations so that it does not depend on the clock).
struct Circuit {
  static constexpr int kLongestPause = 16;
  int row = 0;    // failures in a row
  int until = 0;  // the first generation in which it may be asked again
  int pause = 0;  // generations of the last opening; 0 after a reply
  bool closed_at(int generation) const { return generation >= until; }
  bool probing() const { return pause > 0; }
  void note_reply() { row = pause = 0; }
  // Whether the circuit opened by it.
  bool note_failure(int generation, int most_in_a_row, bool hopeless);
  friend bool operator==(const Circuit&, const Circuit&) = default;
};

struct ModelRecord {
  std::string name;
  std::int64_t asked = 0;                          // questions, repairs included, that were entered
  std::int64_t answered = 0;                       // of them
  std::int64_t children = 0;                       // that checked
  std::int64_t gains = 0;                          // children better than their parents that got a place
  std::int64_t input = 0, cached = 0, output = 0;  // tokens, as reported or at worst
  std::optional<std::int64_t> reasoning;           // of the output, where it was told
  std::int64_t unreported = 0;                     // exchanges whose usage is unknown, taken at their worst
  double money = 0;
  double pulls = 0, gain = 0, cost = 0;  // of the bandit, fading
  Circuit circuit;
  std::vector<std::string> left_out;  // parameters that its server refused
  // Why exchanges brought no child, in a few words, and how many of each; of many kinds the first ones.
  struct Reason {
    std::string what;
    std::int64_t count = 0;
  };
  std::vector<Reason> reasons;
  void note_reason(const std::string& what);
  Arm arm() const { return {pulls, gain, cost}; }
};

// A question that was asked and whose reply has not taken effect.
struct PendingQuestion {
  std::string digest;  // of its first exchange
  std::string model;
  std::string purpose;
  int generation = 0;
  std::size_t index = 0;
  std::vector<std::string> parents;  // ids
  double parent_fitness = 0;         // what a child is compared with
  std::size_t island = 0;            // that asked, counted from 0
};

struct Lesson {
  int generation = 0;
  std::string hypothesis;
  std::string result;
};

struct Memory {
  static constexpr std::size_t kMostLessons = 10;
  static constexpr std::size_t kMostProposed = 2000;
  static constexpr double kFade = 0.97;  // of the bandit's figures, a generation

  std::vector<ModelRecord> models;
  std::vector<PendingQuestion> pending;  // in the order of asking
  std::vector<Lesson> lessons;           // the oldest first
  // Fingerprints (see conversation.hpp) of the controllers that models wrote, as they wrote them, the oldest
  // first: they were tuned since, or died, and are no news for all that.
  std::vector<std::string> proposed;

  static Memory read(std::string_view text);
  void fade();  // once a generation: what a model brought long ago counts less
  std::string text() const;

  ModelRecord& of(const std::string& name);  // made when it is new
  net::Amount spent() const;
  std::int64_t asked() const;
  std::int64_t answered() const;
  std::int64_t children() const;
  void learn(Lesson lesson);
  bool was_proposed(const std::string& fingerprint) const;
  void propose(std::string fingerprint);
};

// "9 times no controller in the reply; 2 times declined": why exchanges of all models brought no child, the
// commonest reasons first; empty when all did.
std::string reasons_text(const Memory& memory, std::size_t most = 3);

// "12 exchanges, 11 answered, 8 children; 34500 tokens read (0 cached), 5100 written; 0.1230 USD of 5 (4.8770
// left)", and what was perhaps paid beside it for calls that were lost (see pending_calls.hpp), which no
// memory holds.
std::string spending_text(const Memory& memory, const net::SpendingLimits& limits, std::string_view currency,
                          const LostCalls& lost = {});

}  // namespace llm_mutators
