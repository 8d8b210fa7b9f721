// sparkline.hpp: numbers over time as one line of bars, each as high as its number.
// Why:      whether a search still gains shows at a glance, where a list of scores has to be read.
// Use:      sparkline(scores, 24, writes_utf8())     // "▁▁▃▄▄▆▆▇▇█"
// Promises: at most so many columns; of more numbers than columns, each column has the last of its share.
//           The lowest number is the lowest bar, the highest the highest; those that are no numbers are
//           blanks.
// Threads:  pure function.
// Tests:    tests/experiments/terminal/live_line_test.cpp
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace experiments {

// Without `blocks`, which are not ASCII, of signs that stand higher and higher.
std::string sparkline(std::span<const double> values, std::size_t columns, bool blocks);

}  // namespace experiments
