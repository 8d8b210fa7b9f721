// Controllers scored on environments: evaluate() and what it gives.
#include <evotts/evaluate.hpp>
#include <map>
#include <pybind11/numpy.h>

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/binding/unlocked.hpp"
#include "api/python/bindings.hpp"
#include "api/python/controllers.hpp"
#include "api/python/environments.hpp"

namespace evotts::python {
namespace {

struct HeldEvaluation {
  std::vector<Controller> controllers;
  std::vector<Environment> environments;
  std::vector<double> betas;
  int orderings = 0;
  std::vector<Score> scores = {};
  std::map<std::string, py::object> arrays = {};  // made when they are first asked for
};

}  // namespace

template <>
inline constexpr bool kIsHeld<HeldEvaluation> = true;

namespace {

constexpr std::int64_t kMostSeed = INT64_MAX;

HeldEvaluation evaluated(Given<"a sequence of Controller"> controllers,
                         Given<"a sequence of Environment"> environments,
                         Given<"a sequence of numbers"> betas, Whole orderings, Whole first_ordering,
                         const std::optional<Whole>& budget, Whole probe_cost, Whole threads,
                         Whole bootstrap_seed) {
  const EvaluationOptions options{
      .orderings = static_cast<int>(orderings.in(1, 10'000)),
      .first_ordering = static_cast<std::uint64_t>(first_ordering.in(0, kMostSeed)),
      .budget = budget ? std::optional(budget->value) : std::nullopt,
      .probe_cost = probe_cost.value,
      .threads = static_cast<int>(threads.in(0, 1024)),
      .bootstrap_seed = static_cast<std::uint64_t>(bootstrap_seed.in(0, kMostSeed))};
  HeldEvaluation held{controllers_in(controllers.value), environments_in(environments.value),
                      real_numbers_within(betas.value, "betas", 0, 1), options.orderings};
  const Unlocked unlocked;
  const Evaluator evaluator(held.environments, options);
  held.scores = evaluator.evaluate(held.controllers, held.betas);
  return held;
}

void expect_numpy() {
  try {
    py::module_::import("numpy");
  } catch (py::error_already_set& failed) {
    if (!failed.matches(PyExc_ImportError)) throw;
    py::raise_from(failed, PyExc_ImportError,
                   "arrays need numpy (python3-numpy on Debian); rows() does without it");
    throw py::error_already_set();
  }
}

template <typename Number, typename Fill>
py::object new_array(std::vector<py::ssize_t> shape, Fill&& fill) {
  py::array_t<Number> array(std::move(shape));
  fill(array.mutable_data());
  array.attr("flags").attr("writeable") = false;
  return array;
}

template <double Score::*field>
py::object figures(HeldEvaluation& held, const char* name) {
  py::object& array = held.arrays[name];
  if (array) return array;
  expect_numpy();
  const auto size = [](const auto& items) { return static_cast<py::ssize_t>(items.size()); };
  array = new_array<double>({size(held.controllers), size(held.environments), size(held.betas)},
                            [&](double* out) {
                              for (const Score& each : held.scores) *out++ = each.*field;
                            });
  return array;
}

template <std::int64_t QuestionScore::*field>
py::object sums(const HeldEvaluation& held, std::size_t environment) {
  const auto questions = static_cast<py::ssize_t>(held.environments[environment].questions());
  return new_array<std::int64_t>({static_cast<py::ssize_t>(held.controllers.size()),
                                  static_cast<py::ssize_t>(held.betas.size()), questions},
                                 [&](std::int64_t* out) {
                                   Breaks breaks;
                                   for (const Score& each : held.scores) {
                                     breaks.one_more();
                                     if (each.environment != environment) continue;
                                     for (const QuestionScore& question : each.questions)
                                       *out++ = question.*field;
                                   }
                                 });
}

py::dict per_question(const HeldEvaluation& held, Whole environment) {
  const auto index =
      static_cast<std::size_t>(environment.in(0, static_cast<std::int64_t>(held.environments.size()) - 1));
  expect_numpy();
  py::dict arrays;
  arrays["right"] = sums<&QuestionScore::right>(held, index);
  arrays["tokens"] = sums<&QuestionScore::tokens>(held, index);
  arrays["latency_tokens"] = sums<&QuestionScore::latency_tokens>(held, index);
  return arrays;
}

py::list rows(const HeldEvaluation& held) {
  py::list list;
  Breaks breaks;
  for (const Score& each : held.scores) {
    breaks.one_more();
    py::dict row;
    row["controller"] = shown(held.controllers[each.controller].name());
    row["id"] = shown(held.controllers[each.controller].id());
    row["environment"] = shown(held.environments[each.environment].name());
    row["beta"] = each.beta;
    row["accuracy"] = each.accuracy;
    row["accuracy_low"] = each.accuracy_low;
    row["accuracy_high"] = each.accuracy_high;
    row["tokens"] = each.tokens;
    row["latency_tokens"] = each.latency_tokens;
    list.append(row);
  }
  return list;
}

py::list controllers_of(const HeldEvaluation& held) {
  py::list list;
  for (const Controller& each : held.controllers) list.append(new_object(HeldController(each)));
  return list;
}

py::list environments_of(const HeldEvaluation& held) {
  py::list list;
  for (const Environment& each : held.environments) list.append(new_object(each));
  return list;
}

py::str summary(const HeldEvaluation& held) {
  return shown("<evotts.Evaluation of " + std::to_string(held.controllers.size()) + " controllers, " +
               std::to_string(held.environments.size()) + " environments, " +
               std::to_string(held.betas.size()) + " betas>");
}

template <double Score::*field>
void add_array(Class<HeldEvaluation>& type, const char* name, const char* doc) {
  static const char* called = nullptr;
  called = name;
  type.property(
      name, [](HeldEvaluation& held) { return figures<field>(held, called); }, doc);
}

void define_figures(Class<HeldEvaluation>& type) {
  add_array<&Score::accuracy>(type, "accuracy", "Percent of episodes with the right answer: float64.");
  add_array<&Score::accuracy_low>(
      type, "accuracy_low", "Lower bound of its 95% interval, a bootstrap over questions: float64, percent.");
  add_array<&Score::accuracy_high>(type, "accuracy_high", "Upper bound of that interval: float64, percent.");
  add_array<&Score::tokens>(type, "tokens", "Mean tokens of an episode: float64.");
  add_array<&Score::latency_tokens>(
      type, "latency_tokens",
      "Mean tokens of an episode with branches side by side, the longest advance of each round: float64.");
  type.method("per_question", "(environment)", named<per_question>,
              "Sums over the orderings of each question of an environment, by its place: a dict of arrays "
              "\"right\"\n"
              "(episodes with the right answer), \"tokens\" and \"latency_tokens\", int64, of shape "
              "(controllers,\n"
              "betas, questions). Raises InputError when there is no such environment.")
      .method("rows", "()", named<rows>,
              "A dict for each controller, environment and beta, in this order, with the figures above, the "
              "name and\n"
              "id of the controller and the name of the environment: a list, without numpy, ready for "
              "pandas.");
}

void bind_class(py::module_& module) {
  Class<HeldEvaluation> type(module, "Evaluation",
                             "What evaluate() found. Arrays of numpy have the shape (controllers, "
                             "environments, betas) and cannot be\n"
                             "written to; ImportError when numpy is not here.");
  type.property("controllers", named<controllers_of>, "Those that were scored, in their order.")
      .property("environments", named<environments_of>, "Those they were scored on, in their order.")
      .property(
          "betas", [](const HeldEvaluation& held) { return held.betas; }, "As they were given.")
      .property(
          "orderings", [](const HeldEvaluation& held) { return held.orderings; },
          "Episodes of each question, controller and beta.")
      .method("__repr__", "()", named<summary>, "For people.");
  define_figures(type);
}

}  // namespace

void bind_evaluation(py::module_& module) {
  bind_class(module);
  add_function(
      module, "evaluate",
      "(controllers, environments, betas, *, orderings=100, first_ordering=0, budget=None, probe_cost=0, "
      "threads=0, bootstrap_seed=0)",
      named<evaluated>,
      "Scores controllers on environments: an Evaluation.\n\n"
      "controllers, environments: sequences of Controller and of Environment.\n"
      "betas: a sequence of numbers from 0 (thrifty) to 1.\n"
      "orderings: orders in which the branches of a question are dealt, 1 to 10,000.\n"
      "first_ordering: the seed of the first, 0 to 2^63 - 1; the others count on from it.\n"
      "budget: tokens of an episode, 0 to 10^12; None: no limit.\n"
      "probe_cost: tokens of a probe, 0 to 10^6.\n"
      "threads: 0 to 1024; 0: all cores. They end with the call, so that a process may fork afterwards.\n"
      "bootstrap_seed: for the intervals, 0 to 2^63 - 1.\n\n"
      "The result is the same to the last bit on any number of threads, and is that of `evotts eval`. Other\n"
      "threads of Python run meanwhile. Ctrl-C ends it with KeyboardInterrupt. Raises InputError when "
      "nothing is\n"
      "given, a number is out of range, a signal is missing, or the controller's own run holds an "
      "environment\n"
      "out; TypeError when something is of another type.");
}

}  // namespace evotts::python
