// A load on `evotts serve`: many episodes over an upstream on this machine that is as fast, clients that
// leave, and memory over very many. Prints what it saw, and fails where a bound is not kept. Everything is on
// loopback and ends by itself.
//
// Use: evotts_serve_load [EPISODES]    how many short ones there are for memory, 100000 without it
//
// How: the upstream and the clients are in this process, the server in one of its own, so that its memory,
// files and processor time are told apart. The delay of a statement is the server's own figure; it does not
// count what waits for one of the 512 requests.
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <random>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/fast_upstream.hpp"
#include "tests/support/http_caller.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using tests::Client;
using tests::Heard;

constexpr const char* kType = "Content-Type: application/json\r\n";
constexpr const char* kChat = "/v1/chat/completions";

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// evotts serve in a process of its own.
class Server {
 public:
  Server(const std::filesystem::path& folder, const tests::FastUpstream& upstream,
         const std::string& controller, const std::string& beta, const std::vector<std::string>& more)
      : folder_(folder), process_(command(upstream, controller, beta, more), folder) {
    const std::regex where(R"(http://127\.0\.0\.1:(\d+)/v1)");
    for (int i = 0; i < 600 && port_ == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      for (const char* file : {"out.txt", "err.txt"}) {
        const std::string text = content(folder_ / file);
        std::smatch found;
        if (std::regex_search(text, found, where)) port_ = static_cast<std::uint16_t>(std::stoi(found[1]));
      }
    }
    if (port_ == 0) throw std::runtime_error("evotts serve did not start: " + content(folder_ / "err.txt"));
  }

  std::uint16_t port() const { return port_; }
  // Of /metrics; 0 where there is none.
  double metric(const std::string& name) const {
    const std::string text = "\n" + tests::call(port_, "GET", "/metrics").body;
    const std::size_t at = text.find("\n" + name + " ");
    return at == text.npos ? 0 : std::strtod(text.c_str() + at + name.size() + 2, nullptr);
  }
  double mebibytes(const std::string& field) const {
    const std::string text = content(fmt::format("/proc/{}/status", process_.id()));
    const std::size_t at = text.find(field + ":");
    return at == text.npos ? 0 : std::strtod(text.c_str() + at + field.size() + 1, nullptr) / 1024;
  }
  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& each :
         std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", process_.id())))
      ++count;
    return count;
  }
  // Exit code after a SIGTERM.
  int end() {
    process_.signal(SIGTERM);
    return process_.wait();
  }

 private:
  static std::vector<std::string> command(const tests::FastUpstream& upstream, const std::string& controller,
                                          const std::string& beta, const std::vector<std::string>& more) {
    std::vector<std::string> words = {tests::kEvotts,
                                      "serve",
                                      controller,
                                      "--upstream",
                                      upstream.url(),
                                      "--model",
                                      "small",
                                      "--beta",
                                      beta,
                                      "--port",
                                      "0",
                                      "--task",
                                      "number",
                                      "--interval",
                                      "2",
                                      "--max-tokens",
                                      "100",
                                      "--look-suffix",
                                      "!",
                                      "--end-of-thought",
                                      "#",
                                      "--prompt",
                                      "{question}"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static std::string content(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
  durability::Process process_;
  std::uint16_t port_ = 0;
};

std::string chat(int number) {
  return fmt::format(
      R"({{"model": "small", "seed": {}, "messages": [{{"role": "user", "content": "12+34-5"}}]}})", number);
}

void side_by_side(int threads, const std::function<void(int)>& task) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) all.emplace_back(task, i);
  for (std::thread& each : all) each.join();
}

int failures = 0;

void expect(bool kept, const std::string& what) {
  fmt::print("  {} {}\n", kept ? "kept  " : "FAILED", what);
  failures += kept ? 0 : 1;
}

template <typename Condition>
double seconds_until(Condition condition, double most) {
  const auto begin = Clock::now();
  while (!condition() && seconds_since(begin) < most)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return seconds_since(begin);
}

// The bound under which so large a part of a histogram lies.
double percentile(const Server& server, double part) {
  const double all = server.metric("evotts_statement_delay_seconds_count");
  for (const char* bound :
       {"0.0001", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "1"})
    if (server.metric(fmt::format("evotts_statement_delay_seconds_bucket{{le=\"{}\"}}", bound)) >= part * all)
      return std::strtod(bound, nullptr);
  return INFINITY;
}

void many_branches(const std::filesystem::path& folder) {
  constexpr int kEpisodes = 200, kQueue = 20, kBeyond = 30;
  fmt::print("{} episodes of up to 64 branches, {} that wait, {} too many\n", kEpisodes, kQueue, kBeyond);
  const tests::FastUpstream upstream;
  Server server(folder, upstream, "parallel_probe", "1",
                {"--episodes", "200", "--queue", "20", "--upstream-requests", "512"});
  std::atomic<int> good = 0, busy = 0, told_when = 0, other = 0;
  const auto begin = Clock::now();
  side_by_side(kEpisodes + kQueue + kBeyond, [&](int i) {
    Client client(server.port());
    client.say(tests::post(kChat, chat(i), std::string(kType) + "Connection: close\r\n"));
    const Heard heard = tests::heard_of(client.hear("", 600'000));
    ++(heard.status == 200 ? good : heard.status == 429 ? busy : other);
    if (heard.status == 429 && heard.head.find("retry-after: ") != std::string::npos) ++told_when;
  });
  const double seconds = seconds_since(begin);
  const double requests = server.metric("evotts_upstream_requests_total");
  fmt::print("  {:.0f} requests in {:.1f} s, {:.0f} a second; {:.0f} MiB at most\n", requests, seconds,
             requests / seconds, server.mebibytes("VmHWM"));
  expect(good == kEpisodes + kQueue && other == 0,
         fmt::format("{} were answered, {} failed", good.load(), other.load()));
  expect(busy == kBeyond && told_when == kBeyond,
         fmt::format("{} were told to come again, and when", told_when.load()));
  expect(server.metric("evotts_lost_branches_total") == 0, "no branch was lost");
  expect(server.mebibytes("VmHWM") < 512, "below 512 MiB");
  expect(percentile(server, 0.99) <= 0.01,
         fmt::format("99 of 100 statements are followed by requests within {:g} ms, half within {:g}",
                     1000 * percentile(server, 0.99), 1000 * percentile(server, 0.5)));
  expect(server.end() == 0, "it ends when told");
}

void clients_that_leave(const std::filesystem::path& folder) {
  constexpr int kClients = 500;
  fmt::print("{} clients that leave at any moment\n", kClients);
  const tests::FastUpstream upstream(0.05);
  Server server(folder, upstream, "parallel_probe", "0.6",
                {"--episodes", "64", "--queue", "500", "--upstream-requests", "512"});
  const std::size_t files = server.files();
  side_by_side(50, [&](int thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    std::uniform_int_distribution<int> milliseconds(0, 700);
    for (int i = 0; i < kClients / 50; ++i) {
      Client client(server.port());
      client.say(tests::post(kChat, chat(thread * 100 + i), kType));
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(random)));
    }
  });
  const double quiet = seconds_until([&] { return upstream.under_way() == 0; }, 10);
  const std::int64_t asked = upstream.requests();
  expect(quiet <= 1, fmt::format("the upstream is quiet {:.2f} s after the last has left", quiet));
  const auto ended = [&] {
    return server.metric("evotts_episodes_running") == 0 && server.metric("evotts_episodes_waiting") == 0;
  };
  expect(seconds_until(ended, 10) < 10, "no episode is left");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  expect(
      upstream.requests() == asked,
      fmt::format("nothing is asked for any more; {} requests, {} dropped by then", asked, upstream.left()));
  expect(server.metric("evotts_upstream_requests_running") == 0, "no request is under way");
  // Connections to the upstream are kept for the next; those of clients are not.
  const std::size_t kept = upstream.connections();
  expect(server.files() <= files + kept + 2,
         fmt::format("{} files are open, of which {} are connections kept to the upstream; {} at its start",
                     server.files(), kept, files));
  expect(server.end() == 0, "it ends when told");
}

void very_many(const std::filesystem::path& folder, int episodes) {
  fmt::print("{} short episodes\n", episodes);
  const tests::FastUpstream upstream;
  Server server(folder, upstream, "sc", "0", {"--episodes", "32", "--upstream-requests", "512"});
  std::atomic<int> next = 0, wrong = 0;
  std::atomic<double> early = 0;
  const auto begin = Clock::now();
  side_by_side(16, [&](int) {
    for (int i = next++; i < episodes; i = next++) {
      if (tests::call(server.port(), "POST", kChat, chat(i), kType).status != 200) ++wrong;
      if (i == episodes / 10) early = server.mebibytes("VmRSS");
    }
  });
  const double late = server.mebibytes("VmRSS");
  fmt::print("  {:.0f} a second, {:.1f} requests each\n", episodes / seconds_since(begin),
             server.metric("evotts_upstream_requests_total") / episodes);
  expect(wrong == 0, fmt::format("{} of {} failed", wrong.load(), episodes));
  expect(late <= 1.05 * early,
         fmt::format("{:.1f} MiB after {}, {:.1f} after all", early.load(), episodes / 10, late));
  expect(server.end() == 0, "it ends when told");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int episodes = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const tests::TemporaryFolder folder;
    many_branches(folder.path());
    clients_that_leave(folder.path());
    very_many(folder.path(), episodes);
  } catch (const std::exception& error) {
    fmt::print(stderr, "evotts_serve_load: {}\n", error.what());
    return 1;
  }
  return failures == 0 ? 0 : 1;
}
