// machine.hpp: runs a program on one question, action by action if one wants to see them.
// Why:      evaluate.hpp gives sums over many episodes; this is for looking at a single one.
// Use:      evotts::Machine machine;
//           const evotts::Program program(evotts::known_controller("cmc"));
//           const auto result = machine.run(program, 0.5, environment, 0, 0, {.record_actions = true});
//           std::cout << result.answer.value_or("none") << " for " << result.tokens << " tokens\n";
// Promises: run() ends for every program, and its result depends on its arguments alone. The episodes are
//           those that evaluate.hpp sums up: ordering s deals the branches as Python's
//           random.Random(s).shuffle does.
// Throws:   Error (kInput) when beta is outside [0, 1], there is no such question, an option is out of range,
//           the controller needs a signal that the environment does not have, or the environment is
//           one that the controller's own run holds out (see run.hpp).
// Threads:  one thread at a time; keep a machine for each thread, its buffers are used again. One that was
//           moved from may only be assigned to or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <evotts/environment.hpp>
#include <evotts/program.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace evotts {

enum class ActionKind {
  kBranch,    // opened a branch
  kRead,      // opened a branch and took it to its end
  kContinue,  // advanced a branch by an interval, or to its end
  kProbe,     // read the answer of a branch in the middle of it
  kPrune,     // gave a branch up
};

struct Action {
  ActionKind kind = ActionKind::kBranch;
  std::size_t branch = 0;             // from 0 in the order of opening
  int round = -1;                     // from 0; -1 in the start section
  std::int64_t tokens = 0;            // what it cost
  bool finished = false;              // the branch came to its end by it
  bool cut = false;                   // the budget ended within it, and the branch was given up there
  std::optional<std::string> answer;  // that it revealed
  friend bool operator==(const Action&, const Action&) = default;
};

struct EpisodeOptions {
  std::optional<std::int64_t> budget = std::nullopt;  // tokens, from 0 to 10^12; none: without limit
  std::int64_t probe_cost = 0;                        // tokens of a probe, from 0 to 10^6
  bool record_actions = false;
};

struct EpisodeResult {
  std::optional<std::string> answer;  // none: the controller gave no answer
  bool right = false;                 // the answer is the question's gold
  std::int64_t tokens = 0;            // of all branches together
  std::int64_t latency_tokens = 0;    // with branches side by side: the longest advance of each round
  int rounds = 0;                     // begun
  std::vector<Action> actions;        // in their order; empty unless record_actions is set
};

class Machine {
 public:
  Machine();
  ~Machine();
  Machine(Machine&&) noexcept;
  Machine& operator=(Machine&&) noexcept;

  // `beta` is the controller's knob of token use, from 0 (thrifty) to 1. `question` counts from 0, `ordering`
  // is the seed of the order in which branches are dealt.
  EpisodeResult run(const Program& program, double beta, const Environment& environment, std::size_t question,
                    std::uint64_t ordering, const EpisodeOptions& options = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace evotts
