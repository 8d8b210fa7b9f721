// A controller at work on a live question.
#include <evotts/session.hpp>

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/bindings.hpp"
#include "api/python/controllers.hpp"
#include "api/python/results.hpp"

namespace evotts::python {
namespace {

// Every call keeps the interpreter's lock: a statement takes microseconds, and no two threads meet in it.
struct HeldSession {
  HeldSession(std::shared_ptr<const Program> of, Session begun)
      : program(std::move(of)), session(std::move(begun)) {}
  std::shared_ptr<const Program> program;
  Session session;
};

}  // namespace

template <>
inline constexpr bool kIsHeld<HeldSession> = true;

namespace {

HeldSession begun(HeldController& controller, Real beta, Whole interval, Whole branches,
                  const std::optional<Whole>& budget, Whole probe_cost, Flag look_always) {
  const std::shared_ptr<const Program>& program = program_of(controller);
  const SessionOptions options{.interval = interval.value,
                               .branches = static_cast<std::size_t>(branches.in(1, 64)),
                               .budget = budget ? std::optional(budget->value) : std::nullopt,
                               .probe_cost = probe_cost.value,
                               .look_always = look_always.value};
  return {program, Session(*program, beta.in(0, 1), options)};
}

HeldSession restored(const std::shared_ptr<const Program>& program, std::string_view saved) {
  return {program, Session::restore(*program, saved)};
}

HeldSession copied(const HeldSession& held) { return restored(held.program, held.session.save()); }

py::list wants_of(const HeldSession& held) {
  const std::vector<Want>& wants = held.session.wants();
  py::list list(wants.size());
  for (std::size_t i = 0; i < wants.size(); ++i)
    PyList_SET_ITEM(list.ptr(), static_cast<Py_ssize_t>(i), new_object(wants[i]).release().ptr());
  return list;
}

void give(HeldSession& held, Given<"a Result, a sequence of Result or None"> results,
          const std::optional<Whole>& branch, StepsGiven steps, Flag finished, const Word& answer,
          const Reals& signals, Whole tokens, Flag lost, Whole look_tokens) {
  if (results.value.is_none() == !branch)
    throw py::type_error("it takes either results or the fields of one, branch among them; found " +
                         std::string(branch ? "both" : "neither"));
  if (branch)
    held.session.give(result_of(*branch, steps, finished, answer, signals, tokens, lost, look_tokens));
  else
    held.session.give(results_in(results.value));
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

py::tuple pickled(const HeldSession& held) {
  return py::make_tuple(shown(held.program->controller().text()), py::bytes(held.session.save()));
}

HeldSession unpickled(const py::object& state) {
  const py::tuple parts = items_of(state, 2, "a pickled Session");
  HeldController controller(parsed(text_of(parts[0], "a pickled Session"), "controller"));
  return restored(program_of(controller), text_of(parts[1], "a pickled Session", TextKind::kBytes));
}

void define_steps(Class<HeldSession>& type) {
  type.property(
          "signals", [](const HeldSession& held) { return shown_all(held.session.signals()); },
          "Names of the signals that the controller reads: results bring a number for each, in this order.")
      .method(
          "next", "()", [](HeldSession& held) { return held.session.next(); },
          "Runs the controller on until it wants something; False: it has ended. Does nothing while results\n"
          "are missing.")
      .property(
          "wants", named<wants_of>,
          "What is wanted now, in the order of the statement: a list of Want. After the end: branches to be\n"
          "cancelled, if any.")
      .property(
          "missing", [](const HeldSession& held) { return held.session.missing(); },
          "How many of the wants have no result yet.")
      .method(
          "give",
          "(results=None, *, branch=None, steps=(), finished=False, answer='', signals=(), tokens=0, "
          "lost=False, look_tokens=0)",
          named<give>,
          "What came of a want: a Result, a sequence of them, or the fields of one (see Result). They may "
          "come\n"
          "in any order. Raises InputError for a result that nobody wants or that does not fit what was\n"
          "wanted; the session is as before then.")
      .method(
          "lose_missing", "()", [](HeldSession& held) { held.session.lose_missing(); },
          "What is missing is lost: a deadline has passed, or a server is gone.")
      .method(
          "stop", "()", [](HeldSession& held) { held.session.stop(); },
          "No more rounds: what is missing is lost, and next() goes on with the controller's answer.");
}

void define_state(Class<HeldSession>& type) {
  type.property(
          "answer", [](const HeldSession& held) { return shown_if_any(held.session.answer()); },
          "Of a session that has ended: str, or None when the controller gives no answer.")
      .property(
          "answer_branch", [](const HeldSession& held) { return held.session.answer_branch(); },
          "A branch that ended with that answer, the earliest; else the one furthest along that shows it: "
          "int,\n"
          "or None.")
      .property("usage", named<usage_of>,
                "A dict of int. Tokens: \"spent\" as the controller counts, \"generated\" of branches,\n"
                "\"look_tokens\" that looks took, \"latency\" with branches side by side. Branches:\n"
                "\"opened\", \"finished\", \"pruned\", \"lost\". \"rounds\" that began.")
      .method(
          "save", "()", [](const HeldSession& held) { return py::bytes(held.session.save()); },
          "All of the session as bytes, for restore(), in this process or another.")
      .function(
          "restore", "(controller, saved)",
          [](HeldController& controller, const Bytes& saved) {
            return restored(program_of(controller), saved.value);
          },
          "The session that save() gave, of the same controller. Raises InputError when the bytes are not "
          "one.")
      .method("__copy__", "()", named<copied>, "A session of its own that goes on from here.")
      .method(
          "__deepcopy__", "(memo)", [](const HeldSession& held, Given<"a dict">) { return copied(held); },
          "A session of its own that goes on from here.")
      .pickled(named<pickled>, named<unpickled>)
      .method(
          "__repr__", "()",
          [](const HeldSession& held) {
            return shown("<evotts.Session of " + held.program->controller().name() + ", " +
                         std::to_string(held.session.missing()) + " results missing>");
          },
          "For people.");
}

}  // namespace

void bind_sessions(py::module_& module) {
  Class<HeldSession> type(
      module, "Session",
      "(controller, beta, *, interval=500, branches=64, budget=None, probe_cost=0, look_always=False)",
      named<begun>,
      "A controller at work on a live question: it says what it wants, and is told what came.\n\n"
      "    session = Session(Controller.known(\"asc\"), 0.5, interval=500)\n"
      "    while session.next():\n"
      "        session.give([engine(want) for want in session.wants if want.kind != \"prune\"])\n"
      "    print(session.answer)\n\n"
      "Everything that one statement of the controller wants is wanted at once. There is no clock, thread, "
      "file or\n"
      "network inside. A session can be saved, pickled and copied between any two calls.\n\n"
      "beta: from 0 (thrifty) to 1.\n"
      "interval: tokens, 1 to 10^9.\n"
      "branches: that may be opened, 1 to 64.\n"
      "budget: tokens, 0 to 10^12; None: without limit.\n"
      "probe_cost: tokens that the controller is charged for a look, 0 to 10^6.\n"
      "look_always: after each interval that is probed, not only where the controller reads it.\n"
      "Raises InputError for a number out of range.");
  define_steps(type);
  define_state(type);
}

}  // namespace evotts::python
