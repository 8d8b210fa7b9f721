#include "net/server/request_head.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <fmt/format.h>
#include <string>

namespace net {
namespace {

namespace http = boost::beast::http;
using boost::beast::iequals;

constexpr unsigned kOnePointOne = 11;

std::optional<ReplyHead> fault_of_host(const RequestHead& head) {
  const std::size_t hosts = head.count(http::field::host);
  if (hosts > 1) return refusal(400, "the request names more than one Host");
  if (hosts == 0 && head.version() >= kOnePointOne) return refusal(400, "HTTP/1.1 must name its Host");
  return std::nullopt;
}

std::optional<ReplyHead> fault_of_coding(const RequestHead& head) {
  const std::size_t codings = head.count(http::field::transfer_encoding);
  if (codings == 0) return std::nullopt;
  if (head.version() < kOnePointOne) return refusal(400, "HTTP/1.0 has no Transfer-Encoding");
  if (codings > 1 || !iequals(head[http::field::transfer_encoding], "chunked"))
    return refusal(501, "of all values of Transfer-Encoding, chunked alone is known");
  return std::nullopt;
}

}  // namespace

ReplyHead refusal(int status, std::string_view message) {
  return {.status = status,
          .body = fmt::format(R"({{"error": {{"message": "{}", "type": "{}"}}}})", message,
                              status < 500 ? "invalid_request_error" : "server_error")};
}

std::optional<ReplyHead> fault_of(const RequestHead& head) {
  const auto fault = fault_of_coding(head);
  return fault ? fault : fault_of_host(head);
}

ServedRequest request_of(const RequestHead& head) {
  ServedRequest request{.method = std::string(head.method_string()),
                        .target = std::string(head.target()),
                        .body = {},
                        .headers = {}};
  for (const auto& field : head) {
    std::string name(field.name_string());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto [at, fresh] = request.headers.try_emplace(name, field.value());
    if (!fresh) at->second += ", " + std::string(field.value());
  }
  return request;
}

bool awaits_leave(const RequestHead& head) {
  return head.version() >= kOnePointOne && iequals(head[http::field::expect], "100-continue");
}

}  // namespace net
