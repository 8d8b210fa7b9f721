// beta_tables.hpp: a controller whose every setting of the knob has numbers of its own.
// Why:      what is it worth that all numbers are functions of one knob? To find out, an experiment may
//           search without (variation.beta_tables): nothing ties the numbers of one setting to the next.
// Use:      std::optional<CheckedController> table = with_beta_tables(controller, betas);
// Promises: the result has no schedule; each entry stands as a table of nested if(beta < step, value, ...),
//           whose values are those the entry had at the betas and whose steps lie midway between them: in
//           `round` as a let of its name, elsewhere in the place of its name. So it acts the same at the
//           betas. A controller without a schedule stays as it is. Nothing where a value is infinite, which
//           no literal can say, or where the result would not check (it is longer).
// Threads:  pure function.
// Tests:    tests/genome/variation/beta_tables_test.cpp
#pragma once

#include <optional>
#include <span>

#include "genome/text/checker.hpp"

namespace genome {

// `betas` rise, in [0, 1]; there is at least one.
std::optional<CheckedController> with_beta_tables(const CheckedController& controller,
                                                  std::span<const double> betas);

// Whether number `node` of an expression tells a place on the knob (beta < 0.3) rather than an amount.
bool is_place_on_knob(const Expr& e, std::size_t node);

}  // namespace genome
