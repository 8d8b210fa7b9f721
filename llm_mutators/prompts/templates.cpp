#include "llm_mutators/prompts/templates.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"

namespace llm_mutators {
namespace {

// The files of templates/ and first_templates/, which the build puts here: {name, text}.
constexpr std::pair<std::string_view, std::string_view> kTexts[] = {
#include "template_texts.inc"
};
constexpr std::pair<std::string_view, std::string_view> kFirstTexts[] = {
#include "first_template_texts.inc"
};

// A template without a file does not compile.
consteval std::string_view file_text(std::span<const std::pair<std::string_view, std::string_view>> texts,
                                     std::string_view name) {
  for (const auto& [stem, text] : texts) {
    if (stem == name) return text;
  }
  throw "no such file of a template";
}

consteval Template from_file(std::string_view name, std::string_view names) {
  return {name, file_text(kTexts, name), file_text(kFirstTexts, name), names};
}

constexpr std::array<Template, 6> kTemplates{
    {from_file("task", "objective low high penalty parsimony advice "), from_file("rules", ""),
     from_file("mutate", "parent observations lessons "),
     from_file("cross", "first second observations lessons "), from_file("invent", "frontier lessons "),
     from_file("repair", "reply faults ")}};

const Template& template_of(std::string_view name) {
  const auto found = std::find_if(kTemplates.begin(), kTemplates.end(),
                                  [&](const Template& each) { return each.name == name; });
  EVOTTS_CHECK(found != kTemplates.end());
  return *found;
}

}  // namespace

std::span<const Template> built_in_templates() { return kTemplates; }

std::string_view built_in_template(std::string_view name, int version) {
  const Template& found = template_of(name);
  return version == 1 ? found.first_text : found.text;
}

std::optional<std::string> template_fault(std::string_view name, std::string_view text) {
  const Template& known = template_of(name);
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
    const std::size_t end = text.find("}}", at);
    if (end == std::string_view::npos) return "a \"{{\" has no \"}}\"";
    const std::string_view inside = text.substr(at + 2, end - at - 2);
    if (inside.find(' ') == std::string_view::npos && !inside.empty() &&
        known.names.find(std::string(inside) + " ") != std::string_view::npos)
      continue;
    return fmt::format(
        "there is no {{{{{}}}}} in this template{}",
        genome::base::one_line(genome::base::beginning(inside, 40)),
        known.names.empty() ? "" : fmt::format("; there are: {}", genome::base::trimmed(known.names)));
  }
  return std::nullopt;
}

std::string filled(std::string_view text, const std::map<std::string, std::string, std::less<>>& values) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find("{{");
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const std::size_t end = text.find("}}");
    const auto value = end == std::string_view::npos ? values.end() : values.find(text.substr(2, end - 2));
    if (value == values.end()) {
      out += "{{";
      text.remove_prefix(2);
    } else {
      out += value->second;
      text.remove_prefix(end + 2);
    }
  }
  return out;
}

}  // namespace llm_mutators
