#include "api/python/recordings.hpp"

#include <array>
#include <span>

#include "api/python/binding/failures.hpp"
#include "api/python/binding/shown.hpp"
#include "api/python/binding/texts.hpp"

namespace evotts::python {
namespace {

constexpr std::array<const char*, 4> kQuestion = {"text", "gold", "interval", "branches"};
constexpr std::array<const char*, 4> kBranch = {"probes", "tokens", "answer", "signals"};
constexpr std::size_t kSignals = 3;  // in kBranch; the one field that may be left out

// The fields in their order; a null handle stands for one that is left out.
using Fields = std::array<py::object, 4>;

// Comparing a key, or reading a number, may run code that changes the dict.
py::dict copy_of(py::handle dict) {
  PyObject* made = PyDict_Copy(dict.ptr());
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::dict>(made);
}

Fields fields_of_dict(const py::dict& given, std::span<const char* const> keys, std::size_t needed,
                      const std::string& place) {
  Fields fields;
  std::size_t known = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (given.contains(keys[i])) {
      fields[i] = given[keys[i]];
      ++known;
    } else if (i < needed) {
      throw_input(place + ": has no \"" + keys[i] + "\"");
    }
  }
  if (known == given.size()) return fields;
  for (const auto& [key, value] : given) {
    bool one_of_them = false;
    for (const char* each : keys) one_of_them = one_of_them || key.equal(py::str(each));
    if (!one_of_them) throw_input(place + ": has an unknown key: " + found_value(key));
  }
  throw_input(place + ": has unknown keys");
}

Fields fields_of(py::handle given, std::span<const char* const> keys, std::size_t needed,
                 const std::string& place) {
  if (py::isinstance<py::dict>(given)) return fields_of_dict(copy_of(given), keys, needed, place);
  const py::tuple items = sequence(given, place, "its fields, or a dict");
  if (items.size() < needed || items.size() > keys.size())
    throw_input(place + ": a tuple of it has " + std::to_string(needed) +
                (needed < keys.size() ? " or " + std::to_string(keys.size()) : "") + " items, found " +
                std::to_string(items.size()));
  Fields fields;
  for (std::size_t i = 0; i < items.size(); ++i) fields[i] = items[i];
  return fields;
}

std::vector<std::string> texts_in(py::handle given, const std::string& place) {
  std::vector<std::string> texts;
  Breaks breaks;
  for (const py::handle each : sequence(given, place, "str")) {
    breaks.one_more();
    const bool text = PyUnicode_Check(each.ptr()) != 0;  // whose name is mostly not needed
    texts.push_back(text_of(each, text ? place : place + "[" + std::to_string(texts.size()) + "]"));
  }
  return texts;
}

std::map<std::string, std::vector<double>> signals_in(py::handle given, const std::string& place) {
  if (!given || given.is_none()) return {};
  if (!py::isinstance<py::dict>(given)) refuse(place, "a dict", given);
  std::map<std::string, std::vector<double>> signals;
  const py::dict copy = copy_of(given);
  for (const auto& [key, numbers] : copy) {
    const std::string name = text_of(key, place + ": a name");
    signals[name] = real_numbers(numbers, place + ": " + name);
  }
  return signals;
}

RecordedBranch branch_in(py::handle given, const std::string& place) {
  const Fields fields = fields_of(given, kBranch, kSignals, place);
  return {.probes = texts_in(fields[0], place + ": probes"),
          .tokens = whole_number(fields[1], place + ": tokens"),
          .answer = text_of(fields[2], place + ": answer"),
          .signals = signals_in(fields[kSignals], place + ": signals")};
}

RecordedQuestion question_in(py::handle given, const std::string& place) {
  const Fields fields = fields_of(given, kQuestion, kQuestion.size(), place);
  RecordedQuestion question{.text = text_of(fields[0], place + ": text"),
                            .gold = text_of(fields[1], place + ": gold"),
                            .interval = whole_number(fields[2], place + ": interval"),
                            .branches = {}};
  Breaks breaks;
  for (const py::handle each : sequence(fields[3], place + ": branches", "branches")) {
    breaks.one_more();
    question.branches.push_back(
        branch_in(each, place + ", branch " + std::to_string(question.branches.size())));
  }
  return question;
}

py::dict dict_of(const RecordedBranch& branch) {
  py::dict signals;
  for (const auto& [name, numbers] : branch.signals) {
    py::list list;
    for (const double number : numbers) list.append(number);
    signals[shown(name)] = list;
  }
  py::dict dict;
  dict["probes"] = shown_all(branch.probes);
  dict["tokens"] = branch.tokens;
  dict["answer"] = shown(branch.answer);
  dict["signals"] = signals;
  return dict;
}

}  // namespace

std::vector<RecordedQuestion> questions_in(py::handle given, const std::string& name) {
  std::vector<RecordedQuestion> questions;
  Breaks breaks;
  for (const py::handle each : sequence(given, "questions", "questions")) {
    breaks.one_more();
    questions.push_back(question_in(each, name + ": question " + std::to_string(questions.size())));
  }
  return questions;
}

py::dict dict_of(const RecordedQuestion& question) {
  py::list branches;
  Breaks breaks;
  for (const RecordedBranch& each : question.branches) {
    breaks.one_more();
    branches.append(dict_of(each));
  }
  py::dict dict;
  dict["text"] = shown(question.text);
  dict["gold"] = shown(question.gold);
  dict["interval"] = question.interval;
  dict["branches"] = branches;
  return dict;
}

}  // namespace evotts::python
