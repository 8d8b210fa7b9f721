// model_session.hpp: the language models of an experiment, ready to be asked.
// Why:      clients, keys, journal, limits and prompts are put together in one place, for run, resume and
//           replay.
// Use:      ModelSession session{experiment, run_folder, committed, evaluator};
//           auto proposer = make_proposer(session);      // genetic operators alone when there is no model
// Promises: keys come from the environment alone and go to the clients alone. UsageError when a variable that
//           is to hold one is not set, or when what it holds is found in the experiment. In a replay no key
//           is looked for and nothing is asked.
// Threads:  one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/proposal/proposer.hpp"
#include "evo/record/inherited_journal.hpp"
#include "llm_mutators/prompts/prompt.hpp"
#include "llm_mutators/proposers/endpoint.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace experiments {

// A record of the run, or of the run that is replayed, by the digest of its exchange.
using Committed = std::function<std::optional<std::string>(const std::string& digest)>;

struct ModelSession {
  const evo::Experiment& experiment;
  std::filesystem::path run;
  Committed committed;
  const replay::Evaluator& evaluator;
  bool replay = false;
  evo::RecordLookup inherited = {};  // of a fork (see evo/record/inherited_journal.hpp); may be empty
};

// What prompts say of an experiment. `world` is a table of the recorded environments (see
// environment_table.hpp), where they are at hand; `signals` are those that all of them record.
llm_mutators::Task task_of(const evo::Experiment& experiment, std::string world,
                           std::vector<std::string> signals);
llm_mutators::Prompter::Templates templates_of(const evo::Experiment& experiment);

// Where replies are until they are committed: beside what git tracks.
std::filesystem::path spool_of(const std::filesystem::path& run);

// Calls of this run that came to nothing because a process ended, or that have come to nothing yet.
llm_mutators::LostCalls lost_calls(const evo::RunRepository& run);

// Replies that wait beside the run to take effect, and the money they cost, which counts from then on.
std::pair<std::size_t, double> replies_waiting(const evo::RunRepository& run);

// How many questions fall to models up to that generation.
double questions_in(const evo::Experiment& experiment, int generations);

// The whole path of a program, looked for as the shell does and, when it is relative, in `started_in` too.
std::optional<std::filesystem::path> find_program(const std::string& program,
                                                  const std::filesystem::path& started_in);
[[noreturn]] void throw_no_program(const std::string& program);

// Puts the whole paths of the models' programs into the experiment, looked for as the shell does and, when
// they are relative, in `started_in` too. UsageError when there is none that may be executed.
void find_programs(evo::Experiment& experiment, const std::filesystem::path& started_in);

// UsageError when a key is missing, or stands in the experiment itself. `toml` is what is kept of it.
void check_keys(const evo::Experiment& experiment, const std::string& toml);

std::unique_ptr<evo::Proposer> make_proposer(const ModelSession& session);

// What `run --estimate` prints: how much models would cost at most.
std::string estimate_text(const evo::Experiment& experiment);

}  // namespace experiments
