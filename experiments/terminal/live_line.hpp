// live_line.hpp: the one line at the bottom of a terminal that is written over and over while work goes on.
// Why:      several parts of the program tell how far they are; one place knows what stands on the screen,
//           so that whatever else is written finds a clean line.
// Use:      show_live_line("evaluating:  12%");      // in place of what was there
//           clear_live_line();                       // before anything else goes to the terminal
// Promises: nothing is written unless standard error is a terminal. A line is cut to the width of the
//           terminal, as far as every character takes one column. Only printable characters and carriage
//           returns are written: no colours, and no escapes.
// Threads:  any.
// Tests:    tests/experiments/terminal/live_line_test.cpp, tests/experiments/commands/progress_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace experiments {

// Whether a line would be shown.
bool has_live_line();
void show_live_line(std::string_view text);
void clear_live_line();
bool live_line_is_shown();

// A part of a line, and how soon it is left out where there is no room: the highest rank first, 0 never.
struct LinePart {
  std::string text;
  int rank = 0;
};

// The parts in their order, one after the other, less those that have no room in so many columns.
std::string fitted(std::vector<LinePart> parts, std::size_t columns);

// "42 s", "3 min", "2 h 5 min", "3 days": what a person wants to know of a time to come.
std::string shown_duration(double seconds);

}  // namespace experiments
