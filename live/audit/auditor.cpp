#include "live/audit/auditor.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include "genome/base/rng.hpp"
#include "replay/analysis/playback.hpp"

namespace live {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(100);

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& what) {
  to.insert(to.end(), what.begin(), what.end());
}

void add(EpisodeTokens& to, const EpisodeTokens& more) {
  to.branches += more.branches;
  to.looks += more.looks;
  to.finishing += more.finishing;
  to.lost += more.lost;
  to.prompt += more.prompt;
  to.cached += more.cached;
  to.requests += more.requests;
}

}  // namespace

Auditor::Auditor(Upstream& upstream, AuditPlan plan, AuditFollowing following)
    : upstream_(upstream),
      plan_(std::move(plan)),
      following_(std::move(following)),
      reads_(genome::answer_reads(*plan_.program->program)) {
  end_.seen.resize(plan_.tasks.size());
  end_.last.wanted = wanted();
}

AuditEnd Auditor::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (end_.why.empty() && next_ < wanted() && under_way_.size() < plan_.at_once && may_begin())
      begin_next();
    if (under_way_.empty()) break;
    changed_.wait_for(lock, kBetweenLooks);
    look_around();
    const AuditProgress at = end_.last;
    lock.unlock();
    if (following_.progress) following_.progress(at);
    lock.lock();
  }
  if (end_.why.empty() && next_ < wanted()) end_.why = "the next episode could pass the limit on tokens";
  return std::move(end_);
}

// What an episode of the question takes, prompts and looks included, as far as those before it tell.
double Auditor::expected(std::size_t task) const {
  const double more = replayed_ > 0 ? static_cast<double>(end_.last.tokens) / replayed_ : 1;
  return std::max(1.0, more) * plan_.tasks[task].expected_tokens;
}

// Before the first has ended nobody knows what looks and prompts take.
bool Auditor::may_begin() const {
  const bool limited = following_.limit < std::numeric_limits<std::int64_t>::max();
  if (limited && replayed_ == 0 && !under_way_.empty()) return false;
  double all = static_cast<double>(end_.last.tokens) + expected(next_ % plan_.tasks.size());
  for (const auto& [number, work] : under_way_)
    all += std::max(expected(work->task), static_cast<double>(work->tokens));
  return all <= static_cast<double>(following_.limit);
}

void Auditor::begin_next() {
  const std::size_t number = next_++;
  const auto work = std::make_shared<Work>();
  work->task = number % plan_.tasks.size();
  under_way_.emplace(number, work);
  const AuditTask& task = plan_.tasks[work->task];
  SessionOptions session = plan_.session;
  session.branches = std::min(task.branches, replay::kMaxOpened);
  session.look_always = true;
  work->episode = Episode::start({.serving = plan_.serving,
                                  .program = plan_.program,
                                  .reads = reads_,
                                  .session = session,
                                  .seed = genome::base::Rng::scramble(plan_.seed + 1) + number,
                                  .log = &work->log},
                                 upstream_, task.question,
                                 {.done =
                                      [this, work, number](const EpisodeOutcome& outcome) {
                                        const std::scoped_lock lock(mutex_);
                                        take(*work, outcome);
                                        under_way_.erase(number);
                                        changed_.notify_all();
                                      },
                                  .progress =
                                      [this, work](const EpisodeProgress& at) {
                                        const std::scoped_lock lock(mutex_);
                                        work->tokens = at.generated + at.read;
                                      },
                                  .segment =
                                      [work](std::size_t branch, const Segment& segment) {
                                        append(work->logprobs[branch].logprobs, segment.logprobs);
                                        append(work->logprobs[branch].top, segment.top);
                                      },
                                  .ended = [this, work](const Session& session_) { see(*work, session_); }});
}

void Auditor::take(Work& work, const EpisodeOutcome& outcome) {
  add(end_.tokens, outcome.tokens);
  end_.last.tokens = end_.tokens.prompt + end_.tokens.generated();
  if (outcome.how == EpisodeOutcome::How::kCancelled) return;
  replayed_ += plan_.tasks[work.task].expected_tokens;
  if (outcome.how == EpisodeOutcome::How::kAnswered && outcome.session.lost == 0) {
    ++end_.last.done;
    failures_in_a_row_ = 0;
    end_.seen[work.task].push_back(std::move(work.seen));
    return;
  }
  ++end_.last.failed;
  ++failures_in_a_row_;
  end_.failure = outcome.error.empty() ? "branches were lost" : outcome.error;
}

void Auditor::look_around() {
  if (!end_.why.empty()) return;
  std::int64_t tokens = end_.last.tokens;
  for (const auto& [number, work] : under_way_) tokens += work->tokens;
  if (following_.stop && following_.stop()) return cancel_all("it was stopped");
  if (tokens >= following_.limit && !under_way_.empty()) return cancel_all("the limit on tokens was reached");
  if (failures_in_a_row_ >= kMostFailures) cancel_all("the server fails: " + end_.failure);
}

void Auditor::cancel_all(const std::string& why) {
  end_.why = why;
  for (const auto& [number, work] : under_way_) work->episode->cancel();
}

// ---- what an episode showed

void Auditor::see(Work& work, const Session& session) const {
  work.seen.answer = session.answer().value_or("");
  work.seen.tokens = session.result().tokens;
  std::vector<std::uint32_t> opened(session.usage().opened);
  std::iota(opened.begin(), opened.end(), 0U);
  replay::Playback playback;
  playback.begin(session.question().question(), opened);
  for (const replay::Action& action : work.log) {
    playback.take(action);
    if (action.kind == replay::ActionKind::kBranch || action.kind == replay::ActionKind::kRead)
      work.seen.branches.push_back({.whole = action.kind == replay::ActionKind::kRead});
  }
  for (std::size_t branch = 0; branch < work.seen.branches.size(); ++branch) {
    SeenBranch& seen = work.seen.branches[branch];
    seen.finished = playback.branches()[branch].finished;
    seen.intervals = playback.branches()[branch].depth;
    add_what_it_showed(seen, session.question(), branch);
    if (const auto told = work.logprobs.find(branch); told != work.logprobs.end())
      add_signals(seen, told->second);
  }
}

void Auditor::add_what_it_showed(SeenBranch& seen, const GrowingQuestion& table, std::size_t branch) {
  for (std::size_t d = 1; d <= seen.intervals; ++d)
    seen.looks.push_back(table.text_of(table.answer_at(branch, static_cast<std::int64_t>(d))));
  if (!seen.finished) return;
  seen.tokens = table.tokens(branch);
  seen.answer = table.text_of(table.question().branches[branch].final_answer);
}

// Of intervals that are whole, since nobody knows what a recording counts to the last one.
void Auditor::add_signals(SeenBranch& seen, TokenLogprobs tokens) const {
  std::vector<std::size_t> ends;
  for (std::size_t i = 1; i <= seen.intervals; ++i)
    ends.push_back(i * static_cast<std::size_t>(plan_.serving->recipe.interval));
  if (ends.empty() || tokens.logprobs.size() < ends.back()) return;
  if (tokens.top.size() != tokens.logprobs.size()) tokens.top.clear();
  const auto numbers = interval_signals(tokens, ends);
  for (std::size_t i = 0; i < kAuditSignals.size(); ++i) {
    const auto found = numbers.find(std::string(kAuditSignals[i]));
    if (found == numbers.end()) continue;
    seen.signals[i] = found->second;
    seen.signals[i].resize(ends.size());
  }
}

}  // namespace live
