// designs.hpp: random controllers that are whole designs: each question of a controller has its answer.
// Why:      parts of a controller help together. Few branches first and the rest later gain nothing without a
//           rule for when the first few are enough, so habits drawn one by one seldom meet as a design.
// Use:      Controller random = sample_design(rng, material);
// How:      six rules are drawn: when branches are opened, what a vote weighs, when it is enough, when a
//           question is given up, which branches are dropped, and which go faster. Most of them may be
//           missing. A rule for enough that sums weights takes those of the answer.
// Promises: the controller passes check(). Everything depends on the stream alone. Its material is that of
//           branches, not of whole samples.
// Threads:  pure function.
// Tests:    tests/genome/variation/designs_test.cpp
#pragma once

#include "genome/base/rng.hpp"
#include "genome/material/quantities.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

Controller sample_design(base::Rng& rng, const Material& material = Material::plain());

}  // namespace genome
