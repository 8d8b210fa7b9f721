#include "experiments/reference/completion.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "experiments/reference/key_list.hpp"
#include "genome/reference/language_reference.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/tree/vocabulary.hpp"

namespace experiments {
namespace {

constexpr std::array<std::pair<std::string_view, Shell>, 3> kShells = {
    {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}}};

std::vector<std::string> controllers() {
  std::vector<std::string> names;
  for (const genome::KnownController& known : genome::known_controllers()) names.emplace_back(known.name);
  return names;
}

std::vector<std::string> keys(std::string_view behind) {
  std::vector<std::string> names;
  for (const KeyInfo& key : all_keys()) {
    // Fields of models are no keys that --set could change.
    if (behind.empty() || !key.name.starts_with("models.")) names.push_back(key.name + std::string(behind));
  }
  return names;
}

// Words that a shell would take for something else are left out.
std::vector<std::string> plain_language_words() {
  std::vector<std::string> words = genome::language_words();
  std::erase_if(words, [](const std::string& word) { return !genome::is_identifier(word); });
  return words;
}

}  // namespace

std::vector<std::string> shell_names() {
  std::vector<std::string> names;
  for (const auto& [name, shell] : kShells) names.emplace_back(name);
  return names;
}

std::optional<Shell> shell_named(std::string_view name) {
  for (const auto& [known, shell] : kShells) {
    if (known == name) return shell;
  }
  return std::nullopt;
}

std::vector<std::string> offered(const OptionInfo& option) {
  if (auto words = option.words(); !words.empty()) return words;
  const bool argument = !option.names.front().starts_with("-");
  const std::string& what = argument ? option.names.front() : option.value;
  if (what == "KEY=VALUE") return keys("=");
  if (what == "PATTERN") return keys("");
  if (what == "WORD") return plain_language_words();
  if (what == "CONTROLLER" || (argument && (what == "A" || what == "B"))) return controllers();
  return {};
}

std::string completion_script(Shell shell, const CommandInfo& program) {
  switch (shell) {
    case Shell::kBash: return detail::bash_script(program);
    case Shell::kZsh: return detail::zsh_script(program);
    case Shell::kFish: break;
  }
  return detail::fish_script(program);
}

}  // namespace experiments
