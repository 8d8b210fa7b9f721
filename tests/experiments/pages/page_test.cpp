// Pages hold data that cannot become markup, and nothing that is asked of a network.
#include "experiments/pages/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <string>

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
