// How files are written: their heads, their size, and tests that can fail.
#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "tests/structure/folders.hpp"
#include "tests/structure/sources.hpp"
#include "tests/structure/spelling.hpp"

namespace structure {
namespace {

constexpr std::size_t kMostLines = 600;
constexpr std::size_t kMostColumns = 110;

std::size_t columns(std::string_view line) {  // of UTF-8
  return static_cast<std::size_t>(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
}

// Lines that are too long, by number. Tables (.def) and the texts in raw strings have widths of their own.
std::vector<std::size_t> long_lines(const Source& source) {
  std::vector<std::size_t> numbers;
  std::vector<Spelling> kinds;
  std::size_t at = 0;
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::string& line = source.lines[i];
    if (columns(line) > kMostColumns) {
      if (kinds.empty()) kinds = spelled(source.text);
      const auto begin = kinds.begin() + static_cast<std::ptrdiff_t>(at);
      if (std::count(begin, begin + static_cast<std::ptrdiff_t>(line.size()), Spelling::kRawText) == 0)
        numbers.push_back(i + 1);
    }
    at += line.size() + 1;
  }
  return numbers;
}

TEST(Files, StayReadable) {
  for (const Source& source : sources()) {
    if (source.path.ends_with(".def")) continue;
    EXPECT_LE(source.lines.size(), kMostLines) << source.path;
    EXPECT_EQ(source.text.find('\t'), std::string::npos) << source.path << ": a tab";
    for (const std::size_t number : long_lines(source))
      ADD_FAILURE() << source.path << ":" << number << " has more than " << kMostColumns << " columns";
  }
}

// The ledger: `// name.hpp: what it is`, then why, how to use it, what it promises.
TEST(Files, HeadersTellWhatTheyAreFor) {
  for (const Source& source : sources()) {
    if (!source.is_header()) continue;
    const std::string name = source.path.substr(source.path.rfind('/') + 1);
    ASSERT_GE(source.lines.size(), 5U) << source.path;
    EXPECT_TRUE(source.lines[0].starts_with("// " + name + ": ")) << source.path;
    const auto guard = std::ranges::find(source.lines, "#pragma once");
    EXPECT_NE(guard, source.lines.end()) << source.path;
    EXPECT_TRUE(std::all_of(source.lines.begin(), guard, [](const std::string& line) {
      return line.starts_with("//");
    })) << source.path;
    EXPECT_GE(guard - source.lines.begin(), source.is_test() ? 1 : 3) << source.path;
  }
}

// The paths under tests/ that a `Tests:` entry of the ledger names, over all of its lines.
std::vector<std::string> named_tests(const Source& source) {
  std::vector<std::string> names;
  bool within = false;
  for (const std::string& line : source.lines) {
    if (line == "#pragma once") break;
    within = line.starts_with("// Tests:") || (within && line.starts_with("//  "));
    for (std::size_t at = line.find("tests/"); within && at != line.npos; at = line.find("tests/", at + 1)) {
      const std::string path = line.substr(at, line.find_first_of(" ,;()", at) - at);
      names.push_back(path.substr(0, path.find_last_not_of('.') + 1));
    }
  }
  return names;
}

TEST(Files, TheTestsThatAHeaderNamesExist) {
  std::size_t named = 0;
  for (const Source& source : sources()) {
    for (const std::string& path : named_tests(source)) {
      ++named;
      EXPECT_TRUE(exists(path)) << source.path << " names " << path;
    }
  }
  EXPECT_GT(named, 40U);
}

// Code that runs a property and drops its verdict: rc::check only returns what came of it.
std::vector<std::string> dropped_verdicts(std::string_view text) {
  const std::string code = squeezed_code(text);
  std::vector<std::string> found;
  for (const char* evasion : {"usingrc::check", "usingnamespacerc;"}) {
    if (code.find(evasion) != code.npos) found.emplace_back(evasion);
  }
  const std::string call = "rc::check";
  for (std::size_t at = code.find(call); at != code.npos; at = code.find(call, at + 1)) {
    const std::string_view before = std::string_view(code).substr(0, at);
    const bool judged = before.ends_with("EXPECT_TRUE(") || before.ends_with("ASSERT_TRUE(");
    if (!judged) found.push_back(code.substr(at - std::min<std::size_t>(at, 20), 40));
  }
  return found;
}

TEST(Files, EveryPropertyIsJudged) {
  for (const Source& source : sources()) {
    if (!source.is_test() || source.text.find("check") == std::string::npos) continue;
    for (const std::string& place : dropped_verdicts(source.text))
      ADD_FAILURE() << source.path << ": the verdict of a property is dropped at " << place
                    << "; write EXPECT_TRUE(rc::check(...)) or RC_GTEST_PROP";
  }
}

TEST(Files, ADroppedVerdictIsFoundHoweverItIsWritten) {
  for (const char* bad : {"  rc::check([] {});", "(void)rc::check(f);", "static_cast<void>(rc::check(f));",
                          "rc::\n    check(\"name\", f);", "rc :: check (f);", "if (x) rc::check(f);",
                          "(rc::check(f));", "std::ignore = rc::check(f);", "::rc::check(f);",
                          "const bool x = rc::check(f);", "using rc::check;", "using namespace rc;"}) {
    EXPECT_FALSE(dropped_verdicts(bad).empty()) << bad;
  }
  for (const char* good :
       {"EXPECT_TRUE(rc::check(f));", "ASSERT_TRUE(\n    rc::check(\"name\", f));", "// rc::check(f);",
        "const char* text = \"rc::check(f);\";", "R\"(rc::check(f);)\"",
        "/* rc::check(f); */ int x = 10'000;", "'\"'; // rc::check(f)"}) {
    EXPECT_TRUE(dropped_verdicts(good).empty()) << good;
  }
}

TEST(Files, BaseStaysSmall) {
  EXPECT_LE(std::ranges::count_if(
                sources(),
                [](const Source& source) { return source.folder() == "genome/base" && source.is_header(); }),
            13);
}

}  // namespace
}  // namespace structure
