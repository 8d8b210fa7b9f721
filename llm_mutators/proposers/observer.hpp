// observer.hpp: who watches while models are asked: what is printed, logged and shown, and the wish to stop.
// Why:      the proposer knows what happens and not where it is to be printed; one interface instead of a
//           handful of callbacks lets it be watched by a terminal, a log file or a test.
// Use:      struct Terminal : Observer { void tell(const std::string& message) override { ... } };
//           LlmProposer proposer(std::move(models), std::move(journal), {.observer = terminal});
// Promises: an Observer may leave out whatever it does not care about. A Reporter calls tell() and log() one
//           at a time, and works without an observer.
// Threads:  tell(), log() and stop_requested() are called from any thread, the last also at the same time;
//           observations() from the thread of propose().
// Tests:    tests/llm_mutators/proposers/llm_proposer_test.cpp
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "evo/population/individual.hpp"
#include "llm_mutators/journal/journal.hpp"

namespace llm_mutators {

class Observer {
 public:
  virtual ~Observer() = default;
  // What a prompt says of a parent beside its curve: why it fails.
  virtual std::string observations(const evo::Individual& /*parent*/) { return {}; }
  virtual void tell(const std::string& /*message*/) {}
  // One line of JSON for each exchange, with times: nothing of it belongs into a run.
  virtual void log(const std::string& /*line*/) {}
  virtual bool stop_requested() { return false; }
};

class Reporter {
 public:
  explicit Reporter(std::shared_ptr<Observer> observer) : observer_(std::move(observer)) {}
  std::string observations(const evo::Individual& parent) const;
  void tell(const std::string& message) const;
  void log(double seconds, const Question& question, const RecordedReply& reply,
           std::string_view model) const;
  bool stop_requested() const { return observer_ != nullptr && observer_->stop_requested(); }

 private:
  std::shared_ptr<Observer> observer_;  // may be null
  mutable std::mutex mutex_;
};

}  // namespace llm_mutators
