#include "api/python/environments.hpp"

#include "api/python/bindings.hpp"
#include "api/python/errors.hpp"
#include "api/python/recordings.hpp"
#include "api/python/texts.hpp"
#include "api/python/unlocked.hpp"

namespace evotts::python {
namespace {

// Without the interpreter's lock: files are read, and large texts parsed.
template <typename Make>
HeldEnvironment made(Make&& make) {
  const Unlocked unlocked;
  return HeldEnvironment(make());
}

HeldEnvironment made_of(const Word<"name">& name, const py::object& questions) {
  const std::vector<RecordedQuestion> recorded = questions_in(questions, name.value);
  return made([&] { return Environment::make(name.value, recorded); });
}

py::list opened(const py::object& specifications) {
  std::vector<std::string> all;
  for (const py::handle each : sequence(specifications, "specifications", "str"))
    all.push_back(path_of(each, "specifications[" + std::to_string(all.size()) + "]").string());
  std::vector<Environment> environments;
  {
    const Unlocked unlocked;
    environments = open_environments(all);
  }
  py::list list;
  for (Environment& each : environments) list.append(py::cast(HeldEnvironment(std::move(each))));
  return list;
}

py::dict question_of(const HeldEnvironment& held, Whole<"index"> index) {
  const auto last = static_cast<std::int64_t>(held.environment.questions()) - 1;
  return dict_of(held.environment.question(static_cast<std::size_t>(index.in(0, last))));
}

void define_making(py::class_<HeldEnvironment>& type) {
  type.def_static(
          "load",
          [](const Path<"path">& path) { return made([&] { return Environment::load(path.value); }); },
          py::arg("path"),
          "The recording in a JSON file; its name is the parent folder and the stem. Raises InputError that\n"
          "names the file and the place in it.")
      .def_static(
          "parse",
          [](const Text<"json">& json, const Word<"name">& name) {
            return made([&] { return Environment::parse(json.value, name.value); });
          },
          py::arg("json"), py::arg("name"), "The same from the text of such a file.")
      .def_static(
          "synthetic",
          [](const Word<"specification">& specification) {
            return made([&] { return Environment::synthetic(specification.value); });
          },
          py::arg("specification") = Word<"specification">{},
          "A made-up environment: \"seed=3,questions=60\", as `evotts env synth --help` tells; \"\" for the\n"
          "defaults. Equal specifications give equal environments. Raises InputError.")
      .def_static(
          "make", &made_of, py::arg("name"), py::arg("questions"),
          "From recordings in memory: a sequence of questions.\n\n"
          "A question is a dict with \"text\", \"gold\" (the right answer), \"interval\" (tokens between "
          "two\n"
          "probes, 1 to 10^9) and \"branches\", or a tuple of these. A branch is a dict with \"probes\" (a\n"
          "list of str: the answer after each interval), \"tokens\" (of the whole branch, 0 to 10^12),\n"
          "\"answer\" (at its end) and, if there are any, \"signals\" (name: numbers, one more than "
          "probes),\n"
          "or a tuple of these. \"ERR\" and \"\" stand for no answer. Raises InputError that names the "
          "place:\n"
          "questions and branches are counted from 0.")
      .def_static(
          "open", &opened, py::arg("specifications"),
          "Environments as --env of the command line names them: a sequence of files, folders (every *.json\n"
          "in and below them) and \"synthetic:key=value,...\". A list of Environment, with different names.");
}

void define_reading(py::class_<HeldEnvironment>& type) {
  type.def_property_readonly(
          "name", [](const HeldEnvironment& held) { return shown(held.environment.name()); },
          "For tables, e.g. \"Qwen3-4B/aime24\".")
      .def_property_readonly(
          "source", [](const HeldEnvironment& held) { return shown(held.environment.source()); },
          "The path or specification that it came from.")
      .def_property_readonly(
          "digest", [](const HeldEnvironment& held) { return shown(held.environment.digest()); },
          "16 hexadecimal digits that tell a changed recording; no defence against forgery.")
      .def_property_readonly(
          "signals", [](const HeldEnvironment& held) { return shown_all(held.environment.signals()); },
          "Names of the signals that all its branches have, sorted: a list of str.")
      .def_property_readonly(
          "questions", [](const HeldEnvironment& held) { return held.environment.questions(); },
          "How many there are.")
      .def("question", &question_of, py::arg("index"),
           "A copy of one, counted from 0: a dict as make() takes it. Raises InputError when there is none.")
      .def(
          "json",
          [](const HeldEnvironment& held) {
            std::string text;
            {
              const Unlocked unlocked;
              text = held.environment.json();
            }
            return shown(text);
          },
          "The text of a file that load() reads as an environment with the same questions.")
      .def(
          "__repr__",
          [](const HeldEnvironment& held) {
            return shown("<evotts.Environment " + held.environment.name() + " of " +
                         std::to_string(held.environment.questions()) + " questions>");
          },
          "For people.")
      .def(
          "__copy__", [](const py::object& self) { return self; }, "Itself: it never changes.")
      .def(
          "__deepcopy__", [](const py::object& self, const py::object&) { return self; }, py::arg("memo"),
          "Itself: it never changes.")
      .def(py::pickle(
          [](const HeldEnvironment& held) {
            return py::make_tuple(py::bytes(held.environment.name()), py::bytes(held.environment.json()));
          },
          [](const py::tuple& state) {
            if (state.size() != 2) throw_input("this is no pickled Environment");
            const std::string name = text_of(state[0], "a pickled Environment", TextKind::kBytes);
            const std::string json = text_of(state[1], "a pickled Environment", TextKind::kBytes);
            return made([&] { return Environment::parse(json, name); });
          }));
}

}  // namespace

std::vector<Environment> environments_in(py::handle given) {
  std::vector<Environment> environments;
  for (const py::handle each : sequence(given, "environments", "Environment")) {
    if (!is_a<HeldEnvironment>(each))
      throw py::type_error("environments[" + std::to_string(environments.size()) +
                           "] must be an Environment, found " + type_of(each));
    environments.push_back(each.cast<const HeldEnvironment&>().environment);
  }
  return environments;
}

void bind_environments(py::module_& module) {
  py::class_<HeldEnvironment> type(
      module, "Environment", py::is_final(),
      "Recorded branches of reasoning: what a model was recorded to say to each of some questions.\n\n"
      "Made by load(), parse(), synthetic(), make() or open(). It never changes. Pickling goes by json().");
  define_making(type);
  define_reading(type);
}

}  // namespace evotts::python
