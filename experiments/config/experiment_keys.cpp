#include "experiments/config/experiment_keys.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "evo/experiment/islands.hpp"
#include "experiments/config/island_keys.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/options.hpp"
#include "genome/variation/crossover.hpp"
#include "genome/variation/mutation.hpp"
#include "llm_mutators/prompts/templates.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using evo::Founders;
using Strings = std::vector<std::string>;
using Numbers = std::vector<double>;

constexpr std::size_t kMostBetas = 101;
// Far above what anybody needs; products and squares of such numbers are finite still.
constexpr double kMostReal = 1e16;
constexpr std::size_t kMostReweightings = 8;
constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kLineBytes = 500;
constexpr std::size_t kMostFounders = 1'000;
constexpr std::size_t kTextBytes = 4000;
constexpr std::size_t kTemplateBytes = 20'000;

Form<std::int64_t> within(Range<std::int64_t> range) { return whole(range.low, range.high); }

Form<std::string> name_form() {
  return string_of(fmt::format("a string of one line, 1 to {} bytes", kNameBytes),
                   [](const std::string& text) { return !text.empty() && is_line(text, kNameBytes); });
}

Form<std::string> text_form() {
  return string_of(fmt::format("a string of at most {} bytes", kTextBytes), [](const std::string& text) {
    return text.size() <= kTextBytes && text.find('\0') == std::string::npos;
  });
}

bool no_empty_one(const Strings& items) {
  return std::none_of(items.begin(), items.end(), [](const std::string& item) { return item.empty(); });
}

Form<Strings> search_form() {
  return strings("an array of strings, not empty, as in [\"recorded.json\", \"synthetic:\"]",
                 [](const Strings& items) { return !items.empty() && no_empty_one(items); });
}

Form<Strings> held_out_form() {
  return strings("an array of strings, as in [\"unseen.json\"]", no_empty_one);
}

Form<Numbers> betas_form() {
  return numbers(fmt::format("an array of 1 to {} rising numbers from 0 to 1, as in [0, 0.5, 1]", kMostBetas),
                 [](const Numbers& betas) {
                   return !betas.empty() && betas.size() <= kMostBetas && betas.front() >= 0 &&
                          betas.back() <= 1 && std::ranges::is_sorted(betas, std::ranges::less_equal{});
                 });
}

Form<Numbers> reweightings_form() {
  return numbers(
      fmt::format("an array of at most {} different numbers from 0.01 to 100 other than 1, as in [0.25, 4]",
                  kMostReweightings),
      [](const Numbers& odds) {
        const auto allowed = [&](double each) {
          return each >= 0.01 && each <= 100 && each != 1 && std::ranges::count(odds, each) == 1;
        };
        return odds.size() <= kMostReweightings && std::ranges::all_of(odds, allowed);
      });
}

Form<std::optional<bool>> truth_or_auto() {
  const auto read = [](const Value& value) -> std::optional<std::optional<bool>> {
    const auto* text = std::get_if<std::string>(&value.held);
    if (text != nullptr && *text == "auto") return std::optional<bool>();
    const std::optional<bool> found = truth().read(value);
    if (!found) return std::nullopt;
    return std::optional<std::optional<bool>>(std::in_place, found);
  };
  const auto write = [](const std::optional<bool>& held) {
    return held ? truth().write(*held) : toml_string("auto");
  };
  return {.expected = "true, false or \"auto\"", .read = read, .write = write};
}

Form<Founders> founders_form() {
  return one_of<Founders>(
      "\"library\", \"random\" or \"both\"",
      {{"library", Founders::kLibrary}, {"random", Founders::kRandom}, {"both", Founders::kBoth}});
}

// The word or the array: in the array, "library" and "random" stand for many, and all else for one each.
Binding<Experiment> founders_binding() {
  const Form<Founders> word = founders_form();
  const Form<Strings> list = strings("", [](const Strings& items) {
    return !items.empty() && items.size() <= kMostFounders && no_empty_one(items);
  });
  const auto read = [=](const Value& value, Experiment& experiment) {
    const auto one = word.read(value);
    Strings items = one ? Strings() : list.read(value).value_or(Strings());
    if (!one && items.empty()) return false;
    const bool library = std::erase(items, "library") > 0, random = std::erase(items, "random") > 0;
    const Founders beside = library ? Founders::kLibrary : random ? Founders::kRandom : Founders::kGiven;
    experiment.founders = one ? *one : library && random ? Founders::kBoth : beside;
    experiment.given_founders = std::move(items);
    return true;
  };
  const auto write = [=](const Experiment& experiment) {
    if (experiment.given_founders.empty()) return word.write(experiment.founders);
    Strings items;
    const Founders kind = experiment.founders;
    if (kind == Founders::kLibrary || kind == Founders::kBoth) items.emplace_back("library");
    if (kind == Founders::kRandom || kind == Founders::kBoth) items.emplace_back("random");
    items.insert(items.end(), experiment.given_founders.begin(), experiment.given_founders.end());
    return list.write(items);
  };
  return {.expected = word.expected + ", or an array of \"library\", \"random\", files and RUN:ID",
          .read = read,
          .write = write};
}

Strings operator_names() {
  Strings names;
  for (const genome::Mutation each : genome::all_mutations()) names.emplace_back(genome::name_of(each));
  for (const genome::Crossover each : genome::all_crossovers()) names.emplace_back(genome::name_of(each));
  return names;
}

Form<Strings> operators_form() {
  return strings(fmt::format("an array of names of operators ({})", fmt::join(operator_names(), ", ")),
                 [known = operator_names()](const Strings& words) {
                   return std::ranges::all_of(
                       words, [&](const std::string& word) { return std::ranges::count(known, word) > 0; });
                 });
}

Form<std::string> template_form(const std::string& name) {
  const auto fault = [=](const Value& value) -> std::string {
    const auto* text = std::get_if<std::string>(&value.held);
    if (text == nullptr || text->size() > kTemplateBytes)
      return fmt::format("must be a string of at most {} bytes", kTemplateBytes);
    return llm_mutators::template_fault(name, *text).value_or("");
  };
  const auto read = [=](const Value& value) {
    return fault(value).empty() ? std::optional(std::get<std::string>(value.held)) : std::nullopt;
  };
  return {"a string", read, [](const std::string& held) { return toml_string(held); }, fault};
}

Key template_key(const std::string& name, std::string evo::ModelTemplates::*member, std::string help,
                 std::string when) {
  const auto place = [=](auto& experiment) -> auto& { return experiment.model_templates.*member; };
  return {"prompts." + name, bound_to<Experiment>(place, template_form(name)), "", std::move(help),
          std::move(when)};
}

template <typename Member, typename T>
Key key(std::string name, Member member, const Form<T>& form, std::string unit, std::string help,
        std::string when, std::vector<std::string> old_names = {}) {
  return {std::move(name), bound_to<Experiment>(member, form),
          std::move(unit), std::move(help),
          std::move(when), std::move(old_names)};
}

// Of a key that came later than runs that are on disk.
Key late(Key key) {
  key.late = true;
  return key;
}

// One row a key: its name, its member, what it may be, its unit, its help, when to change it, and names that
// it had before.
std::vector<Key> make_keys() {
  using E = Experiment;
  using T = evo::ModelTemplates;
  return {
      key("name", &E::name, name_form(), "", "what the experiment is called",
          "give each experiment its own: status, logs and commits show it"),
      key("seed", &E::seed, within(kSeeds), "number", "equal experiments of equal seeds give equal trees",
          "to repeat a search by chance alone: several seeds tell how far its results vary"),
      key("generations", &E::generations, whole(1, 1'000'000), "generations", "how many are made in all",
          "raise it while the best still improves; `evotts resume` can raise it later as well"),
      key("models", &E::models, models_form(), "", "language models, a table [[models]] for each",
          "to have language models propose some of the children"),
      late({std::string(kIslandsKey), island_tables(experiment_keys), "",
            "islands with keys of their own, a table [[islands]] for each, from the first on",
            "to have islands search in different ways: other operators, other numbers, other prompts"}),

      key("environments.search", &E::search, search_form(), "",
          "where controllers are scored: files, folders, synthetic:...",
          "always: name the recordings on which controllers are to be good"),
      key("environments.reweightings", &E::reweightings, reweightings_form(), "odds",
          "factors of the odds of right branches, for a variant of each environment",
          "with few questions: [0.25, 4] keeps rules from being fitted to the difficulties at hand",
          {"environments.tilts"}),
      key("environments.held_out", &E::held_out, held_out_form(), "",
          "environments that the search never reads and only `evotts unseal` opens",
          "whenever a result is to be reported: a figure on environments that the search knows is too good"),

      key("evaluation.betas", &E::betas, betas_form(), "beta", "settings of the knob that are scored",
          "more settings where controllers must be good along the whole knob; each costs its episodes"),
      key("evaluation.orderings", &E::orderings, within(kOrderings), "orderings",
          "orders in which the branches of each question are dealt",
          "raise it when the best changes from chance; the time of a generation grows with it"),
      key("evaluation.first_ordering", &E::first_ordering, within(kSeeds), "ordering",
          "the first of these orders; the others count on from it",
          "to judge on orderings that another experiment has not used"),
      key("evaluation.budget", &E::budget, or_none(within(kBudgets)), "tokens",
          "what an episode may spend at most",
          "where every question has a hard limit of tokens; controllers can then read `remaining`"),
      key("evaluation.foresight", &E::foresight, truth(), "",
          "whether a step waits until all that it will cost is left of the budget",
          "false, as nobody can know that cost; runs of earlier programs keep true, their rule"),
      key("evaluation.probe_cost", &E::probe_cost, within(kProbeCosts), "tokens",
          "what reading an answer in mid-branch costs",
          "where asking for an answer in mid-branch costs tokens in real use"),
      key("evaluation.first_rung", &E::first_rung, whole(0, 10'000), "orderings",
          "successive halving: orderings that all children are scored on first; 0: all at once",
          "1 to 3 saves most episodes when `evaluation.orderings` is 9 or more", {"evaluation.first_slice"}),
      key("evaluation.cache", &E::cache, truth(), "", "whether what acts the same at a beta is run once",
          "false only to measure what the cache saves; results are the same"),
      key("evaluation.validation_orderings", &E::validation_orderings, whole(0, 10'000), "orderings",
          "further orderings on which alone the best meet the champion; 0: the fittest is champion",
          "set it for every serious run: the champion is then not the luckiest on the search's own orderings",
          {"evaluation.playoff"}),

      key("objective.budget_low", &E::budget_low, budget_form(), "of charge",
          "lower end of the budgets over which mean accuracy is averaged; \"data\": what four branches cost",
          "set both ends to the mean charge that a question may cost you, in tokens by default"),
      key("objective.budget_high", &E::budget_high, budget_form(), "of charge",
          "upper end of these budgets; \"data\": where sc or asc gains little more",
          "with `objective.budget_low`; beyond it spending more brings a controller no score"),
      late({"objective.charge", charge_binding(), "",
            "what an episode costs, of which budgets, curves and the frontier are made",
            "\"latency_tokens\" where the wait counts and tokens are cheap, weights where both count"}),
      late({"objective.limits", limits_binding(), "tokens, percent",
            "a service level: mean tokens and latency of 95% of episodes at most, accuracy at least",
            "to have the run choose the best controller, and its beta, that keeps all of them"}),
      key("objective.parsimony", &E::parsimony, bounded(0, kMostReal), "points",
          "charge for each node of the text", "raise it when texts grow without gain; 0 lets them grow"),
      key("objective.coverage_penalty", &E::coverage_penalty, bounded(0, kMostReal), "points",
          "charge for leaving the whole range of budgets uncovered",
          "above 0 when one controller must serve the whole range; 3 is a good first value",
          {"objective.reach"}),
      key("objective.baseline_regret", &E::baseline_regret, bounded(0, kMostReal), "points",
          "charge for each point behind the better of sc and asc in an environment",
          "above 0 with several environments, so that none pays for another; 0.5 is a good first value",
          {"objective.evenness"}),
      key("objective.lower_bound_errors", &E::lower_bound_errors, bounded(0, kMostReal), "standard errors",
          "lower confidence bound: errors over questions taken off the gain over asc",
          "above 0 with few questions: 0.5, or 1.64, a one-sided bound of 95%, where gains are small",
          {"objective.caution"}),
      key("objective.champion_errors", &E::champion_errors, bounded(0, kMostReal), "standard errors",
          "errors over questions by which a new champion must be ahead; 0: any improvement",
          "0.5 to 1 keeps champions that are better by luck out; needs `evaluation.validation_orderings`",
          {"objective.margin"}),
      late(key(
          "objective.expected_gain", &E::expected_gain, truth(), "",
          "whether the gain on new questions is estimated, and a known controller recommended without one",
          "false to save a third of the episodes, or to repeat a search of a program before this key")),
      late(key(
          "objective.expected_lead", &E::expected_lead, truth(), "",
          "whether the expected gain counts how far the search is ahead of those on half of the questions",
          "false to repeat a search of a program before this key")),

      key("population.size", &E::population, whole(2, 10'000), "controllers", "how many live",
          "larger for long runs and many ways to act; smaller for quick trials"),
      key("population.children", &E::children, whole(1, 10'000), "controllers", "proposed a generation",
          "raise it with the number of cores; more children make fewer generations an hour"),
      {"population.founders", founders_binding(), "",
       "known controllers and mutants of them, random controllers, or both; in an array, controllers of "
       "yours too",
       "[\"library\", \"mine.ctl\", \"runs/a:best\"] to begin from what you have; \"random\" to see what the "
       "search "
       "finds by itself"},
      key("population.founder_candidates", &E::founder_candidates, whole(0, 100'000), "controllers",
          "random controllers tried beside; the best are tuned by CMA-ES and are founders",
          "100 to 1000 when founders are random, or when the library's controllers hold the search in one "
          "place",
          {"population.auditions"}),
      late(key(
          "population.founder_stages", &E::founder_stages, whole(0, 10'000), "generations",
          "after the first, over which founder candidates are tried; 0: all before the first is committed",
          "0 to repeat a search of a program before this key")),
      late(key("population.edition", &E::edition, whole(1, E::kEdition), "edition",
               "of the library's controllers and of the parts that controllers are built with",
               "1 to repeat a search of a program before this key, with nothing that compares branches. 2 is "
               "without plurality_waves, 3 without designs, and 4 with lower limits for giving up")),
      key("population.tournament", &E::tournament, whole(1, 100), "controllers", "that compete to be parent",
          "higher selects harder and loses variety sooner"),
      key("population.niche", &E::niche, whole(0, 10'000), "places",
          "kept for each way to act; 0: half of the population goes to the frontier",
          "1 or 2 when the population becomes alike too soon"),
      late(
          key("population.islands", &E::islands, whole(1, evo::kMostIslands), "islands",
              "populations that search side by side; size, children and founder_candidates are dealt to them",
              "to keep several kinds of controllers apart; episodes stay what they are for one population")),
      late(key("population.migration", &E::migration, whole(0, 1'000'000), "generations",
               "after which the fittest of each island is copied to the next; 0: never",
               "lower it when islands find the same things apart, raise it when they become alike")),

      key("variation.crossover", &E::crossover, between(0, 1), "chance", "of a child having two parents",
          "lower it when two parents seldom make a good child, as `evotts lineage` shows"),
      key("variation.constants", &E::constants, between(0, 1), "chance",
          "of a mutation changing numbers only; without effect when adaptive",
          "higher to polish numbers, lower to find new structures"),
      key("variation.most_mutations", &E::most_mutations, whole(1, 100), "mutations", "at most in a child",
          "higher for larger steps; most such children are worse"),
      key("variation.adaptive", &E::adaptive, truth(), "",
          "whether operators are drawn by the gain they brought so far",
          "true for long runs, where what brings gains changes on the way"),
      key("variation.without", &E::without, operators_form(), "", "operators that are off",
          "to measure what an operator is worth"),
      key("variation.beta_tables", &E::beta_tables, truth(), "",
          "whether schedules become tables, so that every beta has numbers of its own",
          "only to measure what it costs that one knob sets all numbers", {"variation.freed"}),
      late(key(
          "variation.whole_samples", &E::whole_samples, truth_or_auto(), "",
          "whether new parts read whole branches and never look into them; \"auto\": where no environment "
          "has probes",
          "false on data of whole samples for controllers of data with probes, or to repeat a search of a "
          "program before this key")),
      key("variation.simplified", &E::simplified, whole(0, 100), "controllers",
          "a generation from which parts that do not help are taken",
          "1 or more keeps texts short and readable; each try costs episodes"),
      key("variation.tuned", &E::tuned, whole(0, 100), "controllers",
          "a generation whose numbers CMA-ES tunes",
          "1 to 5 when structures are good and numbers are not; each one costs many episodes"),
      key("variation.tuning_steps", &E::tuning_steps, whole(1, 1000), "steps", "of CMA-ES, for each of these",
          "more steps tune further, at the price of each in episodes"),
      key("variation.folds", &E::folds, whole(0, 100), "folds",
          "of questions, each left out of tuning in turn; 0: numbers are tuned on all questions",
          "3 to 5 with few questions, so that numbers are not fitted to them"),

      key("model.command", &E::model_command,
          command("an array of strings, the program and its arguments, as in [\"my-agent\", \"--print\"]"),
          "", "short form of one model of kind \"command\"",
          "to have a program of yours propose children; for servers use [[models]]"),
      key("model.name", &E::model_name, text_form(), "", "its name; else that of the program",
          "where the program's name says too little in `evotts lineage`"),
      key("model.share", &E::model_share, between(0, 1), "share", "of the children that models are asked for",
          "higher when models bring more gain than operators for their money; `evotts status` shows it"),
      key("model.seconds", &E::model_seconds,
          number("a number above 0, at most 86400", [](double x) { return x > 0 && x <= 86400; }), "seconds",
          "for one reply of the command", "raise it for slow models: a reply that comes later is lost"),
      key("model.repairs", &E::model_repairs, whole(0, 20), "times", "a reply that cannot be used goes back",
          "0 with models that seldom mend a text; each repair is a call"),
      key("model.patience", &E::model_patience, whole(0, E::kNeverWaits), "generations",
          "made before a reply is waited for; 1000000: never waits",
          "0 makes runs repeatable from the journal; the default never waits and is quickest"),
      key("model.invent", &E::model_invent, between(0, 1), "chance", "of a question about no parent",
          "higher when the population is stuck in one kind of controller"),
      key("model.tuning_steps", &E::model_tuning_steps, whole(0, 1000), "steps",
          "of CMA-ES, for a model's new structure before it is scored",
          "above 0 gives a new structure a fair chance, at the price of its episodes"),
      key("model.advice", &E::model_advice, text_form(), "", "a text put into every prompt",
          "to point models at an idea; it changes what they propose"),
      key("model.required", &E::model_required, truth(), "",
          "whether a run in which no model brought a usable child has failed",
          "false when a run is worth having although models brought nothing"),
      late(key(
          "model.prompt_version", &E::model_prompt_version, whole(1, E::kPromptVersion), "version",
          "of the built-in prompts and of how replies are read; 1 is that of runs before 29 November 2026",
          "seldom: a run keeps the one it began with, so that it can be replayed")),
      key("model.currency", &E::model_currency, line(kLineBytes), "", "of all prices",
          "where prices are not in dollars"),
      key("model.budget", &E::model_budget, or_none(bounded(0, kMostReal)), "money", "for models in all",
          "always, with models that cost money: the run goes on without them when it is spent"),
      key("model.budget_tokens", &E::model_budget_tokens, or_none(within(kSeeds)), "tokens",
          "read and written by models in all",
          "where tokens are what is limited, as on a server of your own"),
      key("model.prices", &E::model_prices, line(kLineBytes), "", "a file of prices, taken into the run",
          "to keep the prices of many models in one file"),
      key("model.templates", &E::model_template_folder, line(kLineBytes), "",
          "a folder of prompts, taken into the run",
          "to try prompts of your own in place of the built-in ones"),

      template_key("task", &T::task, "what models are told of the task; empty: the built-in text",
                   "set from the folder `model.templates`; seldom by hand"),
      template_key("rules", &T::rules, "what makes a good reply; empty: the built-in text", "likewise"),
      template_key("mutate", &T::mutate, "how to change a controller; empty: the built-in text", "likewise"),
      template_key("cross", &T::cross, "how to join two controllers; empty: the built-in text", "likewise"),
      template_key("invent", &T::invent, "how to write one of another kind; empty: the built-in text",
                   "likewise"),
      template_key("repair", &T::repair, "what sends a bad reply back; empty: the built-in text", "likewise"),
  };
}

}  // namespace

std::span<const Key> experiment_keys() {
  static const std::vector<Key> keys = make_keys();
  return keys;
}

const Key* find_key(std::string_view name) {
  for (const Key& each : experiment_keys()) {
    if (each.name == name || std::ranges::count(each.old_names, name) > 0) return &each;
  }
  return nullptr;
}

std::string_view section_of(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string_view last_part_of(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

}  // namespace experiments
