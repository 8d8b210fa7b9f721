// experiment.hpp: what an experiment is: everything that decides its outcome, as plain data.
// Why:      the same Experiment gives the same trees, generation by generation, wherever it is run; so
//           whatever matters is here and nothing else is looked at. `evotts keys` lists the members as users
//           write them, with range and unit (experiments/config/experiment_keys.cpp).
// Use:      Experiment e = read_experiment("experiments/demo.toml", settings);   // experiments/
// Promises: values are validated by whoever makes one (see experiments/config/experiment_file.hpp).
// Threads:  a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evo/base/charge.hpp"
#include "evo/base/means.hpp"
#include "evo/experiment/limits.hpp"
#include "evo/experiment/model_spec.hpp"

namespace evo {

// kGiven: none but those that the experiment gives, and mutants of them.
enum class Founders : std::uint8_t { kLibrary, kRandom, kBoth, kGiven };

struct Experiment {
  Means means = Means::kExact;  // no key of the file: kRounded only to repeat what an earlier program made
  std::string name = "unnamed";
  std::uint64_t seed = 1;
  int generations = 50;  // in all

  // [environments]
  std::vector<std::string> search;  // specifications: files, folders, synthetic:...
  // Each is joined by a variant for each of these, with the odds of right branches times that (see
  // replay/environment/reweighting.hpp).
  std::vector<double> reweightings;
  std::vector<std::string> held_out;  // likewise: sealed, never read by the search (see held_out.hpp)

  // [evaluation]
  std::vector<double> betas = {0, 0.25, 0.5, 0.75, 1};  // rising, in [0, 1]
  int orderings = 20;
  std::uint64_t first_ordering = 0;
  std::optional<std::int64_t> budget;  // tokens an episode may spend
  bool foresight = false;              // the rule of an earlier program for it (see replay::EpisodeOptions)
  std::int64_t probe_cost = 0;         // tokens of a probe
  // Successive halving: children are scored on so many orderings first, then on three times as many, and so
  // on; only those that could still survive are scored on all of them. 0: everyone on all at once.
  int first_rung = 0;
  bool cache = true;  // what acts the same at a beta is run once
  // Orderings beside the others on which the few best of each generation meet the champion of the run; 0: the
  // fittest is the champion.
  int validation_orderings = 0;

  // [objective]
  // The range of mean charges over which a controller's curve is judged. kFromData until the recordings have
  // told (experiments/sources/data_budgets.hpp); in a run they are numbers.
  static constexpr double kFromData = 0;
  double budget_low = kFromData;
  double budget_high = kFromData;
  Charge charge = {};           // what an episode costs
  Limits limits = {};           // of a service level, for which the run chooses a controller
  double parsimony = 0.01;      // points of accuracy that one node of a controller's text costs
  double coverage_penalty = 0;  // points that it costs to leave the whole range of budgets uncovered
  // Points for each point behind the better of sc and asc, environment by environment.
  double baseline_regret = 0;
  // Standard errors over questions by which the gain over asc is judged lower: a lower confidence bound.
  double lower_bound_errors = 0;
  // Standard errors over questions by which a challenger must be ahead of the champion.
  double champion_errors = 0;
  // Whether the gain on new questions is estimated, at half of the search's episodes again. Runs of programs
  // before this key do without.
  bool expected_gain = true;
  bool expected_lead = true;  // of the search over its halves, in the expected gain

  // [population]
  int population = 60;
  int children = 60;  // proposed a generation
  Founders founders = Founders::kBoth;
  // Controllers of the experimenter that are founders beside: files, RUN:ID, and once it is read, texts.
  std::vector<std::string> given_founders;
  // Random controllers tried beside; the best have their numbers tuned and join the population.
  int founder_candidates = 0;
  // Generations after the first over which they are tried; 0: all in generation 0, as earlier programs did.
  int founder_stages = 20;
  // Of the library and of the parts that variation builds with (genome/text/edition.hpp): 1 is that of the
  // first programs, whose runs go on with it.
  static constexpr int kEdition = 5;
  int edition = kEdition;
  int tournament = 3;
  int niche = 0;      // places for each way to act (see niche.hpp); 0: the second half goes to the frontier
  int islands = 1;    // populations that the numbers above and below are dealt to (see islands.hpp)
  int migration = 0;  // generations from one exchange of champions between islands to the next; 0: none

  // [variation]: chances by which the genetic proposer chooses
  double crossover = 0.4;            // of a child having two parents
  double constants = 0.5;            // of a mutation changing numbers only; not looked at when adaptive
  int most_mutations = 3;            // in one child
  bool adaptive = false;             // operators are drawn by the gain they brought so far
  std::vector<std::string> without;  // operators that are off
  // Every beta has numbers of its own: schedules become tables (see genome/variation/beta_tables.hpp). Shows
  // what the one knob is worth.
  bool beta_tables = false;
  // Whether new parts read whole branches alone, as fits environments without probes. Nothing: as the data
  // are, which a run settles as it begins. Runs of programs before this key do without.
  std::optional<bool> whole_samples;
  int tuned = 0;         // controllers a generation whose numbers CMA-ES tunes
  int simplified = 0;    // controllers a generation from which parts that do not help are taken
  int tuning_steps = 8;  // of CMA-ES, for each
  // Numbers are tuned with one of so many folds of questions left out, in turn, and judged on all; 0: none is
  // left out.
  int folds = 0;

  // [model]: language models. The first four keys are the short form of one model reached as a command
  std::vector<std::string> model_command;
  std::string model_name;
  double model_seconds = 300;     // for one reply
  std::vector<ModelSpec> models;  // all others
  double model_share = 0.1;       // of the children they are asked for
  int model_repairs = 2;          // of one reply
  // Generations that go on before a reply is waited for; so many never wait, and keep the evaluator busy.
  static constexpr int kNeverWaits = 1'000'000;
  int model_patience = kNeverWaits;
  int model_tuning_steps = 4;  // of CMA-ES, for a new structure, before it is judged
  double model_invent = 0.2;   // chance of a question about no parent
  std::string model_advice;    // put into every prompt
  std::string model_currency = "USD";
  std::optional<double> model_budget;               // of money
  std::optional<std::int64_t> model_budget_tokens;  // read and written
  bool model_required = true;  // a run in which no model brought a usable child has failed
  // Of the built-in prompts, of how replies are read, and of what is remembered of them: 1 is that of the
  // first programs, whose runs go on with it.
  static constexpr int kPromptVersion = 2;
  int model_prompt_version = kPromptVersion;
  ModelTemplates model_templates;  // empty ones are the built-in ones
  // [[islands]]: the first islands as their tables want them, each a whole experiment of which only what an
  // island may have of its own counts; in it, the names of the keys that its table gives.
  std::vector<Experiment> island_tables;
  std::vector<std::string> own_keys;

  // Files of the experimenter, whose content is taken into the members above when an experiment is read.
  std::string model_prices, model_template_folder;

  friend bool operator==(const Experiment&, const Experiment&) = default;
};

}  // namespace evo
