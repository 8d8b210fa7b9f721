// run.hpp: a run read: its best controller, its population, its frontier, and who came from whom.
// Why:      a run is a git repository that `evotts run`, or search.hpp, fills with a commit a generation;
//           what it found is used elsewhere.
// Use:      const evotts::Run run = evotts::Run::open("runs/first");
//           const evotts::Controller best = run.best().controller;
//           for (const evotts::Ancestor& each : run.lineage("best")) std::cout << each.operation << "\n";
// Promises: reading disturbs no writer, and one that goes on writing does not change what was read: a Run
//           stays at the generation it was opened at. What a run holds out stays closed to its controllers:
//           evaluate.hpp and machine.hpp refuse them there; `evotts unseal` scores them, on the record.
// Throws:   Error: kInput when this is no run, or has no such generation or individual; kSystem when the
//           repository cannot be read.
// Threads:  one thread at a time for each Run. One that was moved from may only be assigned to or destroyed.
#pragma once

#include <cstdint>
#include <evotts/controller.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evotts {

// Means over the environments that the run was scored on.
struct CurvePoint {
  double beta = 0;
  double accuracy = 0;        // percent
  double tokens = 0;          // of an episode
  double latency_tokens = 0;  // of an episode, with branches side by side
  friend bool operator==(const CurvePoint&, const CurvePoint&) = default;
};

// Somebody who lives at the generation.
struct Individual {
  Controller controller;
  double score = 0;                  // by the run's objective, in points of accuracy
  double fitness = 0;                // the score less what the objective charges, e.g. for length
  std::vector<CurvePoint> curve;     // by rising beta
  int born = 0;                      // the generation
  std::string operation;             // what made it, e.g. "constants+subtree" or "library:cmc"
  std::vector<std::string> parents;  // ids
};

// A point of accuracy against tokens that nothing else in the run has bettered.
struct FrontierPoint {
  std::string id;  // of the controller
  double beta = 0;
  double accuracy = 0;  // percent
  double tokens = 0;    // of an episode
  friend bool operator==(const FrontierPoint&, const FrontierPoint&) = default;
};

// One step of a lineage: an individual as it was at its birth.
struct Ancestor {
  std::string id;
  int generation = 0;     // of the birth
  std::string operation;  // what made it
  double score = 0;
  double fitness = 0;
  std::vector<std::string> parents;  // ids; the first is the one that was changed
  std::optional<std::string> text;   // none when it did not survive its birth
};

class Run {
 public:
  // The run in this folder at one of its generations; at the newest when none is named.
  static Run open(const std::filesystem::path& folder, std::optional<int> generation = std::nullopt);
  ~Run();
  Run(Run&&) noexcept;
  Run& operator=(Run&&) noexcept;

  int generation() const;
  // The experiment that the run is of, every key with its value (TOML).
  std::string experiment() const;

  // What the run recommends: its champion, or a known controller that nothing in it beats on new questions.
  Individual best() const;
  // Who lives, by falling fitness.
  std::vector<Individual> population() const;
  // By rising tokens.
  std::vector<FrontierPoint> frontier() const;
  // "best", or the beginning of an id, at least four digits, that one individual alone has: in the population
  // or on the frontier.
  Controller controller(std::string_view id) const;
  // From that individual, or any that was ever born in the run, back to a founder, along first parents.
  std::vector<Ancestor> lineage(std::string_view id) const;

 private:
  struct Impl;
  explicit Run(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace evotts
