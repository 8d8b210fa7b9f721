#include "experiments/config/forms.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace experiments {

Form<std::int64_t> whole(std::int64_t low, std::int64_t high) {
  const auto read = [=](const Value& value) -> std::optional<std::int64_t> {
    const auto* found = std::get_if<std::int64_t>(&value.held);
    return found != nullptr && *found >= low && *found <= high ? std::optional(*found) : std::nullopt;
  };
  return {fmt::format("a whole number from {} to {}", low, high), read,
          [](std::int64_t held) { return fmt::format("{}", held); }};
}

Form<double> number(std::string expected, std::function<bool(double)> allowed) {
  const auto read = [=](const Value& value) {
    const std::optional<double> found = as_number(value);
    return found && allowed(*found) ? found : std::nullopt;
  };
  return {std::move(expected), read, [](double held) { return fmt::format("{}", held); }};
}

Form<double> between(double low, double high) {
  return number(fmt::format("a number from {:g} to {:g}", low, high),
                [=](double x) { return x >= low && x <= high; });
}

Form<double> above(double low) {
  return number(fmt::format("a number above {:g}", low), [=](double x) { return x > low; });
}

Form<double> bounded(double low, double high) {
  Form<double> form = between(low, high);
  form.expected_ever = fmt::format("a number of at least {:g}", low);
  form.read_recorded = [=](const Value& value) {
    const std::optional<double> found = as_number(value);
    return found && *found >= low ? found : std::nullopt;
  };
  return form;
}

Form<bool> truth() {
  const auto read = [](const Value& value) {
    const auto* found = std::get_if<bool>(&value.held);
    return found != nullptr ? std::optional(*found) : std::nullopt;
  };
  return {"true or false", read, [](bool held) { return std::string(held ? "true" : "false"); }};
}

Form<std::string> string_of(std::string expected, std::function<bool(const std::string&)> allowed) {
  const auto read = [=](const Value& value) {
    const auto* found = std::get_if<std::string>(&value.held);
    return found != nullptr && allowed(*found) ? std::optional(*found) : std::nullopt;
  };
  return {std::move(expected), read, [](const std::string& held) { return toml_string(held); }};
}

bool is_line(std::string_view text, std::size_t most) {
  return text.size() <= most && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
         });
}

Form<std::string> line(std::size_t most) {
  return string_of(fmt::format("a string of one line, at most {} bytes", most),
                   [=](const std::string& text) { return is_line(text, most); });
}

Form<std::vector<std::string>> strings(std::string expected,
                                       std::function<bool(const std::vector<std::string>&)> allowed) {
  const auto read = [=](const Value& value) -> std::optional<std::vector<std::string>> {
    const auto* items = std::get_if<std::vector<Value>>(&value.held);
    if (items == nullptr) return std::nullopt;
    std::vector<std::string> found;
    for (const Value& item : *items) {
      const auto* text = std::get_if<std::string>(&item.held);
      if (text == nullptr) return std::nullopt;
      found.push_back(*text);
    }
    return allowed(found) ? std::optional(std::move(found)) : std::nullopt;
  };
  return {std::move(expected), read, [](const std::vector<std::string>& held) { return toml_strings(held); }};
}

Form<std::vector<double>> numbers(std::string expected,
                                  std::function<bool(const std::vector<double>&)> allowed) {
  const auto read = [=](const Value& value) -> std::optional<std::vector<double>> {
    const auto* items = std::get_if<std::vector<Value>>(&value.held);
    if (items == nullptr) return std::nullopt;
    std::vector<double> found;
    for (const Value& item : *items) {
      const std::optional<double> each = as_number(item);
      if (!each) return std::nullopt;
      found.push_back(*each);
    }
    return allowed(found) ? std::optional(std::move(found)) : std::nullopt;
  };
  return {std::move(expected), read,
          [](const std::vector<double>& held) { return fmt::format("[{}]", fmt::join(held, ", ")); }};
}

Form<std::vector<std::string>> command(std::string expected) {
  return strings(std::move(expected), [](const std::vector<std::string>& words) {
    const bool named = words.empty() || !words.front().empty();
    return named && std::none_of(words.begin(), words.end(), [](const std::string& word) {
             return word.find('\0') != std::string::npos;
           });
  });
}

}  // namespace experiments
