// Pages hold data that cannot become markup, and nothing that is asked of a network.
#include "experiments/pages/page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "experiments/tables/budget_table.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;

// What stands between the tags of the data.
std::string data_in(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(open) + open.size();
  return page.substr(from, page.find("</script>", from) - from);
}

// The colours with this name on the page, light before dark, as linear red, green and blue.
using Colour = std::array<double, 3>;

std::vector<Colour> colours_in(const std::string& page, const std::string& name) {
  std::vector<Colour> found;
  const std::regex pattern(name + ": #([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2});");
  for (std::sregex_iterator at(page.begin(), page.end(), pattern); at != std::sregex_iterator(); ++at) {
    Colour& colour = found.emplace_back();
    for (std::size_t i = 0; i < 3; ++i) {
      const double part = std::stoi((*at)[i + 1].str(), nullptr, 16) / 255.0;
      colour[i] = part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    }
  }
  return found;
}

// As the Web Content Accessibility Guidelines reckon it.
double contrast(const Colour& a, const Colour& b) {
  const auto light = [](const Colour& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] + 0.05; };
  return std::max(light(a), light(b)) / std::min(light(a), light(b));
}

// In the space OKLab, where equal distances look about equally large.
double distance(const Colour& a, const Colour& b) {
  const auto place = [](const Colour& c) {
    const double l = std::cbrt(0.4122215 * c[0] + 0.5363325 * c[1] + 0.0514460 * c[2]);
    const double m = std::cbrt(0.2119035 * c[0] + 0.6806995 * c[1] + 0.1073970 * c[2]);
    const double s = std::cbrt(0.0883025 * c[0] + 0.2817188 * c[1] + 0.6299787 * c[2]);
    return Colour{0.2104543 * l + 0.7936178 * m - 0.0040720 * s,
                  1.9779985 * l - 2.4285922 * m + 0.4505937 * s,
                  0.0259040 * l + 0.7827718 * m - 0.8086758 * s};
  };
  const Colour p = place(a), q = place(b);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

TEST(Page, ColoursOfCurvesAreToldApart) {
  const std::string page = page_html("a run", {{"runs", PageJson::array()}}, PageKind::kFile);
  const std::vector<Colour> grounds = colours_in(page, "--ground");
  ASSERT_EQ(grounds.size(), 2U);
  for (std::size_t theme = 0; theme < grounds.size(); ++theme) {
    std::vector<Colour> curves;
    for (int i = 0; i < 7; ++i) {
      const std::vector<Colour> both = colours_in(page, fmt::format("--c{}", i));
      ASSERT_EQ(both.size(), 2U);
      EXPECT_GE(contrast(both[theme], grounds[theme]), 3) << "c" << i;
      for (std::size_t before = 0; before < curves.size(); ++before)
        EXPECT_GE(distance(both[theme], curves[before]), 0.1) << "c" << before << " and c" << i;
      curves.push_back(both[theme]);
    }
  }
}

TEST(Page, HostileTextsStayText) {
  const std::string hostile = "</script><script>alert(1)</script><!-- & \u2028 \u202e \"'\\";
  const PageJson data = {{"runs", {{{"name", hostile}}}}};
  const std::string page = page_html("<img src=x onerror=alert(1)>", data, PageKind::kFile);
  const std::string text = data_in(page);
  EXPECT_THAT(text, Not(HasSubstr("<")));
  EXPECT_THAT(text, Not(HasSubstr("\u2028")));
  EXPECT_EQ(PageJson::parse(text)["runs"][0]["name"], hostile);
  EXPECT_THAT(page, HasSubstr("<title>&lt;img src=x onerror=alert(1)&gt;</title>"));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

TEST(Page, BytesThatAreNoUtf8AreReplaced) {
  const std::string text = in_script(PageJson({{"name", "a\xff\xfe z"}}));
  EXPECT_TRUE(PageJson::accept(text)) << text;
  EXPECT_EQ(in_html("\xff<"), "\uFFFD&lt;");
}

TEST(Page, AsksNoNetwork) {
  const std::string page = page_html("a run", {{"runs", PageJson::array()}}, PageKind::kFile);
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("connect-src")));
  EXPECT_FALSE(std::regex_search(page, std::regex("<(script|link|img|iframe)[^>]* (src|href)=")))
      << "loads a file";
  EXPECT_THAT(page_html("a run", {}, PageKind::kServed), HasSubstr("connect-src 'self'"));
}

TEST(Page, EqualDataGiveEqualBytes) {
  const PageJson data = {{"runs", PageJson::array()}};
  EXPECT_EQ(page_html("a", data, PageKind::kFile), page_html("a", data, PageKind::kFile));
}

TEST(PageJson, TablesHaveTheDigitsThatCommandsPrint) {
  Table table({"name", "accuracy", "beta", "left"});
  table.add_row({"a\nb", Decimal{2.675, 2}, Shortest{0.1}, Missing{}});
  const PageJson json = table_json(table);
  EXPECT_EQ(json["columns"], PageJson({"name", "accuracy", "beta", "left"}));
  EXPECT_EQ(json["rows"], PageJson({{"a\\nb", "2.67", "0.1", "-"}}));
  EXPECT_EQ(json["left"], PageJson({true, false, false, false}));
}

TEST(PageJson, APartThatCannotBeReadIsTold) {
  PageJson to = {{"problems", PageJson::array()}};
  add_part(to, "good", [] { return 3; });
  add_part(to, "bad", []() -> PageJson { throw evo::RunError("gone: \033[2J"); });
  EXPECT_EQ(to["good"], 3);
  EXPECT_TRUE(to["bad"].is_null());
  EXPECT_EQ(to["problems"], PageJson({{{"part", "bad"}, {"why", "gone: \\x1b[2J"}}}));
}

TEST(RoundBudgets, LieWithinTheirRange) {
  EXPECT_EQ(round_budgets(70e3, 500e3), (std::vector<double>{70e3, 100e3, 150e3, 250e3, 350e3, 500e3}));
  EXPECT_EQ(round_budgets(0.02, 0.15), (std::vector<double>{0.025, 0.035, 0.05, 0.07, 0.1, 0.15}));
  EXPECT_TRUE(round_budgets(110, 120).empty());
}

}  // namespace
}  // namespace experiments
