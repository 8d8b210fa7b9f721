#include "experiments/config/variables.hpp"

#include <fmt/format.h>

#include "experiments/console/text_file.hpp"
#include "genome/base/text.hpp"

namespace experiments {

std::expected<std::string, std::string> expand(
    std::string_view text, const std::function<std::optional<std::string>(const std::string&)>& lookup) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("$${")) {
      out += "${";
      text.remove_prefix(3);
    } else if (text.starts_with("${")) {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) return std::unexpected("\"${\" needs its \"}\", as in ${NAME}");
      const std::string name(text.substr(2, end - 2));
      const std::string shown = genome::base::visible(name, 60);
      if (name.empty()) return std::unexpected("\"${}\" names no environment variable");
      if (!lookup)
        return std::unexpected(
            fmt::format("${{{}}} is put in only when a run is started; $${{ stands for ${{", shown));
      const std::optional<std::string> value = lookup(name);
      if (!value) return std::unexpected(fmt::format("the environment variable {} is not set", shown));
      if (genome::base::first_not_utf8(*value)) {
        return std::unexpected(fmt::format("the environment variable {} is not UTF-8 text", shown));
      }
      out += *value;
      text.remove_prefix(end + 1);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::string escape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("${")) out += '$';
    out += text[i];
  }
  return out;
}

}  // namespace experiments
