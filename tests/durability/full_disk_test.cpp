// A disk that is really full, not one made to say so: libgit2 writes packs through memory maps, where a full
// disk could show as a signal rather than as an error.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include "tests/support/small_run.hpp"

namespace durability {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using tests::Ran;

class FullDiskTest : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    fs::create_directory(folder_ / "disk");
    if (!mount_disk(64)) GTEST_SKIP() << "no file system may be mounted here: " << std::strerror(errno);
  }
  void TearDown() override {
    ::umount2((folder_ / "disk").c_str(), MNT_DETACH);
    SmallRun::TearDown();
  }

  // Of so many KiB; anew, or what is there made larger.
  bool mount_disk(int size, unsigned long flags = 0) const {
    const std::string options = fmt::format("size={}k", size);
    return ::mount("tmpfs", (folder_ / "disk").c_str(), "tmpfs", flags, options.c_str()) == 0;
  }
};

TEST_F(FullDiskTest, ARunThatFillsItIsWholeAndGoesOnWhenThereIsRoom) {
  ASSERT_EQ(
      evotts({"run", "small.toml", "--out", "whole", "--set", "generations=100000", "--generations", "60"})
          .exit_code,
      0);
  const std::string undisturbed = trees("whole");
  for (const int size : {288, 316, 372, 428, 484}) {
    ASSERT_EQ(::umount2((folder_ / "disk").c_str(), 0), 0);
    ASSERT_TRUE(mount_disk(size));
    const Ran full = evotts({"run", "small.toml", "--out", "disk/r", "--set", "generations=100000"});
    ASSERT_EQ(full.exit_code, 1) << size << full.err;
    EXPECT_THAT(full.err, HasSubstr("No space left on device"));
    EXPECT_THAT(full.err, HasSubstr("evotts resume disk/r"));
    const Ran verified = evotts({"verify", "disk/r"});
    EXPECT_EQ(verified.exit_code, 0) << size << verified.out;
    ASSERT_THAT(undisturbed, EndsWith(trees("disk/r"))) << "what was committed is as it should be";
    ASSERT_TRUE(mount_disk(64 * 1024, MS_REMOUNT));
    const Ran resumed = evotts({"resume", "disk/r", "--generations", "60"});
    ASSERT_EQ(resumed.exit_code, 0) << size << resumed.err;
    EXPECT_EQ(trees("disk/r"), undisturbed) << size;
    EXPECT_EQ(git("disk/r", {"status", "--porcelain"}), "");
  }
}

}  // namespace
}  // namespace durability
