// json_text.hpp: JSON for programs: one value as a line, and documents put together from such texts.
// Why:      tables already write themselves as JSON with rounded digits; a document that holds several of
//           them must not read and write them again.
// Use:      print(json_document({{"environments", table.text(Format::kJson)}, {"alike", "true"}}));
// Promises: json_line replaces bytes that are no UTF-8, as JSON must be; keys keep their order.
// Threads:  pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace experiments {

std::string json_line(const nlohmann::ordered_json& value);

std::string json_text(std::string_view text);  // quoted

// An object of these members, a line each; the values are JSON already.
std::string json_document(const std::vector<std::pair<std::string_view, std::string>>& members);

}  // namespace experiments
