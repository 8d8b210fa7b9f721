#include "genome/text/known_controllers.hpp"

namespace genome {
namespace {

constexpr KnownController kKnown[] = {
#include "library_texts.inc"
};

struct Origin {
  std::string_view name, data_set;
};
constexpr Origin kOrigins[] = {{"cmc", "AIME24"}, {"staged", "AIME24"}, {"two_stage", "AIME24"}};

}  // namespace

std::span<const KnownController> known_controllers() { return kKnown; }

std::optional<std::string_view> known_controller(std::string_view name) {
  for (const KnownController& known : kKnown) {
    if (known.name == name) return known.text;
  }
  return std::nullopt;
}

std::string_view found_on(std::string_view name) {
  for (const Origin& each : kOrigins) {
    if (each.name == name) return each.data_set;
  }
  return {};
}

}  // namespace genome
