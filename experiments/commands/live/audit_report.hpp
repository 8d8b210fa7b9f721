// audit_report.hpp: everything `evotts audit` says at its end, as one text.
// Why:      the command should read as what it does; scripts and people are told the same.
// Use:      print(audit_report(audit, Format::kTable));
// Promises: tells all checks, whether they agree, what is known to be set otherwise than in the recording,
//           what the checks suggest, what was spent, and what kept the audit from being whole. Text of others
//           is made visible.
// Threads:  a pure function.
// Tests:    tests/experiments/commands/audit_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/console/table.hpp"
#include "live/audit/auditor.hpp"
#include "live/audit/comparison.hpp"

namespace experiments {

struct Audit {
  std::string controller, environment, server, model, grade;
  double beta = 0;
  std::size_t questions = 0, replays = 0;
  std::vector<live::AuditedQuestion> compared;
  std::vector<live::CheckResult> results;
  std::vector<std::string> not_compared;    // names of checks
  std::vector<std::string> other_settings;  // a sentence each
  live::AuditEnd end;

  // All that was asked for was seen.
  bool whole() const { return end.last.done == end.last.wanted; }
  bool agrees() const { return !flagged(results); }
};

std::string name_of(live::Check check);

std::string audit_report(const Audit& audit, Format format);

}  // namespace experiments
