// played_upstream.hpp: a server of the model that is played, which does otherwise where a test says so.
// Why:      what is found out about servers, and what is done with it, must hold for all of their kinds; a
//           model whose every token is known shows each one that is lost or doubled.
// Use:      PlayedUpstream upstream(vllm_like());   ... upstream.url() ...
//           upstream.instead([](const Seen& seen, int number) -> std::optional<Play> { ... });
// Promises: says what PlayedModel says, and has metrics where the traits say so. `instead` sees every request
//           first.
// Threads:  as LoopbackServer.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/loopback_server.hpp"
#include "tests/support/played_model.hpp"

namespace tests {

class PlayedUpstream {
 public:
  using Instead = std::function<std::optional<Play>(const Seen& seen, int number)>;

  explicit PlayedUpstream(Traits traits = vllm_like())
      : metrics_(traits.metrics),
        model_(std::move(traits)),
        server_([this](const Seen& seen, int number) { return play(seen, number); }) {}

  std::string url() const { return server_.url(); }
  void instead(Instead instead) {
    const std::scoped_lock lock(mutex_);
    instead_ = std::move(instead);
  }
  const LoopbackServer& server() const { return server_; }
  // The bodies of requests to this address, in the order in which they came.
  std::vector<Json> bodies(const std::string& path) const {
    std::vector<Json> all;
    for (const Seen& seen : server_.requests()) {
      if (seen.path == path) all.push_back(seen.json());
    }
    return all;
  }

  static std::string reply_to(const std::string& prompt) { return PlayedModel::reply_to(prompt); }

 private:
  Play play(const Seen& seen, int number) {
    Instead instead;
    {
      const std::scoped_lock lock(mutex_);
      instead = instead_;
    }
    if (instead) {
      if (auto play = instead(seen, number)) return *play;
    }
    if (seen.path == "/metrics" && metrics_)
      return {.body = fmt::format("# HELP x\nserver_dropped_total {}\n", server_.left()),
              .type = "text/plain"};
    return model_.play(seen);
  }

  const bool metrics_;
  const PlayedModel model_;
  std::mutex mutex_;
  Instead instead_;
  LoopbackServer server_;
};

}  // namespace tests
