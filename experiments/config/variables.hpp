// variables.hpp: ${NAME} in a text.
// Why:      paths differ between machines; experiment files should not.
// Use:      std::expected<std::string, std::string> path = expand("${HOME}/recorded", lookup);
// Promises: expand(escape(text)) == text. What a variable holds is taken as it is, never expanded again.
//           The other side of a result is a message that says what is wrong. Without a lookup no variable
//           may be named.
// Threads:  pure functions, as far as the lookup is.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace experiments {

// "$${" stands for "${"; any other "$" for itself.
std::expected<std::string, std::string> expand(
    std::string_view text, const std::function<std::optional<std::string>(const std::string&)>& lookup);

std::string escape(std::string_view text);

}  // namespace experiments
