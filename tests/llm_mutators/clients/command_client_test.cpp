#include "llm_mutators/clients/command_client.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "genome/base/file.hpp"
#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

using Outcome = Reply::Outcome;

class CommandClientTest : public ScriptedModels {
 protected:
  Reply ask(const std::string& body, const std::string& prompt = "a prompt\n",
            CommandOptions options = {.seconds = 10}) const {
    options.argv = {script("model.sh", body)};
    return CommandClient(options).ask(prompt);
  }
};

TEST_F(CommandClientTest, PromptGoesInAndReplyComesOut) {
  const Reply reply = ask("cat; echo noise >&2");
  EXPECT_EQ(reply.outcome, Outcome::kAnswered) << reply.error;
  EXPECT_EQ(reply.text, "a prompt\n");
}

TEST_F(CommandClientTest, NoShellTouchesTheArguments) {
  const std::string echo = script("echo.sh", "cat > /dev/null; printf '%s|' \"$@\"");
  const Reply reply = CommandClient({.argv = {echo, "$HOME; ls", "a b", ""}}).ask("x");
  EXPECT_EQ(reply.text, "$HOME; ls|a b||");
}

TEST_F(CommandClientTest, LargePromptsAndRepliesPassEachOther) {
  std::string prompt;
  while (prompt.size() < 900'000) prompt += "a line of a long prompt\n";
  const Reply reply = ask("tee $HERE/copy >&2; cat $HERE/copy", prompt);
  EXPECT_EQ(reply.outcome, Outcome::kAnswered) << reply.error;
  EXPECT_EQ(reply.text, prompt);
  EXPECT_EQ(ask("cat", prompt).text, prompt);
}

TEST_F(CommandClientTest, ModelThatDoesNotReadIsHeardAllTheSame) {
  const std::string prompt(4'000'000, 'x');
  const Reply reply = ask("exec < /dev/null; echo short", prompt);
  EXPECT_EQ(reply.outcome, Outcome::kAnswered) << reply.error;
  EXPECT_EQ(reply.text, "short\n");
  const Reply slow = ask("exec < /dev/null; sleep 0.2; echo slow", prompt);
  EXPECT_EQ(slow.text, "slow\n") << slow.error;
}

TEST_F(CommandClientTest, DeadlineKillsTheChildrenToo) {
  const auto start = std::chrono::steady_clock::now();
  const Reply reply =
      ask("sleep 60 & echo $! > $HERE/pid; echo half; echo working >&2; sleep 60", "x", {.seconds = 1.5});
  EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
  EXPECT_EQ(reply.lost, 1);
  EXPECT_EQ(reply.error, "no whole reply within 1.5 s");
  EXPECT_EQ(reply.said, "working");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  std::string pid = content_of(path("pid"));
  ASSERT_FALSE(pid.empty());
  pid.pop_back();
  EXPECT_TRUE(dies_soon(pid));
}

TEST_F(CommandClientTest, ChildrenThatHoldTheStreamsAreNotWaitedFor) {
  const Reply reply = ask("sleep 60 & echo $! > $HERE/pid; echo done");
  EXPECT_EQ(reply.text, "done\n") << reply.error;
  std::string pid = content_of(path("pid"));
  pid.pop_back();
  EXPECT_TRUE(dies_soon(pid));
}

// A process that asks from a thread and is killed, or whose thread ends, before the reply has come.
TEST_F(CommandClientTest, ItAllEndsWithTheProcessThatAsked) {
  const pid_t asking = ::fork();
  if (asking == 0) {
    std::thread([&] {
      ask("trap '' TERM HUP; sleep 60 & echo $$ $! > $HERE/new; mv $HERE/new $HERE/pids; wait");
    }).join();
    ::_exit(0);
  }
  std::string pids;
  for (int look = 0; look < 500 && pids.empty(); ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    pids = content_of(path("pids"));
  }
  ASSERT_FALSE(pids.empty());
  ::kill(asking, SIGKILL);
  ::waitpid(asking, nullptr, 0);
  const auto blank = pids.find(' ');
  EXPECT_TRUE(dies_soon(pids.substr(0, blank)));
  EXPECT_TRUE(dies_soon(pids.substr(blank + 1, pids.size() - blank - 2)));
}

TEST_F(CommandClientTest, ACommandMayEndItsOwnGroupOrLeaveIt) {
  EXPECT_EQ(ask("trap '' TERM; sleep 60 & kill -TERM 0; echo alive").text, "alive\n");
  const Reply left = ask("echo $$ > $HERE/pid; exec setsid sleep 60", "x", {.seconds = 0.7});
  EXPECT_EQ(left.outcome, Outcome::kTimedOut);
  std::string pid = content_of(path("pid"));
  pid.pop_back();
  EXPECT_TRUE(dies_soon(pid));
}

TEST_F(CommandClientTest, FloodIsCutOff) {
  const Reply reply = ask("yes flood");
  EXPECT_EQ(reply.outcome, Outcome::kTooLong);
  EXPECT_EQ(reply.error, "a reply of more than 1048576 bytes");
  const Reply exact = ask("printf 12345678", "x", {.seconds = 10, .reply_bytes = 8});
  EXPECT_EQ(exact.text, "12345678");
  EXPECT_EQ(ask("printf 123456789", "x", {.seconds = 10, .reply_bytes = 8}).outcome, Outcome::kTooLong);
  EXPECT_EQ(ask("yes error >&2", "x", {.seconds = 0.3}).outcome, Outcome::kTimedOut);
}

TEST_F(CommandClientTest, AKeyOfTheEnvironmentIsStruckOutOfAllThatItSays) {
  const std::string key = "sk-command-0123456789";
  const CommandOptions options{.seconds = 10, .error_bytes = 40, .secret = key};
  EXPECT_EQ(ask("echo it is " + key, "x", options).text, "it is [key]\n");
  // wherever the end of what it said begins
  for (int blanks = 0; blanks < 60; blanks += 3) {
    const Reply reply = ask(fmt::format("printf '%s%{}s' {} . >&2; exit 1", blanks + 1, key), "x", options);
    EXPECT_EQ(reply.said.find("0123"), std::string::npos) << reply.said;
  }
}

TEST_F(CommandClientTest, FailuresSayWhatHappened) {
  const Reply ended = ask("echo an answer; printf 'no \\033[31mkey\\nbye' >&2; exit 3");
  EXPECT_EQ(ended.error, "exit code 3");
  EXPECT_EQ(ended.said, "no \\x1b[31mkey\\nbye");
  EXPECT_EQ(ask("exit 3").outcome, Outcome::kFailed);
  EXPECT_EQ(ask("kill -9 $$").error, "ended by signal 9");
  EXPECT_EQ(ask("cat > /dev/null").error, "it printed no reply");
  EXPECT_EQ(ask("echo '  '").error, "it printed no reply");
  EXPECT_EQ(CommandClient({.argv = {"evotts-no-such-program"}}).ask("x").error,
            "there is no program 'evotts-no-such-program' in PATH");
  EXPECT_EQ(CommandClient({.argv = {path("absent")}}).ask("x").outcome, Outcome::kFailed);
  const std::string plain = file("plain.txt", "echo no");
  EXPECT_NE(CommandClient({.argv = {plain}}).ask("x").error.find("could not be started"), std::string::npos);
}

TEST_F(CommandClientTest, OnlyTheEndOfTheErrorsIsKept) {
  const Reply reply = ask("i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1");
  EXPECT_LT(reply.said.size(), 900U);
  EXPECT_TRUE(reply.said.ends_with("line 1999")) << reply.said;
}

TEST_F(CommandClientTest, NoDescriptorIsInherited) {
  ASSERT_EQ(dup2(STDERR_FILENO, 77), 77);
  EXPECT_EQ(ask("[ -e /proc/$$/fd/0 ] && { [ -e /proc/$$/fd/77 ] && echo leaked || echo tight; }").text,
            "tight\n");
  close(77);
}

TEST_F(CommandClientTest, SignalsAreAsTheyWere) {
  struct sigaction before {};
  sigaction(SIGPIPE, nullptr, &before);
  EXPECT_EQ(ask("exec < /dev/null; echo x", std::string(1'000'000, 'x')).text, "x\n");
  sigset_t now;
  pthread_sigmask(SIG_SETMASK, nullptr, &now);
  EXPECT_EQ(sigismember(&now, SIGPIPE), 0);
  sigpending(&now);
  EXPECT_EQ(sigismember(&now, SIGPIPE), 0);
}

TEST_F(CommandClientTest, WaitingEndsWhenAskedToStop) {
  const auto start = std::chrono::steady_clock::now();
  const auto stop = [&] { return std::chrono::steady_clock::now() - start > std::chrono::milliseconds(200); };
  const Reply reply = ask("sleep 60", "x", {.seconds = 60, .stop = stop});
  EXPECT_EQ(reply.outcome, Outcome::kStopped);
  EXPECT_EQ(reply.lost, 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(CommandClientTest, IsNamedAfterItsProgram) {
  EXPECT_EQ(CommandClient({.argv = {"/opt/bin/agent", "--secret"}}).name(), "agent");
  EXPECT_EQ(CommandClient({.argv = {"agent"}, .name = "mine"}).name(), "mine");
}

}  // namespace
}  // namespace llm_mutators
