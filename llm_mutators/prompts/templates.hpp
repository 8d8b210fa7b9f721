// templates.hpp: the words around what a model is shown, which an experimenter may change.
// Why:      how a model is best asked differs by model and by taste, and is no matter of code.
// Use:      std::string text = filled("Improve this:\n{{parent}}", {{"parent", shown}});
// The form: {{name}} is replaced by what it stands for, which may be nothing. The built-in templates are the
//           files of llm_mutators/prompts/templates/, those of version 1 of first_templates/. Each has its
//           own names:
//             task    {{objective}}, in words made from the experiment (see task_text.hpp), and {{advice}};
//                     for words of one's own {{low}} and {{high}} (budgets), {{penalty}} (of a knob that
//                     does not rise) and {{parsimony}}
//             rules   none: the form of a reply
//             mutate  {{parent}} {{observations}} {{lessons}}
//             cross   {{first}} {{second}} {{observations}} {{lessons}}
//             invent  {{frontier}} {{lessons}}
//             repair  {{reply}} {{faults}}
// Promises: what is filled in is never looked at again for names.
// Threads:  pure functions.
// Tests:    tests/llm_mutators/prompts/prompt_test.cpp
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace llm_mutators {

struct Template {
  std::string_view name;        // "mutate"
  std::string_view text;        // the built-in one
  std::string_view first_text;  // of version 1 (see wording.hpp)
  std::string_view names;       // that may occur in it, each followed by a blank
};

std::span<const Template> built_in_templates();
std::string_view built_in_template(std::string_view name, int version = 2);

// What is wrong with a text as the template of this name; nothing when it will do.
std::optional<std::string> template_fault(std::string_view name, std::string_view text);

std::string filled(std::string_view text, const std::map<std::string, std::string, std::less<>>& values);

}  // namespace llm_mutators
