#include "live/serve/front.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fmt/format.h>
#include <random>
#include <utility>

#include "genome/base/text.hpp"

namespace live {
namespace {

using std::chrono::duration;

constexpr double kBetweenComments = 0.25;  // seconds, at least
constexpr auto kEvents = "text/event-stream";

std::uint64_t any_number() {
  static thread_local std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

}  // namespace

std::shared_ptr<Front> Front::make(FrontOptions options, std::shared_ptr<const Serving> serving,
                                   genome::Program program, Upstream& upstream) {
  return std::shared_ptr<Front>(
      new Front(std::move(options), std::move(serving), std::move(program), upstream));
}

Front::Front(FrontOptions options, std::shared_ptr<const Serving> serving, genome::Program program,
             Upstream& upstream)
    : options_(std::move(options)),
      serving_(std::move(serving)),
      program_(std::move(program)),
      reads_(genome::answer_reads(program_)),
      upstream_(upstream),
      created_(std::time(nullptr)) {}

// ---- who may ask, and for what

void Front::handle(net::ServedRequest request, std::shared_ptr<net::ReplyWriter> reply) {
  try {
    answer_at(route_of(request, options_.key, options_.model), request, reply);
  } catch (const ChatRefusal& refusal) {
    refuse(*reply, refusal);
  } catch (const std::exception&) {
    refuse(*reply, {500, "the request could not be worked on"});
  }
}

std::optional<net::ReplyHead> Front::refused_at_once(const net::ServedRequest& head) {
  try {
    (void)route_of(head, options_.key, options_.model);
    return std::nullopt;
  } catch (const ChatRefusal& refusal) {
    return told(refusal);
  } catch (const std::exception&) {
    return told({500, "the request could not be worked on"});
  }
}

void Front::answer_at(const Route& route, const net::ServedRequest& request,
                      const std::shared_ptr<net::ReplyWriter>& reply) {
  switch (route.place) {
    case Route::Place::kChat: return chat(request, reply);
    case Route::Place::kModels: return reply->send({.body = models_text(options_.model, created_)});
    case Route::Place::kModel: return reply->send({.body = model_text(route.model, created_)});
    case Route::Place::kHealth: return reply->send({.body = R"({"status": "ok"})"});
    case Route::Place::kMetrics:
      return reply->send({.type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics()});
  }
}

void Front::refuse(net::ReplyWriter& reply, const ChatRefusal& refusal) { reply.send(told(refusal)); }

// Counts it, too.
net::ReplyHead Front::told(const ChatRefusal& refusal) {
  net::ReplyHead head{.status = refusal.status, .body = error_text(refusal)};
  {
    const std::scoped_lock lock(mutex_);
    ++counters_.refused[refusal.status];
    if (refusal.status == 429) head.headers.emplace_back("retry-after", retry_after());
  }
  if (!refusal.again) head.headers.emplace_back("x-should-retry", "false");
  if (refusal.status == 401) head.headers.emplace_back("www-authenticate", "Bearer");
  if (!refusal.allow.empty()) head.headers.emplace_back("allow", refusal.allow);
  return head;
}

std::string Front::metrics() const {
  const net::HttpLoop::Load load = upstream_.load();
  const std::scoped_lock lock(mutex_);
  return metrics_text(counters_,
                      {.running = running_.size(),
                       .waiting = waiting_.size(),
                       .upstream_at_work = load.at_work,
                       .upstream_waiting = load.waiting,
                       .recorded = options_.recorded ? std::optional(options_.recorded()) : std::nullopt});
}

// About as long as it takes until one of those under way has ended.
std::string Front::retry_after() const {
  const double mean =
      counters_.answered > 0 ? counters_.seconds / static_cast<double>(counters_.answered) : 0;
  const double wait = std::ceil(mean / static_cast<double>(std::max<std::size_t>(options_.episodes, 1)));
  return fmt::format("{}", static_cast<int>(std::clamp(wait, 1.0, 60.0)));
}

// ---- a chat

void Front::chat(const net::ServedRequest& request, const std::shared_ptr<net::ReplyWriter>& reply) {
  const JobPointer job = job_of(request, reply);
  take(job);
  reply->on_gone([self = shared_from_this(), weak = std::weak_ptr(job)] {
    if (const JobPointer left = weak.lock()) self->gone(left);
  });
}

Front::JobPointer Front::job_of(const net::ServedRequest& request,
                                const std::shared_ptr<net::ReplyWriter>& reply) const {
  auto job = std::make_shared<Job>();
  job->asked = read_chat_request(request.body, options_.model);
  job->question = chat_question(job->asked, options_.asking, serving_->task);
  job->reply = reply;
  job->seed = job->asked.seed.value_or(any_number());
  job->begun = Clock::now();
  job->told = {.id = fmt::format("chatcmpl-{:016x}{:016x}", any_number(), any_number()),
               .model = job->asked.model,
               .created = std::time(nullptr),
               .beta = job->asked.beta.value_or(options_.beta),
               .end_of_thought = serving_->recipe.end_of_thought,
               .left_out = job->asked.left_out,
               .usage = job->asked.stream_usage};
  return job;
}

void Front::take(const JobPointer& job) {
  const std::scoped_lock lock(mutex_);
  if (stopped_) throw ChatRefusal(503, "the server is ending");
  const bool runs = running_.size() < options_.episodes;
  if (!runs && waiting_.size() >= options_.queue)
    throw ChatRefusal(429,
                      fmt::format("{} questions are under way and {} wait: come again later", running_.size(),
                                  waiting_.size()),
                      {}, "queue_full");
  if (job->asked.stream)
    job->timer =
        upstream_.after(options_.heartbeat, [self = shared_from_this(), job] { self->keep_alive(job); });
  if (runs) return start(job);
  waiting_.push_back(job);
}

// REQUIRES: the mutex is held.
void Front::start(const JobPointer& job) {
  EpisodePlan plan{.serving = serving_,
                   .program = std::make_shared<genome::BoundProgram>(genome::bind(program_, job->told.beta)),
                   .reads = reads_,
                   .session = options_.session,
                   .ceiling = job->asked.ceiling,
                   .seconds = options_.seconds,
                   .seed = job->seed,
                   .trail = static_cast<bool>(options_.record)};
  if (job->asked.budget) plan.session.budget = job->asked.budget;
  EpisodeFollowing following{
      .done = [self = shared_from_this(), job](const EpisodeOutcome& outcome) { self->over(job, outcome); }};
  if (job->asked.stream) {
    following.progress = [self = shared_from_this(), job](const EpisodeProgress& at) {
      job->progress = at;
      const bool due = duration<double>(Clock::now() - job->last_told).count() >= kBetweenComments;
      if (due) self->tell(*job);
    };
  }
  running_.insert(job);
  job->episode = Episode::start(std::move(plan), upstream_, std::move(job->question), std::move(following));
}

void Front::gone(const JobPointer& job) {
  const std::scoped_lock lock(mutex_);
  job->left = true;
  if (job->episode) job->episode->cancel();
  if (std::erase(waiting_, job) > 0) ++counters_.cancelled;
}

// ---- on the upstream's thread

void Front::tell(Job& job) {
  if (!job.streaming) job.reply->begin({.type = kEvents, .headers = {{"cache-control", "no-cache"}}});
  job.streaming = true;
  job.last_told = Clock::now();
  job.reply->write(job.progress ? progress_comment(*job.progress) : ": evotts waiting\n\n");
}

// Whoever stands between may close what is silent for long.
void Front::keep_alive(const JobPointer& job) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopped_ || job->left || job->over) return;
  }
  if (duration<double>(Clock::now() - job->last_told).count() >= options_.heartbeat) tell(*job);
  job->timer =
      upstream_.after(options_.heartbeat, [self = shared_from_this(), job] { self->keep_alive(job); });
}

void Front::over(const JobPointer& job, const EpisodeOutcome& outcome) {
  if (job->timer != 0) upstream_.forget(job->timer);
  job->told.seconds = duration<double>(Clock::now() - job->begun).count();
  bool left = false;
  {
    const std::scoped_lock lock(mutex_);
    counters_.add(outcome, job->told.seconds);
    running_.erase(job);
    job->episode = nullptr;
    job->over = true;
    left = job->left;
    while (!stopped_ && !waiting_.empty() && running_.size() < options_.episodes) {
      start(waiting_.front());
      waiting_.pop_front();
    }
  }
  if (!left) answer(*job, outcome);
  if (options_.record) keep(*job, outcome);
}

void Front::answer(Job& job, const EpisodeOutcome& outcome) {
  switch (outcome.how) {
    case EpisodeOutcome::How::kFailed: return answer_failed(job, outcome);
    case EpisodeOutcome::How::kCancelled: return fail(job, {503, "the server is ending"});
    case EpisodeOutcome::How::kAnswered: break;
  }
  if (!job.asked.stream) return job.reply->send({.body = completion_text(job.told, outcome)});
  if (!job.streaming) job.reply->begin({.type = kEvents, .headers = {{"cache-control", "no-cache"}}});
  for (std::string& event : stream_events(job.told, outcome)) job.reply->write(std::move(event));
  job.reply->end();
}

// The upstream's address is none of the clients' business.
std::string Front::without_address(std::string text) const {
  for (const std::string& address : {upstream_.can().base, upstream_.can().root}) {
    for (std::size_t at = text.find(address); !address.empty() && at != text.npos; at = text.find(address))
      text.replace(at, address.size(), "upstream");
  }
  return text;
}

// Clients that try again of themselves would pay again for what has been generated.
void Front::answer_failed(Job& job, const EpisodeOutcome& outcome) {
  if (options_.on_failure) options_.on_failure(outcome.error);
  const std::string why = genome::base::visible(without_address(outcome.error), 1000);
  ChatRefusal refusal = outcome.deadline
                            ? ChatRefusal(504, "nothing until the deadline: " + why, {}, "deadline")
                            : ChatRefusal(502, "the upstream failed: " + why, {}, "upstream_failed");
  refusal.again = outcome.tokens.generated() == 0;
  fail(job, refusal);
}

void Front::fail(Job& job, const ChatRefusal& refusal) {
  if (!job.streaming) return refuse(*job.reply, refusal);
  job.reply->write("data: " + error_text(refusal) + "\n\n");
  job.reply->end();
}

void Front::stop() {
  std::deque<JobPointer> waiting;
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    waiting = std::exchange(waiting_, {});
    for (const JobPointer& job : running_) job->episode->cancel();
  }
  for (const JobPointer& job : waiting)  // there, as their streams may have begun
    upstream_.after(0, [self = shared_from_this(), job] { self->fail(*job, {503, "the server is ending"}); });
}

}  // namespace live
