#include "evo/git/new_run.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "evo/base/error.hpp"
#include "evo/git/run_repository.hpp"
#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

class NewRunTest : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    start_libgit2();
  }
  fs::path left_over(const std::string& number) {
    const fs::path folder = folder_ / (".run.new-" + number);
    fs::create_directories(folder / ".git");
    return folder;
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
};

TEST_F(NewRunTest, NothingStaysOfOneThatIsNotPublished) {
  { const NewRun made(run()); }
  EXPECT_EQ(entries(), 0U);
}

// The template folder of git is one of the things that making a repository may fail on; here it is the disk.
TEST_F(NewRunTest, NothingStaysOfAConstructorThatThrows) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{};
    ::setrlimit(RLIMIT_FSIZE, &none);
    try {
      const NewRun made(run());
    } catch (const StorageError&) {
      ::_exit(7);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(entries(), 0U);
}

TEST_F(NewRunTest, WhatAKilledProcessLeftIsRemoved) {
  const fs::path gone = left_over("4194303"), again = left_over("4194303.1");
  // Alive here, as the number of a process of another container may be.
  const fs::path taken = left_over("1");
  fs::last_write_time(taken, fs::file_time_type::clock::now() - std::chrono::hours(1));
  const fs::path foreign = left_over("mine"), other = folder_ / ".runs.new-4194303";
  fs::create_directories(other);
  { const NewRun made(run()); }
  for (const fs::path& each : {gone, again, taken}) EXPECT_FALSE(fs::exists(each)) << each;
  for (const fs::path& each : {foreign, other}) EXPECT_TRUE(fs::exists(each)) << each;
}

TEST_F(NewRunTest, WhatSomebodyWorksOnIsLeft) {
  const auto one = std::make_unique<NewRun>(run());
  fs::last_write_time(one->folder(), fs::file_time_type::clock::now() - std::chrono::hours(1));
  const NewRun two(run());
  EXPECT_NE(one->folder(), two.folder());
  EXPECT_TRUE(fs::exists(one->folder() / ".git"));
  // A process of another container, whose number is nobody's here.
  const fs::path held = left_over("4194303");
  const int lock = ::open(held.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  { const NewRun three(run()); }
  EXPECT_TRUE(fs::exists(held));
  ::close(lock);
  { const NewRun three(run()); }
  EXPECT_FALSE(fs::exists(held));
}

}  // namespace
}  // namespace evo
