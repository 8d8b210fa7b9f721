#include "experiments/reference/completion.hpp"

#include <array>
#include <utility>

namespace experiments {
namespace {

constexpr std::array<std::pair<std::string_view, Shell>, 3> kShells = {
    {{"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}}};

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

std::string completion_script(Shell shell, const CommandInfo& program) {
  switch (shell) {
    case Shell::kBash: return detail::bash_script(program);
    case Shell::kZsh: return detail::zsh_script(program);
    case Shell::kFish: break;
  }
  return detail::fish_script(program);
}

}  // namespace experiments
