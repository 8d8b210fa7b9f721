#include <evotts/controller.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/boundary.hpp"
#include "api/data.hpp"
#include "genome/base/text.hpp"
#include "genome/text/known_controllers.hpp"

namespace evotts {
namespace {

using detail::Access;
using genome::base::visible;

Diagnostic shown(const genome::Diagnostic& diagnostic) {
  const bool error = diagnostic.severity == genome::Severity::kError;
  return {error ? Severity::kError : Severity::kWarning,
          diagnostic.code,
          diagnostic.message,
          diagnostic.hint,
          diagnostic.at.line,
          diagnostic.at.column,
          diagnostic.at.length};
}

genome::Diagnostic read_back(const Diagnostic& diagnostic) {
  const bool error = diagnostic.severity == Severity::kError;
  return {error ? genome::Severity::kError : genome::Severity::kWarning,
          diagnostic.code,
          diagnostic.message,
          diagnostic.hint,
          {diagnostic.line, diagnostic.column, diagnostic.length}};
}

}  // namespace

std::string Controller::text() const { return data_->text; }
std::string Controller::id() const { return data_->id; }
std::string Controller::name() const { return data_->checked.tree().name; }
std::size_t Controller::size() const { return genome::size_of(data_->checked.tree()); }

CheckResult check_controller(std::string_view text) {
  genome::CheckResult checked = genome::check_text(text);
  CheckResult result;
  for (const genome::Diagnostic& each : checked.diagnostics) result.diagnostics.push_back(shown(each));
  if (checked.controller) result.controller = Access::make(std::move(*checked.controller));
  return result;
}

Controller parse_controller(std::string_view text, std::string_view file) {
  CheckResult result = check_controller(text);
  if (result.controller) return std::move(*result.controller);
  std::string details = render(result.diagnostics, file, text);
  details.erase(details.find_last_not_of('\n') + 1);
  detail::throw_input(fmt::format("{}: is not a valid controller:\n{}", visible(file), details));
}

std::string render(const std::vector<Diagnostic>& diagnostics, std::string_view file, std::string_view text) {
  genome::Diagnostics all;
  for (const Diagnostic& each : diagnostics) all.push_back(read_back(each));
  return genome::render_all(all, visible(file), text);
}

std::vector<std::string> known_controller_names() {
  std::vector<std::string> names;
  for (const genome::KnownController& known : genome::known_controllers()) names.emplace_back(known.name);
  return names;
}

Controller known_controller(std::string_view name) {
  if (const auto text = genome::known_controller(name)) return parse_controller(*text, name);
  detail::throw_input(fmt::format("{}: no known controller has this name; there are {}", genome::quoted(name),
                                  fmt::join(known_controller_names(), ", ")));
}

}  // namespace evotts
