// mutation.hpp: typed random changes of a controller.
// Why:      one of the two sources of variation; every operator keeps types, so children check.
// Use:      if (auto child = mutate(rng, parent, Mutation::kInsertStatement)) ...
// Promises: a result checks, differs from the parent, and is named "evolved"; nothing when the operator
//           found no way in a few tries. Depends on the stream and the parent alone.
// Threads:  pure functions.
// Tests:    tests/genome/variation/variation_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "genome/base/rng.hpp"
#include "genome/material/quantities.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

enum class Mutation : std::uint8_t {
#define MUTATION(identifier, number, name, function) identifier = number,
#include "genome/variation/mutations.def"
};

// In the order of mutations.def.
std::span<const Mutation> all_mutations();
std::string_view name_of(Mutation mutation);

std::optional<Controller> mutate(base::Rng& rng, const Controller& parent, Mutation mutation,
                                 const Material& material = Material::plain());

}  // namespace genome
