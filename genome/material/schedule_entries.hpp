// schedule_entries.hpp: entries of a schedule as straight lines and powers of beta.
// Why:      new knobs, moved ones and tuned ones take the same few shapes, so that texts stay readable and
//           the ends of a shape can be found again.
// Use:      c.schedule.push_back(sample_entry(rng, "width", 4, 32, true));
// Promises: a direction that goes with the values; constants of three significant digits.
// Threads:  pure functions of their arguments.
// Tests:    tests/genome/variation/tunables_test.cpp
#pragma once

#include <string>

#include "genome/base/rng.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

// A tunable that goes with beta from about `low` to about `high` (either may be the larger).
ScheduleEntry sample_entry(base::Rng& rng, const std::string& name, double low, double high, bool whole);

// The same, exactly so: round(low + slope * beta), or round(low * ratio ^ beta) with both ends above 0.
ScheduleEntry line_entry(const std::string& name, double low, double high, bool whole);
ScheduleEntry power_entry(const std::string& name, double low, double high, bool whole);

// Rounded to so many significant digits: three say all that a constant needs.
double significant(double value, int digits);

// A number with few digits, so that texts stay readable and constants meet again.
double tidy(double value, bool whole);

}  // namespace genome
