#include "genome/tree/observed.hpp"

#include <algorithm>
#include <iterator>

namespace genome {
namespace {

constexpr Drawn not_drawn() { return {}; }
constexpr Drawn by_name() { return {.at_all = true}; }
constexpr Drawn from(double low, double high) { return {.at_all = true, .low = low, .high = high}; }

constexpr Observed kObserved[] = {
#define OBSERVED(kind, level, identifier, name, varies, drawn, meaning) \
  {Observable::k##identifier,                                           \
   #name,                                                               \
   {Kind::kind, Level::level},                                          \
   slots::k##identifier,                                                \
   Varies::varies,                                                      \
   drawn,                                                               \
   meaning},
#include "genome/tree/observed.def"
};

}  // namespace

std::span<const Observed> observed_values() { return kObserved; }

const Observed& about(Observable observable) { return kObserved[static_cast<std::size_t>(observable)]; }

const Observed* observed_named(std::string_view name) {
  const auto at = std::find_if(std::begin(kObserved), std::end(kObserved),
                               [&](const Observed& o) { return o.name == name; });
  return at == std::end(kObserved) ? nullptr : at;
}

}  // namespace genome
