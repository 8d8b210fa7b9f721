#include "evo/record/checkpoint.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <optional>
#include <set>
#include <string>

#include "evo/base/error.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "tests/support/evolved.hpp"
#include "tests/support/places.hpp"

namespace evo {
namespace {

std::filesystem::path golden_checkpoint(const std::string& version) {
  return std::filesystem::path(tests::kSourceDir) / "tests/golden" / ("checkpoint_" + version);
}

// A checkpoint that an earlier version wrote, with its individuals.
State earlier_state(const std::string& version) {
  const std::filesystem::path folder = golden_checkpoint(version);
  const auto whole = [](const std::filesystem::path& path) -> std::optional<std::string> {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const auto bytes = whole(folder / "checkpoint.bin");
  EXPECT_TRUE(bytes.has_value());
  return load_checkpoint(
      bytes.value(), [&](const std::string& id) { return whole(folder / (id + ".ctl")); }, version);
}

// It goes on, written as the newest version from now on.
void expect_to_go_on(const State& state) {
  const State again = load_checkpoint(save_checkpoint(state), text_in(state), "newest");
  EXPECT_EQ(save_checkpoint(again), save_checkpoint(state));
}

TEST(Checkpoint, TheFirstVersionCanStillBeRead) {
  const State state = earlier_state("v1");
  EXPECT_EQ(state.generation, 2);
  EXPECT_EQ(state.islands.front().population.size(), 5U);
  EXPECT_EQ(state.counters, (Counters{13, 13, 702}));
  EXPECT_EQ(state.archive.points().size(), 4U);
  EXPECT_EQ(state.best().id, "65679aee6bcba2b9e81e2f4ca2b325912b774b7e");
  EXPECT_NEAR(state.best().score, 56.30251494386451, 1e-12);
  EXPECT_TRUE(state.champion.empty());
  expect_to_go_on(state);
}

// A run with playoffs and rates of operators.
TEST(Checkpoint, TheSecondVersionCanStillBeRead) {
  const State state = earlier_state("v2");
  EXPECT_EQ(state.generation, 3);
  EXPECT_EQ(state.counters, (Counters{20, 20, 1080}));
  EXPECT_EQ(state.champion, "c838cb3e57c92499c0f57f60da4660c66d43ff39");
  EXPECT_FALSE(state.islands.front().rates.records().empty());
  EXPECT_TRUE(state.memory.empty());
  for (const Individual& each : state.islands.front().population) EXPECT_EQ(each.standard_error, 0);
  State third = state;
  third.memory = "{\"format\":1}";
  third.islands.front().population.front().birth.hypothesis = "less is more";
  third.islands.front().population.front().standard_error = 1.25;
  const State again = load_checkpoint(save_checkpoint(third), text_in(third), "v3");
  EXPECT_EQ(again.memory, third.memory);
  EXPECT_EQ(again.islands.front().population.front().birth, third.islands.front().population.front().birth);
  EXPECT_EQ(again.islands.front().population.front().standard_error, 1.25);
  expect_to_go_on(third);
}

std::string bytes_of(const std::string& version) {
  std::ifstream file(golden_checkpoint(version) / "checkpoint.bin", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A run with caution. Its rounded means stay what they are until it is scored again.
TEST(Checkpoint, TheThirdVersionIsReadAndWrittenAsItWas) {
  const State state = earlier_state("v3");
  EXPECT_EQ(state.generation, 3);
  EXPECT_TRUE(std::ranges::any_of(state.islands.front().population,
                                  [](const auto& each) { return each.standard_error > 0; }));
  expect_to_go_on(state);
  EXPECT_FALSE(state.exact);
  EXPECT_EQ(save_checkpoint(state), bytes_of("v3"));
}

// Two environments and a lower bound. The newest version is written as its file says, to the byte: what
// changes it must be a new version, and this file must then still be read.
TEST(Checkpoint, TheFourthVersionIsWhatIsWrittenOfOnePopulation) {
  const State state = earlier_state("v4");
  EXPECT_EQ(state.generation, 3);
  EXPECT_TRUE(state.exact);
  for (const ArchivePoint& p : state.archive.points()) EXPECT_EQ(p.sums.size(), 2U);
  EXPECT_TRUE(state.archive.dominated().empty());
  expect_to_go_on(state);
  EXPECT_EQ(save_checkpoint(state), bytes_of("v4"));
}

TEST(Checkpoint, TheFifthVersionIsWhatIsWrittenOfIslands) {
  const State state = earlier_state("v5");
  EXPECT_EQ(state.generation, 3);
  ASSERT_EQ(state.islands.size(), 3U);
  EXPECT_TRUE(state.exact);
  std::set<int> born_on;
  for (const Island& island : state.islands) {
    EXPECT_TRUE(island.contributes);
    EXPECT_FALSE(island.rates.records().empty());
    for (const Individual& each : island.population) born_on.insert(each.birth.island);
  }
  EXPECT_EQ(born_on, (std::set<int>{1, 2, 3}));
  EXPECT_LT(island_of(state, state.champion), 3U);
  expect_to_go_on(state);
  EXPECT_EQ(save_checkpoint(state), bytes_of("v5"));
}

// A run of ten questions with two islands, in which a known controller is recommended.
TEST(Checkpoint, TheSixthVersionIsWhatIsWrittenWhereAGainIsExpected) {
  const State state = earlier_state("v6");
  EXPECT_EQ(state.generation, 3);
  EXPECT_EQ(state.islands.size(), 2U);
  ASSERT_EQ(state.halves.size(), 2U);
  for (const State& half : state.halves) {
    EXPECT_EQ(half.generation, 3);
    EXPECT_EQ(half.islands.size(), 2U);
    EXPECT_GT(half.counters.births, 0U);
    EXPECT_LT(island_of(half, half.champion), 2U);
    EXPECT_TRUE(half.archive.points().empty());
  }
  ASSERT_TRUE(state.expected.has_value());
  EXPECT_EQ(state.expected->questions, 10U);
  ASSERT_TRUE(state.recommended.has_value());
  EXPECT_EQ(state.recommended->birth.operation, "library:" + state.expected->against);
  EXPECT_EQ(save_checkpoint(state), bytes_of("v6"));
}

// A run that charges a mix and has limits.
TEST(Checkpoint, TheSeventhVersionIsWhatIsWrittenOfChargesAndLimits) {
  const State state = earlier_state("v7");
  EXPECT_EQ(state.generation, 2);
  EXPECT_EQ(state.charge, (Charge{.tokens = 0.7, .latency_tokens = 0.3}));
  EXPECT_TRUE(state.archive.dominated(state.charge).empty());
  ASSERT_TRUE(state.limited.has_value());
  EXPECT_EQ(state.limited->id, "4cb1f4cbc638066b2afc12675705e3ddf5256b20");
  EXPECT_TRUE(state.limited->result.keeps());
  EXPECT_EQ(state.limited->result.figures.latency_p95, 28'000);
  if (kCheckpointVersion == 7) {
    EXPECT_EQ(save_checkpoint(state), bytes_of("v7"));
  }
}

State on_islands() {
  State state = with_islands(evolved(1), 2);
  state.islands[1].population.back().birth.island = 2;
  return state;
}

void expect_refused(const State& state, const std::string& told) {
  try {
    load_checkpoint(save_checkpoint(state), text_in(state), "runs/a");
    ADD_FAILURE() << "was read";
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find(told), std::string::npos) << error.what();
  }
}

// Whoever can write a right checksum can write islands that no run has.
TEST(Checkpoint, IslandsThatNoRunHasAreRefused) {
  State state = on_islands();
  EXPECT_NO_THROW(load_checkpoint(save_checkpoint(state), text_in(state), "test"));
  state.islands[1].population.clear();
  expect_refused(state, "holds no population");
  state = on_islands();
  for (Island& each : state.islands) each.contributes = false;
  expect_refused(state, "none of its islands contributes");
  state = on_islands();
  state.islands[1].population.back().birth.island = 65;
  expect_refused(state, "was born on island 65");
  state.islands[1].population.back().birth.island = -1;
  expect_refused(state, "was born on island -1");
  state = on_islands();
  state.islands.resize(65, state.islands.front());
  expect_refused(state, "holds 65 islands");
  state = on_islands();
  state.islands[1].population.front().sums.clear();
  expect_refused(state, "has no episodes");
}

TEST(Checkpoint, MoreIslandsThanItsBytesCanHoldAreRefused) {
  const std::string bytes = save_checkpoint(on_islands());
  std::string payload = unframe(bytes, kCheckpointVersion, "islands");
  constexpr std::size_t kCountAt = 1 + 4 + 3 * 8;  // after byte order, generation and counters
  ASSERT_EQ(payload.substr(kCountAt, 8), std::string("\2\0\0\0\0\0\0\0", 8));
  payload.replace(kCountAt, 8, std::string("\xff\xff\xff\xff\0\0\0\0", 8));
  EXPECT_THROW(load_checkpoint(
                   frame(payload, 5), [](const std::string&) { return std::nullopt; }, "test"),
               RunError);
}

TEST(Checkpoint, DamageToIslandsIsRefusedWhereverItIs) {
  const State state = on_islands();
  const std::string bytes = save_checkpoint(state);
  std::string payload = unframe(bytes, kCheckpointVersion, "islands");
  for (std::size_t cut = 0; cut < payload.size(); cut += 11)
    EXPECT_THROW(load_checkpoint(frame(payload.substr(0, cut), 5), text_in(state), "test"), RunError) << cut;
}

// Whoever can write a right checksum can leave out what figures were made of.
TEST(Checkpoint, FiguresWithoutEpisodesAreRefused) {
  const State state = evolved(1);
  State broken = state;
  broken.islands.front().population.front().sums.clear();
  EXPECT_THROW(load_checkpoint(save_checkpoint(broken), text_in(state), "test"), RunError);
  broken = state;
  broken.islands.front().population.back().sums.back().episodes = 0;
  EXPECT_THROW(load_checkpoint(save_checkpoint(broken), text_in(state), "test"), RunError);
  broken = state;
  auto points = state.archive.points();
  points.front().sums.clear();
  broken.archive = Archive(points, state.archive.texts());
  EXPECT_THROW(load_checkpoint(save_checkpoint(broken), text_in(state), "test"), RunError);
}

TEST(Checkpoint, AFileOfEveryVersionStays) {
  for (std::uint32_t version = 1; version <= kCheckpointVersion; ++version) {
    const auto file = golden_checkpoint(fmt::format("v{}", version)) / "checkpoint.bin";
    EXPECT_TRUE(std::filesystem::exists(file)) << file;
  }
}

TEST(Checkpoint, AChangedTextIsRefused) {
  const State state = evolved(0);
  const std::string bytes = save_checkpoint(state);
  EXPECT_THROW(
      load_checkpoint(
          bytes, [](const std::string&) { return std::optional<std::string>("controller x\n"); }, "test"),
      RunError);
  EXPECT_THROW(load_checkpoint(
                   bytes, [](const std::string&) { return std::nullopt; }, "test"),
               RunError);
}

TEST(Checkpoint, DamageIsRefusedWhereverItIs) {
  const State state = evolved(0);
  const std::string bytes = save_checkpoint(state);
  const TextOf text_of = text_in(state);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7)
    EXPECT_THROW(load_checkpoint(bytes.substr(0, cut), text_of, "test"), RunError);
  for (std::size_t at = 0; at < bytes.size(); at += 5) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    EXPECT_THROW(load_checkpoint(flipped, text_of, "test"), RunError) << at;
  }
}

// Its checksum is right: a person made it so.
TEST(Checkpoint, MoreIndividualsThanItsBytesCanHoldAreRefused) {
  std::ifstream file(golden_checkpoint("v4") / "checkpoint.bin", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::string payload = unframe(bytes, 4, "v4");
  constexpr std::size_t kCountAt = 1 + 4 + 3 * 8;  // after byte order, generation and counters
  payload.replace(kCountAt, 8, std::string("\x10\x27\0\0\0\0\0\0", 8));
  try {
    load_checkpoint(
        frame(payload, 4), [](const std::string&) { return std::nullopt; }, "runs/a");
    ADD_FAILURE() << "was read";
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find("runs/a: cannot be read: a list of 10000 entries"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace evo
