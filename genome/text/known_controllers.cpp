#include "genome/text/known_controllers.hpp"

#include <algorithm>
#include <iterator>

namespace genome {
namespace {

constexpr KnownController kKnown[] = {
#include "library_texts.inc"
};

struct Origin {
  std::string_view name, data_set;
};
constexpr Origin kOrigins[] = {
    {"cmc", "AIME24"},    {"length_vote", "arith"}, {"plurality", "arith"}, {"plurality_waves", "arith"},
    {"staged", "AIME24"}, {"surprisal", "arith"},   {"two_stage", "AIME24"}};

struct Later {
  std::string_view name;
  int edition;
};
constexpr Later kLater[] = {{"length_vote", kComparingEdition},
                            {"plurality", kComparingEdition},
                            {"plurality_waves", kWavesEdition},
                            {"surprisal", kComparingEdition}};

}  // namespace

std::span<const KnownController> known_controllers() { return kKnown; }

std::optional<std::string_view> known_controller(std::string_view name) {
  for (const KnownController& known : kKnown) {
    if (known.name == name) return known.text;
  }
  return std::nullopt;
}

int edition_of(std::string_view name) {
  const auto later = std::ranges::find(kLater, name, &Later::name);
  return later == std::end(kLater) ? kFirstEdition : later->edition;
}

std::string_view found_on(std::string_view name) {
  for (const Origin& each : kOrigins) {
    if (each.name == name) return each.data_set;
  }
  return {};
}

}  // namespace genome
