// What a terminal is like, where there is none.
#include "experiments/terminal/terminal.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

namespace experiments {
namespace {

TEST(Terminal, WidthComesFromColumnsWhereThereIsNoTerminal) {
  ::setenv("COLUMNS", "61", 1);
  EXPECT_EQ(terminal_width(-1), 61U);
  ::setenv("COLUMNS", "0", 1);
  EXPECT_EQ(terminal_width(-1), 20U);
  ::unsetenv("COLUMNS");
  EXPECT_EQ(terminal_width(-1), 80U);
  EXPECT_FALSE(shows_colour(-1));
}

}  // namespace
}  // namespace experiments
