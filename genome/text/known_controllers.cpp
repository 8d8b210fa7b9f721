#include "genome/text/known_controllers.hpp"

namespace genome {
namespace {

constexpr KnownController kKnown[] = {
#include "library_texts.inc"
};

}  // namespace

std::span<const KnownController> known_controllers() { return kKnown; }

std::optional<std::string_view> known_controller(std::string_view name) {
  for (const KnownController& known : kKnown) {
    if (known.name == name) return known.text;
  }
  return std::nullopt;
}

}  // namespace genome
