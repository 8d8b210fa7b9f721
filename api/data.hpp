// data.hpp: what the value types of the public headers hold, and the way to it for this folder.
// Why:      public headers show no type of the folders below, so that those may change with any release.
// Use:      const genome::Program& program = Access::of(evotts_program).program;
//           return Access::make(std::move(checked), sealing);
// Promises: all data is immutable once made, and shared between copies of its value.
// Threads:  as the public headers say.
// Tests:    tests/api/controller_test.cpp, tests/api/environment_test.cpp
#pragma once

#include <evotts/controller.hpp>
#include <evotts/environment.hpp>
#include <evotts/program.hpp>
#include <memory>
#include <string>
#include <vector>

#include "evo/git/run_repository.hpp"
#include "evo/record/held_out.hpp"
#include "genome/program/answer_reads.hpp"
#include "genome/program/program.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/environment.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/native/program.hpp"

namespace evotts::detail {

// What the run of a controller holds out: no figure of it there may be shown off the record.
struct Sealing {
  std::string run;
  std::vector<evo::Fingerprint> environments;
};

Sealing sealing_of(const evo::RunRepository& repository, const std::string& revision);

struct ControllerData {
  genome::CheckedController checked;
  std::string text, id;
  Sealing sealing;
};

struct ProgramData {
  Controller controller;
  genome::Program program;
  replay::NativeProgram native;
  std::vector<genome::AnswerReads> reads;  // for sessions
};

struct EnvironmentData {
  replay::Environment recorded;
};

struct Access {
  static const ControllerData& of(const Controller& controller) { return *controller.data_; }
  static const ProgramData& of(const Program& program) { return *program.data_; }
  static const std::shared_ptr<const ProgramData>& shared(const Program& program) { return program.data_; }
  static const replay::Environment& of(const Environment& environment) { return environment.data_->recorded; }

  static Controller make(genome::CheckedController checked, Sealing sealing = {});
  // From a run: it was checked when it was taken in.
  static Controller make(const std::string& canonical_text, Sealing sealing);
  static Environment make(replay::Environment recorded);
};

// Throws when the controller's run holds the environment out.
void expect_not_held_out(const Controller& controller, const replay::Environment& environment);

}  // namespace evotts::detail
