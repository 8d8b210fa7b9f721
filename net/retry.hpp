// retry.hpp: which answers of a server are worth another try, and when.
// Why:      there is one layer of retries in this program, and this is all it knows; layers multiply.
// Use:      if (verdict_of(response, error) == Verdict::kAgain)
//             wait(seconds_to_wait(try_number, response, now, rng));
// Sources:  statuses and headers as in the official clients of the two protocols: 408, 409, 429 and from 500
//           on again, `x-should-retry` overrules, `retry-after-ms` before `retry-after` (seconds or a date);
//           otherwise 0.5 s doubling to 8 s, less up to a quarter of it by chance.
// Threads:  pure functions.
// Tests:    tests/net/retry_test.cpp
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "genome/base/rng.hpp"
#include "net/http_message.hpp"

namespace net {

// What a server says went wrong; all may be empty.
struct ServerError {
  std::string message, type, code, parameter;
};

// Reads {"error": {"message", "type", "code", "param"}} and its likes; an error that is a mere string is the
// message. So is what frameworks write beside the protocol: {"detail": "..."}, or a list of what is wrong
// with which part of the request, {"detail": [{"loc", "msg"}]}, and {"message": "..."}. Nothing when the body
// holds none.
std::optional<ServerError> server_error_in(const std::string& body);
std::optional<ServerError> server_error_of(const nlohmann::json& json);

// Whether the error is about this parameter of the request: it is named, as a word of its own.
bool is_about(const ServerError& error, const std::string& parameter);

enum class Verdict : std::uint8_t {
  kGood,      // status 2xx
  kAgain,     // worth another try
  kNever,     // this request will not be answered otherwise
  kHopeless,  // no request of ours will: a wrong key, a spent quota
};

Verdict verdict_of(const HttpResponse& response, const std::optional<ServerError>& error);

// Whether the server may have worked for it, and its owner may be charged.
bool may_be_charged(const HttpResponse& response);

// How long the server asks us to wait, in seconds; nothing when it does not say. `now` is in seconds since
// 1970.
std::optional<double> wait_asked_for(const HttpResponse& response, std::int64_t now);

inline constexpr double kMostWait = 60;  // seconds; a server that asks for more is tried sooner

// Before the try after the one numbered `tries` (from 1 on).
double seconds_to_wait(int tries, const HttpResponse& response, std::int64_t now, genome::base::Rng& rng);

}  // namespace net
