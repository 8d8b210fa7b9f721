// Normal forms of answers, and extractors.
#include <evotts/answers.hpp>
#include <optional>

#include "api/python/binding/classes.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/binding/unlocked.hpp"
#include "api/python/bindings.hpp"

namespace evotts::python {

template <>
inline constexpr bool kIsHeld<Extractor> = true;

namespace {

AnswerTask task_of(const std::string& name) {
  if (name == "any") return AnswerTask::kAny;
  if (name == "letter") return AnswerTask::kLetter;
  throw_input("task must be \"any\" or \"letter\", found " + found_value(shown(name)));
}

// A short text takes less time than to let go of the lock.
template <typename Work>
auto read(const Text& text, Work&& work) {
  constexpr std::size_t kLong = 1U << 14U;
  std::optional<Unlocked> unlocked;
  if (text.value.size() > kLong) unlocked.emplace();
  return work();
}

Extractor made(const Word& rule) { return Extractor(rule.value); }

py::object text_in_normal_form(const Text& answer, const Word& task) {
  const AnswerTask kind = task_of(task.value);
  return shown(read(answer, [&] { return normal_form(answer.value, kind); }));
}

}  // namespace

void bind_answers(py::module_& module) {
  add_function(
      module, "normal_form", "(answer, task='any')", named<text_in_normal_form>,
      "One spelling for answers that say the same: 026, 26 and \\boxed{26} are 26.\n\n"
      "`task` is \"any\", or \"letter\" for options A to J. Spellings are merged, values are not computed. "
      "\"ERR\"\n"
      "and \"\" stay. Any text or bytes will do.");
  Class<Extractor>(
      module, "Extractor", "(rule)", named<made>,
      "How a text becomes an answer.\n\n"
      "Rules: \"boxed\", the last \\boxed{...}; \"number\", the last number; \"letter\", one of A\n"
      "to J; \"after:MARK\", the line behind the last MARK; \"regex:EXPRESSION\", the first group\n"
      "of the first match of an expression of RE2. Raises InputError when the rule is none.")
      .property(
          "rule", [](const Extractor& extractor) { return shown(extractor.rule()); }, "As it was given.")
      .property(
          "task",
          [](const Extractor& extractor) {
            return shown(extractor.task() == AnswerTask::kLetter ? "letter" : "any");
          },
          "\"letter\" or \"any\": how its answers are brought into normal form.")
      .method(
          "extract", "(text)",
          [](const Extractor& extractor, const Text& text) {
            return shown_if_any(read(text, [&] { return extractor.extract(text.value); }));
          },
          "What stands where the rule looks, as it is written: str, or None.")
      .method(
          "answer", "(text)",
          [](const Extractor& extractor, const Text& text) {
            return shown(read(text, [&] { return extractor.answer(text.value); }));
          },
          "The normal form of that, or \"ERR\" when there is none.")
      .method(
          "__repr__", "()",
          [](const Extractor& extractor) { return shown("<evotts.Extractor " + extractor.rule() + ">"); },
          "For people.")
      .copied_as_itself()
      .pickled([](const Extractor& extractor) { return shown(extractor.rule()); },
               [](const py::object& rule) { return Extractor(text_of(rule, "a pickled Extractor")); });
}

}  // namespace evotts::python
