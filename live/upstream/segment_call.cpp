#include "live/upstream/segment_call.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "net/key_rules.hpp"

namespace live {
namespace {

using Result = net::HttpResponse::Result;

std::int64_t tokens_of(const Reply& reply) {
  return static_cast<std::int64_t>(std::max(reply.ids.size(), reply.logprobs.size()));
}

}  // namespace

SegmentCall::SegmentCall(const Server& server, std::string url, Work work, Following following,
                         SegmentDone done)
    : server_(server),
      url_(std::move(url)),
      work_(std::move(work)),
      following_(std::move(following)),
      done_(std::move(done)) {}

net::HttpRequest SegmentCall::request() {
  stream_.emplace(static_cast<std::size_t>(work_.most_tokens));
  net::HttpRequest request = request_to(server_, url_, work_.body);
  request.sink = [this](std::string_view piece) {
    const bool wanted = stream_->take(piece);
    if (following_.watch && wanted) following_.watch(stream_->reply());
    return wanted;
  };
  return request;
}

Attempt SegmentCall::judged(const net::HttpResponse& response) {
  Attempt attempt{.charged = may_be_charged(response)};
  const bool good_status = response.status / 100 == 2;
  if (good_status && response.result == Result::kAnswered) stream_->end();
  std::string fault = stream_->fault();
  if (fault.empty() && good_status && response.result == Result::kAnswered) fault = fault_of_reply();
  if (good_status && response.result == Result::kAnswered && fault.empty()) {
    attempt.verdict = net::Verdict::kGood;
    keep(stream_->take_reply());
    return attempt;
  }
  segment_.lost_tokens += tokens_of(stream_->reply());
  if (response.result == Result::kStopped && fault.empty()) {
    attempt.cancelled = true;
    attempt.error = "cancelled";
  } else if (good_status && !fault.empty()) {
    attempt.verdict = net::Verdict::kAgain;
    attempt.error = fmt::format("{}: {}", genome::base::visible(server_.url, 200),
                                is_web_page(response) ? "a page for people came, not a reply"
                                                      : net::without_secret(fault, server_.key));
  } else {
    attempt.verdict = response.result == Result::kTimedOut
                          ? net::Verdict::kAgain  // each try has a deadline of its own
                          : net::verdict_of(response, net::server_error_in(response.body));
    attempt.error = failure_text(server_, response);
  }
  return attempt;
}

std::string SegmentCall::fault_of_reply() const {
  const Reply& reply = stream_->reply();
  const auto ids = static_cast<std::int64_t>(reply.ids.size());
  if (reply.choices == 0) return "the reply has no choices";
  if (work_.exact && ids == 0 && !reply.text.empty()) return "text came without token ids";
  // A token of the end is counted by some servers and told by others.
  if (ids > 0 && reply.usage.output && (*reply.usage.output < ids - 1 || *reply.usage.output > ids + 1))
    return fmt::format("{} token ids came, but the server counts {} tokens", ids, *reply.usage.output);
  if (ids > 0 && !reply.logprobs.empty() && reply.logprobs.size() != reply.ids.size())
    return fmt::format("{} token ids came with {} log-probabilities", ids, reply.logprobs.size());
  if (work_.prompt_tokens && reply.usage.input && *reply.usage.input != *work_.prompt_tokens)
    return fmt::format("the server counts {} tokens in a prompt of {}", *reply.usage.input,
                       *work_.prompt_tokens);
  return {};
}

void SegmentCall::keep(Reply reply) {
  segment_.text = std::move(reply.text);
  segment_.thought = std::move(reply.thought);
  segment_.tokens = tokens_of(reply);
  if (!reply.ids.empty()) {
    segment_.counted = CountedBy::kIds;
  } else if (!reply.logprobs.empty()) {
    segment_.counted = CountedBy::kLogprobs;
  } else if (reply.usage.output) {
    segment_.counted = CountedBy::kUsage;
    segment_.tokens = *reply.usage.output;
  }
  segment_.ids = std::move(reply.ids);
  segment_.logprobs = std::move(reply.logprobs);
  if (std::ranges::any_of(reply.top, [](const auto& each) { return !each.empty(); }))
    segment_.top = std::move(reply.top);
  // Cut before the tokens that were asked for: no more of them fit, so that the reply is over.
  const bool counted = segment_.counted != CountedBy::kNothing;
  segment_.finished = reply.finish != "length" || (counted && segment_.tokens + 1 < work_.most_tokens);
  segment_.reason = std::move(reply.finish);
  segment_.usage = reply.usage;
}

void SegmentCall::over(const Outcome& outcome) {
  segment_.good = outcome.good;
  segment_.cancelled = outcome.cancelled;
  segment_.error = outcome.error;
  segment_.requests = outcome.requests;
  segment_.lost = outcome.lost;
  done_(std::move(segment_));
}

}  // namespace live
