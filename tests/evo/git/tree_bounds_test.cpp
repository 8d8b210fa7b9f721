// Commits that spell out to more than a run ever holds are refused before anything walks them.
#include "evo/git/tree_bounds.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "evo/base/error.hpp"
#include "evo/verification/verification.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class TreeBoundsTest : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    auto repository = RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
    repository.commit(changes_of_generation(1), message_of_generation(1));
  }

  // A tree of as many entries with the same content: "100644 blob" or "040000 tree".
  std::string tree_of(int entries, const std::string& what, const std::string& id) const {
    std::ofstream listed(folder_ / "listed");
    for (int i = 0; i < entries; ++i) listed << fmt::format("{} {}\td{:05}\n", what, id, i);
    listed.close();
    return git(run(), fmt::format("mktree < '{}'", (folder_ / "listed").string())).substr(0, 40);
  }
  std::string blob() const { return git(run(), "rev-parse main:best.ctl").substr(0, 40); }

  // Puts a folder with this tree into a commit on top of main.
  void commit_with(const std::string& tree) const {
    const std::string out = (folder_ / "listed").string();
    std::ofstream(out) << git(run(), "ls-tree main") << fmt::format("040000 tree {}\tzzz\n", tree);
    const std::string whole = git(run(), fmt::format("mktree < '{}'", out)).substr(0, 40);
    const std::string id = git(run(), fmt::format("-c user.name=x -c user.email=x@localhost commit-tree {} "
                                                  "-p main -m 'generation 2: more'",
                                                  whole))
                               .substr(0, 40);
    git(run(), "update-ref refs/heads/main " + id);
  }

  std::string nested(int folders) const {
    std::string tree = tree_of(1, "100644 blob", blob());
    for (int i = 1; i < folders; ++i) tree = tree_of(1, "040000 tree", tree);
    return tree;
  }

  void expect_refused(const std::string& what) const {
    const auto problem_of = [](const auto& work) -> std::string {
      try {
        work();
      } catch (const RunError& error) {
        return error.what();
      }
      return "none";
    };
    const std::string named = run().string() + ": its commit holds ";
    const auto refusal = testing::AllOf(HasSubstr(named), HasSubstr(what));
    EXPECT_THAT(problem_of([&] { RunRepository::open_for_writing(run()); }), refusal);
    EXPECT_THAT(problem_of([&] { RunRepository::open(run()).files(); }), refusal);
    EXPECT_THAT(problem_of([&] { RunRepository::open(run()).edited_files(); }), refusal);
    EXPECT_THAT(
        problem_of([&] { RunRepository::fork(RunRepository::open(run()), {}, folder_ / "copy", {}, ""); }),
        refusal);
    EXPECT_FALSE(fs::exists(folder_ / "copy"));
    EXPECT_FALSE(fs::exists(run() / "zzz"));
    const Verification found = verify(run());
    EXPECT_FALSE(found.can_resume);
    EXPECT_TRUE(std::ranges::any_of(
        found.problems, [&](const Problem& each) { return each.text.find(what) != std::string::npos; }));
  }
};

TEST_F(TreeBoundsTest, FoldersMayBeEightDeep) {
  commit_with(nested(TreeBounds::kDeepest));
  EXPECT_NO_THROW(RunRepository::open_for_writing(run()));
  expect_whole(run());
}

TEST_F(TreeBoundsTest, DeeperFoldersAreRefused) {
  commit_with(nested(TreeBounds::kDeepest + 1));
  expect_refused("more than 8 deep");
}

// Met first where it is not too deep.
TEST_F(TreeBoundsTest, AFolderMetBeforeCountsWhereItIsDeeper) {
  const std::string low = nested(4);
  std::string high = low;
  for (int i = 0; i < 5; ++i) high = tree_of(1, "040000 tree", high);
  std::ofstream(folder_ / "listed") << "040000 tree " << low << "\ta\n040000 tree " << high << "\tb\n";
  commit_with(git(run(), fmt::format("mktree < '{}'", (folder_ / "listed").string())).substr(0, 40));
  expect_refused("more than 8 deep");
}

TEST_F(TreeBoundsTest, MoreEntriesThanARunEverHasAreRefused) {
  commit_with(tree_of(1500, "040000 tree", tree_of(1500, "100644 blob", blob())));
  expect_refused("more than 2000000 files and folders");
}

TEST_F(TreeBoundsTest, FoldersThatRepeatAreRefused) {
  commit_with(tree_of(400, "040000 tree", tree_of(300, "100644 blob", blob())));
  expect_refused("are distinct");
}

// One that the newest commit no longer has is not copied, either.
TEST_F(TreeBoundsTest, EarlierCommitsAreLookedAtByAFork) {
  commit_with(nested(TreeBounds::kDeepest + 1));
  const std::string id = git(run(),
                             "-c user.name=x -c user.email=x@localhost commit-tree main~1^{tree} -p main "
                             "-m 'generation 3: less'")
                             .substr(0, 40);
  git(run(), "update-ref refs/heads/main " + id);
  EXPECT_THROW(RunRepository::fork(RunRepository::open(run()), {}, folder_ / "copy", {}, ""), RunError);
}

}  // namespace
}  // namespace evo
