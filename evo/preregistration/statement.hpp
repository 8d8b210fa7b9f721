// statement.hpp: what a run states before its search: what is searched on, and what will be compared.
// Why:      a result counts as a test of a claim only if the claim, the data and the comparison were fixed
//           before anybody saw a figure (preregistration: Nosek et al. 2018). A file that is published by its
//           digest fixes them; whoever reads the result later holds it against the file.
// Use:      const std::string text = statement_json(statement);   // preregistration.json
//           publish(sha256_hex(text));
//           const Statement told = statement_from(text, "runs/a");
// Format:   JSON of one form alone: indented by two, keys in the order of statement_json, a line end behind.
// Promises: a function of the experiment, the program and the environments: it holds no time, host or user,
//           so that trees of runs stay equal. The date is that of the commit of generation 0. Reading gives
//           back what was written, to the byte, or is refused; a newer form is refused by its number.
// Throws:   RunError of statement_from, which says what is wrong.
// Threads:  pure functions; registered() reads the files of the environments.
// Tests:    tests/evo/preregistration/statement_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evo/base/charge.hpp"
#include "replay/environment/environment.hpp"

namespace evo {

struct RegisteredEnvironment {
  std::string name;
  std::string digest;  // as in held_out.json and in checkpoints, which finds accidents
  std::string sha256;  // of the file, or of the file that `evotts env synth` would write
  std::size_t questions = 0;
  friend bool operator==(const RegisteredEnvironment&, const RegisteredEnvironment&) = default;
};

struct RegisteredController {
  std::string name;
  std::string id;  // of its text
  friend bool operator==(const RegisteredController&, const RegisteredController&) = default;
};

// What will be done on the held-out environments: the best of the last generation (best.ctl) is scored there
// beside the controllers named, at each beta, on so many orderings.
struct RegisteredComparison {
  int generations = 0;            // in all
  std::optional<double> minutes;  // the run may end earlier, when they are over
  std::vector<RegisteredController> against;
  std::vector<double> betas;
  double budget_low = 0, budget_high = 0;  // of the objective, in what it charges
  Charge charge = {};
  std::size_t orderings = 0;
  friend bool operator==(const RegisteredComparison&, const RegisteredComparison&) = default;
};

struct Statement {
  std::string claim;  // in words; may be empty
  std::string experiment;
  std::uint64_t seed = 0;
  std::string experiment_sha256;  // of experiment.toml
  std::string program;            // as in Program-Version
  std::string c_library;
  std::vector<RegisteredEnvironment> search;  // without reweighted variants
  std::vector<RegisteredEnvironment> held_out;
  std::string held_out_sha256;  // of held_out.json
  RegisteredComparison comparison;
  friend bool operator==(const Statement&, const Statement&) = default;
};

inline constexpr std::size_t kMostClaimBytes = 4000;
// Far above what a run can state.
inline constexpr std::size_t kMostStatementBytes = std::size_t{1} << 20U;

// What is stated of environments as they were opened. InputError when a file is gone since.
std::vector<RegisteredEnvironment> registered(std::span<const replay::Environment> environments);

// REQUIRES: its texts are UTF-8.
std::string statement_json(const Statement& statement);

// `what` names the file in messages.
Statement statement_from(std::string_view text, std::string_view what);

}  // namespace evo
