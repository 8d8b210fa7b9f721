// trust.hpp: what an experiment starts, reaches and reads, confirmed before any of it is done.
// Why:      runs and experiment files are sent around; whoever goes on with one must not start a program, or
//           give away a key, without having been told.
// Use:      Trust trust(arguments.trust);                          // whether --trust was given
//           trust.confirm("runs/a", requests_of(experiment, folder));
// Promises: each request is shown in one line of printable text, as long as it is. The value of a variable is
//           never shown: a text that holds one is shown as it was written. A command is its whole program
//           path, its arguments and the folder it is started in; a key goes with where it is sent; a variable
//           with the key of the experiment that it was put into. Whatever differs in one of these is asked
//           anew. What was confirmed is remembered for this user (see trusted_texts.hpp), also as it is with
//           values put in, which is how the run keeps it. Where it cannot be remembered that is told, and it
//           holds for this process.
// Throws:   confirm(): UsageError that lists what is not confirmed. Nothing has been remembered then.
// Threads:  one thread.
// Tests:    tests/experiments/session/trust_test.cpp
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "experiments/config/key_collector.hpp"
#include "experiments/session/trusted_texts.hpp"

namespace experiments {

struct Request {
  std::string shown;
  std::string exact;  // with the values of variables; the same where there is none
  friend bool operator==(const Request&, const Request&) = default;
};

// The variables that were put in.
std::vector<Request> requests_of(const Expansions& expansions);

// Commands, addresses and keys of models, if any are asked. Relative programs are looked for in `started_in`
// too. UsageError when there is no such program.
std::vector<Request> requests_of(const evo::Experiment& experiment, const std::filesystem::path& started_in,
                                 const Expansions& expansions = {});

class Trust {
 public:
  // `given`: everything is confirmed beforehand, and only shown.
  explicit Trust(bool given, std::filesystem::path folder = state_folder());

  // `whose` names the run or the file.
  void confirm(const std::string& whose, const std::vector<Request>& requests);

 private:
  bool is_known(const std::string& text) const;
  void remember(const std::string& text);

  bool given_;
  TrustedTexts kept_;
  std::set<std::string> taken_;  // by this process
  bool told_ = false;            // that nothing can be remembered
};

}  // namespace experiments
