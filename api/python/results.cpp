#include "api/python/results.hpp"

#include "api/python/bindings.hpp"
#include "api/python/errors.hpp"

namespace evotts::python {
namespace {

const char* name_of(WantKind kind) {
  switch (kind) {
    case WantKind::kOpen: return "open";
    case WantKind::kAdvance: return "advance";
    case WantKind::kLook: return "look";
    case WantKind::kRead: return "read";
    case WantKind::kPrune: return "prune";
  }
  return "";
}

std::optional<std::string> answer_in(py::handle given, std::string_view name) {
  if (given.is_none()) return std::nullopt;
  return text_of(given, name);
}

SeenStep step_in(py::handle given, const std::string& name) {
  if (is_a<HeldStep>(given)) return given.cast<const HeldStep&>();
  if (!py::isinstance<py::tuple>(given)) return {answer_in(given, name), {}};
  const auto parts = py::reinterpret_borrow<py::tuple>(given);
  if (parts.size() != 2)
    throw py::type_error(name + " must be a Step, str, None or a tuple (answer, signals)");
  return {answer_in(parts[0], name + ": answer"), real_numbers(parts[1], name + ": signals")};
}

std::vector<SeenStep> steps_in(py::handle given) {
  std::vector<SeenStep> steps;
  for (const py::handle each : sequence(given, "steps", "Step, str, None or tuples"))
    steps.push_back(step_in(each, "steps[" + std::to_string(steps.size()) + "]"));
  return steps;
}

std::string repr_of(const py::handle& object, std::initializer_list<const char*> fields) {
  std::string text = "evotts." + std::string(py::str(py::type::of(object).attr("__name__"))) + "(";
  for (const char* field : fields) {
    if (text.back() != '(') text += ", ";
    text += std::string(field) + "=" + std::string(py::repr(object.attr(field)));
  }
  return text + ")";
}

py::list steps_of(const HeldResult& result) {
  py::list list;
  for (const SeenStep& each : result.steps) list.append(py::cast(HeldStep{each, {}}));
  return list;
}

void bind_step(py::module_& module) {
  py::class_<HeldStep>(module, "Step", py::is_final(),
                       "What is seen after an interval of a branch, or by a look.")
      .def(py::init([](const py::object& answer, const Reals<"signals">& signals) {
             return HeldStep{{answer_in(answer, "answer"), signals.values}, {}};
           }),
           py::arg("answer") = py::none(), py::arg("signals") = Reals<"signals">{},
           "answer: str by a look, or None: none could be read, or nobody looked.\n"
           "signals: of this interval, a number for each of Session.signals.")
      .def_property_readonly(
          "answer", [](const HeldStep& step) { return shown_if_any(step.answer); }, "str or None.")
      .def_property_readonly(
          "signals", [](const HeldStep& step) { return step.signals; }, "A list of float.")
      .def(
          "__eq__",
          [](const HeldStep& a, const HeldStep& b) {
            return static_cast<const SeenStep&>(a) == static_cast<const SeenStep&>(b);
          },
          py::is_operator(), "Whether all fields are equal.")
      .def(
          "__repr__",
          [](const py::object& self) {
            return shown(repr_of(self, {"answer", "signals"}));
          },
          "For people.")
      .def(py::pickle(
          [](const HeldStep& step) { return py::make_tuple(shown_if_any(step.answer), step.signals); },
          [](const py::tuple& state) {
            return HeldStep{step_in(state, "a pickled Step"), {}};
          }));
}

void bind_result(py::module_& module) {
  py::class_<HeldResult>(module, "Result", py::is_final(),
                         "What came of a want. Session.give() takes these, or their fields.")
      .def(py::init(&result_of), py::arg("branch"), py::arg("steps") = py::tuple(),
           py::arg("finished") = Flag<"finished">{}, py::arg("answer") = Word<"answer">{},
           py::arg("signals") = Reals<"signals">{}, py::arg("tokens") = Whole<"tokens">{},
           py::arg("lost") = Flag<"lost">{}, py::arg("look_tokens") = Whole<"look_tokens">{},
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
           "look_tokens: that the looks of this want took.")
      .def_property_readonly(
          "branch", [](const HeldResult& r) { return r.branch; }, "From 0 in the order of opening.")
      .def_property_readonly("steps", &steps_of, "A list of Step.")
      .def_property_readonly(
          "finished", [](const HeldResult& r) { return r.finished; }, "Whether the branch came to its end.")
      .def_property_readonly(
          "answer", [](const HeldResult& r) { return shown(r.answer); }, "At the end.")
      .def_property_readonly(
          "signals", [](const HeldResult& r) { return r.signals; }, "Of what follows the whole intervals.")
      .def_property_readonly(
          "tokens", [](const HeldResult& r) { return r.tokens; }, "Of the whole branch.")
      .def_property_readonly(
          "lost", [](const HeldResult& r) { return r.lost; }, "Whether it failed for good.")
      .def_property_readonly(
          "look_tokens", [](const HeldResult& r) { return r.look_tokens; }, "That looks took.")
      .def(
          "__eq__",
          [](const HeldResult& a, const HeldResult& b) {
            return static_cast<const Result&>(a) == static_cast<const Result&>(b);
          },
          py::is_operator(), "Whether all fields are equal.")
      .def(
          "__repr__",
          [](const py::object& self) {
            return shown(repr_of(
                self, {"branch", "steps", "finished", "answer", "signals", "tokens", "lost", "look_tokens"}));
          },
          "For people.")
      .def(py::pickle(
          [](const HeldResult& r) {
            return py::make_tuple(r.branch, steps_of(r), r.finished, shown(r.answer), r.signals, r.tokens,
                                  r.lost, r.look_tokens);
          },
          [](const py::tuple& state) {
            if (state.size() != 8) throw_input("this is no pickled Result");
            return result_of({whole_number(state[0], "branch")}, state[1], {truth(state[2], "finished")},
                             {text_of(state[3], "answer")}, {real_numbers(state[4], "signals")},
                             {whole_number(state[5], "tokens")}, {truth(state[6], "lost")},
                             {whole_number(state[7], "look_tokens")});
          }));
}

void bind_want(py::module_& module) {
  py::class_<HeldWant>(module, "Want", py::is_final(),
                       "What a session wants of one branch. See Session.wants.")
      .def_property_readonly(
          "kind", [](const HeldWant& want) { return name_of(want.kind); },
          "\"open\": begin a branch and generate its first interval. \"advance\": generate `intervals` "
          "more.\n"
          "\"look\": read the answer that the branch would give at `depth`; nothing of that enters the "
          "branch.\n"
          "\"read\": begin a branch and generate it to its end. \"prune\": nothing more is generated of "
          "this\n"
          "branch; it takes no result.")
      .def_property_readonly(
          "branch", [](const HeldWant& want) { return want.branch; }, "From 0 in the order of opening.")
      .def_property_readonly(
          "depth", [](const HeldWant& want) { return want.depth; },
          "Intervals of the branch that were generated before; of \"look\": where to look.")
      .def_property_readonly(
          "intervals", [](const HeldWant& want) { return want.intervals; },
          "Of \"open\" 1, of \"advance\" at least 1, of others 0.")
      .def_property_readonly(
          "look", [](const HeldWant& want) { return want.look; },
          "Of \"open\" and \"advance\": look after each interval.")
      .def_property_readonly(
          "most_tokens", [](const HeldWant& want) { return want.most_tokens; },
          "Of \"read\": tokens that the budget has left, or None.")
      .def(
          "__eq__",
          [](const HeldWant& a, const HeldWant& b) {
            return static_cast<const Want&>(a) == static_cast<const Want&>(b);
          },
          py::is_operator(), "Whether all fields are equal.")
      .def(
          "__repr__",
          [](const py::object& self) {
            return shown(repr_of(self, {"kind", "branch", "depth", "intervals", "look", "most_tokens"}));
          },
          "For people.")
      .def(
          "__copy__", [](const py::object& self) { return self; }, "Itself: it never changes.")
      .def(
          "__deepcopy__", [](const py::object& self, const py::object&) { return self; }, py::arg("memo"),
          "Itself: it never changes.");
}

}  // namespace

HeldResult result_of(Whole<"branch"> branch, const py::object& steps, Flag<"finished"> finished,
                     const Word<"answer">& answer, const Reals<"signals">& signals, Whole<"tokens"> tokens,
                     Flag<"lost"> lost, Whole<"look_tokens"> look_tokens) {
  return {{.branch = static_cast<std::size_t>(branch.in(0, INT32_MAX)),
           .steps = steps_in(steps),
           .finished = finished.value,
           .answer = answer.value,
           .signals = signals.values,
           .tokens = tokens.value,
           .lost = lost.value,
           .look_tokens = look_tokens.value},
          {}};
}

std::vector<Result> results_in(py::handle given) {
  if (is_a<HeldResult>(given)) return {given.cast<const HeldResult&>()};
  std::vector<Result> results;
  for (const py::handle each : sequence(given, "results", "Result")) {
    if (!is_a<HeldResult>(each))
      throw py::type_error("results[" + std::to_string(results.size()) + "] must be a Result, found " +
                           type_of(each));
    results.push_back(each.cast<const HeldResult&>());
  }
  return results;
}

void bind_results(py::module_& module) {
  bind_step(module);
  bind_result(module);
  bind_want(module);
}

}  // namespace evotts::python
