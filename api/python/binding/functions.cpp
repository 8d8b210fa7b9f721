#include "api/python/binding/functions.hpp"

#include <deque>

namespace evotts::python {

const char* documented(std::string_view name, std::string_view parameters, bool of_object,
                       std::string_view doc) {
  static std::deque<std::string>& kept = *new std::deque<std::string>;
  std::string text = std::string(name) + "(";
  if (of_object) text += parameters == "()" ? "$self, /" : "$self, /, ";
  text += std::string(parameters.substr(1)) + "\n--\n\n" + std::string(doc);
  return kept.emplace_back(std::move(text)).c_str();
}

std::string_view called(PyTypeObject* type) {
  static std::deque<std::string>& kept = *new std::deque<std::string>;
  const std::string_view full = type->tp_name;
  const std::string name(full.substr(full.rfind('.') + 1));
  const bool vowel = name.find_first_of("AEIOU") == 0;
  return kept.emplace_back((vowel ? "an " : "a ") + name);
}

const char* joined(std::string_view type, std::string_view name) {
  static std::deque<std::string>& kept = *new std::deque<std::string>;
  return kept.emplace_back(std::string(type) + "." + std::string(name)).c_str();
}

}  // namespace evotts::python
