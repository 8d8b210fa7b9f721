// episode.hpp: one question answered by a controller whose branches run at a server of models.
// Why:      session and upstream know nothing of each other; thousands of questions are answered at a time,
//           so that none may hold a thread.
// Use:      auto episode = Episode::start({.serving = serving, .program = bound, .reads = reads}, upstream,
//                                         question, {.done = [](EpisodeOutcome it) { ... }});
//           episode->cancel();   // from any thread
// How:      All of it happens on the upstream's thread. What the session wants becomes requests; when the
//           last of a statement has come, its results are given and the next statement follows. A branch
//           that was pruned, and an episode that was cancelled or has passed its deadline, cancel their
//           requests.
// Promises: `done` is called once, when nothing of it is under way any more. A branch whose request has
//           failed for good is lost for the session; when all are, the episode has failed. No more is
//           generated than `ceiling` allows, looks, finishing and tries that failed included;
//           Serving::finish of it is kept back for the branch that answers unfinished, half of the ceiling
//           at most. When it does not suffice, and at the deadline, the controller answers with what it
//           has.
// Threads:  start() and cancel() from any; callbacks come on the upstream's thread and must be short.
// Tests:    tests/live/episode/episode_test.cpp, tests/live/episode/same_as_replay_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "genome/program/answer_reads.hpp"
#include "live/episode/lane.hpp"
#include "live/episode/outcome.hpp"
#include "live/episode/serving.hpp"
#include "live/episode/token_pool.hpp"
#include "live/session/session.hpp"
#include "live/upstream/upstream.hpp"

namespace live {

// The controller and all that belongs to it; what is pointed to outlives the episode.
struct EpisodePlan {
  std::shared_ptr<const Serving> serving;
  std::shared_ptr<const genome::BoundProgram> program;
  std::vector<genome::AnswerReads> reads;  // answer_reads() of the program
  SessionOptions session;                  // its interval is Recipe's
  std::optional<std::int64_t> ceiling;     // tokens
  std::optional<double> seconds;           // until the deadline
  std::uint64_t seed = 0;
  replay::ActionLog* log = nullptr;
  bool trail = false;  // whether the outcome has one
};

struct EpisodeFollowing {
  std::function<void(EpisodeOutcome)> done;
  std::function<void(const EpisodeProgress&)> progress;  // may be empty
  // What each request brought a branch that somebody waits for; may be empty.
  std::function<void(std::size_t branch, const Segment& segment)> segment;
  // Where `log` is given: its answers are numbers of this question, which ends with the episode.
  std::function<void(const Session&)> ended;
};

// Of a branch, out of the episode's.
std::uint64_t branch_seed(std::uint64_t seed, std::size_t branch);

class Episode : public std::enable_shared_from_this<Episode> {
 public:
  static std::shared_ptr<Episode> start(EpisodePlan plan, Upstream& upstream, Question question,
                                        EpisodeFollowing following);
  void cancel();

  Episode(EpisodePlan plan, Upstream& upstream, EpisodeFollowing following);

 private:
  using Id = std::uint64_t;
  using Clock = std::chrono::steady_clock;
  enum class Purpose : std::uint8_t { kBranch, kLook, kCount, kFinishing };
  struct Waiting {
    std::size_t branch = 0;
    LaneRequest request;
  };
  struct UnderWay {
    Purpose purpose = Purpose::kBranch;
    std::size_t branch = 0;
    std::int64_t depth = 0;     // of a look
    std::int64_t reserved = 0;  // of the pool
    Upstream::Ticket ticket = 0;
    bool shortened = false;  // less was asked for than was wanted
    bool dropped = false;    // nobody waits for it any more
  };

  // ---- the session's course
  void begin(const Question& question);
  void got_prompt(const Begun& begun);
  void go_on();
  Lane& lane_of(std::size_t branch);
  void take_wants();
  void give_ready();
  void lose_missing();
  void stop_session();
  void tell_progress() const;

  // ---- requests
  void ask(std::size_t branch);
  void send_waiting();
  std::int64_t kept_back() const;
  std::int64_t granted(const LaneRequest& request, std::size_t sharing) const;
  void send(Waiting waiting, std::int64_t tokens);
  void send_count(Waiting waiting);
  Id enter(UnderWay request);
  Following watched(Id id, std::int64_t tokens);
  SegmentDone receiver(Id id);
  void came(Id id, const Segment& segment);
  UnderWay leave(Id id);
  void account(const UnderWay& request, const Segment& segment);
  void bring(const UnderWay& request, const Segment& segment);
  void drop(std::size_t branch);
  void drop_all();
  bool all_dropped() const;

  // ---- the end
  void pass_deadline();
  void answer();
  bool came_to_nothing() const;
  void answer_by_votes();
  void finish(std::size_t branch);
  void take_finish(const Segment& segment);
  void take_text(std::size_t branch, EpisodeOutcome::Text from);
  void answer_alone(bool cut);
  void add_votes();
  void fail(const std::string& why);
  void end_when_quiet();

  EpisodePlan plan_;
  Upstream& upstream_;
  EpisodeFollowing following_;
  TokenPool pool_;
  std::shared_ptr<Upstream::Steps> beginning_;
  std::shared_ptr<const Prompt> prompt_;
  std::unique_ptr<Session> session_;
  replay::ActionLog actions_;          // of the trail, unless there is another log
  std::map<std::size_t, Lane> lanes_;  // by branch
  std::set<std::size_t> wanted_;       // branches whose results are missing
  std::vector<std::size_t> ready_;     // branches whose results are there
  std::vector<Waiting> waiting_;
  std::map<Id, UnderWay> under_way_;
  Id last_id_ = 0;
  Clock::time_point came_;  // what brought the episode on last
  Upstream::Ticket timer_ = 0;
  EpisodeOutcome outcome_;
  std::string last_failure_;
  Branch finishing_;  // the branch that is finished for its answer, as it was begun with
  std::size_t finishing_thought_ = 0;
  enum class State : std::uint8_t { kBeginning, kRunning, kFinishing, kEnding, kEnded };
  State state_ = State::kBeginning;
  std::optional<std::size_t> lost_before_;  // branches, when the session was stopped
};

}  // namespace live
