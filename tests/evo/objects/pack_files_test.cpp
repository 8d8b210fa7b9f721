// How a new pack gets among the others, and what is made of the rest of one that did not.
#include "evo/objects/pack_files.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PackFilesTest : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    RunRepository::create(run(), changes_of_generation(0), message_of_generation(0));
  }
  std::size_t packs() const {
    std::size_t count = 0;
    for (const fs::path& file : packs_there(run() / ".git/objects"))
      if (fs::exists(beside(file, ".pack"))) ++count;
    return count;
  }
  std::size_t kept() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(pack_folder(run())))
      if (entry.path().extension() == ".keep") ++count;
    return count;
  }
};

// What `git repack -d` would otherwise delete, as nothing refers to it.
TEST_F(PackFilesTest, CollectorsLeaveAPackAloneAsLongAsItIsKept) {
  FreshObjects fresh(run());
  const git_oid id = fresh.write_file("nobody names this", "file");
  {
    const KeptPack pack(fresh, run());
    EXPECT_EQ(kept(), 1U);
    git(run(), "repack -adq");
    git(run(), "gc -q --prune=now");
    EXPECT_EQ(git(run(), "cat-file blob " + hex_of(id)), "nobody names this");
  }
  EXPECT_EQ(kept(), 0U);
  git(run(), "repack -adq");
  EXPECT_EQ(packs(), 1U);
}

TEST_F(PackFilesTest, APackIsFinishedThatAKilledWriterHadHalfInPlace) {
  FreshObjects fresh(run());
  const git_oid id = fresh.write_file("half there", "file");
  { const KeptPack pack(fresh, run()); }
  const fs::path staging = staging_folder(run());
  fs::create_directories(staging);
  fs::path moved;
  for (const fs::path& index : packs_there(run() / ".git/objects")) {
    moved = staging / index.filename();
    fs::rename(index, moved);
  }
  std::ofstream(staging / "joined_pack") << "torn";
  mend_packs(run());
  EXPECT_FALSE(fs::exists(staging));
  EXPECT_EQ(packs(), 2U);
  EXPECT_EQ(git(run(), "cat-file blob " + hex_of(id)), "half there");
  EXPECT_THAT(git(run(), "count-objects -v"), HasSubstr("garbage: 0\n"));
}

TEST_F(PackFilesTest, OnlyOurOwnKeepFilesGo) {
  const fs::path index = *packs_there(run() / ".git/objects").begin();
  const fs::path ours = pack_folder(run()) / "pack-0123.keep";
  std::ofstream(beside(index, ".keep")) << "the user's\n";
  std::ofstream(ours) << "evotts\n";
  mend_packs(run());
  EXPECT_TRUE(fs::exists(beside(index, ".keep")));
  EXPECT_FALSE(fs::exists(ours));
}

TEST_F(PackFilesTest, BorrowedPacksCount) {
  git(folder_, "clone -q --shared run borrower");
  EXPECT_EQ(packs_there(folder_ / "borrower/.git/objects").size(), 1U);
  git(folder_, "clone -q --shared borrower second");
  EXPECT_EQ(packs_there(folder_ / "second/.git/objects").size(), 1U);
}

}  // namespace
}  // namespace evo
