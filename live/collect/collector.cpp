#include "live/collect/collector.hpp"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "net/usage.hpp"

namespace live {
namespace {

constexpr double kBetweenNotes = 1;      // seconds between notes of what was spent
constexpr double kBetweenReports = 0.5;  // seconds between two looks at pace and progress
constexpr double kRateOver = 15;         // seconds that the rate shown is a mean of
constexpr double kBetweenTold = 5;       // seconds between two lines about requests that are tried again
constexpr double kWait = 0.1;            // seconds for which nothing may happen

std::uint64_t seed_of(std::uint64_t seed, std::size_t question, std::size_t number) {
  using genome::base::Rng;
  return Rng::scramble(Rng::scramble(Rng::scramble(seed + 1) + question) + number);
}

std::int64_t tokens_in(const Reply& reply) {
  const std::size_t known = std::max(reply.ids.size(), reply.logprobs.size());
  // Without either, four bytes a token will do for a rate.
  return static_cast<std::int64_t>(known > 0 ? known : (reply.text.size() + reply.thought.size()) / 4);
}

net::Amount amount_of(const Spent& spent) {
  return {.money = spent.money,
          .input = spent.prompt_tokens,
          .cached = spent.cached_tokens,
          .output = spent.written()};
}

}  // namespace

struct Collector::Job {
  Id id = 0;
  std::size_t question = 0, number = 0;
  std::optional<BranchRecorder> recorder;  // from when the prompt is there
  Spent spent;
  std::set<Upstream::Ticket> tickets;
};

struct Collector::Request {
  Id job = 0;
  Ask ask;
  net::Amount worst;
};

// What the budget keeps back for one request, its tries included.
struct Collector::Reserved {
  std::atomic<int> tries{1};
  std::atomic<bool> denied{false};  // another try
};

Collector::Collector(Server server, Capabilities can, Sampling sampling, CollectPlan plan, Journal& journal,
                     CollectOptions options)
    : plan_(std::move(plan)),
      recipe_(plan_.recipe),
      journal_(journal),
      options_(std::move(options)),
      ledger_(options_.limits),
      pace_(options_.calls.requests),
      wanted_(plan_.questions.size() * plan_.branches),
      spent_(journal.spent_before()) {
  ledger_.begin(amount_of(spent_));
  CallOptions calls = options_.calls;
  calls.on_retry = [this](const Retry& retry) { inbox_.put([this, retry] { tried_again(retry); }); };
  recipe_.grade = grade_of(can);
  recipe_.context = can.context;
  upstream_ =
      std::make_unique<Upstream>(std::move(server), std::move(can), std::move(calls), std::move(sampling));
}

Collector::~Collector() = default;

void Collector::tried_again(const Retry& retry) {
  if (retry.busy) pace_.refused(now());
  if (last_told_ && now() - *last_told_ < kBetweenTold) return;  // one line stands for many
  last_told_ = now();
  tell(fmt::format("{}; trying again in {:.1f} s", retry.why, retry.seconds));
}

double Collector::now() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

void Collector::tell(const std::string& line) const {
  if (options_.tell) options_.tell(line);
}

CollectEnd Collector::run() {
  prepare_suffix();
  while (true) {
    if (options_.stop && options_.stop()) end_by(CollectEnd::How::kStopped, "stopped");
    if (ending_ && upstream_ != nullptr) {
      upstream_.reset();  // what is under way ends as cancelled
      inbox_.run(0);
      EVOTTS_CHECK(at_work_ == 0);
    }
    send_waiting();
    while (!ending_ && !budget_denied_ && at_work_ + waiting_.size() < pace_.limit() && begin_next())
      send_waiting();
    if (at_work_ == 0 && (ending_ || waiting_.empty())) break;
    if (at_work_ == 0 && budget_denied_) {
      end_by(CollectEnd::How::kBudget, "the budget does not allow for another request");
      break;
    }
    inbox_.run(kWait);
    keep_journal();
    follow_pace();
    if (options_.progress) options_.progress(progress());
  }
  journal_.note(spent_, {});
  journal_.sync();
  return end();
}

void Collector::end_by(CollectEnd::How how, const std::string& why) {
  if (ending_) return;
  ending_ = how;
  why_ = why;
}

void Collector::prepare_suffix() {
  if (recipe_.grade == Grade::kWholeSamples) return;
  ++at_work_;
  upstream_->prepare(recipe_.suffix.text, [this](Suffix suffix, std::string error) {
    inbox_.put([this, suffix = std::move(suffix), error = std::move(error)] {
      --at_work_;
      recipe_.suffix = suffix;
      if (!error.empty()) end_by(CollectEnd::How::kFailures, error);
    });
  });
  while (at_work_ > 0 && !(options_.stop && options_.stop())) inbox_.run(kWait);
}

// False when no branch is left that is not in the journal.
bool Collector::begin_next() {
  while (next_ < wanted_) {
    const auto failures = failures_.find(next_ / plan_.branches);
    const bool hopeless = failures != failures_.end() && failures->second >= kMostFailuresOfQuestion;
    if (!hopeless && !journal_.has(next_ / plan_.branches, next_ % plan_.branches)) break;
    ++next_;
  }
  if (next_ == wanted_) return false;
  auto job = std::make_unique<Job>();
  job->id = ++last_job_;
  job->question = next_ / plan_.branches;
  job->number = next_ % plan_.branches;
  ++next_;
  const std::size_t question = job->question;
  Job& one = *job;
  jobs_.emplace(one.id, std::move(job));
  const auto prompt = prompts_.find(question);
  if (prompt != prompts_.end()) {
    one.recorder.emplace(recipe_, prompt->second, seed_of(plan_.seed, question, one.number));
    ask_all(one);
    return true;
  }
  std::vector<Id>& awaiting = awaiting_prompt_[question];
  awaiting.push_back(one.id);
  if (awaiting.size() == 1) begin_prompt(question);
  return true;
}

void Collector::begin_prompt(std::size_t question) {
  ++at_work_;
  upstream_->begin(plan_.questions[question], [this, question](Begun begun) {
    inbox_.put([this, question, begun = std::move(begun)] { got_prompt(question, begun); });
  });
}

void Collector::got_prompt(std::size_t question, const Begun& begun) {
  --at_work_;
  const std::vector<Id> awaiting = std::move(awaiting_prompt_[question]);
  awaiting_prompt_.erase(question);
  if (begun.prompt == nullptr) {
    for (const Id id : awaiting) jobs_.erase(id);
    return failed_question(question, awaiting.size(), begun.error);
  }
  prompts_[question] = begun.prompt;
  for (const Id id : awaiting) {
    const auto job = jobs_.find(id);
    if (job == jobs_.end()) continue;
    job->second->recorder.emplace(recipe_, begun.prompt, seed_of(plan_.seed, question, job->second->number));
    ask_all(*job->second);
  }
}

bool Collector::ask_all(Job& job) {
  std::vector<Ask> asks = job.recorder->asks();
  if (!job.recorder->fault().empty()) {
    failed(job, job.recorder->fault());
    return false;
  }
  for (Ask& ask : asks) {
    if (ask.kind == Ask::Kind::kCount) {
      count_tokens(job.id, ask.text);
      continue;
    }
    const net::Usage worst = net::worst_usage(static_cast<std::size_t>(ask.prompt_tokens), ask.tokens);
    const net::Amount amount{
        .money = net::cost(options_.price, worst), .input = *worst.input, .output = ask.tokens};
    waiting_.emplace(job.id, std::make_shared<const Request>(
                                 Request{.job = job.id, .ask = std::move(ask), .worst = amount}));
  }
  return true;
}

void Collector::count_tokens(Id job, const std::string& text) {
  if (ending_) return;
  ++at_work_;
  upstream_->prepare(text, [this, job](const Suffix& counted, const std::string& error) {
    inbox_.put([this, job, tokens = static_cast<std::int64_t>(counted.ids.size()), error] {
      --at_work_;
      const auto found = jobs_.find(job);
      if (found == jobs_.end()) return;
      if (!error.empty()) return failed(*found->second, error);
      found->second->recorder->take_count(tokens);
      after(*found->second);
    });
  });
}

// As many as pace and budget allow, of the oldest branches first. Behind a segment that is too dear only
// looks are
// made: what branches of few tokens are left over would else go to those alone.
void Collector::send_waiting() {
  budget_denied_ = false;
  for (auto at = waiting_.begin(); !ending_ && at != waiting_.end() && at_work_ < pace_.limit();) {
    const std::shared_ptr<const Request>& request = at->second;
    const bool gone = !jobs_.contains(request->job);
    const bool may = !budget_denied_ || request->ask.kind == Ask::Kind::kLook;
    if (gone || (may && send(request))) {
      at = waiting_.erase(at);
      continue;
    }
    budget_denied_ = true;
    ++at;
  }
}

bool Collector::send(std::shared_ptr<const Request> request) {
  if (!ledger_.reserve(request->worst)) return false;
  unnoted_ = true;
  const auto reserved = std::make_shared<Reserved>();
  // Of this thread alone, which runs what is put into the inbox.
  const auto ticket = std::make_shared<Upstream::Ticket>(0);
  SegmentDone done = [this, reserved, ticket, request](Segment segment) {
    inbox_.put([this, reserved, ticket, request, segment = std::move(segment)] {
      if (const auto job = jobs_.find(request->job); job != jobs_.end()) job->second->tickets.erase(*ticket);
      ended(request, segment, *reserved);
    });
  };
  Following following = followed(reserved, request->worst);
  ++at_work_;
  const Ask& ask = request->ask;
  const Branch branch = jobs_.at(request->job)->recorder->beginning_of(ask);
  switch (ask.kind) {
    case Ask::Kind::kSegment:
      *ticket = upstream_->advance(branch, ask.tokens, std::move(done), std::move(following));
      break;
    case Ask::Kind::kWhole:
      *ticket =
          upstream_->sample(branch.prompt, branch.seed, ask.tokens, std::move(done), std::move(following));
      break;
    case Ask::Kind::kLook:
      *ticket = upstream_->look(branch, recipe_.suffix, ask.tokens, std::move(done), std::move(following));
      break;
    case Ask::Kind::kCount: EVOTTS_CHECK(false);
  }
  jobs_.at(request->job)->tickets.insert(*ticket);
  return true;
}

// On the thread of the upstream.
Following Collector::followed(const std::shared_ptr<Reserved>& reserved, const net::Amount& worst) {
  return {.watch =
              [this, last = std::int64_t{0}](const Reply& reply) mutable {
                const std::int64_t tokens = tokens_in(reply);
                tokens_seen_ += tokens < last ? tokens : tokens - last;
                last = tokens;
              },
          .again =
              [this, reserved, worst] {
                const bool allowed = ledger_.reserve(worst);
                reserved->tries += allowed ? 1 : 0;
                reserved->denied = !allowed;
                return allowed;
              }};
}

Spent Collector::spent_for(const Request& request, const Segment& segment) const {
  const Ask& ask = request.ask;
  Spent spent{
      .requests = segment.requests, .lost_requests = segment.lost, .lost_tokens = segment.lost_tokens};
  net::Usage usage{.input = 0, .output = 0};
  if (segment.good) {
    usage = segment.usage;
    usage.input = usage.input.value_or(ask.prompt_tokens);
    usage.output = usage.output.value_or(segment.tokens);
    (ask.kind == Ask::Kind::kLook ? spent.look_tokens : spent.branch_tokens) = *usage.output;
  }
  // What failed may have been read and written to its end, whatever of it came here.
  const net::Usage lost{.input = segment.lost * ask.prompt_tokens, .output = segment.lost * ask.tokens};
  spent.unseen_tokens = std::max<std::int64_t>(0, *lost.output - segment.lost_tokens);
  spent.prompt_tokens = *usage.input + *lost.input;
  spent.cached_tokens = usage.cached_read.value_or(0);
  spent.money = net::cost(options_.price, usage) + net::cost(options_.price, lost);
  return spent;
}

void Collector::ended(std::shared_ptr<const Request> request, const Segment& segment,
                      const Reserved& reserved) {
  --at_work_;
  const Spent spent = spent_for(*request, segment);
  spent_ += spent;
  ledger_.settle(reserved.tries * request->worst, amount_of(spent));
  unnoted_ = true;
  const auto found = jobs_.find(request->job);
  if (found == jobs_.end()) return;
  Job& job = *found->second;
  job.spent += spent;
  if (segment.good) return brought(job, *request, segment);
  if (segment.cancelled) return;
  if (!reserved.denied) return failed(job, segment.error);
  waiting_.emplace(job.id, std::move(request));  // until more of the budget is free
}

void Collector::brought(Job& job, const Request& request, const Segment& segment) {
  if (request.ask.kind == Ask::Kind::kLook)
    job.recorder->take_look(request.ask.look, segment);
  else
    job.recorder->take(segment);
  after(job);
}

// Something came: the branch may be over, or ask for more.
void Collector::after(Job& job) {
  if (!ask_all(job) || !job.recorder->over()) return;
  CollectedBranch branch = job.recorder->finish();
  branch.question = job.question;
  branch.number = job.number;
  branch.spent = job.spent;
  journal_.add(branch);
  unsynced_ = true;
  ++ended_here_;
  failures_in_a_row_ = 0;
  failures_.erase(job.question);
  jobs_.erase(job.id);
}

void Collector::failed(Job& job, const std::string& why) {
  if (upstream_ != nullptr) {
    for (const Upstream::Ticket ticket : job.tickets) upstream_->cancel(ticket);
  }
  const std::size_t question = job.question;
  const int failures = ++failures_[question];
  if (failures <= kMostFailuresOfQuestion)
    tell(fmt::format("question {}, branch {}: {}", question, job.number, why));
  if (failures == kMostFailuresOfQuestion)
    tell(fmt::format("question {}: no more of its branches are begun", question));
  jobs_.erase(job.id);
  ++failed_;
  if (failures > kMostFailuresOfQuestion || ++failures_in_a_row_ < kMostFailures) return;
  end_by(CollectEnd::How::kFailures,
         fmt::format("{} failures in a row, the last one: {}", failures_in_a_row_, why));
}

// Before any of its branches could be begun.
void Collector::failed_question(std::size_t question, std::size_t branches, const std::string& why) {
  tell(fmt::format("question {}: {}", question, why));
  failed_ += branches;
  failures_[question] = kMostFailuresOfQuestion;
  failures_in_a_row_ += kMostFailuresOfQuestion;
  if (failures_in_a_row_ < kMostFailures) return;
  end_by(CollectEnd::How::kFailures, fmt::format("question after question cannot be begun: {}", why));
}

// One sync for all that came together. What was spent is noted before it can be forgotten: at once, then
// every second in which requests begin or end.
void Collector::keep_journal() {
  if (unnoted_ && (!last_note_ || now() - *last_note_ >= kBetweenNotes)) {
    const net::Amount open = ledger_.reserved();
    journal_.note(
        spent_,
        {.prompt_tokens = open.input, .unseen_tokens = open.output, .money = std::max(0.0, open.money)});
    last_note_ = now();
    unnoted_ = false;
    unsynced_ = true;
  }
  if (!unsynced_) return;
  journal_.sync();
  unsynced_ = false;
}

void Collector::follow_pace() {
  const std::size_t limit = pace_.at(now(), tokens_seen_, at_work_ >= pace_.limit());
  if (upstream_ != nullptr) upstream_->limit(limit);
}

CollectProgress Collector::progress() {
  CollectProgress now_at{.branches = journal_.branches(),
                         .wanted = wanted_,
                         .cut = journal_.cut(),
                         .failed = failed_,
                         .at_work = at_work_,
                         .limit = pace_.limit(),
                         .seconds = now(),
                         .spent = spent_};
  if (rates_.empty() || now_at.seconds - rates_.back().first >= kBetweenReports)
    rates_.emplace_back(now_at.seconds, tokens_seen_);
  while (rates_.size() > 2 && now_at.seconds - rates_.front().first > kRateOver) rates_.pop_front();
  const double span = rates_.back().first - rates_.front().first;
  if (span > 0)
    now_at.tokens_per_second = static_cast<double>(rates_.back().second - rates_.front().second) / span;
  if (ended_here_ > 0)
    now_at.seconds_left = now_at.seconds / static_cast<double>(ended_here_) *
                          static_cast<double>(wanted_ - std::min(wanted_, journal_.branches()));
  return now_at;
}

CollectEnd Collector::end() {
  CollectEnd end{.why = why_, .last = progress()};
  if (ending_) {
    end.how = *ending_;
  } else if (journal_.branches() < wanted_) {
    end.how = CollectEnd::How::kFailures;
    end.why = fmt::format("{} branches have not come", wanted_ - journal_.branches());
  }
  return end;
}

}  // namespace live
