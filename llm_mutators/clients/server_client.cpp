#include "llm_mutators/clients/server_client.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <thread>

#include "genome/base/check.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/failure_text.hpp"
#include "net/address/key_rules.hpp"
#include "net/address/url.hpp"

namespace llm_mutators {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = Reply::Outcome;
using Result = net::HttpResponse::Result;

constexpr auto kGlance = std::chrono::milliseconds(50);
constexpr std::size_t kMostReplyValues = 100'000;  // parsed in a fraction of a second

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

// One prompt and its reply, over all tries.
class ServerClient::RetriedRequest {
 public:
  RetriedRequest(ServerClient& client, const Prompt& prompt, const MayTryAgain& may_try_again)
      : client_(client),
        prompt_(prompt),
        may_try_again_(may_try_again),
        deadline_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(client.options_.seconds))),
        rng_(prompt.seed ^ static_cast<std::uint64_t>(Clock::now().time_since_epoch().count())) {}

  Reply run() {
    for (;;) {
      const Refused without = client_.refused();
      net::HttpResponse response = post(client_.format_->body(prompt_, without));
      response.body = net::without_secret(std::move(response.body), client_.options_.key);
      response.error = net::without_secret(std::move(response.error), client_.options_.key);
      const Try outcome = in_time(judged(response));
      if (outcome.charged && !is_paid(outcome.reply)) ++lost_;
      if (outcome.verdict == net::Verdict::kGood) return finished(outcome.reply);
      const bool last = tries_ >= client_.options_.most_tries;
      const bool about_request = response.status == 400 || response.status == 422;
      if (about_request && outcome.error && !last && client_.refuses(without, *outcome.error)) continue;
      if (outcome.verdict != net::Verdict::kAgain || last) return finished(outcome.reply);
      // A server that is busy is waited for, and so is one that wants less at a time.
      if (response.status != 429) client_.tell_failure(outcome.reply, Trying::kAgain);
      if (auto given_up = wait(response, outcome)) return finished(std::move(*given_up));
    }
  }

 private:
  // What one request came to.
  struct Try {
    Reply reply;
    net::Verdict verdict = net::Verdict::kNever;
    std::optional<net::ServerError> error;
    bool charged = false;  // perhaps
  };

  double left() const { return std::chrono::duration<double>(deadline_ - Clock::now()).count(); }

  net::HttpResponse post(const std::string& body) {
    ++tries_;
    const ServerOptions& options = client_.options_;
    return net::http_exchange({.url = client_.address(),
                               .headers = client_.format_->headers(options.key),
                               .body = body,
                               .seconds = std::max(left(), 0.001),
                               .most_bytes = options.most_bytes,
                               .stop = options.stop});
  }

  // The key is struck out of all that came before anything of it is cut, quoted or kept.
  Try judged(const net::HttpResponse& response) const {
    if (const std::string beyond = genome::base::beyond_json_limits(response.body, kMostReplyValues);
        !beyond.empty())
      return {.reply = {.error = fmt::format("the answer is no JSON object that is read: {}", beyond)},
              .charged = may_be_charged(response)};
    Try out{.error = net::server_error_in(response.body)};
    out.verdict = net::verdict_of(response, out.error);
    if (out.verdict == net::Verdict::kGood && !out.error) {
      Answer answer = client_.format_->read(response.body);
      out.reply = std::move(answer.reply);
      if (!answer.readable)
        out.verdict = net::Verdict::kAgain;  // cut off, or of something between us and the server
    } else {
      if (out.verdict == net::Verdict::kGood) out.verdict = net::Verdict::kNever;  // "200", but an error
      out.reply = failure(response, out.error);
      out.reply.hopeless = out.verdict == net::Verdict::kHopeless;
    }
    out.charged = may_be_charged(response);
    return out;
  }

  // A good reply that was parsed too late is one that came too late; what it cost stands in its usage.
  Try in_time(Try outcome) const {
    if (outcome.verdict == net::Verdict::kGood && left() <= 0) {
      Reply late = failure({.result = Result::kTimedOut}, std::nullopt);
      late.usage = outcome.reply.usage;
      late.served_by = std::move(outcome.reply.served_by);
      outcome.reply = std::move(late);
    }
    return outcome;
  }

  Reply failure(const net::HttpResponse& response, const std::optional<net::ServerError>& error) const {
    switch (response.result) {
      case Result::kAnswered: break;
      case Result::kTimedOut:
        return {.outcome = Outcome::kTimedOut,
                .error = fmt::format("no whole reply within {:g} s", client_.options_.seconds)};
      case Result::kTooLong: return {.outcome = Outcome::kTooLong, .error = response.error};
      case Result::kStopped: return {.outcome = Outcome::kStopped, .error = response.error};
      default: return {.error = unreached_text(client_.address(), response)};
    }
    return {.error = status_text(client_.options_.url, client_.address(), response, error)};
  }

  // Waits until the next try; a reply when there is to be none.
  std::optional<Reply> wait(const net::HttpResponse& response, const Try& outcome) {
    Reply reply = outcome.reply;
    const double seconds = net::seconds_to_wait(tries_, response, now(), rng_);
    if (seconds >= left()) {
      reply.outcome = Outcome::kTimedOut;
      reply.error += fmt::format("; waiting {:.1f} s to try again would pass the deadline of {:g} s", seconds,
                                 client_.options_.seconds);
      return reply;
    }
    if (outcome.charged && may_try_again_ && !may_try_again_()) {
      reply.error += "; the budget allows no other try";
      return reply;
    }
    const auto until = Clock::now() + std::chrono::duration<double>(seconds);
    while (Clock::now() < until) {
      if (client_.options_.stop && client_.options_.stop())
        return Reply{.outcome = Outcome::kStopped, .error = "stopped while waiting to try again"};
      std::this_thread::sleep_for(std::min<std::chrono::duration<double>>(until - Clock::now(), kGlance));
    }
    return std::nullopt;
  }

  Reply finished(Reply reply) const {
    const std::string& key = client_.options_.key;
    if (was_had(reply.outcome))
      client_.told_failure_ = false;
    else
      client_.tell_failure(reply, Trying::kNoMore);
    if (reply.outcome != Outcome::kAnswered && tries_ > 1)
      reply.error += fmt::format(" (after {} tries)", tries_);
    reply.tries = tries_;
    reply.lost = lost_;
    const Refused refused = client_.refused();
    reply.parameters = client_.format_->parameters(refused);
    reply.left_out.assign(refused.begin(), refused.end());
    reply.text = net::without_secret(std::move(reply.text), key);
    reply.error = net::without_secret(std::move(reply.error), key);
    reply.served_by = net::without_secret(std::move(reply.served_by), key);
    return reply;
  }

  ServerClient& client_;
  const Prompt& prompt_;
  const MayTryAgain& may_try_again_;
  Clock::time_point deadline_;
  genome::base::Rng rng_;  // of waits only: nothing that is kept depends on it
  int tries_ = 0;
  int lost_ = 0;
};

ServerClient::ServerClient(ServerOptions options, std::unique_ptr<WireFormat> format)
    : options_(std::move(options)), format_(std::move(format)) {
  EVOTTS_CHECK(format_ != nullptr && !net::host_of(options_.url).empty());
  while (options_.url.ends_with('/')) options_.url.pop_back();
}

std::string ServerClient::address() const { return options_.url + std::string(format_->path()); }

// Of failures in a row the first is told at once: what becomes of its exchange may only be told when it is
// over, much later, or when the run is.
void ServerClient::tell_failure(const Reply& reply, Trying trying) {
  const bool failed = reply.outcome == Outcome::kFailed || reply.outcome == Outcome::kTimedOut;
  if (!failed || told_failure_.exchange(true) || !options_.tell) return;
  options_.tell(fmt::format("{}: {}{}", genome::base::one_line(options_.name),
                            net::without_secret(genome::base::one_line(reply.error), options_.key),
                            trying == Trying::kAgain
                                ? fmt::format("; it is tried again, for {:g} s at most", options_.seconds)
                                : ""));
}

std::string ServerClient::identity() const {
  return fmt::format("{} {} {}", options_.name, format_->path(), format_->parameters({}));
}

Refused ServerClient::refused() const {
  const std::scoped_lock lock(mutex_);
  return refused_;
}

bool ServerClient::refuses(const Refused& without, const net::ServerError& error) {
  std::unique_lock lock(mutex_);
  // Another exchange may have found it out meanwhile.
  for (const std::string& known : refused_) {
    if (is_about(error, known) && !without.contains(known)) return true;
  }
  const std::vector<std::string> candidates = format_->optional_parameters(refused_);
  auto found = std::find(candidates.begin(), candidates.end(), error.parameter);
  if (found == candidates.end()) {
    found = std::find_if(candidates.begin(), candidates.end(),
                         [&](const std::string& name) { return is_about(error, name); });
  }
  if (found == candidates.end()) return false;
  refused_.insert(*found);
  lock.unlock();
  if (options_.tell)
    options_.tell(fmt::format("{} does not take the parameter {}; it is left out from now on",
                              genome::base::one_line(options_.name), *found));
  return true;
}

void ServerClient::leave_out(const std::vector<std::string>& parameters) {
  const std::scoped_lock lock(mutex_);
  refused_.insert(parameters.begin(), parameters.end());
}

Reply ServerClient::ask(const Prompt& prompt, const MayTryAgain& may_try_again) {
  return RetriedRequest(*this, prompt, may_try_again).run();
}

}  // namespace llm_mutators
