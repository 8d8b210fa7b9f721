// messages.hpp: what ranks tell each other, as bytes and back.
// Why:      only jobs (a controller's text, beta, a slice of orderings, a set of questions) and their sums
//           cross, and what the ranks need to know of each other before.
// Use:      transport.send(3, Tag::kUnit, to_bytes(unit));
//           const auto unit = from_bytes<Unit>(message);
// Promises: from_bytes(to_bytes(m)) is m. Sums are whole numbers in as few bytes as they need.
// Throws:   TransportError when bytes are not such a message.
// Threads:  pure functions.
// Tests:    tests/cluster/messages_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/transport.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/question_set.hpp"

namespace cluster {

// Who somebody is. Ranks whose `program` or `c_library` is not that of rank 0 would compute other digits.
struct Hello {
  std::string program, c_library, host;
  std::uint32_t threads = 1;
  std::string cores;  // a remark for the user on its processor cores; empty: none
};

// What is to be evaluated on.
struct Source {
  std::string spec, path;  // as rank 0 names it, and its whole path where it is a file
  std::string digest;
};
struct Setting {
  std::vector<Source> recorded;
  std::vector<double> reweightings;  // of each, behind it
  std::vector<std::string> digests;  // of all, with the reweighted ones
  replay::EvaluatorOptions options;
};

struct Missing {
  std::vector<std::uint32_t> recorded;  // places in Setting::recorded
};

struct FilePiece {
  std::uint32_t recorded = 0;
  bool last = false;
  std::string bytes;
};

struct Questions {
  std::uint32_t id = 0;
  replay::QuestionSet set;
};

// One controller with some of its jobs.
struct UnitJob {
  double beta = 0;
  std::uint32_t first = 0, count = 0;  // orderings
};
struct UnitController {
  std::string text;
  std::vector<UnitJob> jobs;
};

// Controllers on some questions: of the set `questions`, from the step `first` on (call.hpp).
struct Unit {
  std::uint64_t number = 0;  // counts up, so that sums that nobody waits for any more are known
  std::uint32_t questions = 0;
  std::uint32_t first = 0, count = 0;
  // The unit that brought the rank its controllers: this one, or the last that brought any.
  std::uint64_t brought_by = 0;
  std::vector<UnitController> controllers;  // empty where an earlier unit brought them
};

// By controller, job and question of the unit.
struct Sums {
  std::uint64_t number = 0;
  double seconds = 0;  // that it took
  std::vector<replay::QuestionSums> sums;
};

template <typename T>
std::string to_bytes(const T& message);

template <typename T>
T from_bytes(std::string_view bytes);

}  // namespace cluster
