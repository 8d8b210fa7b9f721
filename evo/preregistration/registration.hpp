// registration.hpp: the statement of a run as it is found later, held against the run.
// Why:      a statement is worth what is checked of it. unseal, verify and status ask the same questions, so
//           that none of them passes what another would not.
// Use:      if (const auto registration = registration_of(repository, revision)) {
//             for (const std::string& each : contradictions(repository, *registration)) ...   // damage
//             for (const std::string& each : changes_since(repository, revision, *registration)) ...
//           }
// Promises: a statement stands in generation 0 and is the same ever after; one that was added, changed or
//           removed later is a RunError. A fork has the statement of the run that it was forked from, and
//           says so. What was rewritten whole, with its history, is noticed by whoever holds a copy or the
//           digest: expect_published().
// Threads:  one thread a repository.
// Tests:    tests/experiments/commands/preregistration_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evo/git/run_repository.hpp"
#include "evo/preregistration/statement.hpp"

namespace evo {

struct Registration {
  Statement statement;
  std::string digest;              // SHA-256 of the file
  std::string commit;              // of generation 0
  std::int64_t time = 0;           // of that commit, seconds since 1970
  bool whole = true;               // false: the files of generation 0 are not in this clone
  std::vector<std::string> forks;  // first lines of their commits, the newest first
};

// Nothing where a run states nothing. RunError where the statement is not what generation 0 states.
std::optional<Registration> registration_of(const RunRepository& repository, std::string_view revision);

// What generation 0 holds that its statement does not say, or says otherwise: experiment, environments,
// program. Nothing in a run that the program made.
std::vector<std::string> contradictions(const RunRepository& repository, const Registration& registration);

// What is no longer as stated at a revision although the run may go on: later generations were made by
// other programs, or the experiment was changed by a fork.
std::vector<std::string> changes_since(const RunRepository& repository, std::string_view revision,
                                       const Registration& registration);

// RunError unless the statement is the one published: a copy of the file, or its SHA-256.
void expect_published(const std::optional<Registration>& registration, const std::string& published,
                      const std::string& run);

}  // namespace evo
