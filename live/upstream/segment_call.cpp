#include "live/upstream/segment_call.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "net/address/key_rules.hpp"

namespace live {
namespace {

using Result = net::HttpResponse::Result;

// Of an event with one token, its candidates and all that gateways repeat in each.
constexpr std::size_t kBytesOfToken = 4096;
constexpr std::size_t kBytesOfWord = 4;  // about as many as a token of English has
constexpr double kTokensInTime = 1000;   // that come in the time of one request

std::int64_t tokens_of(const Reply& reply) {
  return static_cast<std::int64_t>(std::max(reply.ids.size(), reply.logprobs.size()));
}

// Where a thought comes apart, ids and log-probabilities may be those of the answer alone.
bool counts_more(const Reply& reply) {
  return reply.choices == 1 && reply.usage.output && *reply.usage.output > tokens_of(reply) + 1;
}

}  // namespace

SegmentCall::SegmentCall(const Server& server, SegmentOrder order, Following following, SegmentDone done)
    : server_(server), order_(std::move(order)), following_(std::move(following)), done_(std::move(done)) {}

net::HttpRequest SegmentCall::request() {
  stream_.emplace(static_cast<std::size_t>(order_.most_tokens), server_.key);
  net::HttpRequest request = request_to(server_, order_.url, order_.body);
  request.most_bytes += static_cast<std::size_t>(order_.most_tokens) * kBytesOfToken;
  request.sink = [this](std::string_view piece) {
    const bool wanted = stream_->take(piece);
    if (following_.watch && wanted) following_.watch(stream_->reply());
    return wanted;
  };
  return request;
}

double SegmentCall::times_longer() const {
  return std::max(1.0, static_cast<double>(order_.most_tokens) / kTokensInTime);
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
  segment_.lost_tokens += in_vain(attempt.charged);
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

// Tokens of a reply that is thrown away. Where the server has told no number, text is counted as English has
// it; one that would have told all at its end may have generated all of it.
std::int64_t SegmentCall::in_vain(bool charged) const {
  const Reply& reply = stream_->reply();
  const std::int64_t told =
      std::max(tokens_of(reply), std::min(reply.usage.output.value_or(0), order_.most_tokens));
  if (told > 0 || !charged) return told;
  if (!order_.streamed) return order_.most_tokens;
  const std::size_t bytes = reply.text.size() + reply.thought.size();
  return std::min(order_.most_tokens, static_cast<std::int64_t>((bytes + kBytesOfWord - 1) / kBytesOfWord));
}

std::string SegmentCall::fault_of_reply() const {
  const Reply& reply = stream_->reply();
  const auto ids = static_cast<std::int64_t>(reply.ids.size());
  if (reply.choices == 0) return "the reply has no choices";
  if (order_.prompt_tokens && ids == 0 && !reply.text.empty()) return "text came without token ids";
  // A token of the end is counted by some servers and told by others.
  const std::int64_t end = reply.finish == "length" ? 0 : 1;
  const bool apart = !order_.prompt_tokens && counts_more(reply);
  if (ids > 0 && !apart && reply.usage.output &&
      (*reply.usage.output < ids - end || *reply.usage.output > ids + 1))
    return fmt::format("{} token ids came, but the server counts {} tokens", ids, *reply.usage.output);
  if (ids > 0 && !reply.logprobs.empty() && reply.logprobs.size() != reply.ids.size())
    return fmt::format("{} token ids came with {} log-probabilities", ids, reply.logprobs.size());
  if (order_.prompt_tokens && reply.usage.input && *reply.usage.input != *order_.prompt_tokens)
    return fmt::format("the server counts {} tokens in a prompt of {}", *reply.usage.input,
                       *order_.prompt_tokens);
  return {};
}

void SegmentCall::keep(Reply reply) {
  if (!order_.prompt_tokens && counts_more(reply)) {
    reply.ids.clear();
    reply.logprobs.clear();
    reply.top.clear();
  }
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
  segment_.finished = reply.finish != "length" || (counted && segment_.tokens + 1 < order_.most_tokens);
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
