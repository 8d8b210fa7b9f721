#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/command_line.hpp"
#include "tests/support/http_caller.hpp"
#include "tests/support/places.hpp"
#include "tests/support/played_upstream.hpp"
#include "tests/support/process.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using tests::call;
using tests::Client;
using tests::Heard;
using tests::Json;
using tests::Play;
using tests::PlayedUpstream;
using tests::Seen;

const std::string kType = "Content-Type: application/json\r\n";
const std::string kAsks = R"({"model": "small", "messages": [{"role": "user", "content": "12+34-5"}]})";

// What evotts collect writes of itself, with these members changed.
std::string recorded(const Json& changes = Json::object()) {
  Json collected = Json::parse(R"({"interval": 8, "max_tokens": 100, "look_tokens": 8, "look_suffix": "!",
      "task": "number", "look_task": "number", "end_of_thought": "#", "prompt": "{question}", "system": "",
      "raw": false, "model": "small", "sampling": {"temperature": 0.5, "top_p": 1.0, "top_k": 0, "min_p": 1e-05,
      "logit_bias": {"33": -100.0}, "stop": ["@"]}})");
  collected.merge_patch(changes);
  return Json::array({{{"question", "1"},
                       {"gold_answer", "1"},
                       {"probe_freq", 8},
                       {"each_branch", Json::array({Json::array({Json::array({"1"}), 9, "1"})})},
                       {"collected", collected}}})
      .dump();
}

class Serve : public tests::CommandLine {
 protected:
  std::vector<std::string> words(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"serve", "sc", "--upstream", upstream_.url(), "--port", "0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // `first`: a line of the shell that begins it.
  durability::Process& begin(const std::vector<std::string>& more, const std::string& first = "true") {
    std::vector<std::string> command = words(more);
    command.insert(command.begin(), {"/bin/bash", "-c", first + R"(; exec "$0" "$@")", tests::kEvotts});
    process_ = std::make_unique<durability::Process>(command, folder_);
    for (int i = 0; i < 2000 && port_ == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const std::string told = read("out.txt");
      const std::size_t at = told.find("127.0.0.1:");
      if (told.ends_with('\n') && at != told.npos)
        port_ = static_cast<std::uint16_t>(std::atoi(told.c_str() + at + 10));
    }
    EXPECT_NE(port_, 0) << read("err.txt");
    return *process_;
  }
  Heard chat(const std::string& body = kAsks) const {
    return call(port_, "POST", "/v1/chat/completions", body, kType);
  }

  PlayedUpstream upstream_;
  std::unique_ptr<durability::Process> process_;
  std::uint16_t port_ = 0;
};

TEST_F(Serve, AnswersAsTheEnvironmentWasRecorded) {
  write("like.json", recorded());
  durability::Process& process = begin({"--like", "like.json", "--branches", "2", "--beta", "1"});
  EXPECT_THAT(read("out.txt"), HasSubstr("serving small by sc at http://127.0.0.1:"));
  const Heard heard = chat();
  ASSERT_EQ(heard.status, 200) << heard.body;
  EXPECT_EQ(heard.json()["choices"][0]["message"]["content"], "41");
  EXPECT_EQ(heard.json()["evotts"]["beta"], 1);
  const Json asked = upstream_.bodies("/v1/completions").back();
  EXPECT_EQ(asked["temperature"], 0.5);
  EXPECT_EQ(asked["stop"], Json::array({"@"}));
  EXPECT_EQ(asked["logit_bias"], Json::parse(R"({"33": -100.0})"));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
}

TEST_F(Serve, AnswersByItsOptionsAndSharesItsRules) {
  begin({"--interval", "8", "--task", "number", "--prompt", "{question}", "--look-suffix", "!"});
  EXPECT_EQ(chat().json()["evotts"]["answer"], "41");
  EXPECT_EQ(call(port_, "GET", "/v1/models").json()["data"][0]["id"], "small");
  EXPECT_THAT(call(port_, "GET", "/metrics").body, HasSubstr("evotts_episodes_total{end=\"answered\"} 1\n"));
  process_->signal(SIGINT);
  EXPECT_EQ(process_->wait(), 0);
}

// What is under way is answered first.
TEST_F(Serve, EndsWhenAllIsAnswered) {
  begin({"--interval", "8", "--task", "number", "--prompt", "{question}", "--look-suffix", "!"});
  upstream_.instead([](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path == "/v1/completions") std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return std::nullopt;
  });
  Client client(port_);
  client.say(tests::post("/v1/chat/completions", kAsks, kType));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  process_->signal(SIGTERM);
  const Heard heard = tests::heard_of(client.hear("", 20'000));
  EXPECT_EQ(heard.status, 200) << heard.body;
  EXPECT_EQ(process_->wait(), 0);
  EXPECT_THAT(read("err.txt"), HasSubstr("a second signal ends at once"));
}

TEST_F(Serve, ASecondSignalEndsAtOnce) {
  begin({"--interval", "8", "--task", "number", "--prompt", "{question}", "--look-suffix", "!"});
  upstream_.instead([](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path != "/v1/completions") return std::nullopt;
    return Play{.type = "text/event-stream",
                .pieces = std::vector<std::string>(1'000, ": wait\n\n"),
                .between = 0.02};
  });
  Client client(port_);
  client.say(tests::post("/v1/chat/completions", kAsks, kType));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  process_->signal(SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  process_->signal(SIGTERM);
  EXPECT_EQ(process_->wait(), 128 + SIGTERM);
}

// Connections that clients keep open must not take the files of those to the upstream.
TEST_F(Serve, LeavesOpenFilesToTheUpstream) {
  begin({"--interval", "8", "--task", "number", "--prompt", "{question}", "--look-suffix", "!", "--episodes",
         "4", "--upstream-requests", "40"},
        "ulimit -n 160");  // 64 are for other files, 56 for clients
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 52; ++i) idle.push_back(std::make_unique<Client>(port_));
  const Heard heard = chat();
  EXPECT_EQ(heard.status, 200) << heard.body;
  EXPECT_EQ(heard.json()["evotts"]["branches"]["lost"], 0) << heard.body;
  for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Client>(port_));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const std::filesystem::path files = fmt::format("/proc/{}/fd", process_->id());
  const auto open = std::distance(std::filesystem::directory_iterator(files), {});
  EXPECT_LE(open, 160 - 40);
}

TEST_F(Serve, RefusesToStartWhereTooFewFilesMayBeOpen) {
  const auto starts = [this](int files) {
    std::vector<std::string> command = {
        "/bin/bash", "-c", fmt::format("ulimit -n {}; exec \"$0\" \"$@\"", files), tests::kEvotts};
    for (const std::string& word : words({"--upstream-requests", "50", "--episodes", "6"}))
      command.push_back(word);
    return tests::run_process(command, {.folder = folder_});
  };
  for (const int files : {60, 100, 127}) {
    const tests::Ran ran = starts(files);
    EXPECT_EQ(ran.exit_code, 2) << files;
    for (const char* word : {"ulimit -n", "--upstream-requests 50", "--episodes 6", "64"})
      EXPECT_THAT(ran.err, HasSubstr(word)) << files;
  }
}

TEST_F(Serve, RefusesWhatCannotBe) {
  rejects(words({"--host", "0.0.0.0"}), {"--host", "--client-key-variable"});
  rejects(words({"--host", "here"}), {"--host must be an address"});
  rejects(words({"--beta", "1.5"}), {"--beta"});
  rejects(words({"--port", "70000"}), {"--port"});
  rejects(words({"--client-key-variable", "NOT_SET_HERE"}), {"NOT_SET_HERE"});
  rejects(words({"--interval", "0"}), {"--interval"});
  rejects(words({"--task", "none"}), {"none"});
  rejects(words({"--like", "missing.json"}), {"missing.json"});
  rejects({"serve", "sc", "--upstream", "here"}, {"URL"});
  const tests::ProcessOptions keys{.variables = {{"HERE", "one-key-1"}}};
  rejects(words({"--client-key-variable", "HERE", "--key-variable", "HERE"}), {"key"}, keys);
  const tests::Ran both = evotts(words({"--like", "x.json", "--interval", "5"}));
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, HasSubstr("--like"));
}

TEST_F(Serve, RefusesAnEnvironmentThatCannotBeFollowed) {
  const std::vector<std::pair<Json, std::string>> cases = {
      {{{"interval", nullptr}}, "interval is missing"},
      {{{"interval", "8"}}, "interval must be a number"},
      {{{"interval", 9}}, "interval is 9, but 8"},
      {{{"interval", -1}}, "--interval"},
      {{{"max_tokens", 1e300}}, "--max-tokens"},
      {{{"task", "regex:("}}, "collected"},
      {{{"prompt", "no question"}}, "{question}"},
      {{{"raw", 1}}, "raw must be true or false"},
      {{{"sampling", 3}}, "sampling must be an object"},
      {{{"sampling", {{"stop", {1}}}}}, "sampling.stop"},
      {{{"sampling", {{"logit_bias", {{"x\u001b", 1}}}}}}, "--logit-bias"},
      {{{"sampling", {{"temperature", 1e9}}}}, "--temperature"},
  };
  for (const auto& [changes, message] : cases) {
    SCOPED_TRACE(changes.dump());
    write("like.json", recorded(changes));
    rejects(words({"--like", "like.json"}), {"like.json", message});
  }
  write("bare.json",
        R"([{"question": "1", "gold_answer": "1", "probe_freq": 8, "each_branch": [[["1"], 9, "1"]]}])");
  rejects(words({"--like", "bare.json"}), {"bare.json", "instead of --like"});
}

}  // namespace
}  // namespace experiments
