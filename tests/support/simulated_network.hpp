// simulated_network.hpp: ranks as threads of one process, and a network between them as slow as wished.
// Why:      who does what is decided without MPI, so it is tested, and its limits measured, without one.
// Use:      tests::SimulatedNetwork network(4, {.latency = 1ms, .bytes_per_second = 125e6});
//           std::jthread other([&] { cluster::serve(network.rank(1), hello, parts); });
// Promises: messages between two ranks keep their order. Each rank sends and receives one message after the
//           other at the speed of its link; the latency comes on top, and messages overlap in it. A rank
//           other than 0 waits in receive() for a moment.
// Threads:  each rank belongs to one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/transport.hpp"

namespace tests {

struct NetworkSpeed {
  std::chrono::duration<double> latency{0};
  double bytes_per_second = 1e18;
};

class SimulatedNetwork {
 public:
  explicit SimulatedNetwork(int ranks, NetworkSpeed speed = {}) : speed_(speed) {
    for (int rank = 0; rank < ranks; ++rank) ranks_.push_back(std::make_unique<Rank>(*this, rank));
  }

  cluster::Transport& rank(int rank) { return *ranks_[static_cast<std::size_t>(rank)]; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Arriving {
    Clock::time_point at;
    cluster::Message message;
  };

  class Rank : public cluster::Transport {
   public:
    Rank(SimulatedNetwork& network, int rank) : network_(network), rank_(rank) {}

    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(network_.ranks_.size()); }
    std::string host() const override { return "host" + std::to_string(rank_); }
    void send(int to, cluster::Tag tag, std::string bytes) override {
      network_.send(*this, *network_.ranks_.at(static_cast<std::size_t>(to)), {rank_, tag, std::move(bytes)});
    }
    std::optional<cluster::Message> receive() override {
      std::unique_lock lock(network_.guard_);
      // As many threads that look again and again would take the processor from each other.
      const auto latest = Clock::now() + (rank_ == 0 ? Clock::duration(0) : kLongestWait);
      const auto is_here = [&] { return !arriving_.empty() && arriving_.front().at <= Clock::now(); };
      while (!is_here() && Clock::now() < latest)
        arrived_.wait_until(lock, arriving_.empty() ? latest : std::min(latest, arriving_.front().at));
      if (!is_here()) return std::nullopt;
      cluster::Message message = std::move(arriving_.front().message);
      arriving_.pop_front();
      return message;
    }
    std::size_t bytes_under_way() override { return 0; }
    void end() override {}
    [[noreturn]] void abort(int code) override { std::_Exit(code); }

   private:
    friend class SimulatedNetwork;
    SimulatedNetwork& network_;
    int rank_;
    std::deque<Arriving> arriving_;
    std::condition_variable arrived_;
    Clock::time_point out_free_{}, in_free_{};
  };

  void send(Rank& from, Rank& to, cluster::Message message) {
    const std::lock_guard lock(guard_);
    const auto taking = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
        static_cast<double>(message.bytes.size() + kHeader) / speed_.bytes_per_second));
    const auto latency = std::chrono::duration_cast<Clock::duration>(speed_.latency);
    from.out_free_ = std::max(from.out_free_, Clock::now()) + taking;
    to.in_free_ = std::max(to.in_free_ + taking, from.out_free_ + latency);
    to.arriving_.push_back({to.in_free_, std::move(message)});
    to.arrived_.notify_one();
  }

  static constexpr auto kLongestWait = std::chrono::milliseconds(20);
  static constexpr std::size_t kHeader = 100;  // bytes of a packet that are not of the message

  NetworkSpeed speed_;
  std::mutex guard_;
  std::vector<std::unique_ptr<Rank>> ranks_;
};

}  // namespace tests
