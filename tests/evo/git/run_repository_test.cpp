#include "evo/git/run_repository.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/record/generations.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

class RunRepositoryTest : public TemporaryRun {
 protected:
  RunRepository new_run(int generations, std::size_t fold_at = 50) const {
    auto repository = RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
    repository.set_fold_at(fold_at);
    for (int g = 1; g < generations; ++g) {
      repository.commit(changes_of_generation(g), message_of_generation(g));
    }
    return repository;
  }

  template <class Work>
  static std::string run_error_of(Work&& work) {
    try {
      work();
    } catch (const RunError& error) {
      return error.what();
    }
    return "no RunError";
  }
};

TEST_F(RunRepositoryTest, GitAndTheUserSeeEachCommitWhole) {
  auto repository = new_run(1);
  for (int g = 1; g < 12; ++g) {
    const std::string id = repository.commit(changes_of_generation(g), message_of_generation(g));
    EXPECT_EQ(git(run(), "rev-parse main"), id + "\n");
    EXPECT_EQ(repository.head(), id);
    EXPECT_EQ(git(run(), "rev-parse 'main^{tree}'"), repository.head_tree() + "\n");
    expect_whole(run());
    EXPECT_EQ(content_of(run() / "best.ctl"), changes_of_generation(g).put["best.ctl"]);
    EXPECT_EQ(fs::exists(run() / "archive"), g % 5 < 2) << "empty folders go, generation " << g;
  }
  EXPECT_EQ(git(run(), "log --format=%an,%ae,%cn,%ce -1"),
            "evotts,evotts@localhost,evotts,evotts@localhost\n");
  EXPECT_EQ(git(run(), "rev-list --count main"), "12\n");
  EXPECT_EQ(git(run(), "ls-files population | wc -l"), "6\n");
}

TEST_F(RunRepositoryTest, OnePackACommitAndNoLooseObjects) {
  new_run(10);
  const std::string counts = git(run(), "count-objects -v");
  EXPECT_NE(counts.find("count: 0\n"), std::string::npos) << counts;
  EXPECT_NE(counts.find("packs: 10\n"), std::string::npos) << counts;
  EXPECT_NE(counts.find("garbage: 0\n"), std::string::npos) << counts;
}

TEST_F(RunRepositoryTest, ACommitWritesWhatItsParentDoesNotHold) {
  auto repository = new_run(1);
  RunRepository::Changes same{.put = changes_of_generation(0).put, .remove = {"population/none.ctl"}};
  same.put["copy.ctl"] = same.put["best.ctl"];
  const std::string tree = repository.head_tree();
  repository.commit(same, "again");
  // The new root, the commit and the content of copy.ctl; the parent has the other 15 objects in their place.
  EXPECT_NE(git(run(), "count-objects -v").find("in-pack: 19\n"), std::string::npos)
      << git(run(), "count-objects -v");
  repository.commit({.put = {}, .remove = {"copy.ctl"}}, "back");
  EXPECT_EQ(repository.head_tree(), tree);
  expect_whole(run());
}

TEST_F(RunRepositoryTest, EqualContentGivesEqualTrees) {
  auto one = new_run(1);
  auto two =
      RunRepository::create(folder_ / "two", {.put = {{"checkpoint.bin", "x"}}, .remove = {}}, "first");
  RunRepository::Changes all{.put = changes_of_generation(0).put, .remove = {}};
  two.commit({.put = {{"best.ctl", "other"}, {"a/b/c", "deep"}}, .remove = {}}, "on the way");
  two.commit({.put = all.put, .remove = {"a/b/c"}}, "there");
  EXPECT_EQ(one.head_tree(), two.head_tree());
}

TEST_F(RunRepositoryTest, ReadsAnyGeneration) {
  new_run(20);
  const auto repository = RunRepository::open(run());
  GenerationIndex index(repository);
  for (int g = 0; g < 20; ++g) {
    const std::string id = commit_of_generation(repository, static_cast<std::uint64_t>(g));
    EXPECT_EQ(repository.read("checkpoint.bin", id), changes_of_generation(g).put["checkpoint.bin"]);
    EXPECT_EQ(repository.commit_id(id.substr(0, 10)), id);
    EXPECT_EQ(index.commit_of(static_cast<std::uint64_t>(g)), id);
    EXPECT_EQ(repository.list("population", id).size(), 6U);
    EXPECT_EQ(repository.list("lineage/0000", id).size(), static_cast<std::size_t>(g + 1));
  }
  EXPECT_EQ(repository.list(""),
            (std::vector<std::string>{"best.ctl", "checkpoint.bin", "lineage/", "population/"}));
  EXPECT_EQ(repository.list("nothing"), std::vector<std::string>{});
  EXPECT_EQ(repository.read("nothing"), std::nullopt);
  EXPECT_EQ(repository.read("population"), std::nullopt);
  EXPECT_NE(
      run_error_of([&] { commit_of_generation(repository, 20); }).find("no generation 20; it has 0 to 19"),
      std::string::npos);
  EXPECT_THROW(index.commit_of(20), RunError);
  EXPECT_THROW(repository.commit_id("abcdef123"), RunError);
  EXPECT_THROW(repository.commit_id("main"), RunError);
}

TEST_F(RunRepositoryTest, LogHasTrailers) {
  const auto repository = new_run(5);
  const auto commits = repository.log();
  ASSERT_EQ(commits.size(), 5U);
  EXPECT_EQ(commits[0].trailers.at("Generation"), "4");
  EXPECT_EQ(commits[4].trailers.at("Best-Score"), "0.5");
  EXPECT_EQ(commits[0].message, message_of_generation(4));
  EXPECT_EQ(commits[0].tree, repository.head_tree());
  EXPECT_GT(commits[0].time, 1'600'000'000);
  EXPECT_EQ(repository.log(2).size(), 2U);
  EXPECT_EQ(repository.log(9, commits[3].id).size(), 2U);
}

TEST_F(RunRepositoryTest, RefusesWhatExists) {
  const RunRepository::Changes first = changes_of_generation(0);
  fs::create_directory(run());
  EXPECT_NE(run_error_of([&] { RunRepository::create(run(), first, "m"); }).find("exists already"),
            std::string::npos);
  fs::remove(run());
  std::ofstream(run()) << "a file";
  EXPECT_THROW(RunRepository::create(run(), first, "m"), RunError);
  EXPECT_EQ(content_of(run()), "a file");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "nothing left beside it";
  const auto repository = RunRepository::create(folder_ / "deep" / "er" / "", first, "m");
  EXPECT_EQ(repository.path(), folder_ / "deep" / "er");
  expect_whole(folder_ / "deep" / "er");
}

TEST_F(RunRepositoryTest, RefusesWhatIsNoRun) {
  EXPECT_NE(run_error_of([&] { RunRepository::open(run()); }).find("no such run"), std::string::npos);
  fs::create_directory(run());
  EXPECT_NE(run_error_of([&] { RunRepository::open(run()); }).find("no git repository"), std::string::npos);
  git(run(), "init --quiet -b main");
  EXPECT_NE(run_error_of([&] { RunRepository::open(run()); }).find("without a branch main"),
            std::string::npos);
  git(run(), "-c user.name=x -c user.email=x commit --quiet --allow-empty -m x");
  EXPECT_NE(run_error_of([&] { RunRepository::open_for_writing(run()); }).find("no checkpoint.bin"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(run() / ".git" / "evotts.lock")) << "a repository of others is left alone";
}

TEST_F(RunRepositoryTest, NamesTheRunsWithinWhatIsNoRun) {
  const RunRepository::Changes first = changes_of_generation(0);
  const auto problem = [&] { return run_error_of([&] { RunRepository::open(run()); }); };
  fs::create_directories(run() / "notes");
  RunRepository::create(run() / "seed-10", first, "m");
  EXPECT_TRUE(problem().ends_with("run: not a run: it holds the run " + (run() / "seed-10").string()))
      << problem();
  RunRepository::create(run() / "seed-2", first, "m");
  EXPECT_TRUE(
      problem().ends_with(" runs " + (run() / "seed-2").string() + ", " + (run() / "seed-10").string()))
      << problem();
  for (int seed = 3; seed < 8; ++seed)
    RunRepository::create(run() / ("seed-" + std::to_string(seed)), first, "m");
  EXPECT_TRUE(problem().ends_with("seed-6 and 2 more")) << problem();
  git(run(), "init --quiet -b main");
  git(run(), "-c user.name=x -c user.email=x commit --quiet --allow-empty -m x");
  EXPECT_TRUE(problem().contains("no checkpoint.bin; it holds the runs ")) << problem();
}

TEST_F(RunRepositoryTest, OneWriterManyReaders) {
  auto writer = new_run(3);
  EXPECT_THROW(RunRepository::open_for_writing(run()), RunError);
  const auto reader = RunRepository::open(run());
  EXPECT_EQ(reader.head(), writer.head());
  writer.commit(changes_of_generation(3), message_of_generation(3));
  EXPECT_EQ(reader.head(), writer.head());
  EXPECT_EQ(reader.read("checkpoint.bin"), changes_of_generation(3).put["checkpoint.bin"]);
}

TEST_F(RunRepositoryTest, FoldingLosesNothingAndReadersGoOn) {
  auto writer = new_run(2);
  writer.set_fold_at(8);
  const auto reader = RunRepository::open(run());
  std::vector<std::string> trees = {reader.log()[1].tree, reader.log()[0].tree};
  for (int g = 2; g < 60; ++g) {
    writer.commit(changes_of_generation(g), message_of_generation(g));
    trees.push_back(writer.head_tree());
    const int old = g / 2;
    const std::string id = commit_of_generation(reader, static_cast<std::uint64_t>(old));
    EXPECT_EQ(reader.read("checkpoint.bin", id), changes_of_generation(old).put["checkpoint.bin"]);
  }
  const std::string counts = git(run(), "count-objects -v");
  const int packs = std::stoi(counts.substr(counts.find("packs: ") + 7));
  EXPECT_LT(packs, 8) << counts;
  EXPECT_NE(counts.find("garbage: 0\n"), std::string::npos) << counts;
  expect_whole(run());
  const auto commits = writer.log();
  for (std::size_t g = 0; g < trees.size(); ++g) EXPECT_EQ(commits[59 - g].tree, trees[g]);
}

TEST_F(RunRepositoryTest, OpeningForWritingPutsTheFilesRight) {
  new_run(4);
  fs::remove_all(run() / "population");
  std::ofstream(run() / "best.ctl") << "changed by hand";
  std::ofstream(run() / "notes.txt") << "mine";
  std::ofstream(run() / ".git" / "index.lock") << "";
  std::ofstream(run() / ".git" / "refs" / "heads" / "main.lock") << "";
  std::ofstream(run() / ".git" / "objects" / "pack" / "pack_git2_0123456789abcdef") << "torn";
  std::ofstream(run() / ".git" / "objects" / "pack" / "pack-0123.idx") << "orphan";
  auto repository = RunRepository::open_for_writing(run());
  EXPECT_EQ(content_of(run() / "notes.txt"), "mine") << "what is not ours stays";
  fs::remove(run() / "notes.txt");
  expect_whole(run());
  EXPECT_NE(git(run(), "count-objects -v").find("garbage: 0\n"), std::string::npos);
  repository.commit(changes_of_generation(4), message_of_generation(4));
  expect_whole(run());
}

TEST_F(RunRepositoryTest, ATornIndexAndADetachedHeadArePutRight) {
  new_run(4);
  git(run(), "checkout --quiet main~2");
  std::ofstream(run() / ".git" / "index", std::ios::trunc) << "DIRC";
  // The files of generation 2 that an interrupted update did not remove.
  std::ofstream(run() / "population" / "0012.ctl") << "controller c12\n";
  git(run(), "config core.autocrlf true");
  auto repository = RunRepository::open_for_writing(run());
  EXPECT_FALSE(fs::exists(run() / "population" / "0012.ctl"));
  fs::remove_all(run() / "population" / "0006.ctl");
  EXPECT_EQ(repository.list("population").size(), 6U);
  EXPECT_EQ(git(run(), "config core.autocrlf"), "false\n");
  EXPECT_EQ(git(run(), "diff main --stat"), "");
  EXPECT_EQ(git(run(), "symbolic-ref HEAD"), "refs/heads/main\n");
  EXPECT_EQ(git(run(), "fsck --strict --no-progress"), "");
}

TEST_F(RunRepositoryTest, AGitCommandThatLocksTheIndexDoesNotStopTheRun) {
  auto repository = new_run(2);
  std::ofstream(run() / ".git" / "index.lock") << "";
  EXPECT_NO_THROW(repository.commit(changes_of_generation(2), message_of_generation(2)));
  fs::remove(run() / ".git" / "index.lock");
  repository.commit(changes_of_generation(3), message_of_generation(3));
  expect_whole(run());
}

TEST_F(RunRepositoryTest, GitGcWaitsForTheWriterAndIsHarmlessAfterwards) {
  const auto reader = [&] {
    auto repository = new_run(5);
    const std::string refused = git(run(), "gc --quiet --prune=now 2>&1 || true");
    EXPECT_NE(refused.find("gc is already running"), std::string::npos) << refused;
    git(run(), "gc --auto --quiet");
    return RunRepository::open(run());
  }();
  git(run(), "gc --quiet --prune=now");
  EXPECT_EQ(reader.read("checkpoint.bin", commit_of_generation(reader, 1)),
            changes_of_generation(1).put["checkpoint.bin"]);
  auto repository = RunRepository::open_for_writing(run());
  repository.commit(changes_of_generation(5), message_of_generation(5));
  EXPECT_EQ(repository.log().size(), 6U);
  expect_whole(run());
}

TEST_F(RunRepositoryTest, ACloneKnowsTheBranchesOfItsOrigin) {
  {
    auto repository = new_run(2);
    repository.commit_beside("unsealed", {.put = {{"a", "1"}}, .remove = {}}, "look 1");
  }
  git(folder_, fmt::format("clone --quiet {} copy", run().filename().string()));
  auto copy = RunRepository::open_for_writing(folder_ / "copy");
  ASSERT_TRUE(copy.tip("unsealed").has_value());
  EXPECT_EQ(copy.read("a", *copy.tip("unsealed")), "1");
  copy.commit_beside("unsealed", {.put = {{"b", "2"}}, .remove = {}}, "look 2");
  EXPECT_EQ(copy.log(9, *copy.tip("unsealed")).size(), 2U) << "it goes on from there";
  EXPECT_EQ(copy.read("a", *copy.tip("unsealed")), "1");
}

TEST_F(RunRepositoryTest, ForkKeepsTheHistory) {
  const auto source = new_run(9);
  const std::string from = commit_of_generation(source, 5);
  {
    auto copy = RunRepository::fork(source, from, folder_ / "copy", {}, "");
    EXPECT_EQ(copy.head(), from);
    expect_whole(folder_ / "copy");
    copy.commit(changes_of_generation(6), message_of_generation(6));
    EXPECT_EQ(copy.head_tree(), source.log(1, commit_of_generation(source, 6)).front().tree);
  }
  auto changed = RunRepository::fork(source, from, folder_ / "changed",
                                     {.put = {{"experiment.toml", "seed = 2\n"}}, .remove = {}}, "Fork");
  EXPECT_EQ(changed.log().size(), 7U);
  EXPECT_EQ(changed.read("experiment.toml"), "seed = 2\n");
  EXPECT_EQ(commit_of_generation(changed, 5), from);
  expect_whole(folder_ / "changed");
}

TEST_F(RunRepositoryTest, AnyBytesAndHardNamesSurvive) {
  const std::string bytes("\r\n\0\xff\r\n$Id$\n", 12);
  auto repository = RunRepository::create(
      run(), {.put = {{"checkpoint.bin", bytes}, {"a-b/c", "1"}, {"a/c", "2"}, {"a.b", "3"}, {"a0", ""}}},
      "first");
  EXPECT_EQ(repository.read("checkpoint.bin"), bytes);
  EXPECT_EQ(content_of(run() / "checkpoint.bin"), bytes);
  expect_whole(run());
  repository.commit({.put = {{"a0/x", "folder now"}}, .remove = {"a0", "a/c"}}, "second");
  EXPECT_EQ(repository.list(""), (std::vector<std::string>{"a-b/", "a.b", "a0/", "checkpoint.bin"}));
  expect_whole(run());
}

// Settings of the user that would change bytes or stop a commit; and no HOME at all.
TEST_F(RunRepositoryTest, SettingsOfTheUserPlayNoPart) {
  const fs::path home = folder_ / "home";
  fs::create_directory(home);
  std::ofstream(home / ".gitconfig") << "[core]\n autocrlf = true\n hooksPath = /nowhere\n"
                                        "[commit]\n gpgsign = true\n[user]\n useConfigOnly = true\n"
                                        "[init]\n defaultBranch = other\n";
  const char* old = std::getenv("HOME");
  const std::string saved = old == nullptr ? "" : old;
  for (const bool with_home : {true, false}) {
    with_home ? setenv("HOME", home.c_str(), 1) : unsetenv("HOME");
    const fs::path place = folder_ / (with_home ? "with" : "without");
    auto repository = RunRepository::create(place, changes_of_generation(0), message_of_generation(0));
    repository.commit({.put = {{"best.ctl", "a\r\nb\n"}}, .remove = {}}, message_of_generation(1));
    expect_whole(place);
  }
  if (old != nullptr) setenv("HOME", saved.c_str(), 1);
}

// A limit on the size of files stands in for a full disk.
TEST_F(RunRepositoryTest, AFullDiskLosesNothing) {
  new_run(3);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    auto repository = RunRepository::open_for_writing(run());
    const std::string before = repository.head();
    auto big = changes_of_generation(3);
    for (int i = 0; i < 20'000; ++i) big.put["noise"] += std::to_string(i * 7919);
    const rlimit small{10'000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &small);
    int result = 1;
    try {
      repository.commit(big, message_of_generation(3));
    } catch (const StorageError& error) {
      result = std::string(error.what()).find(run().string()) == std::string::npos ? 2 : 0;
    }
    if (repository.head() != before) result = 3;
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &none);
    repository.commit(changes_of_generation(3), message_of_generation(3));
    _exit(result);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  expect_whole(run());
  EXPECT_EQ(RunRepository::open(run()).log().size(), 4U);
}

TEST_F(RunRepositoryTest, TrailersAreReadAsTheyWereWritten) {
  TrailerValues values;
  for (const TrailerInfo& each : kTrailers) values.emplace_back(each.trailer, std::string(each.key) + " 1");
  const auto repository = RunRepository::create(run(), {.put = {{kCheckpointFile, "x"}}, .remove = {}},
                                                "a headline\n\n" + trailer_lines(values));
  const CommitInfo commit = repository.log(1).front();
  for (const TrailerInfo& each : kTrailers) {
    EXPECT_TRUE(has(commit, each.trailer)) << each.key;
    EXPECT_EQ(text_in(commit, each.trailer), std::string(each.key) + " 1");
  }
}

}  // namespace
}  // namespace evo
