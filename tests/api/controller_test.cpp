#include <algorithm>
#include <evotts/controller.hpp>
#include <evotts/program.hpp>
#include <evotts/version.hpp>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/support/command_line.hpp"

namespace evotts {
namespace {

// A text with two mistakes, on lines 3 and 4.
constexpr const char* kWrong = "controller wrong\nstart\n  open(\n  opeen(1)\nanswer\n  none\n";

TEST(ApiController, KnownControllersReadBackAsTheyArePrinted) {
  const std::vector<std::string> names = known_controller_names();
  EXPECT_GE(names.size(), 9U);
  for (const std::string& name : names) {
    const Controller controller = known_controller(name);
    EXPECT_EQ(controller.name(), name);
    EXPECT_EQ(controller.id().size(), 40U);
    EXPECT_GT(controller.size(), 3U);
    const Controller again = parse_controller(controller.text(), name);
    EXPECT_EQ(again, controller);
    EXPECT_EQ(again.text(), controller.text());
  }
  EXPECT_NE(known_controller("cmc"), known_controller("sc"));
}

TEST(ApiController, EveryErrorHasItsLine) {
  const CheckResult result = check_controller(kWrong);
  EXPECT_FALSE(result.controller);
  std::vector<std::uint32_t> lines;
  for (const Diagnostic& each : result.diagnostics) {
    EXPECT_FALSE(each.code.empty());
    EXPECT_FALSE(each.message.empty());
    if (each.severity == Severity::kError) lines.push_back(each.line);
  }
  EXPECT_EQ(std::ranges::count(lines, 3U), 1);
  EXPECT_EQ(std::ranges::count(lines, 4U), 1);
}

TEST(ApiController, WhatIsWrongIsThrownWithAllDiagnostics) {
  try {
    parse_controller(kWrong, "mine.ctl");
    FAIL() << "a wrong text was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::kInput);
    ASSERT_EQ(error.messages().size(), 1U);
    const std::string rendered = render(check_controller(kWrong).diagnostics, "mine.ctl", kWrong);
    EXPECT_NE(std::string(error.what()).find("mine.ctl:3:"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("mine.ctl:4:"), std::string::npos) << error.what();
    EXPECT_TRUE(rendered.starts_with("mine.ctl:")) << rendered;
  }
}

TEST(ApiController, AnUnknownNameGetsTheNamesThereAre) {
  for (const char* name : {"", "cmd", "CMC", "no\nsuch"}) {
    try {
      known_controller(name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::kInput);
      const std::string message = error.what();
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      for (const std::string& known : known_controller_names())
        EXPECT_NE(message.find(known), std::string::npos) << message;
    }
  }
}

TEST(ApiController, NoBytesBreakReading) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const CheckResult result = check_controller(bytes);
    RC_ASSERT(result.controller || !result.diagnostics.empty());
    render(result.diagnostics, "any", bytes);
  }));
  EXPECT_FALSE(check_controller(std::string(1U << 20U, ' ')).controller);
}

TEST(ApiController, AProgramKnowsWhatItIsOf) {
  const Program program(known_controller("cmc"));
  EXPECT_EQ(program.controller(), known_controller("cmc"));
  EXPECT_GT(program.rounds(), 0);
  EXPECT_FALSE(program.listing().empty());
}

class ApiVersion : public tests::CommandLine {};

TEST_F(ApiVersion, IsThatOfTheProgram) {
  EXPECT_EQ(library_version(), kHeaderVersion);
  const std::string version =
      fmt::format("evotts {}.{}.{} ", EVOTTS_VERSION_MAJOR, EVOTTS_VERSION_MINOR, EVOTTS_VERSION_PATCH);
  const tests::Ran ran = evotts({"--version"});
  EXPECT_TRUE(ran.out.starts_with(version)) << ran.out;
}

}  // namespace
}  // namespace evotts
