#include "llm_mutators/prompts/templates.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"

namespace llm_mutators {
namespace {

constexpr std::string_view kTask = R"(# The task

You improve controllers. {{objective}}{{advice}})";

constexpr std::string_view kRules = R"(# Your reply

Reply with one line `HYPOTHESIS: ...` that says in a sentence what you change and why it should
score higher, followed by exactly one whole controller in one fenced block:

```
controller evolved
...
```

Nothing else is read. Use no tools and write no files.
)";

constexpr std::string_view kMutate = R"(# The controller to improve

{{parent}}{{observations}}{{lessons}}Write a better controller: change what you think holds this one back, and keep what is good.
)";

constexpr std::string_view kCross = R"(# The first controller

{{first}}# The second controller

{{second}}{{observations}}{{lessons}}Write one controller that joins the strengths of both and is better than either: look at
where along the range of tokens each is ahead, and why.
)";

constexpr std::string_view kInvent =
    R"({{frontier}}{{lessons}}Write a controller of another kind than these, which decides by something that none of
them looks at, and which you expect to be ahead of the frontier somewhere in the range of tokens.
)";

constexpr std::string_view kRepair = R"(
# An earlier reply

This was replied before, but it cannot be used:

<reply>
{{reply}}</reply>

What is wrong with it:

{{faults}}
Reply again in the form described, with the whole controller put right, keeping to the idea.
)";

constexpr std::array<Template, 6> kTemplates{{{"task", kTask, "objective low high penalty parsimony advice "},
                                              {"rules", kRules, ""},
                                              {"mutate", kMutate, "parent observations lessons "},
                                              {"cross", kCross, "first second observations lessons "},
                                              {"invent", kInvent, "frontier lessons "},
                                              {"repair", kRepair, "reply faults "}}};

const Template& template_of(std::string_view name) {
  const auto found = std::find_if(kTemplates.begin(), kTemplates.end(),
                                  [&](const Template& each) { return each.name == name; });
  EVOTTS_CHECK(found != kTemplates.end());
  return *found;
}

}  // namespace

std::span<const Template> built_in_templates() { return kTemplates; }

std::string_view built_in_template(std::string_view name) { return template_of(name).text; }

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
