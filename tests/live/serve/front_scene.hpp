// front_scene.hpp: a front between a client and a model that is played, all on this machine.
// Why:      what clients see of a front is shown over connections, in more than one file of tests.
// Use:      const Scene scene(kReads);   EXPECT_EQ(scene.chat(asking()).status, 200);
// Promises: the model is called "small"; what is under way when a scene ends is cancelled.
// Threads:  one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "live/discovery/discovery.hpp"
#include "live/serve/front.hpp"
#include "net/server/http_server.hpp"
#include "tests/support/http_caller.hpp"
#include "tests/support/played_upstream.hpp"
#include "tests/support/small_questions.hpp"

namespace live {

inline constexpr const char* kReads = "start\n  read 3\nanswer\n  top(finished)\n";
inline constexpr const char* kSteps =
    "start\n  open 4\nround\n  stop when not any(active)\n  advance active by 1\nanswer\n  top(opened > 0)\n";
inline const std::string kType = "Content-Type: application/json\r\n";

inline std::string asking(const std::string& members = "", const std::string& model = "small") {
  return fmt::format(R"({{"model": "{}", "messages": [{{"role": "user", "content": "12+34-5"}}]{}{}}})",
                     model, members.empty() ? "" : ", ", members);
}

template <typename Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return condition();
}

class Scene {
 public:
  explicit Scene(const char* controller, FrontOptions options = {}, tests::Traits traits = tests::vllm_like())
      : played(std::move(traits)) {
    const Server server{.url = played.url()};
    const Capabilities can = discover(server, "small");
    upstream_ = std::make_unique<Upstream>(server, can, CallOptions{.requests = 16, .patience = 1});
    auto serving = std::make_shared<Serving>(
        Serving{.recipe = {.grade = grade_of(can),
                           .interval = 8,
                           .most_tokens = 100,
                           .look_tokens = 8,
                           .suffix = {.text = "!", .ids = {'!'}},
                           .end_of_thought = "#"},
                .task = ReadingTask({.task = "number", .look_suffix = "!", .prompt = "{question}"}),
                .closing = {.text = "#", .ids = {'#'}}});
    options.model = "small";
    options.on_failure = [this](const std::string& why) {
      const std::scoped_lock lock(mutex_);
      failure_ = why;
    };
    front_ = Front::make(options, serving, genome::compile(tests::controller(controller)), *upstream_);
    server_ = std::make_unique<net::HttpServer>(
        net::HttpServerOptions{},
        [front = front_](net::ServedRequest request, std::shared_ptr<net::ReplyWriter> reply) {
          front->handle(std::move(request), std::move(reply));
        },
        [front = front_](const net::ServedRequest& head) { return front->refused_at_once(head); });
  }
  ~Scene() {
    front_->stop();
    server_.reset();
    upstream_.reset();
  }

  std::uint16_t port() const { return server_->port(); }
  tests::Heard chat(const std::string& body, const std::string& headers = kType) const {
    return tests::call(port(), "POST", "/v1/chat/completions", body, headers);
  }
  std::string metrics() const { return tests::call(port(), "GET", "/metrics").body; }
  bool shows(const std::string& line) const {
    return soon([&] { return metrics().find(line + "\n") != std::string::npos; });
  }
  void stop() { front_->stop(); }
  std::string failure() const {
    const std::scoped_lock lock(mutex_);
    return failure_;
  }
  // Requests to this address bring nothing for long, as long as anybody listens.
  void hang(const std::string& path = "/v1/completions") {
    played.instead([path](const tests::Seen& seen, int) -> std::optional<tests::Play> {
      if (seen.path != path) return std::nullopt;
      return tests::Play{.type = "text/event-stream",
                         .pieces = std::vector<std::string>(1'000, ": wait\n\n"),
                         .between = 0.02};
    });
  }

  tests::PlayedUpstream played;

 private:
  std::unique_ptr<Upstream> upstream_;
  std::shared_ptr<Front> front_;
  std::unique_ptr<net::HttpServer> server_;
  mutable std::mutex mutex_;
  std::string failure_;
};

}  // namespace live
