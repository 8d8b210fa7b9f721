// auditor.hpp: a controller's episodes on an environment's questions, at a server.
// Why:      what is compared with replay must come of the code that serves, question by question, within
//           what may be spent.
// Use:      Auditor auditor(upstream, plan, {.limit = 1'000'000, .stop = stop_requested});
//           AuditEnd end = auditor.run();
//           end.seen[3]   // what the episodes on the fourth question showed
// Promises: questions are asked in turn, each once, then again. Every look is made that replay can know of.
//           An episode whose answer failed, or that lost a branch, is not among those seen. No episode begins
//           that could pass the limit, as far as the recording and the episodes before it tell; when the
//           limit is reached even so, and when it is to stop, what is under way is cancelled. After
//           kMostFailures episodes in a row that failed, the server is asked no more.
// Threads:  run() waits; its callbacks come from the thread that called it.
// Tests:    tests/live/audit/auditor_test.cpp
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "genome/program/answer_reads.hpp"
#include "live/audit/checks.hpp"
#include "live/collect/interval_signals.hpp"
#include "live/episode/episode.hpp"

namespace live {

struct AuditTask {
  Question question;
  std::size_t branches = 0;    // recorded
  double expected_tokens = 0;  // of an episode, in replay
};

struct AuditPlan {
  std::shared_ptr<const Serving> serving;
  std::shared_ptr<const genome::BoundProgram> program;
  SessionOptions session;
  std::vector<AuditTask> tasks;
  std::size_t repeats = 1;
  std::uint64_t seed = 0;
  std::size_t at_once = 16;  // episodes
};

struct AuditProgress {
  std::size_t done = 0, wanted = 0, failed = 0;  // episodes
  std::int64_t tokens = 0;                       // read and written
};

struct AuditFollowing {
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();  // of tokens, read and written
  std::function<bool()> stop;
  std::function<void(const AuditProgress&)> progress;
};

struct AuditEnd {
  std::vector<std::vector<SeenEpisode>> seen;  // by question
  AuditProgress last;
  EpisodeTokens tokens;  // of all episodes, failed and cancelled ones included
  std::string failure;   // of the latest episode that failed
  std::string why;       // it ended before all was done; or empty
};

class Auditor {
 public:
  static constexpr std::size_t kMostFailures = 8;

  Auditor(Upstream& upstream, AuditPlan plan, AuditFollowing following);
  AuditEnd run();

 private:
  // One episode, from its start until its outcome was taken.
  struct Work {
    std::size_t task = 0;
    replay::ActionLog log;
    std::map<std::size_t, TokenLogprobs> logprobs;  // by branch
    SeenEpisode seen;
    std::shared_ptr<Episode> episode;
    std::int64_t tokens = 0;  // read and written so far
  };

  std::size_t wanted() const { return plan_.repeats * plan_.tasks.size(); }
  double expected(std::size_t task) const;
  bool may_begin() const;
  void begin_next();
  void take(Work& work, const EpisodeOutcome& outcome);
  void see(Work& work, const Session& session) const;
  static void add_what_it_showed(SeenBranch& seen, const GrowingQuestion& table, std::size_t branch);
  void add_signals(SeenBranch& seen, TokenLogprobs tokens) const;
  void look_around();
  void cancel_all(const std::string& why);

  Upstream& upstream_;
  const AuditPlan plan_;
  const AuditFollowing following_;
  const std::vector<genome::AnswerReads> reads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, std::shared_ptr<Work>> under_way_;
  std::size_t next_ = 0;
  double replayed_ = 0;  // tokens that replay has for the episodes that have ended
  std::size_t failures_in_a_row_ = 0;
  AuditEnd end_;
};

}  // namespace live
