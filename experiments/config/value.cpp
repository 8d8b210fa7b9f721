#include "experiments/config/value.hpp"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/config/variables.hpp"
#include "genome/base/text.hpp"

namespace experiments {

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
