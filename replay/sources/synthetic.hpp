// synthetic.hpp: made-up environments that behave like recorded ones.
// Why:      the demo, the tests and first experiments need an environment, and recordings are not part
//           of the project. Made ones also have knobs: how hard, how tempting, how long.
// Use:      Environment env = make_synthetic({.seed = 7, .questions = 60});
//           Environment hard = make_synthetic(parse_synthetic("seed=3,difficulty=2"));
//           Environment seen = make_synthetic(parse_synthetic("signals=entropy+logprob"));
//           Environment chance = make_synthetic(parse_synthetic("knows=0,options=4"));
// Promises: equal specifications give equal environments. The defaults lie in the middle of recordings
//           of models from 0.6B to 8B parameters: questions are mostly either easy or hopeless, wrong
//           branches are longer, gather on a few tempting answers and settle later, so that voting
//           wins on some questions and loses on others. Signals leave answers and lengths as they are
//           without them. Bad values throw InputError.
// Threads:  pure functions.
// Tests:    tests/replay/sources/synthetic_test.cpp, tests/replay/sources/synthetic_signals_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "replay/environment/environment.hpp"

namespace replay {

struct SyntheticSpec {
  std::uint64_t seed = 1;
  int questions = 30;
  int branches = 128;            // of each question
  int interval = 500;            // Δ in tokens
  double difficulty = 0;         // the middle question's odds against a right branch, as a logarithm
  double spread = 3.2;           // how far questions differ in that (scale of a logistic distribution)
  int tempting = 6;              // wrong answers of a question that attract many branches
  double temptation = 0.6;       // the mean share of wrong branches that give one of those
  double length = 11000;         // the median thinking of a right branch on the middle question, in tokens
  double wrong_length = 1.4;     // by what factor a wrong branch is longer
  double length_spread = 0.3;    // how far branches of one question differ (deviation of the logarithm)
  int max_tokens = 40000;        // thinking is cut off here
  double settle_right = 0.6;     // where a right branch settles on its answer: mean share of its length
  double settle_wrong = 0.79;    // the same for a wrong one
  double stay = 0.61;            // until then: the chance to keep an answer for another 500 tokens
  double err = 0.08;             // until then: the chance that no answer can be read at a probe
  int knows = 1;                 // 0: answers, lengths and signals have nothing to do with being right
  int options = 0;               // answers are so many letters from A on; 0: whole numbers to 999
  std::string signals = {};      // their names with + between them; "": branches show answers only
  double signal_separation = 2;  // d': how far right and wrong branches lie apart in the mean of a signal
  friend bool operator==(const SyntheticSpec&, const SyntheticSpec&) = default;
};

// A member of a specification that texts and options may set.
struct SyntheticKnob {
  std::string_view key;  // the member's name
  std::variant<std::uint64_t SyntheticSpec::*, int SyntheticSpec::*, double SyntheticSpec::*,
               std::string SyntheticSpec::*>
      member;
  double least = 0;  // not of a text
  double most = 0;
  std::string_view help;
};

// All of them, in the order in which to_text() writes them.
std::span<const SyntheticKnob> synthetic_knobs();

// What a specification of a made-up environment begins with, wherever environments are named.
inline constexpr std::string_view kSyntheticPrefix = "synthetic:";

// "key=value,key=value", each key the name of a member of SyntheticSpec; "" gives the defaults.
SyntheticSpec parse_synthetic(std::string_view text);

// The inverse: the seed, then every other key whose value is not the default one.
std::string to_text(const SyntheticSpec& spec);

// The environment, named "synthetic-<seed>", with "synthetic:" and to_text(spec) as its source.
Environment make_synthetic(const SyntheticSpec& spec);

}  // namespace replay
