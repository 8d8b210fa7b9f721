#include "live/discovery/asker.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "net/address/key_rules.hpp"
#include "net/http_client.hpp"
#include "net/json_pieces.hpp"

namespace live {
namespace {

using Json = nlohmann::json;
using Result = net::HttpResponse::Result;

constexpr double kSeconds = 120;  // for one answer: a model may have to be loaded first
constexpr auto kGlance = std::chrono::milliseconds(50);
constexpr int kMostTries = 5, kMostTriesOfFaults = 2;
constexpr std::array<int, 3> kCandidates = {20, 5, 1};  // what servers allow of top log-probabilities

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A server that does not know an address may answer it with any fault of its own.
int tries_worth(const net::HttpResponse& response) {
  if (response.result == Result::kNotReached || response.status == 501) return 1;
  const bool busy = response.result == Result::kDropped || response.status == 429 || response.status == 503;
  return busy ? kMostTries : kMostTriesOfFaults;
}

// Fewer candidates than were refused; false when there is nothing to lower.
bool lower(Json& value) {
  if (!value.is_number_integer()) return false;
  const int asked = value.get<int>();
  const auto next =
      std::find_if(kCandidates.begin(), kCandidates.end(), [&](int each) { return each < asked; });
  if (next == kCandidates.end()) return false;
  value = *next;
  return true;
}

}  // namespace

bool Answer::good() const {
  return response.result == Result::kAnswered && response.status / 100 == 2 && json.is_object() &&
         !net::server_error_of(json);
}

Reply Answer::reply() const {
  ReplyReader reader;
  reader.read(json);
  return reader.take();
}

std::string Answer::refusal() const {
  if (const auto error = net::server_error_of(json); error && !error->message.empty())
    return genome::base::visible(error->message, 200);
  return "status " + std::to_string(response.status);
}

Answer Asker::get(const std::string& url) { return send(request_to(server_, url)); }

Answer Asker::post(const std::string& url, Json body, const std::vector<std::string>& optional) {
  left_out_.clear();
  for (;;) {
    Answer answer = send(request_to(server_, url, body));
    if (answer.response.status != 400 && answer.response.status != 422) return answer;
    const auto error = net::server_error_in(answer.response.body);
    const auto there = [&](const std::string& name) { return body.contains(name); };
    auto at = std::ranges::find_if(optional, [&](const std::string& name) {
      return there(name) && error && net::is_about(*error, name);
    });
    if (at == optional.end()) at = std::ranges::find_if(optional, there);
    if (at == optional.end()) return answer;
    if (at->ends_with("logprobs") && lower(body[*at])) continue;
    body.erase(*at);
    left_out_.insert(*at);
  }
}

Answer Asker::stream(const std::string& url, const Json& body, StreamReply& into,
                     const std::function<bool(const StreamReply&)>& goes_on) {
  ++requests_;
  net::HttpRequest request = request_to(server_, url, body);
  request.seconds = kSeconds;
  request.sink = [&](std::string_view piece) { return into.take(piece) && goes_on(into); };
  Answer answer = answer_of(net::http_exchange(request));
  into.end();
  count(into.reply().usage);
  return answer;
}

Answer Asker::send(const net::HttpRequest& asked) {
  net::HttpRequest request = asked;
  request.seconds = kSeconds;
  for (int tries = 1;; ++tries) {
    ++requests_;
    Answer answer = answer_of(net::http_exchange(request));
    const net::HttpResponse& response = answer.response;
    if (response.result == Result::kStopped)
      throw UpstreamError(genome::base::Fault::kSystem, "stopped while the upstream was asked");
    const net::Verdict verdict = net::verdict_of(response, net::server_error_of(answer.json));
    if (verdict == net::Verdict::kAgain && tries < tries_worth(response)) {
      wait(net::seconds_to_wait(tries, response, now(), rng_));
      continue;
    }
    if (response.result != Result::kAnswered || response.status == 429)
      throw UpstreamError(fault_of(response), failure_text(server_, response));
    count(net::usage_in(answer.json));
    return answer;
  }
}

// In glances at whether all is to stop; the next request says so.
void Asker::wait(double seconds) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < until && !(server_.stop && server_.stop()))
    std::this_thread::sleep_for(
        std::min<std::chrono::duration<double>>(kGlance, until - std::chrono::steady_clock::now()));
}

Answer Asker::answer_of(net::HttpResponse response) {
  response.body = net::without_secret(std::move(response.body), server_.key);
  Json json = genome::base::read_json<Json>(response.body);
  return {std::move(response), std::move(json)};
}

void Asker::count(const net::Usage& usage) {
  tokens_in_ += usage.input.value_or(0);
  tokens_out_ += usage.output.value_or(0);
}

}  // namespace live
