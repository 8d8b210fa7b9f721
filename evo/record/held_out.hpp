// held_out.hpp: environments that a run keeps sealed, and the book of when they were opened.
// Why:      a figure on held-out questions loses value each time somebody looks at them while choosing what
//           to report. So every look is on record, and the record goes where the run goes.
// How:      held_out.json, made with generation 0, fixes the environments by the digests of their files and
//           of their questions; the search never sees more of them. A file written anew, with another date,
//           other signals or its keys in another order, has the same questions and stays sealed. Each look
//           is a commit on the branch `unsealed` of the run, which holds unsealings/0001.json and so on:
//           generation, commit, controllers and figures. main and its trees do not depend on it, so a run
//           reaches the same trees whether or not it was looked at.
// Use:      const std::string file = held_out_json(environments);
//           expect_sealed(environments, sealed, run);       // RunError: these are not what was sealed
//           record_unsealing(repository, unsealing);        // before anything of it is shown
//           for (const Unsealing& each : unsealings_of(repository)) ...
// Promises: whoever is shown a figure has been recorded first. Records are only added; a fork and a clone
//           take them along.
// Threads:  one thread a repository.
// Tests:    tests/evo/record/held_out_test.cpp, tests/experiments/commands/unseal_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evo/base/layout.hpp"
#include "evo/git/run_repository.hpp"
#include "replay/environment/environment.hpp"

namespace evo {

// What tells an environment again.
struct Fingerprint {
  std::string name;
  std::string digest;                  // of its file
  std::vector<std::string> questions;  // replay::question_digest of each; none where only the file is known
};

Fingerprint fingerprint_of(const replay::Environment& environment);
std::vector<Fingerprint> fingerprints_of(std::span<const replay::Environment> environments);

// Whether they are the same file, or share a question: its text, gold answer and all that was recorded of it.
bool same_file_or_question(const Fingerprint& held_out, const Fingerprint& other);

// The content of held_out.json.
std::string held_out_json(std::span<const replay::Environment> environments);

// What a run sealed; nothing when it sealed nothing. RunError when the file is none. Of runs made before
// questions had digests, those of the files alone.
std::vector<Fingerprint> sealed_in(const RunRepository& repository, std::string_view revision = {});

// RunError unless these are the environments sealed, in their order and byte for byte: figures of other
// tokens or signals would be those of something else.
void expect_sealed(std::span<const replay::Environment> environments, std::span<const Fingerprint> sealed,
                   const std::string& run);

// How many held-out questions are searched on in another recording: the same text and gold answer with
// other branches, as when a question is recorded anew or asked of another model. A figure on them is one on
// new branches, and not on new questions. Questions without text are like no other.
std::size_t questions_asked_of_both(std::span<const replay::Environment> search,
                                    std::span<const replay::Environment> held_out);

// RunError when one of the search's environments, or a question of one, is among those held out.
void expect_apart(std::span<const Fingerprint> search, std::span<const Fingerprint> held_out,
                  const std::string& run);

// One setting of the knob of one controller in one environment.
struct HeldOutFigure {
  std::string controller;  // as it was named
  std::string id;
  std::string environment;
  double beta = 0;
  double accuracy = 0, low = 0, high = 0;     // percent, with its 95% interval over questions
  double tokens = 0;                          // of an episode
  std::optional<double> latency_tokens = {};  // likewise; records of earlier programs have none
};

struct Unsealing {
  int number = 0;  // the first is 1
  int generation = 0;
  std::string commit;     // of that generation
  std::int64_t time = 0;  // seconds since 1970
  std::vector<HeldOutFigure> figures;
  // Of a run that stated what it would compare (see evo/preregistration/): the SHA-256 of the statement, and
  // what was not done as stated.
  std::string preregistration;
  std::vector<std::string> departures;
};

std::vector<Unsealing> unsealings_of(const RunRepository& repository);  // in their order

// What the commit that records it says.
std::string unsealing_message(const Unsealing& unsealing);

// The number of the next look.
int next_unsealing(const RunRepository& repository);

// Adds it to the book, with the next number, which is returned. The repository must be open for writing.
int record_unsealing(RunRepository& repository, const Unsealing& unsealing);

}  // namespace evo
