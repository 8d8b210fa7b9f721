// endpoint.hpp: a model and those who talk to it: so many exchanges at a time, in the order of asking.
// Why:      servers limit how many requests they bear, and a run has several models, each with its own limit.
// Use:      Endpoint endpoint(std::move(model));
//           endpoint.submit([&] { ... endpoint.client().ask(prompt) ... });
// Promises: tasks begin in the order of submission, at most `concurrency` at a time. When the object goes,
//           tasks that have begun are waited for and those that have not are dropped.
// Threads:  submit() from any thread.
// Tests:    tests/llm_mutators/proposers/several_models_test.cpp
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "llm_mutators/clients/llm_client.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

struct Model {
  std::unique_ptr<LlmClient> client;
  std::optional<net::Price> price;     // missing: money is not counted
  std::int64_t output_tokens = 16000;  // the most it may write in a reply
  int concurrency = 1;

  // The most that one call may use, and what a reply did use; unknown usage is taken at its worst.
  net::Amount worst(std::size_t prompt_bytes) const;
  net::Amount used(std::size_t prompt_bytes, const Reply& reply) const;
};

class Endpoint {
 public:
  explicit Endpoint(Model model) : model_(std::move(model)) {}
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  const Model& model() const { return model_; }
  LlmClient& client() const { return *model_.client; }
  std::string name() const { return std::string(model_.client->name()); }
  std::string identity() const { return model_.client->identity(); }

  void submit(std::function<void()> task);

  // Failures of exchanges in a row, as they happen; `hopeless` ones count as any number.
  void note(const Reply& reply, int most_in_a_row);
  bool failing(int most_in_a_row) const { return failures_ >= most_in_a_row; }
  void forgive() { failures_ = 0; }

 private:
  void work();
  Model model_;
  std::atomic<int> failures_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  int idle_ = 0;
  std::vector<std::thread> threads_;  // started when there is work for them
};

using Endpoints = std::vector<std::unique_ptr<Endpoint>>;

}  // namespace llm_mutators
