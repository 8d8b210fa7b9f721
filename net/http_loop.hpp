// http_loop.hpp: many requests over HTTP at a time, on one thread of their own.
// Why:      thousands of branches wait for a model at once; a thread for each would cost more than the work.
// Use:      HttpLoop loop(256);
//           auto ticket = loop.start({.url = url, .body = json, .sink = take}, [](HttpResponse r) { ... });
//           loop.cancel(ticket);                     // its connection is closed at once
//           loop.after(1.5, [&] { try_again(); });   // on the loop's thread, as all callbacks are
// Promises: as http_client.hpp says of each request, its deadline counted from when it is begun. No more than
//           `most` are under way; the others begin in the order in which they were started. Connections are
//           kept and used again; no request is sent twice. `done` is called once for each request: with
//           kStopped when it was cancelled, or when the loop ends before it does; what is started while the
//           loop ends is stopped at once, and what waits for its time runs then.
// Costs:    2,000 requests under way take some 60 MiB and a share of one core; each is an open file.
// Threads:  any, callbacks included, which must be short and must not throw. The destructor waits for the
//           loop's thread, so that no callback may end the loop.
// Tests:    tests/net/http_loop_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "net/http_message.hpp"

namespace net {

class HttpLoop {
 public:
  using Ticket = std::uint64_t;
  using Done = std::function<void(HttpResponse)>;
  using Task = std::function<void()>;

  struct Load {
    std::size_t at_work = 0, waiting = 0;
  };

  explicit HttpLoop(std::size_t most = 256);
  ~HttpLoop();
  HttpLoop(const HttpLoop&) = delete;
  HttpLoop& operator=(const HttpLoop&) = delete;

  Ticket start(HttpRequest request, Done done);
  Ticket after(double seconds, Task task);

  // A request ends with kStopped, a task is not run; what has ended or run is left alone.
  void cancel(Ticket ticket);

  // How many may be under way from now on; those that are go on.
  void limit(std::size_t most);

  Load load() const;

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace net
