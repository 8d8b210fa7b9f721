#include "experiments/config/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <system_error>
#include <utility>

#include "experiments/config/variables.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

const Value* field_of(const Value& table, std::string_view name) {
  const auto* fields = std::get_if<std::vector<Field>>(&table.held);
  if (fields == nullptr) return nullptr;
  const auto found = std::ranges::find(*fields, name, &Field::name);
  return found == fields->end() ? nullptr : &found->value;
}

// What reports call an element: its name, or else its model.
std::string name_of(const Value& element) {
  for (const std::string_view field : {"name", "model"}) {
    const Value* const value = field_of(element, field);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->held);
    if (text != nullptr && !text->empty()) return *text;
  }
  return {};
}

std::string names_of(const std::vector<Value>& elements) {
  std::string all;
  for (const Value& each : elements) {
    if (const std::string name = name_of(each); !name.empty())
      all += fmt::format("{}\"{}\"", all.empty() ? ": " : ", ", genome::base::visible(name, 60));
  }
  return all;
}

// The element that a path begins with, and how much of the path says so.
std::optional<std::pair<std::size_t, std::size_t>> element_at(const std::vector<Value>& elements,
                                                              std::string_view path) {
  const std::size_t dot = std::min(path.find('.'), path.size());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + dot, number);
  if (error == std::errc() && end == path.data() + dot)
    return number < elements.size() ? std::optional(std::pair(number, dot)) : std::nullopt;
  std::optional<std::pair<std::size_t, std::size_t>> longest;  // a name may have dots
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::string name = name_of(elements[i]);
    if (name.empty() || !path.starts_with(name) || path.substr(name.size()).substr(0, 1) != ".") continue;
    if (!longest || name.size() > longest->second) longest = {i, name.size()};
  }
  return longest;
}

}  // namespace

std::string shown(const Value& value) {
  struct Shower {
    std::string operator()(Value::Other) const { return "something else"; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const {
      return fmt::format("\"{}\"", genome::base::visible(text, 60));
    }
    std::string operator()(const std::vector<Value>& items) const {
      std::vector<std::string> all;
      for (const Value& item : items) all.push_back(shown(item));
      return genome::base::visible(fmt::format("[{}]", fmt::join(all, ", ")), 120);
    }
    std::string operator()(const std::vector<Field>&) const { return "a table"; }
  };
  return std::visit(Shower{}, value.held);
}

std::optional<double> as_number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.held)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value.held);
  return real != nullptr && std::isfinite(*real) ? std::optional(*real) : std::nullopt;
}

std::expected<ElementPath, std::string> element_path(const std::vector<Value>& elements,
                                                     std::string_view path) {
  const auto found = element_at(elements, path);
  if (!found)
    return std::unexpected(
        elements.empty() ? std::string("there is none of them in the experiment")
                         : fmt::format("there is no such one among the {}, which are numbered from 0 on{}",
                                       elements.size(), names_of(elements)));
  ElementPath to{.element = found->first, .fields = {}};
  std::string_view rest = path.substr(found->second);
  while (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('.'), rest.size());
    to.fields.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (to.fields.empty() || std::ranges::any_of(to.fields, &std::string::empty))
    return std::unexpected(std::string("name one of its fields, as in models.0.url=VALUE"));
  return to;
}

bool put_at(std::vector<Value>& elements, const ElementPath& path, Value value) {
  Value* at = &elements[path.element];
  for (const std::string& name : path.fields) {
    auto* const fields = std::get_if<std::vector<Field>>(&at->held);
    if (fields == nullptr) return false;
    auto found = std::ranges::find(*fields, name, &Field::name);
    if (found == fields->end()) {
      fields->push_back({name, Value{std::vector<Field>()}});
      found = std::prev(fields->end());
    }
    at = &found->value;
  }
  *at = std::move(value);
  return true;
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : escape(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += std::string("\\") + c;
    } else if (byte < 0x20U || byte == 0x7FU) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string toml_strings(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(toml_string(text));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

}  // namespace experiments
