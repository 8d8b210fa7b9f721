#include "api/python/results.hpp"

#include <array>

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/bindings.hpp"

namespace evotts::python {
namespace {

// Made once: a want is asked for its kind more often than for anything else.
py::object name_of(WantKind kind) {
  static const std::array<PyObject*, 5> names = [] {
    std::array<PyObject*, 5> made{};
    constexpr std::array<const char*, 5> kNames = {"open", "advance", "look", "read", "prune"};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = PyUnicode_InternFromString(kNames[i]);
    return made;
  }();
  return py::reinterpret_borrow<py::object>(names.at(static_cast<std::size_t>(kind)));
}

std::optional<std::string> answer_in(py::handle given, std::string_view name) {
  if (given.is_none()) return std::nullopt;
  if (PyUnicode_Check(given.ptr()) == 0) refuse(name, "str or None", given);
  return text_of(given, name);
}

SeenStep step_in(py::handle given, const std::string& name) {
  if (is_a<SeenStep>(given)) return value_in<SeenStep>(given);
  if (given.is_none()) return {};
  if (PyUnicode_Check(given.ptr()) != 0) return {text_of(given, name), {}};
  if (PyTuple_Check(given.ptr()) == 0 || PyTuple_GET_SIZE(given.ptr()) != 2)
    refuse(name, "a Step, str, None or a tuple (answer, signals)", given);
  const auto parts = py::reinterpret_borrow<py::tuple>(given);
  return {answer_in(parts[0], name + ": answer"), real_numbers(parts[1], name + ": signals")};
}

std::vector<SeenStep> steps_in(py::handle given) {
  std::vector<SeenStep> steps;
  if (PyTuple_CheckExact(given.ptr()) != 0 && PyTuple_GET_SIZE(given.ptr()) == 0) return steps;
  const py::tuple items = sequence(given, "steps", "Step, str, None or tuples");
  steps.reserve(items.size());
  Breaks breaks;
  for (const py::handle each : items) {
    breaks.one_more();
    steps.push_back(step_in(each, "steps[" + std::to_string(steps.size()) + "]"));
  }
  return steps;
}

std::string repr_of(const py::object& object, std::initializer_list<const char*> fields) {
  std::string text = std::string(Py_TYPE(object.ptr())->tp_name) + "(";
  for (const char* field : fields) {
    if (text.back() != '(') text += ", ";
    text += std::string(field) + "=" + std::string(py::repr(object.attr(field)));
  }
  return text + ")";
}

py::list steps_of(const Result& result) {
  py::list list;
  for (const SeenStep& each : result.steps) list.append(new_object(each));
  return list;
}

SeenStep step_of(Given<"str or None"> answer, const Reals& signals) {
  return {answer_in(answer.value, "answer"), signals.values};
}

Result unpickled(const py::object& state) {
  const py::tuple parts = items_of(state, 8, "a pickled Result");
  return result_of({whole_number(parts[0], "branch"), "branch"}, {parts[1]}, {truth(parts[2], "finished")},
                   {text_of(parts[3], "answer")}, {real_numbers(parts[4], "signals")},
                   {whole_number(parts[5], "tokens"), "tokens"}, {truth(parts[6], "lost")},
                   {whole_number(parts[7], "look_tokens"), "look_tokens"});
}

void bind_step(py::module_& module) {
  Class<SeenStep>(module, "Step", "(answer=None, signals=())", named<step_of>,
                  "What is seen after an interval of a branch, or by a look.\n\n"
                  "answer: str by a look, or None: none could be read, or nobody looked.\n"
                  "signals: of this interval, a number for each of Session.signals.")
      .property(
          "answer", [](const SeenStep& step) { return shown_if_any(step.answer); }, "str or None.")
      .property(
          "signals", [](const SeenStep& step) { return step.signals; }, "A list of float.")
      .method(
          "__repr__", "()",
          [](const py::object& self) {
            return shown(repr_of(self, {"answer", "signals"}));
          },
          "For people.")
      .pickled([](const SeenStep& step) { return py::make_tuple(shown_if_any(step.answer), step.signals); },
               [](const py::object& state) {
                 const py::tuple parts = items_of(state, 2, "a pickled Step");
                 return SeenStep{answer_in(parts[0], "answer"), real_numbers(parts[1], "signals")};
               });
}

void define_fields(Class<Result>& type) {
  type.property(
          "branch", [](const Result& r) { return r.branch; }, "From 0 in the order of opening.")
      .property("steps", named<steps_of>, "A list of Step.")
      .property(
          "finished", [](const Result& r) { return r.finished; }, "Whether the branch came to its end.")
      .property(
          "answer", [](const Result& r) { return shown(r.answer); }, "At the end.")
      .property(
          "signals", [](const Result& r) { return r.signals; }, "Of what follows the whole intervals.")
      .property(
          "tokens", [](const Result& r) { return r.tokens; }, "Of the whole branch.")
      .property(
          "lost", [](const Result& r) { return r.lost; }, "Whether it failed for good.")
      .property(
          "look_tokens", [](const Result& r) { return r.look_tokens; }, "That looks took.");
}

void bind_result(py::module_& module) {
  Class<Result> type(
      module, "Result",
      "(branch, steps=(), finished=False, answer='', signals=(), tokens=0, lost=False, look_tokens=0)",
      named<result_of>,
      "What came of a want. Session.give() takes these, or their fields.\n\n"
      "branch: that of the want.\n"
      "steps: a sequence. Of \"open\" and \"advance\" the whole intervals that came, as many as were "
      "wanted\n"
      "  unless the branch ended or was lost; of \"read\" those of the thought; of \"look\" the one "
      "look. Each\n"
      "  a Step, an answer (str or None), or a tuple (answer, signals).\n"
      "finished: the branch came to its end in the interval after them.\n"
      "answer: at that end; \"ERR\" when none can be read.\n"
      "signals: of what follows the whole intervals, a number for each of Session.signals.\n"
      "tokens: of the whole branch, when it is finished, lost, or stopped at most_tokens.\n"
      "lost: it failed for good; of a look: no answer can be had.\n"
      "look_tokens: that the looks of this want took.");
  define_fields(type);
  type.method(
          "__repr__", "()",
          [](const py::object& self) {
            return shown(repr_of(
                self, {"branch", "steps", "finished", "answer", "signals", "tokens", "lost", "look_tokens"}));
          },
          "For people.")
      .pickled(
          [](const Result& r) {
            return py::make_tuple(r.branch, steps_of(r), r.finished, shown(r.answer), r.signals, r.tokens,
                                  r.lost, r.look_tokens);
          },
          named<unpickled>);
}

void bind_want(py::module_& module) {
  Class<Want>(module, "Want", "What a session wants of one branch. See Session.wants.")
      .property(
          "kind", [](const Want& want) { return name_of(want.kind); },
          "\"open\": begin a branch and generate its first interval. \"advance\": generate `intervals` "
          "more.\n"
          "\"look\": read the answer that the branch would give at `depth`; nothing of that enters the "
          "branch.\n"
          "\"read\": begin a branch and generate it to its end. \"prune\": nothing more is generated of "
          "this\n"
          "branch; it takes no result.")
      .property(
          "branch", [](const Want& want) { return want.branch; }, "From 0 in the order of opening.")
      .property(
          "depth", [](const Want& want) { return want.depth; },
          "Intervals of the branch that were generated before; of \"look\": where to look.")
      .property(
          "intervals", [](const Want& want) { return want.intervals; },
          "Of \"open\" 1, of \"advance\" at least 1, of others 0.")
      .property(
          "look", [](const Want& want) { return want.look; },
          "Of \"open\" and \"advance\": look after each interval.")
      .property(
          "most_tokens", [](const Want& want) { return want.most_tokens; },
          "Of \"read\": tokens that the budget has left, or None.")
      .method(
          "__repr__", "()",
          [](const py::object& self) {
            return shown(repr_of(self, {"kind", "branch", "depth", "intervals", "look", "most_tokens"}));
          },
          "For people.")
      .copied_as_itself();
}

}  // namespace

Result result_of(Whole branch, StepsGiven steps, Flag finished, const Word& answer, const Reals& signals,
                 Whole tokens, Flag lost, Whole look_tokens) {
  return {.branch = static_cast<std::size_t>(branch.in(0, INT32_MAX)),
          .steps = steps_in(steps.value),
          .finished = finished.value,
          .answer = answer.value,
          .signals = signals.values,
          .tokens = tokens.value,
          .lost = lost.value,
          .look_tokens = look_tokens.value};
}

std::vector<Result> results_in(py::handle given) {
  if (is_a<Result>(given)) return {value_in<Result>(given)};
  const py::tuple items = sequence(given, "results", "Result");
  std::vector<Result> results;
  results.reserve(items.size());
  for (const py::handle each : items) {
    if (!is_a<Result>(each)) refuse("results[" + std::to_string(results.size()) + "]", "a Result", each);
    results.push_back(value_in<Result>(each));
  }
  return results;
}

void bind_results(py::module_& module) {
  bind_step(module);
  bind_result(module);
  bind_want(module);
}

}  // namespace evotts::python
