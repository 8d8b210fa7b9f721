// Episodes that are served are kept, shown and made an environment.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <thread>

#include "tests/support/command_line.hpp"
#include "tests/support/http_caller.hpp"
#include "tests/support/places.hpp"
#include "tests/support/played_upstream.hpp"
#include "tests/support/process.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::call;
using tests::Heard;
using tests::Json;
using tests::PlayedUpstream;
using tests::Ran;

constexpr const char* kSteps =
    "controller steps\nstart\n  open 3\nround\n  stop when not any(active)\n  advance active by 1\nanswer\n"
    "  top(finished)\n";

class ServeRecord : public tests::CommandLine {
 protected:
  std::vector<std::string> words(const std::string& file) const {
    return {"serve",
            "steps.ctl",
            "--upstream",
            upstream_.url(),
            "--port",
            "0",
            "--interval",
            "8",
            "--max-tokens",
            "100",
            "--task",
            "number",
            "--prompt",
            "{question}",
            "--look-suffix",
            "!",
            "--record-looks",
            "--end-of-thought",
            "#",
            "--record",
            file};
  }
  void begin() {
    write("steps.ctl", kSteps);
    std::vector<std::string> command = words("e.jsonl");
    command.insert(command.begin(), tests::kEvotts);
    process_ = std::make_unique<durability::Process>(command, folder_);
    port_ = 0;
    for (int i = 0; i < 2000 && port_ == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const std::string told = read("out.txt");
      const std::size_t at = told.find("127.0.0.1:");
      if (told.ends_with('\n') && at != told.npos)
        port_ = static_cast<std::uint16_t>(std::atoi(told.c_str() + at + 10));
    }
    ASSERT_NE(port_, 0) << read("err.txt");
  }
  Heard ask(const std::string& question) const {
    const Json body = {{"model", "small"}, {"messages", {{{"role", "user"}, {"content", question}}}}};
    return call(port_, "POST", "/v1/chat/completions", body.dump(), "Content-Type: application/json\r\n");
  }
  bool kept(int episodes) const {
    const std::string line = fmt::format("evotts_recorded_episodes_total{{end=\"kept\"}} {}\n", episodes);
    for (int i = 0; i < 1000; ++i) {
      if (call(port_, "GET", "/metrics").body.find(line) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  void end() {
    process_->signal(SIGTERM);
    EXPECT_EQ(process_->wait(), 0);
  }
  std::string out_of(const std::vector<std::string>& arguments) const {
    const Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }

  PlayedUpstream upstream_;
  std::unique_ptr<durability::Process> process_;
  std::uint16_t port_ = 0;
};

TEST_F(ServeRecord, KeepsShowsAndImports) {
  begin();
  ASSERT_EQ(ask("12+34-5").status, 200);
  const Json second = ask("12+34-5").json();
  EXPECT_TRUE(kept(2));
  end();
  struct stat about {};
  ASSERT_EQ(::stat((folder_ / "e.jsonl").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  const std::string record = read("e.jsonl");
  EXPECT_EQ(std::ranges::count(record, '\n'), 2);
  EXPECT_THAT(record, HasSubstr("12+34=46;46-5=41;#41"));

  const std::string list = out_of({"trace", "--recorded", "e.jsonl"});
  EXPECT_EQ(std::ranges::count(list, '\n'), 3) << list;
  EXPECT_THAT(list, HasSubstr("12+34-5"));
  const std::string one = out_of({"trace", "--recorded", "e.jsonl", "--episode", "2"});
  EXPECT_EQ(out_of({"trace", "--recorded", "e.jsonl", "--episode", second["id"].get<std::string>()}), one);
  for (const char* part : {"steps.ctl at beta 0.5", "question  12+34-5", "start ", "open b0/0", "advance b0",
                           "ended     answered", "answer    41", "3 opened: 3 finished"})
    EXPECT_THAT(one, HasSubstr(part));
  const std::string json = out_of({"trace", "--recorded", "e.jsonl", "--episode", "2", "--format", "json"});
  EXPECT_THAT(json, HasSubstr(R"("action":"branch")"));
  EXPECT_EQ(Json::parse(json.substr(json.rfind('\n', json.size() - 2)))["id"], second["id"]);

  write("gold.csv", "question,answer\n12+34-5,41\n");
  const Ran ran =
      evotts({"env", "import", "episodes", "e.jsonl", "--gold", "gold.csv", "--out", "made.json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("6 opened, 6 whole, 6 imported"));
  const Json made = Json::parse(read("made.json"));
  EXPECT_EQ(made[0]["each_branch"].size(), 6U);
  EXPECT_EQ(made[0]["each_branch"][0][0].size(), 2U);
  EXPECT_EQ(made[0]["each_branch"][0][2], "41");
  EXPECT_EQ(evotts({"env", "check", "made.json"}).exit_code, 0);
  EXPECT_THAT(out_of({"env", "regrade", "made.json", "--task", "after:=", "-o", "other.json"}),
              HasSubstr("finals"));
  // What is imported can be served like.
  const Ran again = evotts({"serve", "sc", "--upstream", "http://127.0.0.1:9/v1", "--like", "made.json"});
  EXPECT_THAT(again.err, Not(HasSubstr("collected")));
}

TEST_F(ServeRecord, AKillLeavesWholeLinesAndTheNextGoesOn) {
  begin();
  ASSERT_EQ(ask("12+34-5").status, 200);
  EXPECT_TRUE(kept(1));
  process_->signal(SIGKILL);
  process_->wait();
  const std::string whole = read("e.jsonl");
  write("e.jsonl", whole + whole.substr(0, whole.size() / 2));
  const Ran torn = evotts({"trace", "--recorded", "e.jsonl"});
  EXPECT_EQ(torn.exit_code, 0);
  EXPECT_THAT(torn.err, HasSubstr("e.jsonl: the last line was cut off"));
  begin();
  ASSERT_EQ(ask("1+1").status, 200);
  EXPECT_TRUE(kept(1));
  end();
  EXPECT_EQ(std::ranges::count(read("e.jsonl"), '\n'), 2);
  EXPECT_THAT(out_of({"trace", "--recorded", "e.jsonl"}), HasSubstr("1+1"));
}

TEST_F(ServeRecord, RefusesAFileThatCannotBeWritten) {
  write("steps.ctl", kSteps);
  write("notes.txt", "notes of mine\n");
  rejects(words("notes.txt"), {"notes.txt"});
  rejects(words("none/e.jsonl"), {"none"});
  rejects(words("/dev/full"), {"/dev/full"});
  const Ran alone = evotts({"serve", "sc", "--upstream", upstream_.url(), "--record-looks"});
  EXPECT_EQ(alone.exit_code, 2);
  EXPECT_THAT(alone.err, HasSubstr("--record"));
}

TEST_F(ServeRecord, TracesNoHostileLine) {
  write("bad.jsonl", "{\"evotts\":\"episode\",\"version\":1,\"id\":\"\x1b[2J\"}\n");
  rejects({"trace", "--recorded", "bad.jsonl"}, {"bad.jsonl: line 1: "});
  write("bad.jsonl", "\xff\n");
  rejects({"trace", "--recorded", "bad.jsonl", "--episode", "1"}, {"bad.jsonl: line 1: "});
  rejects({"trace", "--recorded", "bad.jsonl", "--episode", "2"}, {"bad.jsonl", "has no episode 2"});
  rejects({"trace", "--recorded", "missing.jsonl"}, {"missing.jsonl"});
  rejects({"trace", "--recorded", "."}, {"."});
  rejects({"trace"}, {"CONTROLLER", "--recorded"});
  EXPECT_EQ(evotts({"trace", "cmc", "--recorded", "bad.jsonl"}).exit_code, 2);
  EXPECT_EQ(evotts({"trace", "cmc", "--episode", "1"}).exit_code, 2);
}

}  // namespace
}  // namespace experiments
