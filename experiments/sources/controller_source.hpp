// controller_source.hpp: from what people write for a controller to its text, and to the controller.
// Why:      every command that takes a controller takes it in the same ways; only here is it known how.
// Use:      NamedController cmc = resolve_controller("cmc");
//           ControllerText mine = load_controller("mine.ctl");   // not checked yet
// How:      "-" is standard input; else a file of that name; else a known controller; else one
//           out of a run (see run_source.hpp).
// Promises: every mistake is a UsageError: one that names what was written and names near it, or one that
//           shows all diagnostics of the text. resolve_controllers tells the mistakes of all of them.
//           Warnings about texts that people write, in files or on standard input, go to standard error.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/commands/command_line_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "genome/text/checker.hpp"

namespace experiments {

enum class Writer : std::uint8_t { kPerson, kLibrary, kRun };

struct ControllerText {
  std::string label;  // for tables: the name or path as it was written
  std::string text;
  Writer writer = Writer::kPerson;
  // RUN or RUN@GENERATION that it was taken out of, or the sealing run that its file lies in; or empty.
  std::string run;
};

struct NamedController {
  std::string label;
  genome::CheckedController controller;
  std::string run;  // as in ControllerText
};

ControllerText load_controller(const std::string& spec);

// The checked text with all that is to be said of it and of the way it was named.
genome::CheckResult reviewed(const ControllerText& source);

NamedController resolve_controller(const std::string& spec);
std::vector<NamedController> resolve_controllers(std::span<const std::string> specs);

}  // namespace experiments
