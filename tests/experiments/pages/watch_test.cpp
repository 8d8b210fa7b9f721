// Runs watched while they grow: what is served, to whom, and that nothing is written.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>

#include "tests/support/http_caller.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WatchTest : public tests::SmallRun {
 protected:
  // A server for runs/ of the folder.
  void watch() {
    fs::create_directories(folder_ / "runs");
    process_.emplace(std::vector<std::string>{tests::kEvotts, "watch", "runs", "--port", "0"}, folder_);
    std::string said;
    for (int i = 0; i < 300 && said.find('\n') == said.npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      said = read("out.txt");
    }
    const std::string before = "http://127.0.0.1:";
    const std::size_t at = said.find(before);
    ASSERT_NE(at, said.npos) << said << read("err.txt");
    port_ = static_cast<std::uint16_t>(std::stoi(said.substr(at + before.size())));
  }

  std::string ask(const std::string& path, const std::string& host = "127.0.0.1") const {
    tests::Client client(port_);
    client.say("GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + std::to_string(port_) +
               "\r\nConnection: close\r\n\r\n");
    return client.hear("", 20'000);
  }
  nlohmann::json json(const std::string& path) const {
    const std::string reply = ask(path);
    return nlohmann::json::parse(reply.substr(reply.find("\r\n\r\n") + 4), nullptr, false);
  }
  // The first entry of the list for which this holds, waited for.
  template <typename Condition>
  nlohmann::json run_where(Condition holds) const {
    for (int i = 0; i < 200; ++i) {
      const nlohmann::json list = json("/runs.json");
      for (const auto& run : list["runs"]) {
        if (holds(run)) return run;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << json("/runs.json");
    return {};
  }

  std::optional<durability::Process> process_;
  std::uint16_t port_ = 0;
};

TEST_F(WatchTest, RunsComeGrowAndGo) {
  watch();
  EXPECT_THAT(ask("/"), HasSubstr("connect-src 'self'"));
  run("runs/a");
  const auto there = run_where([](const auto& run) { return run["name"] == "a" && run["there"] == true; });
  EXPECT_THAT(there["headline"].get<std::string>(), HasSubstr("generation 4"));
  const auto data = json("/run.json?number=" + there["number"].dump());
  EXPECT_EQ(data["state"], 4);
  EXPECT_EQ(data["commit"], there["changed"]);

  EXPECT_EQ(evotts({"resume", "runs/a", "--generations", "5"}).exit_code, 0);
  run_where(
      [](const auto& run) { return run["headline"].template get<std::string>().contains("generation 5"); });
  fs::rename(folder_ / "runs" / "a", folder_ / "runs" / "b");
  run_where([](const auto& run) { return run["name"] == "a" && run["there"] == false; });
  run_where([](const auto& run) { return run["name"] == "b" && run["there"] == true; });
  const auto gone = json("/run.json?number=" + there["number"].dump());
  EXPECT_EQ(gone["name"], "a");

  process_->signal(SIGTERM);
  EXPECT_EQ(process_->wait(), 0) << read("err.txt");
}

TEST_F(WatchTest, OthersNamesAndPathsAreRefused) {
  watch();
  EXPECT_THAT(ask("/", "evil.example"), HasSubstr("403"));
  EXPECT_THAT(ask("/", "localhost"), HasSubstr("200"));
  EXPECT_THAT(ask("/../small.toml"), HasSubstr("404"));
  EXPECT_THAT(ask("/run.json?number=7"), HasSubstr("404"));
  EXPECT_THAT(ask("/run.json?number=-1"), HasSubstr("404"));
  tests::Client client(port_);
  client.say("POST / HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.hear("", 5'000), HasSubstr("405"));
}

TEST_F(WatchTest, ItOnlyReads) {
  run("runs/a");
  const auto before = files();
  watch();
  run_where([](const auto& run) { return run["there"] == true; });
  json("/run.json?number=0");
  process_->signal(SIGTERM);
  EXPECT_EQ(process_->wait(), 0);
  auto after = files();
  after.erase("out.txt"), after.erase("err.txt");
  EXPECT_EQ(after, before);
}

// Seconds of a processor that a process has taken.
double processor_seconds(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  std::istringstream words(text.substr(text.rfind(')') + 2));
  std::string word;
  for (int i = 0; i < 11; ++i) words >> word;  // up to the field before utime
  double user = 0, system = 0;
  words >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

TEST_F(WatchTest, ManyRunsTakeLittleOfAProcessor) {
  run("runs/0");
  for (int i = 1; i < 100; ++i)
    fs::copy(folder_ / "runs/0", folder_ / "runs" / std::to_string(i), fs::copy_options::recursive);
  watch();
  run_where([](const auto& run) { return run["name"] == "99" && run["there"] == true; });
  const double before = processor_seconds(process_->id());
  constexpr int kSeconds = 10;
  std::this_thread::sleep_for(std::chrono::seconds(kSeconds));
  EXPECT_LT((processor_seconds(process_->id()) - before) / kSeconds, 0.01);
}

TEST_F(WatchTest, BadUsageIsRefused) {
  rejects({"watch", "nowhere"}, {"nowhere"});
  rejects({"watch", ".", "--port", "99999"}, {"--port"});
}

}  // namespace
}  // namespace experiments
