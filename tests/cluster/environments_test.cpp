#include "cluster/environments.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <thread>

#include "cluster/coordinator.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "replay/environment/reweighting.hpp"
#include "replay/sources/source.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/cluster/workers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cluster {
namespace {

namespace fs = std::filesystem;

class Environments : public testing::Test {
 protected:
  void SetUp() override { write(file_, 3); }

  void write(const std::string& name, std::uint64_t seed) const {
    std::ofstream(folder_ / name) << replay::to_json(
        replay::make_synthetic({.seed = seed, .questions = 4, .branches = 20}));
  }

  // A file, and one that is made up, each with a reweighted variant.
  replay::Evaluator evaluator() const {
    std::vector<replay::Environment> all;
    for (auto& each : replay::open_environments(
             std::vector<std::string>{(folder_ / file_).string(), "synthetic:seed=4,questions=3"})) {
      all.push_back(std::move(each));
      all.push_back(replay::reweighted(all.back(), 0.25));
    }
    return replay::Evaluator(std::move(all), {.orderings = 2});
  }
  static std::vector<double> odds() { return {0.25}; }

  // What a rank has under this setting; rank 0 sends what it asks for, as long as `send` says so.
  std::vector<replay::Environment> elsewhere(const Setting& seen, const Setting& true_setting) {
    std::vector<replay::Environment> opened_there;
    std::exception_ptr failure;
    std::jthread other([&] {
      try {
        opened_there = opened(seen, network_.rank(1));
      } catch (...) {
        failure = std::current_exception();
      }
      network_.rank(1).send(0, Tag::kReady, {});
    });
    for (bool ready = false; !ready;) {
      const auto message = network_.rank(0).receive();
      if (!message) continue;
      ready = message->tag == Tag::kReady;
      if (message->tag != Tag::kMissing) continue;
      for (const std::uint32_t place : from_bytes<Missing>(message->bytes).recorded) {
        ++sent_;
        send_file(network_.rank(0), 1, true_setting, place);
      }
    }
    other.join();
    if (failure) std::rethrow_exception(failure);
    return opened_there;
  }

  static std::vector<std::string> digests(std::span<const replay::Environment> environments) {
    std::vector<std::string> all;
    for (const replay::Environment& each : environments) all.push_back(each.digest);
    return all;
  }

  const tests::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  std::string file_ = "a.json";
  tests::SimulatedNetwork network_{2};
  int sent_ = 0;
};

TEST_F(Environments, AFileThatIsThereIsNotSent) {
  const replay::Evaluator here = evaluator();
  const Setting setting = setting_of(here, odds());
  ASSERT_EQ(setting.recorded.size(), 2U);
  const auto there = elsewhere(setting, setting);
  EXPECT_EQ(digests(there), digests(here.environments()));
  for (std::size_t i = 0; i < there.size(); ++i)
    EXPECT_EQ(there[i].questions, here.environments()[i].questions);
  EXPECT_EQ(sent_, 0);
}

TEST_F(Environments, WhatIsMissingOrAnotherIsSent) {
  const replay::Evaluator here = evaluator();
  const Setting setting = setting_of(here, odds());
  write("other.json", 5);
  for (const char* name : {"nothing.json", "other.json", "."}) {
    Setting seen = setting;
    seen.recorded[0].path = (folder_ / name).string();
    const auto there = elsewhere(seen, setting);
    EXPECT_EQ(digests(there), digests(here.environments())) << name;
    EXPECT_EQ(there[0].questions, here.environments()[0].questions) << name;
  }
  EXPECT_EQ(sent_, 3);
}

TEST_F(Environments, AFileThatChangedIsNotSent) {
  const Setting setting = setting_of(evaluator(), odds());
  write(file_, 6);
  EXPECT_THROW(send_file(network_.rank(0), 1, setting, 0), replay::InputError);
  EXPECT_THROW(send_file(network_.rank(0), 1, setting, 7), TransportError);
}

TEST_F(Environments, WhatComesOutOtherwiseIsRefused) {
  Setting setting = setting_of(evaluator(), odds());
  setting.digests[3] = "0123456789abcdef";  // as if it were drawn otherwise here
  EXPECT_THROW(elsewhere(setting, setting), replay::InputError);
}

TEST_F(Environments, RankZeroNamesWhoeverCannotHaveThem) {
  const Workers workers(
      network_, 2,
      {[](const Setting&, Transport&) -> RunJobs { throw replay::InputError("a.json: no memory"); }, {}});
  Team team(network_.rank(0), hello_of("host0"));
  try {
    Coordinator coordinator(team, setting_of(evaluator(), odds()), {});
    FAIL() << "a rank without environments was taken";
  } catch (const replay::InputError& error) {
    EXPECT_STREQ(error.what(), "rank 1 on host host1: a.json: no memory");
  }
}

}  // namespace
}  // namespace cluster
