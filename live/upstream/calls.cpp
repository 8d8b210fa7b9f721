#include "live/upstream/calls.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace live {
namespace {

using Result = net::HttpResponse::Result;

constexpr std::array<long, 5> kBusy = {429, 502, 503, 504, 529};

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A port that is forwarded takes connections, and closes them, while the server behind it is away.
bool is_away(const net::HttpResponse& response) {
  return response.result == Result::kNotReached ||
         (response.result == Result::kDropped && response.status == 0) ||
         (response.result == Result::kAnswered && std::ranges::count(kBusy, response.status) > 0);
}

}  // namespace

Calls::Calls(CallOptions options) : options_(std::move(options)), loop_(options_.requests) {}

Calls::Ticket Calls::start(std::shared_ptr<Call> call) {
  const Ticket ticket = ++last_;
  loop_.after(0, [this, ticket, call = std::move(call)] {
    states_[ticket].call = call;
    try_once(ticket);
  });
  return ticket;
}

void Calls::cancel(Ticket ticket) {
  loop_.after(0, [this, ticket] {
    const auto found = states_.find(ticket);
    if (found == states_.end()) return;
    if (found->second.waiting == 0) {
      loop_.cancel(found->second.at_work);
      return;
    }
    loop_.cancel(found->second.waiting);
    found->second.outcome.cancelled = true;
    finish(ticket);
  });
}

void Calls::try_once(Ticket ticket) {
  const auto found = states_.find(ticket);
  if (found == states_.end()) return;
  State& state = found->second;
  state.waiting = 0;
  net::HttpRequest request = state.call->request();
  const double longer = state.call->times_longer();
  request.seconds = options_.seconds * longer;
  if (longer > 1) request.silent_seconds = options_.seconds;
  state.at_work = loop_.start(
      std::move(request), [this, ticket](const net::HttpResponse& response) { answered(ticket, response); });
}

void Calls::answered(Ticket ticket, const net::HttpResponse& response) {
  State& state = states_.at(ticket);
  if (response.sent) ++state.outcome.requests;
  const Attempt attempt = state.call->judged(response);
  const bool good = attempt.verdict == net::Verdict::kGood;
  if (!good && attempt.charged) ++state.outcome.lost;
  if (!good && !attempt.cancelled && attempt.verdict == net::Verdict::kAgain &&
      is_worth_another(state, response) && (!attempt.charged || state.call->may_try_again()))
    return wait(ticket, state, response, attempt.error);
  state.outcome.good = good;
  state.outcome.cancelled = attempt.cancelled;
  state.outcome.error = attempt.error;
  if (!good && state.outcome.requests > 1)
    state.outcome.error += fmt::format(" (after {} requests)", state.outcome.requests);
  finish(ticket);
}

bool Calls::is_worth_another(State& state, const net::HttpResponse& response) const {
  if (!is_away(response)) {
    state.away_since.reset();
    state.in_a_row = 0;
    return ++state.failures < options_.most_tries;
  }
  const auto now = Clock::now();
  if (!state.away_since) state.away_since = now;
  ++state.in_a_row;
  return std::chrono::duration<double>(now - *state.away_since).count() < options_.patience;
}

void Calls::wait(Ticket ticket, State& state, const net::HttpResponse& response, const std::string& why) {
  const double seconds =
      net::seconds_to_wait(std::max(state.failures, state.in_a_row), response, now(), rng_);
  if (options_.on_retry)
    options_.on_retry(
        {.why = why, .seconds = seconds, .busy = response.result == Result::kAnswered && is_away(response)});
  state.waiting = loop_.after(seconds, [this, ticket] { try_once(ticket); });
}

void Calls::finish(Ticket ticket) {
  const auto state = states_.extract(ticket);
  state.mapped().call->over(state.mapped().outcome);
}

}  // namespace live
