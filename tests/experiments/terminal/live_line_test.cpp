// Lines that fit a terminal, and bars on them.
#include "experiments/terminal/live_line.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "experiments/terminal/sparkline.hpp"
#include "experiments/terminal/terminal.hpp"

namespace experiments {
namespace {

TEST(LiveLine, WhatMattersLeastIsLeftOutFirst) {
  const std::vector<LinePart> parts = {{"generation 3", 0}, {", best 61.5 ▁▇", 2}, {", 4 min left", 1}};
  EXPECT_EQ(fitted(parts, 80), "generation 3, best 61.5 ▁▇, 4 min left");
  EXPECT_EQ(fitted(parts, 38), "generation 3, best 61.5 ▁▇, 4 min left") << "bars take a column each";
  EXPECT_EQ(fitted(parts, 37), "generation 3, 4 min left");
  EXPECT_EQ(fitted(parts, 12), "generation 3");
  EXPECT_EQ(fitted(parts, 1), "generation 3") << "the first part stays";
}

TEST(LiveLine, DurationsAreForPeople) {
  EXPECT_EQ(shown_duration(-1), "0 s");
  EXPECT_EQ(shown_duration(42.4), "42 s");
  EXPECT_EQ(shown_duration(99.6), "2 min");
  EXPECT_EQ(shown_duration(3000), "50 min");
  EXPECT_EQ(shown_duration(7500), "2 h 5 min");
  EXPECT_EQ(shown_duration(3 * 86400), "3 days");
  EXPECT_EQ(shown_duration(1e300), "1000000 days");
}

TEST(Sparkline, TheLastOfEachShareIsABar) {
  EXPECT_EQ(sparkline(std::vector<double>{}, 10, true), "");
  EXPECT_EQ(sparkline(std::vector<double>{5}, 10, true), "▁");
  EXPECT_EQ(sparkline(std::vector<double>{0, 7, 3.5}, 10, true), "▁█▅");
  EXPECT_EQ(sparkline(std::vector<double>{0, 7, 3.5}, 10, false), "_^=");
  std::vector<double> rising;
  for (int i = 0; i < 800; ++i) rising.push_back(i);
  EXPECT_EQ(sparkline(rising, 8, true), "▁▂▃▄▅▆▇█");
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(sparkline(std::vector<double>{1, none, 2}, 3, false), "_ ^");
}

TEST(Terminal, TheLocaleTellsWhetherBarsCanBeShown) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) ::unsetenv(name);
  EXPECT_FALSE(writes_utf8());
  ::setenv("LANG", "de_DE.UTF-8", 1);
  EXPECT_TRUE(writes_utf8());
  ::setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(writes_utf8()) << "LC_ALL wins";
  ::setenv("LC_ALL", "C.utf8", 1);
  EXPECT_TRUE(writes_utf8());
  for (const char* name : {"LC_ALL", "LANG"}) ::unsetenv(name);
}

}  // namespace
}  // namespace experiments
