// The requests of an episode: what each gets of the ceiling, what it brings, and what it took.
#include <algorithm>
#include <utility>

#include "genome/base/check.hpp"
#include "live/episode/episode.hpp"

namespace live {
namespace {

bool is_shared(const LaneRequest& request) { return request.least < request.tokens; }

}  // namespace

void Episode::ask(std::size_t branch) {
  Lane& lane = lanes_.at(branch);
  for (LaneRequest& request : lane.requests()) waiting_.push_back({branch, std::move(request)});
  if (!lane.done()) return;
  wanted_.erase(branch);
  ready_.push_back(branch);
}

// Of a small ceiling, more than half is for what it is about. The answer matters more than a text with it:
// what a stopped controller still looks at has all that is left.
std::int64_t Episode::kept_back() const {
  return lost_before_ ? 0 : std::min(plan_.serving->finish, plan_.ceiling.value_or(0) / 2);
}

// How many tokens a request gets; 0: it has to wait. Branches that are generated to their end share, and
// the last of it goes to one of them.
std::int64_t Episode::granted(const LaneRequest& request, std::size_t sharing) const {
  const std::int64_t left = pool_.left(kept_back());
  if (!is_shared(request)) return left < request.least ? 0 : request.tokens;
  if (left < request.least) return all_dropped() ? left : 0;
  const std::int64_t share = left / static_cast<std::int64_t>(std::max<std::size_t>(sharing, 1));
  return std::min(request.tokens, std::max(share, request.least));
}

void Episode::send_waiting() {
  std::size_t sharing = 0;
  for (const Waiting& each : waiting_) sharing += is_shared(each.request) ? 1 : 0;
  std::vector<Waiting> rest;
  for (Waiting& each : std::exchange(waiting_, {})) {
    if (each.request.kind == LaneRequest::Kind::kCount) {
      send_count(std::move(each));
      continue;
    }
    const std::int64_t tokens = granted(each.request, sharing);
    sharing -= is_shared(each.request) ? 1 : 0;
    if (tokens > 0)
      send(std::move(each), tokens);
    else
      rest.push_back(std::move(each));
  }
  waiting_ = std::move(rest);
}

Episode::Id Episode::enter(UnderWay request) {
  pool_.reserve(request.reserved);
  under_way_.emplace(++last_id_, request);
  return last_id_;
}

void Episode::send(Waiting waiting, std::int64_t tokens) {
  const LaneRequest& request = waiting.request;
  const bool look = request.kind == LaneRequest::Kind::kLook;
  const Id id = enter({.purpose = look ? Purpose::kLook : Purpose::kBranch,
                       .branch = waiting.branch,
                       .depth = request.depth,
                       .reserved = tokens,
                       .shortened = tokens < request.tokens});
  Upstream::Ticket& ticket = under_way_.at(id).ticket;
  if (look)
    ticket = upstream_.look(request.branch, plan_.serving->recipe.suffix, tokens, receiver(id),
                            watched(id, tokens));
  else if (request.kind == LaneRequest::Kind::kWhole)
    ticket = upstream_.sample(request.branch.prompt, request.branch.seed, tokens, receiver(id),
                              watched(id, tokens));
  else
    ticket = upstream_.advance(request.branch, tokens, receiver(id), watched(id, tokens));
}

void Episode::send_count(Waiting waiting) {
  const Id id = enter({.purpose = Purpose::kCount, .branch = waiting.branch});
  under_way_.at(id).ticket = upstream_.prepare(
      waiting.request.text, [self = shared_from_this(), id](const Suffix& counted, const std::string& error) {
        self->came_ = Clock::now();
        const UnderWay request = self->leave(id);
        if (!request.dropped) {
          self->lanes_.at(request.branch)
              .take_count(error.empty() ? std::optional(static_cast<std::int64_t>(counted.ids.size()))
                                        : std::nullopt);
          self->ask(request.branch);
          self->send_waiting();
        }
        self->go_on();
        self->end_when_quiet();
      });
}

// Another try may use as much again.
Following Episode::watched(Id id, std::int64_t tokens) {
  return {.watch = {}, .again = [self = shared_from_this(), id, tokens] {
            UnderWay& request = self->under_way_.at(id);
            if (self->pool_.left() < tokens) return false;
            self->pool_.reserve(tokens);
            request.reserved += tokens;
            return true;
          }};
}

SegmentDone Episode::receiver(Id id) {
  return [self = shared_from_this(), id](const Segment& segment) { self->came(id, segment); };
}

Episode::UnderWay Episode::leave(Id id) {
  const auto found = under_way_.extract(id);
  EVOTTS_CHECK(!found.empty());
  return found.mapped();
}

void Episode::came(Id id, const Segment& segment) {
  came_ = Clock::now();
  const UnderWay request = leave(id);
  account(request, segment);
  if (segment.cancelled && !request.dropped) {  // by the end of the upstream
    outcome_.how = EpisodeOutcome::How::kCancelled;
    drop_all();
    state_ = State::kEnding;
  } else if (!request.dropped) {
    bring(request, segment);
  }
  send_waiting();
  go_on();
  end_when_quiet();
}

void Episode::account(const UnderWay& request, const Segment& segment) {
  EpisodeTokens& tokens = outcome_.tokens;
  const std::int64_t good = segment.good ? std::max(segment.usage.output.value_or(0), segment.tokens) : 0;
  std::int64_t& purpose = request.purpose == Purpose::kLook        ? tokens.looks
                          : request.purpose == Purpose::kFinishing ? tokens.finishing
                                                                   : tokens.branches;
  purpose += good;
  tokens.lost += segment.lost_tokens;
  tokens.requests += segment.requests;
  if (segment.good) {
    tokens.prompt += segment.usage.input.value_or(0);
    tokens.cached += segment.usage.cached_read.value_or(0);
  }
  pool_.settle(request.reserved, good + segment.lost_tokens);
}

void Episode::bring(const UnderWay& request, const Segment& segment) {
  if (request.purpose == Purpose::kFinishing) return take_finish(segment);
  Lane& lane = lanes_.at(request.branch);
  if (request.purpose == Purpose::kLook) {
    if (!segment.good) last_failure_ = segment.error;
    lane.take_look(request.depth, segment.good ? &segment : nullptr);
  } else if (!segment.good) {
    lane.fail(segment.error);
  } else {
    if (following_.segment) following_.segment(request.branch, segment);
    lane.take(segment);
    if (request.shortened && lane.cut()) {
      outcome_.ceiling = true;
      lane.fail("the ceiling on tokens cut a whole reply");
    }
  }
  ask(request.branch);
}

// Their connections are closed at once; each still tells what it took.
void Episode::drop(std::size_t branch) {
  for (auto& [id, request] : under_way_) {
    if (request.branch != branch || request.dropped) continue;
    request.dropped = true;
    if (request.ticket != 0) upstream_.cancel(request.ticket);
  }
}

void Episode::drop_all() {
  waiting_.clear();
  if (prompt_ == nullptr && beginning_ != nullptr) upstream_.cancel(beginning_);
  for (auto& [id, request] : under_way_) {
    if (request.dropped) continue;
    request.dropped = true;
    if (request.ticket != 0) upstream_.cancel(request.ticket);
  }
}

bool Episode::all_dropped() const {
  return std::ranges::all_of(under_way_, [](const auto& each) { return each.second.dropped; });
}

}  // namespace live
