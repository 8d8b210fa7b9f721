#include "api/python/environments.hpp"

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/binding/unlocked.hpp"
#include "api/python/bindings.hpp"
#include "api/python/recordings.hpp"

namespace evotts::python {
namespace {

// Without the interpreter's lock: files are read, and large texts parsed.
template <typename Make>
Environment made(Make&& make) {
  const Unlocked unlocked;
  return make();
}

Environment made_of(const Word& name, Given<"a sequence of questions"> questions) {
  const std::vector<RecordedQuestion> recorded = questions_in(questions.value, name.value);
  return made([&] { return Environment::make(name.value, recorded); });
}

py::list opened(Given<"a sequence of str"> specifications) {
  std::vector<std::string> all;
  for (const py::handle each : sequence(specifications.value, "specifications", "str"))
    all.push_back(path_of(each, "specifications[" + std::to_string(all.size()) + "]").string());
  std::vector<Environment> environments;
  {
    const Unlocked unlocked;
    environments = open_environments(all);
  }
  py::list list;
  for (Environment& each : environments) list.append(new_object(std::move(each)));
  return list;
}

py::dict question_of(const Environment& environment, Whole index) {
  const auto last = static_cast<std::int64_t>(environment.questions()) - 1;
  const auto place = static_cast<std::size_t>(index.in(0, last));
  RecordedQuestion question;
  {
    const Unlocked unlocked;
    question = environment.question(place);
  }
  return dict_of(question);
}

py::str json_of(const Environment& environment) {
  std::string text;
  {
    const Unlocked unlocked;
    text = environment.json();
  }
  return shown(text);
}

py::tuple pickled(const Environment& environment) {
  std::string text;
  {
    const Unlocked unlocked;
    text = environment.json();
  }
  return py::make_tuple(py::bytes(environment.name()), py::bytes(text));
}

Environment unpickled(const py::object& state) {
  const py::tuple parts = items_of(state, 2, "a pickled Environment");
  const std::string name = text_of(parts[0], "a pickled Environment", TextKind::kBytes);
  const std::string json = text_of(parts[1], "a pickled Environment", TextKind::kBytes);
  return made([&] { return Environment::parse(json, name); });
}

void define_making(Class<Environment>& type) {
  type.function(
          "load", "(path)",
          [](const Path& path) { return made([&] { return Environment::load(path.value); }); },
          "The recording in a JSON file; its name is the parent folder and the stem. Raises InputError that\n"
          "names the file and the place in it.")
      .function(
          "parse", "(json, name)",
          [](const Text& json, const Word& name) {
            return made([&] { return Environment::parse(json.value, name.value); });
          },
          "The same from the text of such a file.")
      .function(
          "synthetic", "(specification='')",
          [](const Word& specification) {
            return made([&] { return Environment::synthetic(specification.value); });
          },
          "A made-up environment: \"seed=3,questions=60\", as `evotts env synth --help` tells; \"\" for the\n"
          "defaults. Equal specifications give equal environments. Raises InputError.")
      .function(
          "make", "(name, questions)", named<made_of>,
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
      .function(
          "open", "(specifications)", named<opened>,
          "Environments as --env of the command line names them: a sequence of files, folders (every *.json\n"
          "in and below them) and \"synthetic:key=value,...\". A list of Environment, with different names.");
}

void define_reading(Class<Environment>& type) {
  type.property(
          "name", [](const Environment& environment) { return shown(environment.name()); },
          "For tables, e.g. \"Qwen3-4B/aime24\".")
      .property(
          "source", [](const Environment& environment) { return shown(environment.source()); },
          "The path or specification that it came from.")
      .property(
          "digest", [](const Environment& environment) { return shown(environment.digest()); },
          "16 hexadecimal digits that tell a changed recording; no defence against forgery.")
      .property(
          "signals", [](const Environment& environment) { return shown_all(environment.signals()); },
          "Names of the signals that all its branches have, sorted: a list of str.")
      .property(
          "questions", [](const Environment& environment) { return environment.questions(); },
          "How many there are.")
      .method(
          "question", "(index)", named<question_of>,
          "A copy of one, counted from 0: a dict as make() takes it. Raises InputError when there is none.")
      .method("json", "()", named<json_of>,
              "The text of a file that load() reads as an environment with the same questions.")
      .method(
          "__repr__", "()",
          [](const Environment& environment) {
            return shown("<evotts.Environment " + environment.name() + " of " +
                         std::to_string(environment.questions()) + " questions>");
          },
          "For people.")
      .copied_as_itself()
      .pickled(named<pickled>, named<unpickled>);
}

}  // namespace

std::vector<Environment> environments_in(py::handle given) {
  std::vector<Environment> environments;
  for (const py::handle each : sequence(given, "environments", "Environment")) {
    if (!is_a<Environment>(each))
      refuse("environments[" + std::to_string(environments.size()) + "]", "an Environment", each);
    environments.push_back(value_in<Environment>(each));
  }
  return environments;
}

void bind_environments(py::module_& module) {
  Class<Environment> type(
      module, "Environment",
      "Recorded branches of reasoning: what a model was recorded to say to each of some questions.\n\n"
      "Made by load(), parse(), synthetic(), make() or open(). It never changes. Pickling goes by json().");
  define_making(type);
  define_reading(type);
}

}  // namespace evotts::python
