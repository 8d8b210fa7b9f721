// collector.hpp: asks a server for branches of many questions until a journal holds all of them.
// Why:      an environment is what a model really said; this is the one part of recording that waits, pays
//           and is broken off.
// Use:      Collector collector(upstream_parts, plan, journal, options);
//           CollectEnd end = collector.run();
//           if (end.how == CollectEnd::How::kComplete) write_recording(...);
// How:      Whoever calls run() does all the work; the thread of the upstream only puts replies into an
//           inbox. Branches are begun in the order of questions, as long as fewer requests are under way than
//           the pace allows. A request is made once its worst is within the budget; until then it waits for
//           others to end, those of the oldest branch first, and no branch is begun. What has ended is
//           written to the journal and synced, many branches at a time.
// Promises: a branch depends on its question, its number and the seed alone, never on the order of replies.
//           The spending limits are never passed by what the server counts, retries included. A branch that
//           fails is told and left out. A question of which some branches fail and none has come is left out;
//           where that happens to several in a row, the rest is not tried.
// Throws:   StorageError when the journal cannot be written: what it holds by then is whole.
// Threads:  run() once, on one thread.
// Tests:    tests/live/collect/collector_test.cpp
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/collect/branch_recorder.hpp"
#include "live/collect/inbox.hpp"
#include "live/collect/journal.hpp"
#include "live/collect/pace.hpp"
#include "live/upstream/upstream.hpp"
#include "net/ledger.hpp"

namespace live {

inline constexpr int kMostFailuresOfQuestion = 4;  // that count, and are told
inline constexpr int kMostFailures = 16;           // in a row, of all questions

// What is to be recorded.
struct CollectPlan {
  std::vector<Question> questions;  // as they are asked
  std::size_t branches = 64;        // of each
  std::uint64_t seed = 0;
  Recipe recipe;  // its suffix has its text; the ids are asked for
};

struct CollectProgress {
  std::size_t branches = 0, wanted = 0, cut = 0, failed = 0;
  std::size_t at_work = 0, limit = 0;  // requests
  double seconds = 0;                  // since run() was called
  double tokens_per_second = 0;        // of the last seconds
  std::optional<double> seconds_left;  // once a branch is whole
  Spent spent;
};

struct CollectOptions {
  CallOptions calls;
  net::Price price;
  net::SpendingLimits limits;
  std::function<bool()> stop;                            // looked at now and then
  std::function<void(const CollectProgress&)> progress;  // now and then
  std::function<void(const std::string& line)> tell;     // failures, waits
};

struct CollectEnd {
  enum class How : std::uint8_t { kComplete, kFailures, kBudget, kStopped } how = How::kComplete;
  std::string why;  // of all but kComplete: one line
  CollectProgress last;
};

class Collector {
 public:
  // `journal` outlives it.
  Collector(Server server, Capabilities can, Sampling sampling, CollectPlan plan, Journal& journal,
            CollectOptions options);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  CollectEnd run();

 private:
  using Clock = std::chrono::steady_clock;
  using Id = std::uint64_t;
  struct Job;
  struct Request;
  struct Reserved;

  double now() const;
  void tell(const std::string& line) const;
  void tried_again(const Retry& retry);
  void end_by(CollectEnd::How how, const std::string& why);
  void prepare_suffix();
  bool begin_next();
  void begin_prompt(std::size_t question);
  void got_prompt(std::size_t question, const Begun& begun);
  bool ask_all(Job& job);  // false when the job has failed, and is gone
  void send_waiting();
  bool send(std::shared_ptr<const Request> request);
  void count_tokens(Id job, const std::string& text);
  void ended(std::shared_ptr<const Request> request, const Segment& segment, const Reserved& reserved);
  void brought(Job& job, const Request& request, const Segment& segment);
  void failed(Job& job, const std::string& why);
  void failed_question(std::size_t question, std::size_t branches, const std::string& why);
  void after(Job& job);
  Following followed(const std::shared_ptr<Reserved>& reserved, const net::Amount& worst);
  Spent spent_for(const Request& request, const Segment& segment) const;
  void keep_journal();
  void follow_pace();
  CollectProgress progress();
  CollectEnd end();

  const CollectPlan plan_;
  Recipe recipe_;
  Journal& journal_;
  const CollectOptions options_;
  const Clock::time_point begin_ = Clock::now();

  net::Ledger ledger_;
  Pace pace_;
  Inbox inbox_;
  std::map<Id, std::unique_ptr<Job>> jobs_;
  std::map<std::size_t, std::shared_ptr<const Prompt>> prompts_;  // of the questions that were begun
  std::map<std::size_t, std::vector<Id>> awaiting_prompt_;
  std::multimap<Id, std::shared_ptr<const Request>> waiting_;  // for the budget or the pace
  std::size_t at_work_ = 0;                                    // requests, those of the tokenizer among them
  Id last_job_ = 0;
  std::size_t next_ = 0;  // of all branches, question by question
  std::size_t wanted_ = 0, failed_ = 0, ended_here_ = 0;
  std::map<std::size_t, int> failures_;  // of the questions of which no branch has come since
  int failures_in_a_row_ = 0;
  bool budget_denied_ = false, unsynced_ = false, unnoted_ = false;
  std::optional<CollectEnd::How> ending_;
  std::string why_;
  Spent spent_;
  std::optional<double> last_note_;
  std::optional<double> last_told_;  // that a request is tried again
  std::atomic<std::int64_t> tokens_seen_{0};
  std::deque<std::pair<double, std::int64_t>> rates_;
  std::unique_ptr<Upstream> upstream_;  // ends first: it still calls back
};

}  // namespace live
