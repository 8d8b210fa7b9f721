// Normal forms of answers, and extractors.
#include <evotts/answers.hpp>

#include "api/python/bindings.hpp"
#include "api/python/errors.hpp"
#include "api/python/texts.hpp"

namespace evotts::python {
namespace {

struct HeldExtractor : Guarded {
  Extractor extractor;
};

AnswerTask task_of(const std::string& name) {
  if (name == "any") return AnswerTask::kAny;
  if (name == "letter") return AnswerTask::kLetter;
  throw_input("task must be \"any\" or \"letter\"");
}

HeldExtractor made(const Word<"rule">& rule) { return {{}, Extractor(rule.value)}; }

}  // namespace

void bind_answers(py::module_& module) {
  module.def(
      "normal_form",
      [](const Text<"answer">& answer, const Word<"task">& task) {
        return shown(normal_form(answer.value, task_of(task.value)));
      },
      py::arg("answer"), py::arg("task") = Word<"task">{"any"},
      "One spelling for answers that say the same: 026, 26 and \\boxed{26} are 26.\n\n"
      "`task` is \"any\", or \"letter\" for options A to J. Spellings are merged, values are not computed. "
      "\"ERR\"\n"
      "and \"\" stay. Any text or bytes will do.");
  py::class_<HeldExtractor>(
      module, "Extractor", py::is_final(),
      "How a text becomes an answer.\n\n"
      "Rules: \"boxed\", the last \\boxed{...}; \"number\", the last number; \"letter\", one of A\n"
      "to J; \"after:MARK\", the line behind the last MARK; \"regex:EXPRESSION\", the first group\n"
      "of the first match of an expression of RE2.")
      .def(py::init(&made), py::arg("rule"), "Raises InputError when the rule is none.")
      .def_property_readonly(
          "rule", [](const HeldExtractor& held) { return shown(held.extractor.rule()); }, "As it was given.")
      .def_property_readonly(
          "task",
          [](const HeldExtractor& held) {
            return shown(held.extractor.task() == AnswerTask::kLetter ? "letter" : "any");
          },
          "\"letter\" or \"any\": how its answers are brought into normal form.")
      .def(
          "extract",
          [](const HeldExtractor& held, const Text<"text">& text) {
            return shown_if_any(held.extractor.extract(text.value));
          },
          py::arg("text"), "What stands where the rule looks, as it is written: str, or None.")
      .def(
          "answer",
          [](const HeldExtractor& held, const Text<"text">& text) {
            return shown(held.extractor.answer(text.value));
          },
          py::arg("text"), "The normal form of that, or \"ERR\" when there is none.")
      .def(
          "__repr__",
          [](const HeldExtractor& held) { return shown("<evotts.Extractor " + held.extractor.rule() + ">"); },
          "For people.")
      .def(
          "__copy__", [](const py::object& self) { return self; }, "Itself: it never changes.")
      .def(
          "__deepcopy__", [](const py::object& self, const py::object&) { return self; }, py::arg("memo"),
          "Itself: it never changes.")
      .def(py::pickle([](const HeldExtractor& held) { return shown(held.extractor.rule()); },
                      [](const py::str& rule) { return made({text_of(rule, "a pickled Extractor")}); }));
}

}  // namespace evotts::python
