// report_page.hpp: pages of small runs, and the data in them.
// Why:      what a page shows is compared with what commands print.
// Use:      class ReportTest : public ReportPage {};  ... run("a"); page({"a"})["runs"][0]
// Promises: the cache of pages is one of the test.
// Threads:  one test at a time.
#pragma once

#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/small_run.hpp"

namespace experiments {

class ReportPage : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    ::setenv("XDG_CACHE_HOME", (state_ / "cache").c_str(), 1);
  }

  nlohmann::ordered_json page(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "report");
    arguments.insert(arguments.end(), {"-o", "page.html", "--force"});
    const tests::Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    const std::string text = read("page.html"), open = "id=\"data\">";
    const std::size_t from = text.find(open) + open.size();
    return nlohmann::ordered_json::parse(text.substr(from, text.find("</script>", from) - from));
  }

  std::string printed(const std::vector<std::string>& arguments) const {
    const tests::Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }

  // Each row of a table of the page, in CSV: what a command prints with --format csv, but for what is
  // missing.
  static std::string csv_of(const nlohmann::ordered_json& table) {
    std::string text;
    const auto add = [&](const nlohmann::ordered_json& cells) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = cells[i].get<std::string>();
        text += (i == 0 ? "" : ",") + (cell == "-" ? "" : cell);
      }
      text += "\n";
    };
    add(table["columns"]);
    for (const nlohmann::ordered_json& row : table["rows"]) add(row);
    return text;
  }
};

inline const std::vector<std::string> kSearch = {"--env", "synthetic:seed=5,questions=6,branches=24"};

}  // namespace experiments
