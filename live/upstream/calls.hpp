// calls.hpp: requests under way at a server, each tried again for as long as that is worth it.
// Why:      this is the one layer of retries between a branch and the network, and the one place that counts
//           what was sent and may have been paid for in vain.
// Use:      calls.start(std::make_shared<MyCall>(...));   // its over() is called once
// Promises: when to try again, and how long to wait for it, is as net/retry.hpp says. A server that is away
//           or busy (not reached, closed without a word, 429, 502, 503, 504, 529) is waited for, `patience`
//           seconds in a row; other failures end a call after `most_tries` of them. Every request that is
//           sent is counted.
// Threads:  start() and cancel() from any; the members of a Call are called from the loop's thread. The
//           destructor ends all calls as cancelled before it returns.
// Tests:    tests/live/upstream/upstream_test.cpp
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "genome/base/rng.hpp"
#include "net/http_loop.hpp"
#include "net/retry.hpp"

namespace live {

// A request that is to be tried again.
struct Retry {
  std::string why;
  double seconds = 0;  // until then
  bool busy = false;   // the server is there, but has no time for it
};

struct CallOptions {
  std::size_t requests = 256;  // under way at a time
  double seconds = 600;        // for one request, or for each 1,000 tokens of a longer one; and of silence
  double patience = 600;       // seconds in which a server may be away or busy
  int most_tries = 6;
  std::function<void(const Retry&)> on_retry;  // from the loop's thread; may be empty
};

struct Attempt {
  net::Verdict verdict = net::Verdict::kNever;
  std::string error;
  bool charged = false;    // perhaps
  bool cancelled = false;  // by us
};

struct Outcome {
  bool good = false, cancelled = false;
  std::string error;
  int requests = 0;
  int lost = 0;  // failed requests that may have been charged
};

class Call {
 public:
  Call() = default;
  virtual ~Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  virtual net::HttpRequest request() = 0;            // of each try
  virtual double times_longer() const { return 1; }  // than most requests it may take
  virtual Attempt judged(const net::HttpResponse& response) = 0;
  virtual bool may_try_again() { return true; }  // after a try that may have been charged
  virtual void over(const Outcome& outcome) = 0;
};

class Calls {
 public:
  using Ticket = std::uint64_t;
  explicit Calls(CallOptions options);

  Ticket start(std::shared_ptr<Call> call);
  void cancel(Ticket ticket);
  // A task of its own among them; its tickets are apart from those of calls.
  Ticket after(double seconds, std::function<void()> task) { return loop_.after(seconds, std::move(task)); }
  void forget(Ticket task) { loop_.cancel(task); }
  void limit(std::size_t requests) { loop_.limit(requests); }
  net::HttpLoop::Load load() const { return loop_.load(); }
  const CallOptions& options() const { return options_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct State {
    std::shared_ptr<Call> call;
    Outcome outcome;
    int failures = 0;                             // that count
    int in_a_row = 0;                             // while the server is away or busy
    std::optional<Clock::time_point> away_since;  // without a word from it
    net::HttpLoop::Ticket at_work = 0, waiting = 0;
  };

  void try_once(Ticket ticket);
  void answered(Ticket ticket, const net::HttpResponse& response);
  bool is_worth_another(State& state, const net::HttpResponse& response) const;
  void wait(Ticket ticket, State& state, const net::HttpResponse& response, const std::string& why);
  void finish(Ticket ticket);

  const CallOptions options_;
  std::atomic<Ticket> last_{0};
  std::map<Ticket, State> states_;  // of the loop's thread
  genome::base::Rng rng_{0};        // of waits alone
  net::HttpLoop loop_;              // ends first: it still calls back
};

}  // namespace live
