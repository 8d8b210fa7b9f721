// library.hpp: the known controllers that any question can be answered with.
// Why:      some known controllers read signals, which most questions of the tests do not record.
// Use:      for (const genome::KnownController& known : tests::library_without_signals()) ...
// Promises: in the order of genome::known_controllers(), of this edition and before.
// Threads:  a pure function.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "genome/text/known_controllers.hpp"

namespace tests {

inline std::vector<genome::KnownController> library_without_signals(int edition = genome::kLatestEdition) {
  std::vector<genome::KnownController> some;
  std::ranges::copy_if(genome::known_controllers(), std::back_inserter(some), [&](const auto& known) {
    return known.text.find("signal") == std::string_view::npos && genome::edition_of(known.name) <= edition;
  });
  return some;
}

}  // namespace tests
