// A controller at work on a live question.
#include <evotts/session.hpp>

#include "api/python/bindings.hpp"
#include "api/python/controllers.hpp"
#include "api/python/errors.hpp"
#include "api/python/results.hpp"

namespace evotts::python {
namespace {

// Every call keeps the interpreter's lock: a statement takes microseconds, and no two threads meet in it.
struct HeldSession : Guarded {
  HeldSession(std::shared_ptr<const Program> of, Session begun)
      : program(std::move(of)), session(std::move(begun)) {}
  std::shared_ptr<const Program> program;
  Session session;
};

HeldSession begun(HeldController& controller, Real<"beta"> beta, Whole<"interval"> interval,
                  Whole<"branches"> branches, std::optional<Whole<"budget">> budget,
                  Whole<"probe_cost"> probe_cost, Flag<"look_always"> look_always) {
  const std::shared_ptr<const Program>& program = program_of(controller);
  const SessionOptions options{.interval = interval.value,
                               .branches = static_cast<std::size_t>(branches.in(1, 64)),
                               .budget = budget ? std::optional(budget->value) : std::nullopt,
                               .probe_cost = probe_cost.value,
                               .look_always = look_always.value};
  return {program, Session(*program, beta.value, options)};
}

HeldSession restored(const std::shared_ptr<const Program>& program, std::string_view saved) {
  return {program, Session::restore(*program, saved)};
}

HeldSession copied(const HeldSession& held) { return restored(held.program, held.session.save()); }

py::list wants_of(const HeldSession& held) {
  py::list list;
  for (const Want& each : held.session.wants()) list.append(py::cast(HeldWant{each, {}}));
  return list;
}

void give(HeldSession& held, const py::object& results, std::optional<Whole<"branch">> branch,
          const py::object& steps, Flag<"finished"> finished, const Word<"answer">& answer,
          const Reals<"signals">& signals, Whole<"tokens"> tokens, Flag<"lost"> lost,
          Whole<"look_tokens"> look_tokens) {
  if (results.is_none() == !branch)
    throw py::type_error("give() takes either results or the fields of one, branch among them");
  if (branch)
    held.session.give(result_of(*branch, steps, finished, answer, signals, tokens, lost, look_tokens));
  else
    held.session.give(results_in(results));
}

py::dict usage_of(const HeldSession& held) {
  const SessionUsage usage = held.session.usage();
  py::dict dict;
  dict["spent"] = usage.spent;
  dict["generated"] = usage.generated;
  dict["look_tokens"] = usage.look_tokens;
  dict["latency"] = usage.latency;
  dict["opened"] = usage.opened;
  dict["finished"] = usage.finished;
  dict["pruned"] = usage.pruned;
  dict["lost"] = usage.lost;
  dict["rounds"] = usage.rounds;
  return dict;
}

void define_steps(py::class_<HeldSession>& type) {
  type.def(py::init(&begun), py::arg("controller"), py::arg("beta"), py::kw_only(),
           py::arg("interval") = Whole<"interval">{500}, py::arg("branches") = Whole<"branches">{64},
           py::arg("budget") = py::none(), py::arg("probe_cost") = Whole<"probe_cost">{0},
           py::arg("look_always") = Flag<"look_always">{false},
           "beta: from 0 (thrifty) to 1.\n"
           "interval: tokens, 1 to 10^9.\n"
           "branches: that may be opened, 1 to 64.\n"
           "budget: tokens, 0 to 10^12; None: without limit.\n"
           "probe_cost: tokens that the controller is charged for a look, 0 to 10^6.\n"
           "look_always: after each interval that is probed, not only where the controller reads it.\n"
           "Raises InputError for a number out of range.")
      .def_property_readonly(
          "signals", [](const HeldSession& held) { return shown_all(held.session.signals()); },
          "Names of the signals that the controller reads: results bring a number for each, in this order.")
      .def(
          "next", [](HeldSession& held) { return held.session.next(); },
          "Runs the controller on until it wants something; False: it has ended. Does nothing while results\n"
          "are missing.")
      .def_property_readonly(
          "wants", &wants_of,
          "What is wanted now, in the order of the statement: a list of Want. After the end: branches to be\n"
          "cancelled, if any.")
      .def_property_readonly(
          "missing", [](const HeldSession& held) { return held.session.missing(); },
          "How many of the wants have no result yet.")
      .def("give", &give, py::arg("results") = py::none(), py::kw_only(), py::arg("branch") = py::none(),
           py::arg("steps") = py::tuple(), py::arg("finished") = Flag<"finished">{},
           py::arg("answer") = Word<"answer">{}, py::arg("signals") = Reals<"signals">{},
           py::arg("tokens") = Whole<"tokens">{}, py::arg("lost") = Flag<"lost">{},
           py::arg("look_tokens") = Whole<"look_tokens">{},
           "What came of a want: a Result, a sequence of them, or the fields of one (see Result). They may "
           "come\n"
           "in any order. Raises InputError for a result that nobody wants or that does not fit what was\n"
           "wanted; the session is as before then.")
      .def(
          "lose_missing", [](HeldSession& held) { held.session.lose_missing(); },
          "What is missing is lost: a deadline has passed, or a server is gone.")
      .def(
          "stop", [](HeldSession& held) { held.session.stop(); },
          "No more rounds: what is missing is lost, and next() goes on with the controller's answer.");
}

void define_state(py::class_<HeldSession>& type) {
  type.def_property_readonly(
          "answer", [](const HeldSession& held) { return shown_if_any(held.session.answer()); },
          "Of a session that has ended: str, or None when the controller gives no answer.")
      .def_property_readonly(
          "answer_branch", [](const HeldSession& held) { return held.session.answer_branch(); },
          "A branch that ended with that answer, the earliest; else the one furthest along that shows it: "
          "int,\n"
          "or None.")
      .def_property_readonly(
          "usage", &usage_of,
          "A dict of int. Tokens: \"spent\" as the controller counts, \"generated\" of branches,\n"
          "\"look_tokens\" that looks took, \"latency\" with branches side by side. Branches:\n"
          "\"opened\", \"finished\", \"pruned\", \"lost\". \"rounds\" that began.")
      .def(
          "save", [](const HeldSession& held) { return py::bytes(held.session.save()); },
          "All of the session as bytes, for restore(), in this process or another.")
      .def_static(
          "restore",
          [](HeldController& controller, const Bytes<"saved">& saved) {
            return restored(program_of(controller), saved.value);
          },
          py::arg("controller"), py::arg("saved"),
          "The session that save() gave, of the same controller. Raises InputError when the bytes are not "
          "one.")
      .def("__copy__", &copied, "A session of its own that goes on from here.")
      .def(
          "__deepcopy__", [](const HeldSession& held, const py::object&) { return copied(held); },
          py::arg("memo"), "A session of its own that goes on from here.")
      .def(py::pickle(
          [](const HeldSession& held) {
            return py::make_tuple(shown(held.program->controller().text()), py::bytes(held.session.save()));
          },
          [](const py::tuple& state) {
            if (state.size() != 2) throw_input("this is no pickled Session");
            HeldController controller(parsed(text_of(state[0], "a pickled Session"), "controller"));
            return restored(program_of(controller), text_of(state[1], "a pickled Session", TextKind::kBytes));
          }))
      .def(
          "__repr__",
          [](const HeldSession& held) {
            return shown("<evotts.Session of " + held.program->controller().name() + ", " +
                         std::to_string(held.session.missing()) + " results missing>");
          },
          "For people.");
}

}  // namespace

void bind_sessions(py::module_& module) {
  py::class_<HeldSession> type(
      module, "Session", py::is_final(),
      "A controller at work on a live question: it says what it wants, and is told what came.\n\n"
      "    session = Session(Controller.known(\"asc\"), 0.5, interval=500)\n"
      "    while session.next():\n"
      "        session.give([engine(want) for want in session.wants if want.kind != \"prune\"])\n"
      "    print(session.answer)\n\n"
      "Everything that one statement of the controller wants is wanted at once. There is no clock, thread, "
      "file or\n"
      "network inside. A session can be saved, pickled and copied between any two calls.");
  define_steps(type);
  define_state(type);
}

}  // namespace evotts::python
