// walker.hpp: runs a controller by walking its tree; slow, plain, and apart from the real machine.
// Why:      the compiled machine is right when it agrees bit for bit with a second reading of the
//           language that shares no code with it.
// Use:      OracleResult result = run_episode(controller, question, ordering, {.beta = 0.5});
// Promises: the controller has passed the checker; then it ends, with a result for every question.
//           A broken rule of the language ends the process through EVOTTS_CHECK.
// Threads:  pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "genome/tree/ast.hpp"
#include "replay/environment/environment.hpp"

namespace oracle {

struct OracleOptions {
  double beta = 0;
  std::optional<std::int64_t> budget = std::nullopt;
  std::int64_t probe_cost = 0;
  std::span<const std::string> signals = {};  // those of the environment
};

struct OracleResult {
  replay::AnswerId answer = replay::kNoAnswer;
  bool right = false;
  std::int64_t tokens = 0;
  std::int64_t latency_tokens = 0;
  int rounds = 0;  // begun
  friend bool operator==(const OracleResult&, const OracleResult&) = default;
};

OracleResult run_episode(const genome::Controller& controller, const replay::Question& question,
                         std::span<const std::uint32_t> ordering, const OracleOptions& options);

}  // namespace oracle
