// An index of several packs goes with the first of them.
#include "evo/objects/multi_pack_index.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

class MultiPackIndexTest : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    auto repository = RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
    for (int g = 1; g < 5; ++g) repository.commit(changes_of_generation(g), message_of_generation(g));
  }
  fs::path folder() const { return run() / ".git" / "objects" / "pack"; }
  fs::path index() const { return folder() / "multi-pack-index"; }
  std::size_t files_of_it() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder()))
      if (entry.path().filename().string().starts_with("multi-pack-index")) ++count;
    return count;
  }
  void expect_gits_work() const {
    git(run(), "rev-list --use-bitmap-index --count main");
    git(run(), "multi-pack-index verify");
    git(folder_, "clone -q --no-local file://" + run().string() + " copy");
    fs::remove_all(folder_ / "copy");
    expect_whole(run());
  }
};

TEST_F(MultiPackIndexTest, NamesItsPacks) {
  git(run(), "multi-pack-index write");
  const std::string content = content_of(index());
  const auto names = indices_named_in(content);
  EXPECT_EQ(names.size(), 5U);
  for (const std::string& name : names) EXPECT_TRUE(fs::exists(folder() / name)) << name;
  for (std::size_t length = 0; length < content.size(); length += 7)
    indices_named_in(content.substr(0, length));
  for (std::size_t at = 0; at < 100; ++at) {
    std::string other = content;
    other[at] = static_cast<char>(other[at] ^ 0xff);
    indices_named_in(other);  // whatever it says, it ends
  }
}

TEST_F(MultiPackIndexTest, FoldingLeavesNoneOfPacksThatAreGone) {
  git(run(), "multi-pack-index write --bitmap");
  ASSERT_GE(files_of_it(), 2U);
  auto repository = RunRepository::open_for_writing(run());
  EXPECT_GE(files_of_it(), 2U) << "it is right";
  repository.set_fold_at(2);
  repository.commit(changes_of_generation(5), message_of_generation(5));
  EXPECT_EQ(files_of_it(), 0U);
  git(run(), "multi-pack-index write --bitmap");
  expect_gits_work();
}

TEST_F(MultiPackIndexTest, OneThatAnEarlierFoldingLeftIsMended) {
  git(run(), "multi-pack-index write --bitmap");
  const std::string stale = content_of(index());
  git(run(), "repack -adq");
  std::ofstream(index(), std::ios::binary) << stale;
  EXPECT_EQ(missing_in_multi_pack_index(folder()).size(), 5U);
  RunRepository::open_for_writing(run());
  EXPECT_EQ(files_of_it(), 0U);
  expect_gits_work();
}

}  // namespace
}  // namespace evo
