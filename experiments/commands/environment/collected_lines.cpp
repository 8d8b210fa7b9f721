#include "experiments/commands/environment/collected_lines.hpp"

#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <string_view>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBytes = 100;  // of an entry
constexpr int kMostParts = 12;           // of an entry that is an object

struct Shown {
  std::string_view entry, label;
};
constexpr std::array<Shown, 9> kShown{{{"model", "model"},
                                       {"server", "server"},
                                       {"sampling", "sampling"},
                                       {"interval", "interval"},
                                       {"max_tokens", "most tokens"},
                                       {"task", "task"},
                                       {"imported", "imported"},
                                       {"date", "date"},
                                       {"program", "program"}}};

std::string text_of(const Json& value) {
  if (value.is_string()) return genome::base::visible(value.get_ref<const std::string&>(), kMostBytes);
  return value.is_number() || value.is_boolean() ? value.dump() : std::string();
}

std::string entry_text(const Json& value) {
  if (!value.is_object()) return text_of(value);
  std::string text;
  int parts = 0;
  for (const auto& [name, part] : value.items()) {
    const std::string shown = text_of(part);
    if (shown.empty()) continue;
    if (++parts > kMostParts) return text + ", ...";
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", genome::base::visible(name, 40), shown);
  }
  return text;
}

}  // namespace

std::string collected_lines(const std::string& collected) {
  if (collected.empty()) return {};
  const Json json = genome::base::read_json<Json>(collected);
  if (!json.is_object()) return {};
  std::string lines;
  for (const Shown& each : kShown) {
    const auto entry = json.find(each.entry);
    if (entry == json.end()) continue;
    if (const std::string text = entry_text(*entry); !text.empty())
      lines += fmt::format("    {:<20}{}\n", each.label, text);
  }
  return lines.empty() ? lines : "  collected\n" + lines;
}

std::string collected_model(const std::string& collected) {
  if (collected.empty()) return {};
  const Json json = genome::base::read_json<Json>(collected);
  const auto model = json.find("model");
  return model != json.end() && model->is_string() ? model->get<std::string>() : std::string();
}

}  // namespace experiments
