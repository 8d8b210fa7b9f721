// Nothing is started, sent or put in before it was confirmed, and what was confirmed is not asked again.
#include "experiments/session/trust.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/experiments/session/model_run.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::LoopbackServer;
using tests::Ran;
using tests::Seen;

constexpr const char* kSecret = "value-of-a-variable";

class TrustTest : public tests::ModelRun {
 protected:
  // A model that notes that it was started, and has no idea.
  void SetUp() override {
    ModelRun::SetUp();
    write_model("model.sh");
    write("model.toml", with("command = [\"./model.sh\", \"--print\"]\n"));
    write("plain.toml", tests::SmallExperiment{.generations = 1}.toml());
  }

  void write_model(const std::string& name) const {
    write(name, "#!/bin/sh\ncat > /dev/null\necho \"$*\" >> started\necho no idea\n");
    fs::permissions(folder_ / name, fs::perms::owner_all);
  }

  // An experiment of one generation with these lines in [model].
  static std::string with(const std::string& lines) {
    return tests::SmallExperiment{
        .generations = 1, .more = {{"model", "share = 0.5\npatience = 0\nrequired = false\n" + lines}}}
        .toml();
  }

  // Exit code 2, these lines in the error, nothing started and nothing changed on disk.
  void asks(const std::vector<std::string>& arguments, const std::vector<std::string>& lines,
            const tests::ProcessOptions& options = {}) const {
    const auto before = files();
    const Ran ran = evotts_as_given(arguments, options);
    EXPECT_EQ(ran.exit_code, 2) << ran.err;
    EXPECT_EQ(ran.out, "");
    for (const std::string& line : lines) EXPECT_THAT(ran.err, HasSubstr("\n  " + line + "\n"));
    EXPECT_THAT(ran.err, AllOf(HasSubstr("--trust"), Not(HasSubstr(kSecret))));
    EXPECT_EQ(files(), before);
    EXPECT_FALSE(fs::exists(state_)) << "nothing was confirmed";
  }

  std::string command(const std::string& line) const {
    return fmt::format("command {}/./{}, started in {}", folder_.string(), line, folder_.string());
  }

  bool started() const { return fs::exists(folder_ / "started"); }
};

TEST_F(TrustTest, ACommandIsStartedOnlyOnceItWasConfirmed) {
  asks({"run", "model.toml", "--out", "a"}, {command("model.sh --print")});
  EXPECT_FALSE(started());
  const Ran trusted = evotts_as_given({"run", "model.toml", "--out", "a", "--trust"});
  EXPECT_EQ(trusted.exit_code, 0) << trusted.err;
  EXPECT_THAT(trusted.err, HasSubstr("trusted from now on: " + command("model.sh --print")));
  EXPECT_TRUE(started());
  const Ran resumed = evotts_as_given({"resume", "a", "--generations", "2"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(evotts_as_given({"run", "model.toml", "--out", "b"}).exit_code, 0);
}

TEST_F(TrustTest, ARunOfSomebodyElseStartsNothing) {
  ASSERT_EQ(evotts({"run", "model.toml", "--out", "a"}).exit_code, 0);
  git(".", {"clone", "-q", "a", "r"});
  fs::remove(folder_ / "started");
  fs::remove_all(state_);  // another machine
  asks({"resume", "r", "--generations", "2"}, {command("model.sh --print")});
  for (const char* reading : {"status", "log", "lineage", "verify", "export"})
    evotts_as_given({reading, "r"});
  EXPECT_EQ(evotts_as_given({"fork", "r", "f"}).exit_code, 0);
  asks({"resume", "f", "--generations", "2"}, {command("model.sh --print")});
  EXPECT_FALSE(started());
}

TEST_F(TrustTest, WhateverDiffersIsAskedAnew) {
  ASSERT_EQ(evotts({"run", "model.toml", "--out", "a"}).exit_code, 0);
  write_model("other.sh");
  write("below/nothing", "");
  fs::copy(folder_ / "model.sh", folder_ / "below/model.sh");
  const auto refused = [&](const std::string& lines, const std::string& folder = ".") {
    write("changed.toml", with(lines));
    const Ran ran = tests::run_process(
        {tests::kEvotts, "run", (folder_ / "changed.toml").string(), "--out", (folder_ / "x").string()},
        {.folder = folder_ / folder});
    EXPECT_EQ(ran.exit_code, 2) << lines;
    EXPECT_THAT(ran.err, HasSubstr("--trust"));
    EXPECT_FALSE(fs::exists(folder_ / "x"));
  };
  refused("command = [\"./model.sh\", \"--print\", \"\"]\n");
  refused("command = [\"./model.sh\"]\n");
  refused("command = [\"./other.sh\", \"--print\"]\n");
  refused("command = [\"./model.sh\", \"--print\"]\n", "below");
}

TEST_F(TrustTest, NothingOfACommandIsHidden) {
  write("model.toml", with("command = [\"./model.sh\", \"a b\", \"\\u001b[2K\", \"\\u202e\", \"$(id)\", \"" +
                           std::string(2000, 'x') + "end\"]\n"));
  asks({"run", "model.toml", "--out", "a"},
       {command("model.sh 'a b' \"$(printf '\\033[2K')\" \"$(printf '\\342\\200\\256')\" '$(id)' " +
                std::string(2000, 'x') + "end")});
}

TEST_F(TrustTest, AddressesAndKeysAreConfirmedTogether) {
  LoopbackServer first([](const Seen&, int) { return tests::chat_answer("no idea"); });
  LoopbackServer second([](const Seen&, int) { return tests::chat_answer("no idea"); });
  const auto model = [&](const LoopbackServer& server, const std::string& key) {
    return with(fmt::format("[[models]]\nkind = \"openai\"\nmodel = \"m\"\nurl = \"{}\"\n{}", server.url(),
                            key.empty() ? "" : fmt::format("key_variable = \"{}\"\n", key)));
  };
  const tests::ProcessOptions keys{.variables = {{"TEST_MODEL_KEY", tests::kKey}}};
  write("e.toml", model(first, "TEST_MODEL_KEY"));
  const std::string sent = "key variable TEST_MODEL_KEY, sent to ";
  asks({"run", "e.toml", "--out", "a"}, {"address " + first.url(), sent + first.url()}, keys);
  EXPECT_TRUE(first.requests().empty());
  EXPECT_EQ(evotts_as_given({"run", "e.toml", "--out", "a", "--trust"}, keys).exit_code, 0);
  EXPECT_FALSE(first.requests().empty());

  write("e.toml", model(second, ""));
  EXPECT_EQ(evotts_as_given({"run", "e.toml", "--out", "b", "--trust"}, keys).exit_code, 0);
  const auto before = second.requests().size();
  write("e.toml", model(second, "TEST_MODEL_KEY"));  // both were confirmed, but not the one for the other
  const Ran ran = evotts_as_given({"run", "e.toml", "--out", "c"}, keys);
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("  " + sent + second.url()), Not(HasSubstr("  address "))));
  EXPECT_EQ(second.requests().size(), before);
}

TEST_F(TrustTest, VariablesAreShownByNameWithTheirKey) {
  const tests::ProcessOptions secret{.variables = {{"TEST_SECRET", kSecret}}};
  write("e.toml", with("advice = \"${TEST_SECRET}\"\ncommand = [\"./model.sh\", \"--${TEST_SECRET}\"]\n"));
  asks({"run", "e.toml", "--out", "a"},
       {"variable TEST_SECRET, put into model.advice", "variable TEST_SECRET, put into model.command",
        command("model.sh '--${TEST_SECRET}'")},
       secret);
  ASSERT_EQ(evotts_as_given({"run", "e.toml", "--out", "a", "--trust"}, secret).exit_code, 0);
  EXPECT_THAT(read("started"), HasSubstr(kSecret));
  const Ran resumed = evotts_as_given({"resume", "a", "--generations", "2"});
  EXPECT_EQ(resumed.exit_code, 0) << "the run has the value that was put in\n" << resumed.err;
}

TEST_F(TrustTest, AValueIsInNoMessageBeforeItsVariableIsConfirmed) {
  const tests::ProcessOptions secret{.variables = {{"TEST_SECRET", kSecret}}};
  write("e.toml", "seed = \"${TEST_SECRET}\"\n");
  asks({"run", "e.toml", "--out", "a"}, {"variable TEST_SECRET, put into seed"}, secret);
  write("e.toml", "base = \"${TEST_SECRET}.toml\"\nname = \"${TEST_SECRET}\"\n");
  asks({"run", "e.toml", "--out", "a"}, {"variable TEST_SECRET, put into base"}, secret);
  write("e.toml", "environments.search = [\"${TEST_SECRET}.json\"]\n");
  asks({"run", "e.toml", "--out", "a"}, {"variable TEST_SECRET, put into environments.search"}, secret);
  // No model is asked in a replay, but what is put in is kept with the run.
  ASSERT_EQ(evotts_as_given({"run", "plain.toml", "--out", "p"}).exit_code, 0);
  asks({"run", "e.toml", "--out", "a", "--replay-journal", "p"},
       {"variable TEST_SECRET, put into environments.search"}, secret);
}

TEST_F(TrustTest, ARunHoldsNoVariables) {
  ASSERT_EQ(evotts_as_given({"run", "plain.toml", "--out", "a"}).exit_code, 0);
  const Ran ran = evotts_as_given({"fork", "a", "b", "--set", "model.advice=${HOME}"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("${HOME} is put in only when a run is started"));
}

TEST_F(TrustTest, WhatStartsNothingAsksNothing) {
  EXPECT_EQ(evotts_as_given({"run", "plain.toml", "--out", "a"}).err, "");
  EXPECT_EQ(evotts_as_given({"resume", "a", "--generations", "2"}).err, "");
  write("idle.toml",
        tests::SmallExperiment{
            .generations = 1,
            .more = {{"model", "command = [\"./model.sh\"]\nshare = 0\nadvice = \"$${HOME}\"\n"}}}
            .toml());
  EXPECT_EQ(evotts_as_given({"run", "idle.toml", "--out", "b"}).err, "");
  const Ran estimate = evotts_as_given({"run", "model.toml", "--estimate"});
  EXPECT_EQ(estimate.exit_code, 0) << estimate.err;
  EXPECT_EQ(evotts_as_given({"run", std::string(tests::kSourceDir) + "/experiments/demo.toml", "--out",
                             "demo", "--generations", "0", "--set", "population.founder_candidates=0"})
                .err,
            "");
  EXPECT_FALSE(started());
  EXPECT_FALSE(fs::exists(state_));
}

TEST_F(TrustTest, IsRememberedInAFolderOfTheUserAlone) {
  ASSERT_EQ(evotts({"run", "model.toml", "--out", "a"}).exit_code, 0);
  const fs::path folder = state_ / "evotts" / "trusted";
  struct stat found {};
  ASSERT_EQ(::stat(folder.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
  const auto resume = [&] { return evotts_as_given({"resume", "a", "--generations", "2"}).exit_code; };
  EXPECT_EQ(resume(), 0);
  fs::permissions(folder, fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(resume(), 2) << "anybody may have written it";
  fs::permissions(folder, fs::perms::others_write, fs::perm_options::remove);
  for (const auto& entry : fs::directory_iterator(folder))
    std::ofstream(entry.path()) << "address https://example.org\n";
  EXPECT_EQ(resume(), 2) << "the name alone confirms nothing";
}

TEST_F(TrustTest, GoesOnForThisTimeWhereItCannotBeRemembered) {
  write("file", "");
  const tests::ProcessOptions options{.variables = {{"XDG_STATE_HOME", (folder_ / "file").string()}}};
  const Ran ran = evotts_as_given({"run", "model.toml", "--out", "a", "--trust"}, options);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("for this time only"));
  EXPECT_TRUE(started());
  EXPECT_EQ(evotts_as_given({"resume", "a", "--generations", "2"}, options).exit_code, 2);
}

// On a terminal one is asked; what is shown there, and the exit code.
class TrustOnATerminal : public TrustTest {
 protected:
  std::pair<int, std::string> answer(const std::string& typed) const {
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
      if (::chdir(folder_.c_str()) != 0) ::_exit(126);
      ::execl(tests::kEvotts, "evotts", "run", "model.toml", "--out", "a", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    std::string shown;
    char c = 0;
    while (shown.find("[y/N]") == shown.npos && ::read(terminal, &c, 1) == 1) shown += c;
    EXPECT_EQ(::write(terminal, typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
    while (::read(terminal, &c, 1) == 1) shown += c;
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(terminal);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, shown};
  }
};

TEST_F(TrustOnATerminal, OnlyAYesGoesOn) {
  for (const char* no : {"\n", "n\n", "maybe\n", "\x04"}) {
    const auto [code, shown] = answer(no);
    EXPECT_EQ(code, 2) << shown;
    EXPECT_THAT(shown, AllOf(HasSubstr(command("model.sh --print")), HasSubstr("nothing was started")));
    EXPECT_FALSE(started());
    EXPECT_FALSE(fs::exists(state_));
  }
  const auto [code, shown] = answer("y\n");
  EXPECT_EQ(code, 0) << shown;
  EXPECT_TRUE(started());
  EXPECT_EQ(evotts_as_given({"resume", "a", "--generations", "2"}).exit_code, 0);
}

}  // namespace
}  // namespace experiments
