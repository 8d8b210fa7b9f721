#include "genome/base/file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "genome/base/error.hpp"

namespace genome::base {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "evotts_file_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_))
      found.push_back(entry.path().filename().string());
    return found;
  }
  fs::path folder_;
};

TEST_F(File, WhatIsWrittenReplacesWhatWasThereAndLeavesNothingBeside) {
  const fs::path path = folder_ / "a";
  write_durably(path, "first, and longer");
  write_durably(path, std::string_view("second\0!", 8));
  EXPECT_EQ(content_of(path), std::string("second\0!", 8));
  EXPECT_THAT(names(), testing::ElementsAre("a"));
}

TEST_F(File, PermissionsAndLinksStay) {
  const fs::path path = folder_ / "script", link = folder_ / "link";
  write_durably(path, "x");
  fs::permissions(path, fs::perms::owner_all);
  fs::create_symlink("script", link);
  write_durably(link, "y");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(content_of(path), "y");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
}

TEST_F(File, MissingFoldersAreMadeOnlyWhenAskedFor) {
  const fs::path path = folder_ / "b" / "c" / "d";
  EXPECT_THROW(write_durably(path, "x"), StorageError);
  write_durably_with_folders(path, "x");
  EXPECT_EQ(content_of(path), "x");
}

TEST_F(File, AFailureNamesOperationAndPathAndKeepsTheOldContent) {
  const fs::path path = folder_ / "taken";
  fs::create_directory(path);
  write_durably(folder_ / "taken" / "inside", "kept");
  try {
    write_durably(path, "x");
    FAIL() << "a folder was replaced by a file";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("cannot put in its place " + path.string()));
  }
  EXPECT_EQ(content_of(path / "inside"), "kept");
  EXPECT_THAT(names(), testing::ElementsAre("taken"));
}

TEST_F(File, AFileThatCannotBeMadeIsNamedAsItWasGiven) {
  const fs::path path = folder_ / "none" / "x.ctl";
  try {
    write_durably(path, "x");
    FAIL() << "a file was made in no folder";
  } catch (const StorageError& error) {
    EXPECT_EQ(std::string(error.what()), "cannot create " + path.string() + ": No such file or directory");
  }
}

TEST_F(File, ALinkThatLeadsNowhereIsNamed) {
  const fs::path link = folder_ / "loop";
  fs::create_symlink("loop", link);
  EXPECT_THROW(write_durably(link, "x"), StorageError);
  EXPECT_THAT(names(), testing::ElementsAre("loop"));
}

TEST_F(File, AFullDeviceIsNoticed) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  OutputFile file("/dev/full");
  EXPECT_THROW(file.write("x"), StorageError);
}

TEST_F(File, WhatIsNotThereHasNoContent) { EXPECT_EQ(content_of(folder_ / "none"), std::nullopt); }

TEST_F(File, PipesAndDevicesHaveNoContentAndAreNotWaitedFor) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(content_of(pipe), std::nullopt);
  EXPECT_EQ(content_of("/dev/null"), std::nullopt);
  EXPECT_EQ(content_of(folder_), std::nullopt);
  EXPECT_NE(content_of("/proc/self/stat").value_or(""), "");
}

TEST_F(File, AnOutputFileTakesNoLinkAndNoPipe) {
  const fs::path link = folder_ / "link", pipe = folder_ / "pipe";
  write_durably(folder_ / "a", "x");
  fs::create_symlink("a", link);
  EXPECT_THROW(OutputFile{link}, StorageError);
  EXPECT_EQ(content_of(folder_ / "a"), "x");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(OutputFile{pipe}, StorageError);
  const Descriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK));
  EXPECT_THROW(OutputFile{pipe}, StorageError);
}

TEST_F(File, ADurableFileComesPieceByPieceAndStandsThereAtItsEnd) {
  const fs::path path = folder_ / "a";
  write_durably(path, "old");
  {
    DurableFile given_up(path);
    given_up.write("half of it");
    EXPECT_EQ(content_of(path), "old");
  }
  EXPECT_THAT(names(), testing::ElementsAre("a"));
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  fs::create_symlink("a", folder_ / "link");
  DurableFile file(folder_ / "link");
  file.write("one ");
  file.write(std::string_view("t\0o", 3));
  EXPECT_EQ(content_of(path), "old");
  file.finish();
  EXPECT_EQ(content_of(path), std::string("one t\0o", 7));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms(0640));
  EXPECT_THAT(names(), testing::UnorderedElementsAre("a", "link"));
}

TEST_F(File, ADurableFileReplacesNoPipeAndNoDevice) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(DurableFile{pipe}, StorageError);
  EXPECT_THROW(DurableFile{"/dev/null"}, StorageError);
  EXPECT_THAT(names(), testing::ElementsAre("pipe"));
}

TEST_F(File, DevicesArePutNothingInTheirPlace) {
  EXPECT_TRUE(is_stream("/dev/null"));
  EXPECT_FALSE(is_stream("/dev"));
  EXPECT_FALSE(is_stream("/dev/evotts-is-not-there"));
  write_durably("/dev/null", "text");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_THROW(write_durably("/dev/full", "text"), StorageError);
}

}  // namespace
}  // namespace genome::base
