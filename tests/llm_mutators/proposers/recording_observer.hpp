// recording_observer.hpp: an observer that keeps what it is told, and stops when the test says so.
// Use:      auto observer = std::make_shared<RecordingObserver>(told_, [&] { return times_asked() > 2; });
// Threads:  as observer.hpp; the messages are read when nothing is under way.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "llm_mutators/proposers/observer.hpp"

namespace llm_mutators {

class RecordingObserver : public Observer {
 public:
  explicit RecordingObserver(std::vector<std::string>& told, std::function<bool()> stop = {})
      : told_(told), stop_(std::move(stop)) {}
  void tell(const std::string& message) override { told_.push_back(message); }
  bool stop_requested() override { return stop_ && stop_(); }

 private:
  std::vector<std::string>& told_;
  std::function<bool()> stop_;
};

}  // namespace llm_mutators
