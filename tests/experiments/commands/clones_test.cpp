// Clones of every kind are read as git reads them; what they lack is told, and is not damage.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class ClonesTest : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    run("a");
    git("a", {"config", "uploadpack.allowFilter", "true"});
  }

  std::string source() const { return "file://" + (folder_ / "a").string(); }

  void clone(std::vector<std::string> options, const std::string& name) const {
    options.insert(options.begin(), {"clone", "-q"});
    options.push_back((folder_ / name).string());
    git(".", options);
  }

  Ran whole(const std::string& run) const {
    const Ran ran = evotts({"verify", run});
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    EXPECT_THAT(ran.out, Not(HasSubstr("run is damaged")));
    EXPECT_THAT(ran.out, Not(HasSubstr("by hand")));
    return ran;
  }

  void expect_read(const std::string& run) const {
    for (const char* command : {"status", "log", "export"})
      EXPECT_EQ(evotts({command, run}).exit_code, 0) << command << " " << run;
    EXPECT_EQ(evotts({"status", run, "--format", "json"}).out,
              evotts({"status", "a", "--format", "json"}).out);
  }

  void expect_resumed(const std::string& run) const {
    const Ran ran = evotts({"resume", run, "--generations", "6"});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(git(run, {"status", "--porcelain"}), "");
    whole(run);
    if (!fs::exists(folder_ / "longer")) {
      EXPECT_EQ(evotts({"run", "small.toml", "--out", "longer", "--generations", "6"}).exit_code, 0);
    }
    EXPECT_EQ(tree(run), tree("longer"));
  }

  // Runs the command by which verify says that the clone is completed.
  void complete(const Ran& verified, const std::string& run) const {
    std::smatch found;
    const std::regex advice("'git -C (\\S+) (fetch[^']*)'");
    ASSERT_TRUE(std::regex_search(verified.out, found, advice)) << verified.out;
    EXPECT_EQ(found[1].str(), (folder_ / run).string());
    std::vector<std::string> words;
    std::istringstream text(found[2].str());
    for (std::string word; text >> word;) words.push_back(word);
    git(run, words);
    const Ran completed = whole(run);
    EXPECT_THAT(completed.out, Not(HasSubstr("note")));
    EXPECT_THAT(completed.out, HasSubstr("the run is whole; go on with"));
    EXPECT_EQ(evotts({"lineage", run, "best"}).exit_code, 0);
  }
};

TEST_F(ClonesTest, AShallowOneEndsWhereItIsCut) {
  clone({"--depth", "2", source()}, "b");
  expect_read("b");
  const Ran verified = whole("b");
  EXPECT_THAT(verified.out, HasSubstr("shallow"));
  EXPECT_THAT(verified.out, HasSubstr("as far as it is here; go on with: evotts resume b"));
  const Ran missing = evotts({"export", "b@1"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("it has 3 to 4 (a shallow clone; 'git -C"));
  EXPECT_EQ(evotts({"fork", "b@3", "c"}).exit_code, 0);
  EXPECT_EQ(git("c", {"fsck", "--full", "--no-dangling"}), "");
  expect_resumed("c");
  expect_resumed("b");
  complete(evotts({"verify", "b"}), "b");
}

TEST_F(ClonesTest, APartialOneHasObjectsElsewhere) {
  for (const char* filter : {"blob:none", "tree:0"}) {
    fs::remove_all(folder_ / "b");
    clone({std::string("--filter=") + filter, source()}, "b");
    expect_read("b");
    const Ran verified = whole("b");
    EXPECT_THAT(verified.out, HasSubstr("objects were not looked at"));
    const Ran missing = evotts({"fork", "b@1", "c"});
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_THAT(missing.err, HasSubstr("this clone is partial, and 'git -C"));
    expect_resumed("b");
    complete(evotts({"verify", "b"}), "b");
  }
}

TEST_F(ClonesTest, DamageOfAPartialOneIsDamageStill) {
  clone({"--filter=blob:none", source()}, "b");
  for (const auto& entry : fs::directory_iterator(folder_ / "b/.git/objects/pack")) {
    if (entry.path().extension() != ".pack") continue;
    fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
    const std::string name = entry.path().lexically_relative(folder_).string();
    std::string bytes = read(name);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x20);
    write(name, bytes);
  }
  EXPECT_EQ(evotts({"verify", "b"}).exit_code, 2);
}

TEST_F(ClonesTest, OneWithoutFilesIsTakenFromWhereItCame) {
  clone({"--filter=blob:none", "--no-checkout", source()}, "b");
  const Ran verified = whole("b");
  EXPECT_THAT(verified.out, Not(HasSubstr("evotts resume")));
  const Ran resumed = evotts({"resume", "b"});
  EXPECT_EQ(resumed.exit_code, 1);
  EXPECT_THAT(resumed.err, HasSubstr("fetch --refetch --no-filter"));
  clone({"--no-checkout", source()}, "c");
  EXPECT_THAT(whole("c").out, HasSubstr("files, archive/"));
  expect_resumed("c");
}

TEST_F(ClonesTest, LineEndsThatGitConvertedArePutBack) {
  clone({"-c", "core.autocrlf=true", source()}, "kept");
  git(".", {"-c", "core.autocrlf=true", "clone", "-q", source(), (folder_ / "once").string()});
  git("a", {"config", "--local", "core.autocrlf", "false"});
  for (const char* run : {"kept", "once"}) {
    EXPECT_THAT(read(std::string(run) + "/best.ctl"), HasSubstr("\r\n"));
    expect_read(run);
    whole(run);
  }
  EXPECT_THAT(whole("once").out,
              HasSubstr("have other line ends than their commit, as git checked them out so"));
  for (const char* run : {"kept", "once"}) {
    expect_resumed(run);
    EXPECT_THAT(read(std::string(run) + "/best.ctl"), Not(HasSubstr("\r")));
    EXPECT_THAT(read(std::string(run) + "/lineage/0000/000001.jsonl"), Not(HasSubstr("\r")));
    EXPECT_THAT(whole(run).out, Not(HasSubstr("note")));
  }
}

TEST_F(ClonesTest, OnesWithoutAFolderOfTheirOwnAreReadOnly) {
  clone({"--bare", source()}, "bare.git");
  clone({"--mirror", source()}, "mirror.git");
  git("a", {"worktree", "add", "-q", "--detach", (folder_ / "tree").string(), "main~2"});
  for (const char* run : {"bare.git", "mirror.git", "tree"}) {
    expect_read(run);
    EXPECT_THAT(whole(run).out, HasSubstr("clone it to go on"));
    EXPECT_EQ(evotts({"lineage", run, "best"}).exit_code, 0);
    const Ran resumed = evotts({"resume", run});
    EXPECT_EQ(resumed.exit_code, 2);
    EXPECT_THAT(resumed.err, HasSubstr("clone it"));
    fs::remove_all(folder_ / "c");
    EXPECT_EQ(evotts({"fork", run, "c"}).exit_code, 0);
    expect_resumed("c");
  }
}

TEST_F(ClonesTest, OnesThatBorrowObjectsAreLikeAnyOther) {
  clone({"--shared", (folder_ / "a").string()}, "b");
  clone({"--shared", (folder_ / "b").string()}, "c");
  clone({"--single-branch", source()}, "d");
  for (const char* run : {"b", "c", "d"}) {
    expect_read(run);
    whole(run);
    expect_resumed(run);
  }
}

}  // namespace
}  // namespace experiments
