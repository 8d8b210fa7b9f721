// What a run states before its search: written and read back, and nothing else taken for it.
#include "evo/preregistration/statement.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "evo/base/error.hpp"
#include "evo/base/sha256.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/source.hpp"

namespace evo {
namespace {

using testing::HasSubstr;

Statement example() {
  return {.claim = "It beats asc at equal tokens.\n\"Always\".",
          .experiment = "demo",
          .seed = 18446744073709551615U,
          .experiment_sha256 = sha256_hex("toml"),
          .program = "evotts 0.1.0 abc",
          .c_library = "glibc 2.36",
          .search = {{"a", "0123456789abcdef", sha256_hex("a"), 30}},
          .held_out = {{"b", "fedcba9876543210", sha256_hex("b"), 15}},
          .held_out_sha256 = sha256_hex("held out"),
          .comparison = {.generations = 50,
                         .minutes = 2.5,
                         .against = {{"asc", "768b9f6f7d9f44f3a421487284a397d80234e95f"}},
                         .betas = {0, 0.1, 1},
                         .budget_low = 50e3,
                         .budget_high = 123456.789,
                         .orderings = 100}};
}

std::string refusal(std::string_view text) {
  try {
    (void)statement_from(text, "runs/a: preregistration.json");
  } catch (const RunError& error) {
    return error.what();
  }
  return "";
}

TEST(Statement, IsReadAsItWasWritten) {
  Statement statement = example();
  EXPECT_EQ(statement_from(statement_json(statement), "x"), statement);
  statement.comparison.minutes.reset();
  statement.comparison.against.clear();
  EXPECT_EQ(statement_from(statement_json(statement), "x"), statement);
  EXPECT_THAT(statement_json(statement), testing::Not(HasSubstr("minutes")));
}

// Of texts that say the same one alone is the statement; what nobody reads cannot hide in it.
TEST(Statement, AnotherTextIsNone) {
  const std::string text = statement_json(example());
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    return other;
  };
  EXPECT_EQ(refusal(text), "");
  EXPECT_THAT(refusal(text + "\n"), HasSubstr("preregistration.json: is not as evotts writes it"));
  EXPECT_THAT(refusal(replaced("\"claim\"", "\"note\": 1, \"claim\"")),
              HasSubstr("is not as evotts writes it"));
  EXPECT_THAT(refusal(replaced("\"generations\": 50", "\"generations\": 50.5")),
              HasSubstr("is not as evotts writes it"));
  EXPECT_THAT(refusal(replaced("\"generations\": 50", "\"generations\": 4294967346")),
              HasSubstr("is not as evotts writes it"));
  EXPECT_THAT(refusal(replaced("\"seed\": 18446744073709551615", "\"seed\": -1")),
              HasSubstr("is not as evotts writes it"));
}

TEST(Statement, HostileTextsAreRefused) {
  const std::string text = statement_json(example());
  for (std::size_t length = 0; length + 1 < text.size(); length += 7)
    EXPECT_NE(refusal(text.substr(0, length)), "") << length;
  EXPECT_THAT(refusal(""), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal("[]"), HasSubstr("no preregistration of evotts"));
  EXPECT_THAT(refusal("{}"), HasSubstr("no preregistration of evotts"));
  EXPECT_THAT(refusal("{\"evotts_preregistration\": 2}"),
              HasSubstr("its form is 2, and this evotts knows 1"));
  EXPECT_THAT(refusal("{\"evotts_preregistration\": 1}"), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal(std::string(kMostStatementBytes + 1, ' ')), HasSubstr("more than 1048576 bytes"));
  std::string types = text;
  types.replace(types.find("\"search\": ["), 11, "\"search\": 3, \"x\": [");
  EXPECT_THAT(refusal(types), HasSubstr("cannot be read"));
}

// What `sha256sum` says of the file, also of one that is made up and was written.
TEST(Statement, EnvironmentsAreStatedByTheirBytes) {
  namespace fs = std::filesystem;
  const std::vector<std::string> made_up = {"synthetic:seed=5,questions=3,branches=6"};
  const auto environments = replay::open_environments(made_up);
  const std::string text = replay::to_json(environments.front());
  const fs::path file = fs::path(testing::TempDir()) / "stated.json";
  std::ofstream(file) << text;
  const std::vector<std::string> specs = {file.string()};
  const auto recorded = replay::open_environments(specs);
  const auto stated = registered(recorded), of_made_up = registered(environments);
  ASSERT_EQ(stated.size(), 1U);
  EXPECT_EQ(stated[0].sha256, sha256_hex(text));
  EXPECT_EQ(of_made_up[0].sha256, stated[0].sha256);
  EXPECT_EQ(stated[0].questions, 3U);
  EXPECT_EQ(stated[0].digest, recorded[0].digest);
  fs::remove(file);
  EXPECT_THROW(registered(recorded), replay::InputError);
}

}  // namespace
}  // namespace evo
