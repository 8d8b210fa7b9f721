// sampler.hpp: typed random expressions, statements and whole controllers.
// Why:      evolution needs new material that checks and that means something: quantities are compared
//           with thresholds from the range they really take, not with arbitrary numbers.
// Use:      Controller random = sample_controller(rng);
//           Expr guard = sample(rng, scope, {Kind::kTruth, Level::kQuestion}, 3);
// Promises: an expression has the wanted kind, a level not above the wanted one, and at most `depth`
//           levels of choices; a whole controller passes check(). Everything depends on the stream alone.
//           With the material of whole samples, branches are read to their ends and never looked into before.
// Threads:  pure functions of their arguments.
// Tests:    tests/genome/variation/variation_test.cpp, tests/genome/variation/whole_samples_test.cpp
#pragma once

#include "genome/base/rng.hpp"
#include "genome/material/quantities.hpp"
#include "genome/tree/ast.hpp"
#include "genome/tree/typing.hpp"

namespace genome {

using base::Rng;

// A random expression for a place that wants this kind at up to this level.
Expr sample(Rng& rng, const Scope& scope, Type wanted, int depth,
            const Material& material = Material::plain());

// A random statement that may stand where `scope` is visible. Lets and registers are not declared.
Statement sample_statement(Rng& rng, const Scope& scope, const Material& material = Material::plain());

// A random controller that opens branches, advances or reads, may prune, stops, and answers by a vote.
Controller sample_controller(Rng& rng, const Material& material = Material::plain());

}  // namespace genome
