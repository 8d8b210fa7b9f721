#include "experiments/console/json_text.hpp"

#include <nlohmann/json.hpp>

namespace experiments {

using nlohmann::ordered_json;

std::string json_line(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string json_text(std::string_view text) { return json_line(ordered_json(text)); }

std::string json_document(const std::vector<std::pair<std::string_view, std::string>>& members) {
  std::string text = "{";
  for (std::size_t i = 0; i < members.size(); ++i) {
    std::string value = members[i].second;
    value.erase(value.find_last_not_of('\n') + 1);
    text += (i == 0 ? "\n" : ",\n") + json_text(members[i].first) + ": " + value;
  }
  return text + (members.empty() ? "}\n" : "\n}\n");
}

}  // namespace experiments
