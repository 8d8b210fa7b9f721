// temporary_run.hpp: what the tests of run repositories share.
// Why:      each test works on runs of its own, and asks the git command what it thinks of them.
// Use:      class MyTest : public TemporaryRun {};  ... run() is a path that does not exist yet
// Promises: everything is removed at the end of the test.
// Threads:  one test at a time.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/wait.h>

#include "evo/base/layout.hpp"
#include "evo/git/run_repository.hpp"
#include "evo/record/trailers.hpp"

namespace evo {

class TemporaryRun : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "evotts-run-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path run() const { return folder_ / "run"; }

  // What a git command prints, errors too; fails the test when git does.
  static std::string git(const std::filesystem::path& run, const std::string& arguments) {
    const std::string command =
        fmt::format("git -c safe.directory='*' -C '{}' {} 2>&1", run.string(), arguments);
    FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
    const int status = pclose(pipe);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << "\n" << output;
    return output;
  }

  // The checks that hold after every commit.
  static void expect_whole(const std::filesystem::path& run) {
    EXPECT_EQ(git(run, "fsck --strict --full --no-progress --no-dangling"), "");
    EXPECT_EQ(git(run, "status --porcelain"), "");
    EXPECT_EQ(git(run, "symbolic-ref HEAD"), "refs/heads/main\n");
  }

  static std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static std::string message_of_generation(int generation) {
    return fmt::format("Generation {}: best 0.5\n\n", generation) +
           trailer_lines(
               {{Trailer::kGeneration, fmt::format("{}", generation)}, {Trailer::kBestScore, "0.5"}});
  }

  // The changes of a generation; a function of its number, so that equal numbers must give equal trees.
  static RunRepository::Changes changes_of_generation(int generation) {
    RunRepository::Changes changes;
    const int g = generation;
    changes.put[kCheckpointFile] = fmt::format("checkpoint {}", g) + std::string(5000, static_cast<char>(g));
    changes.put[kBestFile] = fmt::format("controller best{}\n", g / 3);
    changes.put[lineage_path(g)] = fmt::format("{{\"generation\":{}}}\n", g);
    for (int i = 0; i < 6; ++i) {
      changes.put[population_path(fmt::format("{:04}", g * 6 + i))] =
          fmt::format("controller c{}\n", g * 6 + i);
      if (g > 0) changes.remove.insert(population_path(fmt::format("{:04}", (g - 1) * 6 + i)));
    }
    if (g % 5 == 0) changes.put[archive_path("only")] = "controller only\n";
    if (g % 5 == 2) changes.remove.insert(archive_path("only"));
    return changes;
  }

  std::filesystem::path folder_;
};

}  // namespace evo
