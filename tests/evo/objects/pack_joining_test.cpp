// Packs that are joined hold what they held, in git's own view too.
#include "evo/objects/pack_joining.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class GitPackJoiningTest : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    auto repository = RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
    for (int g = 1; g < kGenerations; ++g)
      repository.commit(changes_of_generation(g), message_of_generation(g));
    objects_ = objects();
  }

  fs::path folder() const { return run() / ".git" / "objects" / "pack"; }

  std::vector<fs::path> indices() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder())) {
      if (entry.path().extension() == ".idx") found.push_back(entry.path());
    }
    return found;
  }

  // The ids and kinds of all objects, sorted.
  std::string objects() const { return git(run(), "cat-file --batch-check --batch-all-objects"); }

  void remove_pack(const fs::path& index) const {
    for (const char* extension : {".idx", ".pack", ".rev"})
      fs::remove(fs::path(index).replace_extension(extension));
  }

  // Everything is in this one pack.
  void expect_all_in(const std::string& name) const {
    for (const fs::path& index : indices()) {
      if (index.stem() != name) remove_pack(index);
    }
    EXPECT_EQ(objects(), objects_);
    EXPECT_THAT(git(run(), "verify-pack -v .git/objects/pack/" + name + ".idx"), HasSubstr(": ok"));
    expect_whole(run());
    EXPECT_EQ(RunRepository::open(run()).read("checkpoint.bin"),
              changes_of_generation(kGenerations - 1).put["checkpoint.bin"]);
  }

  // A pack by git of some of the objects that the revision needs.
  void pack_objects(const std::string& revision, const std::string& choice) const {
    git(run(), "rev-list --objects " + revision + " | " + choice + " | git -C " + run().string() +
                   " -c safe.directory='*' pack-objects -q --window=50 --delta-base-offset "
                   ".git/objects/pack/pack");
  }

  static constexpr int kGenerations = 9;
  std::string objects_;
};

TEST_F(GitPackJoiningTest, OneHoldsWhatAllHeld) {
  const auto before = indices();
  ASSERT_EQ(before.size(), static_cast<std::size_t>(kGenerations));
  const auto name = join_packs(before, run());
  ASSERT_TRUE(name);
  EXPECT_EQ(indices().size(), before.size() + 1) << "the old ones stay, and nothing else is left";
  EXPECT_THAT(git(run(), "count-objects -v"), HasSubstr("garbage: 0\n"));
  expect_all_in(*name);
}

// git packs differences to what lies so far back, where libgit2 names what they differ from.
TEST_F(GitPackJoiningTest, PacksOfGitAreJoinedToo) {
  git(run(), "repack -a -d -q --depth=20 --window=50");
  ASSERT_EQ(indices().size(), 1U);
  auto repository = RunRepository::open_for_writing(run());
  for (int g = kGenerations; g < kGenerations + 2; ++g)
    repository.commit(changes_of_generation(g), message_of_generation(g));
  objects_ = objects();
  const auto name = join_packs(indices(), run());
  ASSERT_TRUE(name);
  for (const fs::path& index : indices()) {
    if (index.stem() != *name) remove_pack(index);
  }
  EXPECT_EQ(objects(), objects_);
  expect_whole(run());
}

// As after a crash between the new pack's name and the old ones' removal.
TEST_F(GitPackJoiningTest, NoObjectIsInTheNewPackTwice) {
  const auto before = indices();
  const auto all_but_one = join_packs(std::span(before).subspan(1), run());
  ASSERT_TRUE(all_but_one);
  const auto all = join_packs(indices(), run());
  ASSERT_TRUE(all);
  EXPECT_NE(*all, *all_but_one);
  expect_all_in(*all);
  EXPECT_EQ(join_packs(indices(), run()), std::nullopt) << "one pack alone";
}

TEST_F(GitPackJoiningTest, PacksThatShareSomeOfTheirObjectsLoseTheCopies) {
  // Differences that tell how far back their bases lie, whose bases are in other packs as well.
  pack_objects("main~4", "cut -c1-40");
  pack_objects("main", "cut -c1-40 | awk 'NR % 3 != 0'");
  pack_objects("main", "cut -c1-40 | awk 'NR % 2 != 0'");
  const auto name = join_packs(indices(), run());
  ASSERT_TRUE(name);
  expect_all_in(*name);
}

// Two packs may each hold one of two objects as a difference from the other.
TEST_F(GitPackJoiningTest, DifferencesDoNotLeadBackToThemselves) {
  fs::remove_all(run());
  std::string a, b;
  for (int i = 0; i < 2000; ++i) a += std::to_string(i * 7919 % 10007) + "\n";
  b = a + "more\n";
  auto repository = RunRepository::create(
      run(), {.put = {{"checkpoint.bin", "x"}, {"a", a}, {"b", b}, {"c", b + "and more\n"}}}, "one\n");
  objects_ = objects();
  const auto first = indices();
  pack_objects("main", "cut -c1-40");
  pack_objects("main", "cut -c1-40 | tac");
  pack_objects("main", "cut -c1-40 | awk 'NR > 1'");
  ASSERT_GE(indices().size(), 2U);
  const auto name = join_packs(indices(), run());
  ASSERT_TRUE(name);
  for (const fs::path& index : indices()) {
    if (index.stem() != *name) remove_pack(index);
  }
  EXPECT_EQ(objects(), objects_);
  EXPECT_EQ(RunRepository::open(run()).read("b"), b);
  expect_whole(run());
}

TEST_F(GitPackJoiningTest, ARunThatSharesObjectsFoldsThem) {
  pack_objects("main", "cut -c1-40 | head -7");
  const auto shared = indices();
  auto repository = RunRepository::open_for_writing(run());
  repository.set_fold_at(2);
  repository.commit(changes_of_generation(kGenerations), message_of_generation(kGenerations));
  EXPECT_LT(indices().size(), shared.size());
  expect_whole(run());
  EXPECT_EQ(repository.log().size(), static_cast<std::size_t>(kGenerations) + 1);
}

TEST_F(GitPackJoiningTest, DamageIsNotPassedOn) {
  const auto before = indices();
  for (const char* extension : {".pack", ".idx"}) {
    const fs::path victim = fs::path(before[3]).replace_extension(extension);
    const std::string whole = content_of(victim);
    for (const std::size_t at :
         {std::size_t{5}, std::size_t{11}, whole.size() / 2, whole.size() - 60, whole.size() - 1}) {
      std::string torn = whole;
      torn[at] = static_cast<char>(torn[at] ^ 0x20);
      fs::permissions(victim, fs::perms::owner_write, fs::perm_options::add);
      std::ofstream(victim, std::ios::binary) << torn;
      try {
        join_packs(before, run());
        ADD_FAILURE() << victim << " with byte " << at << " flipped";
      } catch (const StorageError& error) {
        EXPECT_THAT(error.what(), HasSubstr(before[3].string()));
      }
    }
    std::ofstream(victim, std::ios::binary) << whole.substr(0, whole.size() / 2);
    EXPECT_THROW(join_packs(before, run()), StorageError);
    std::ofstream(victim, std::ios::binary) << whole;
  }
  EXPECT_THAT(git(run(), "count-objects -v"), HasSubstr("garbage: 0\n"));
  EXPECT_EQ(objects(), objects_);
}

}  // namespace
}  // namespace evo
