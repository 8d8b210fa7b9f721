// environment.hpp: one recorded environment in memory: every branch a model could have opened.
// Why:      a controller is scored by reading branches back, so this is the evaluator's hot data.
// Use:      Environment env = read_environment("Qwen3-4B/aime24.json");
//           const Branch& branch = env.questions[0].branches[7];
//           AnswerId after_one_interval = env.questions[0].probes[branch.first_probe];
// Promises: validated when made: at least one question, each with at least one branch; intervals are
//           positive, token counts not negative, every AnswerId names an entry of Question::answers.
//           Answers are interned per question, so equality of ids is equality of texts.
// Threads:  immutable once made; share freely.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace replay {

using AnswerId = std::int32_t;
inline constexpr AnswerId kNoAnswer = -1;
inline constexpr AnswerId kNoSuchAnswer = -2;  // which no branch shows, not even before its first answer
// The answers of a question that are blank; kNoSuchAnswer in the places that are left.
using BlankAnswers = std::array<AnswerId, 3>;

// One recorded branch: probes p1..pL at intervals of Question::interval tokens, then its end.
struct Branch {
  std::uint32_t first_probe = 0;  // index of p1 in Question::probes
  std::uint32_t probes = 0;       // L; may be 0
  std::int64_t tokens = 0;        // T, length of the whole branch; may be below L * interval
  AnswerId final_answer = kNoAnswer;
  std::uint32_t first_signal = 0;  // where the branch begins in each table of Question::signals
  friend bool operator==(const Branch&, const Branch&) = default;
};

// One signal of all branches of a question, as it is seen after each step. A branch with L probes has L + 2
// entries from Branch::first_signal on: entry d is what is seen after d steps, entry 0 is 0, entry L + 1 is
// seen at its end. Sums run in the order of steps, so that every reader has the same bits. The smallest is
// told by its step, in two bytes rather than eight, since tables fill most of the memory.
struct SignalTable {
  std::vector<double> latest;             // of the step that ended last
  std::vector<double> mean;               // of the steps so far, weighted by their tokens
  std::vector<std::uint16_t> least_step;  // the first with the smallest number so far

  // Of the branch that begins at `first`.
  double least(std::size_t first, std::size_t steps) const {
    return latest[first + least_step[first + steps]];
  }
  friend bool operator==(const SignalTable&, const SignalTable&) = default;
};

struct Question {
  std::string text;
  std::string gold;                  // the right answer
  AnswerId gold_id = kNoAnswer;      // kNoAnswer when no branch ever gives it
  std::int64_t interval = 0;         // Δ in tokens, > 0
  std::vector<std::string> answers;  // by AnswerId, each different
  std::vector<std::uint8_t> blank;   // by AnswerId: 1 for "ERR" and ""
  BlankAnswers blanks = {kNoSuchAnswer, kNoSuchAnswer, kNoSuchAnswer};  // the same as ids
  std::vector<Branch> branches;
  std::vector<AnswerId> probes;      // of all branches, one after another
  std::vector<SignalTable> signals;  // by place in Environment::signals

  // The next id. REQUIRES: no answer has this text; at most three are blank.
  AnswerId add_answer(std::string_view answer, bool is_blank) {
    const auto id = static_cast<AnswerId>(answers.size());
    answers.emplace_back(answer);
    blank.push_back(is_blank ? 1 : 0);
    if (is_blank) *std::ranges::find(blanks, kNoSuchAnswer) = id;
    return id;
  }
  friend bool operator==(const Question&, const Question&) = default;
};

struct Environment {
  std::string name;    // for tables, e.g. "Qwen3-4B/aime24"
  std::string source;  // the path or specification it came from
  std::string digest;  // fingerprint of the file text, 16 hex digits (see environment_digest)
  std::vector<std::string> signals = {};  // their names, sorted; every branch has all of them
  std::vector<Question> questions = {};
  std::vector<std::string> written_signals = {};  // the names in the order of the file; empty: sorted
  std::string collected = {};  // how it was recorded: a JSON object (collected.hpp); empty: not told
};

}  // namespace replay
