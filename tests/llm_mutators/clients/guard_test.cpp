// What a model's command leaves behind ends with its turn, wherever it has gone.
#include "llm_mutators/clients/guard.hpp"

#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "llm_mutators/clients/control_group.hpp"
#include "llm_mutators/clients/descendants.hpp"
#include "tests/support/places.hpp"
#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

using Outcome = Reply::Outcome;

class GuardTest : public ScriptedModels {
 protected:
  Reply ask(const std::string& body, double seconds = 20) const {
    return CommandClient({.argv = {script("model.sh", body)}, .seconds = seconds}).ask("a prompt\n");
  }

  // The process whose number the file holds, once there is one; its file is written under another name first.
  std::string pid_in(const std::string& name) const {
    std::string pid;
    for (int look = 0; look < 500 && pid.empty(); ++look) {
      pid = content_of(path(name));
      if (pid.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return pid.substr(0, pid.find('\n'));
  }

  // Those of commands of other tests come and go; each must be gone soon.
  static bool none_stays_but(const std::set<std::string>& before) {
    for (const std::string& group : groups()) {
      for (int look = 0; look < 1000 && !before.contains(group) && std::filesystem::exists(group); ++look)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (!before.contains(group) && std::filesystem::exists(group)) return false;
    }
    return true;
  }

  // The control groups of commands that are there.
  static std::set<std::string> groups() {
    const auto folder =
        control_group_folder(content_of("/proc/self/mountinfo"), content_of("/proc/self/cgroup"));
    std::set<std::string> found;
    std::error_code none;
    if (folder)
      for (const auto& entry : std::filesystem::directory_iterator(*folder, none))
        if (entry.path().filename().string().starts_with("evotts-")) found.insert(entry.path());
    return found;
  }
};

// $DAEMON starts a sleeper in a session of its own, with no streams and no environment, and leaves it there.
const std::string kDaemon =
    "env -i setsid sh -c '(sleep 300 & echo $! > $0/new; mv $0/new $0/pid) < /dev/null > /dev/null 2>&1 &' "
    "$HERE; while [ ! -e $HERE/pid ]; do sleep 0.01; done; ";

TEST_F(GuardTest, WhatLeftTheSessionIsGoneWhenTheReplyIsThere) {
  const Reply reply = ask(kDaemon + "echo done");
  EXPECT_EQ(reply.text, "done\n") << reply.error;
  EXPECT_TRUE(content_of("/proc/" + pid_in("pid") + "/stat").empty());
}

TEST_F(GuardTest, WhatLeftTheSessionEndsAtTheDeadline) {
  const Reply reply = ask(kDaemon + "sleep 300", 1.5);
  EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
  EXPECT_TRUE(content_of("/proc/" + pid_in("pid") + "/stat").empty());
}

TEST_F(GuardTest, WhatLeftTheSessionEndsWithTheProcessThatAsked) {
  const pid_t asking = ::fork();
  if (asking == 0) {
    ask(kDaemon + "sleep 300");
    ::_exit(0);
  }
  const std::string pid = pid_in("pid");
  ASSERT_FALSE(pid.empty());
  ::kill(asking, SIGKILL);
  ::waitpid(asking, nullptr, 0);
  EXPECT_TRUE(dies_soon(pid));
}

// Each step starts the next in a new session and ends; 3,000 of them at most.
TEST_F(GuardTest, AProcessThatKeepsMovingOnIsCaught) {
  script("hop.sh", "[ $1 -lt 3000 ] || exit; echo $1 > $HERE/at; setsid $HERE/hop.sh $(($1 + 1)) &");
  const Reply reply = ask("$HERE/hop.sh 1 > /dev/null 2>&1; sleep 0.2; echo done");
  EXPECT_EQ(reply.text, "done\n") << reply.error;
  const std::string at = content_of(path("at"));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(content_of(path("at")), at);
}

TEST_F(GuardTest, ACommandThatKillsItsGuardEndsWithIt) {
  const Reply reply = ask("echo $$ > $HERE/pid; sleep 0.3; kill -9 $PPID; sleep 300");
  EXPECT_EQ(reply.outcome, Outcome::kFailed);
  EXPECT_EQ(reply.error, "its exit code was lost");
  EXPECT_TRUE(dies_soon(pid_in("pid")));
}

TEST_F(GuardTest, AGuardThatWasStoppedGoesOnAtTheEnd) {
  const Reply reply = ask("echo $$ > $HERE/pid; kill -STOP $PPID; sleep 300", 1);
  EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
  EXPECT_TRUE(content_of("/proc/" + pid_in("pid") + "/stat").empty());
}

TEST_F(GuardTest, TheGuardHoldsNoStreamAndNoDescriptorOfOurs) {
  EXPECT_EQ(ask("ls -l /proc/$PPID/fd | grep -c -e pipe -e '/model' || true").text, "0\n");
}

// The group of the command and of what it starts is not the guard's.
TEST_F(GuardTest, ACommandThatKillsItsGroupLeavesNothing) {
  const Reply reply = ask(kDaemon + "cat > /dev/null; kill -9 0; echo never");
  EXPECT_EQ(reply.error, "ended by signal 9");
  EXPECT_TRUE(content_of("/proc/" + pid_in("pid") + "/stat").empty());
}

TEST_F(GuardTest, NoControlGroupIsLeftBehind) {
  const auto before = groups();
  EXPECT_EQ(ask(kDaemon + "echo done").text, "done\n");
  EXPECT_TRUE(none_stays_but(before));
  file("model.sh", "#!/nonexistent/interpreter\n");
  EXPECT_EQ(CommandClient({.argv = {path("model.sh")}}).ask("x").outcome, Outcome::kFailed);
  EXPECT_TRUE(none_stays_but(before));
  const std::string below =
      "g=$(sed -n 's/^0:://p' /proc/$$/cgroup); for m in $(awk '$3 == \"cgroup2\" { print $2 }' "
      "/proc/mounts); do mkdir -p $m$g/evotts-below/deeper 2> /dev/null; done; ";
  EXPECT_EQ(ask(below + "echo done").text, "done\n");
  EXPECT_TRUE(none_stays_but(before));
}

// Without the control group there is nothing that names the daemons of a guard that was killed.
TEST_F(GuardTest, DaemonsOfAKilledGuardEndWithTheirControlGroup) {
  const ControlGroup group = ControlGroup::made();
  if (!group.there()) GTEST_SKIP() << "no control group can be made here";
  group.remove();
  const auto before = groups();
  const Reply reply = ask(kDaemon + "sleep 0.3; kill -9 $PPID; sleep 300");
  EXPECT_EQ(reply.error, "its exit code was lost");
  EXPECT_TRUE(dies_soon(pid_in("pid")));
  EXPECT_TRUE(none_stays_but(before));
}

TEST_F(GuardTest, AReplyIsNotLostWithAGuardThatWasStopped) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask("echo done; kill -STOP $PPID").text, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(GuardTest, OnlyAProgramThatStartsAGuardGetsOne) {
  const std::string body =
      std::string("exec -a evotts-guard ") + tests::kEvotts + " --command '' touch " + path("touched");
  const std::string made = file("named.sh", "#!/bin/bash\n" + body + "\n");
  std::filesystem::permissions(made, std::filesystem::perms::owner_all);
  CommandClient({.argv = {made}, .seconds = 20}).ask("x");
  EXPECT_FALSE(std::filesystem::exists(path("touched")));
}

TEST(ControlGroupFolder, IsBelowTheMountOfVersionTwo) {
  const std::string_view mounts =
      "24 1 0:22 / /sys/fs/cgroup/cpu rw shared:9 - cgroup cgroup rw,cpu\n"
      "30 24 0:26 / /sys/fs/cgroup/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";
  EXPECT_EQ(control_group_folder(mounts, "4:memory:/x\n0::/user.slice/a\n"),
            "/sys/fs/cgroup/unified/user.slice/a");
  EXPECT_EQ(control_group_folder(mounts, "0::/\n"), "/sys/fs/cgroup/unified/");
  EXPECT_EQ(control_group_folder(mounts, "4:memory:/x\n"), std::nullopt);
  EXPECT_EQ(control_group_folder(mounts.substr(0, mounts.find('\n') + 1), "0::/a\n"), std::nullopt);
  EXPECT_EQ(control_group_folder("", ""), std::nullopt);
}

TEST(ControlGroupFolder, IsFoundInAContainersPart) {
  const std::string_view mounts = "30 24 0:26 /pod/one /sys/fs/cgroup rw - cgroup2 cgroup rw\n";
  EXPECT_EQ(control_group_folder(mounts, "0::/pod/one\n"), "/sys/fs/cgroup");
  EXPECT_EQ(control_group_folder(mounts, "0::/pod/one/in\n"), "/sys/fs/cgroup/in");
  EXPECT_EQ(control_group_folder(mounts, "0::/pod/onebis\n"), std::nullopt);
  EXPECT_EQ(control_group_folder("30 24 0:26 / /a\\040b rw - cgroup2 cgroup rw\n", "0::/\n"), std::nullopt);
}

}  // namespace
}  // namespace llm_mutators
