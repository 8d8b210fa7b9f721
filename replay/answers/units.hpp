// units.hpp: units of measure at the end of an answer go.
// Why:      24\text{ minutes}, 24 minutes and 24 answer a question that asks for minutes alike.
// Use:      tokens = without_units(tokens);
// Promises: linear time. A unit stands behind a value and nothing else is in words: "2 hours and 24 minutes"
//           stays. Within \text and its kin any word is a unit but those that make another value (million,
//           AM, base ...); outside of it a unit is one of a list, since words decide there.
// Threads:  a pure function.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include "replay/answers/tokens.hpp"

namespace replay {

Tokens without_units(const Tokens& tokens);

}  // namespace replay
