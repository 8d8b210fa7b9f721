// front.hpp: the requests of clients, each answered by an episode of the controller.
// Why:      between a server of HTTP and episodes stand rules: who may ask, how many at a time, who waits,
//           and what is told when.
// Use:      Upstream upstream(...);                                       // outlives what is below
//           const auto front = Front::make(options, serving, program, upstream);
//           net::HttpServer server(
//               http, [front](auto asked, auto reply) { front->handle(asked, reply); },
//               [front](const auto& head) { return front->refused_at_once(head); });
//           server.drain(600);   front->stop();
// How:      So many episodes run at a time; further requests wait in their order; beyond the queue they are
//           refused with 429 and when to come again. A client that leaves while it waits is forgotten, and
//           its episode cancelled when it runs. A stream begins with the first progress of its episode, so
//           that what fails before has a status of its own.
// Promises: every request gets one reply, or is of a client that has left. What routing.hpp refuses is
//           refused by its head alone, and by handle() no less. After stop(), which must be called before the
//           upstream ends, nothing is started.
// Threads:  any; replies are written from the upstream's thread.
// Tests:    tests/live/serve/front_test.cpp, tests/live/serve/front_http_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "live/episode/episode.hpp"
#include "live/serve/chat_reply.hpp"
#include "live/serve/chat_request.hpp"
#include "live/serve/counters.hpp"
#include "live/serve/episode_record.hpp"
#include "live/serve/routing.hpp"
#include "net/server/http_server.hpp"

namespace live {

struct FrontOptions {
  std::string model;  // as clients name it
  double beta = 0.5;  // where a request names none
  Asking asking;
  SessionOptions session;         // its budget is that of requests that name none
  std::optional<double> seconds;  // until an episode answers with what it has
  std::string key;                // that clients must send; empty: none
  std::size_t episodes = 32, queue = 256;
  double heartbeat = 15;  // seconds of a stream without a comment
  // Told of each episode that failed; from the upstream's thread. May be empty.
  std::function<void(const std::string& why)> on_failure = {};
  // Where episodes are to be kept: takes each that has ended, on the upstream's thread.
  std::function<void(EpisodeRecord)> record = {};
  std::function<RecordCounts()> recorded = {};
  RecordHead head = {};  // of records
};

class Front : public std::enable_shared_from_this<Front> {
 public:
  static std::shared_ptr<Front> make(FrontOptions options, std::shared_ptr<const Serving> serving,
                                     genome::Program program, Upstream& upstream);

  void handle(net::ServedRequest request, std::shared_ptr<net::ReplyWriter> reply);
  // Before the body is read: what the request is refused with whatever its body is.
  std::optional<net::ReplyHead> refused_at_once(const net::ServedRequest& head);
  // Cancels all that is under way or waits.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Job {
    ChatRequest asked;
    Question question;
    std::shared_ptr<net::ReplyWriter> reply;
    ChatTold told;
    std::uint64_t seed = 0;
    Clock::time_point begun;
    std::shared_ptr<Episode> episode;  // while it runs
    bool left = false;                 // its client has
    bool over = false;
    // Of the upstream's thread alone, once it has begun:
    bool streaming = false;
    Upstream::Ticket timer = 0;
    Clock::time_point last_told;
    std::optional<EpisodeProgress> progress;
  };
  using JobPointer = std::shared_ptr<Job>;

  Front(FrontOptions options, std::shared_ptr<const Serving> serving, genome::Program program,
        Upstream& upstream);

  void answer_at(const Route& route, const net::ServedRequest& request,
                 const std::shared_ptr<net::ReplyWriter>& reply);
  void refuse(net::ReplyWriter& reply, const ChatRefusal& refusal);
  net::ReplyHead told(const ChatRefusal& refusal);
  void chat(const net::ServedRequest& request, const std::shared_ptr<net::ReplyWriter>& reply);
  JobPointer job_of(const net::ServedRequest& request, const std::shared_ptr<net::ReplyWriter>& reply) const;
  void take(const JobPointer& job);
  void start(const JobPointer& job);
  void gone(const JobPointer& job);
  void tell(Job& job);
  void keep_alive(const JobPointer& job);
  void over(const JobPointer& job, const EpisodeOutcome& outcome);
  void answer(Job& job, const EpisodeOutcome& outcome);
  void keep(const Job& job, const EpisodeOutcome& outcome) const;
  void fail(Job& job, const ChatRefusal& refusal);
  void answer_failed(Job& job, const EpisodeOutcome& outcome);
  std::string without_address(std::string text) const;
  std::string metrics() const;
  std::string retry_after() const;

  const FrontOptions options_;
  const std::shared_ptr<const Serving> serving_;
  const genome::Program program_;
  const std::vector<genome::AnswerReads> reads_;
  Upstream& upstream_;
  const std::int64_t created_;

  mutable std::mutex mutex_;
  bool stopped_ = false;
  std::set<JobPointer> running_;
  std::deque<JobPointer> waiting_;
  ServeCounters counters_;
};

}  // namespace live
