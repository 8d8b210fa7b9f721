#include "net/address/url.hpp"

#include <cctype>
#include <curl/curl.h>
#include <memory>

namespace net {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Parts = std::unique_ptr<CURLU, FreeUrl>;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string part_of(const Parts& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

Url url_of(const Parts& parts) {
  bool is_private = false;
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    is_private = is_private || !part_of(parts, part).empty();
  return {.scheme = lower(part_of(parts, CURLUPART_SCHEME)),
          .host = lower(part_of(parts, CURLUPART_HOST)),
          .port = part_of(parts, CURLUPART_PORT),
          .path = part_of(parts, CURLUPART_PATH),
          .private_parts = is_private};
}

bool is_http(const Url& url) { return url.scheme == "http" || url.scheme == "https"; }

}  // namespace

std::string Url::shown() const { return scheme + "://" + host + (port.empty() ? "" : ":" + port) + path; }

std::optional<Url> url_in(const std::string& text, Schemes schemes) {
  const Parts parts(curl_url());
  const unsigned flags = schemes == Schemes::kAny ? CURLU_NON_SUPPORT_SCHEME : 0;
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, text.c_str(), flags) != CURLUE_OK)
    return std::nullopt;
  Url url = url_of(parts);
  if (schemes == Schemes::kHttp && !is_http(url)) return std::nullopt;
  return url;
}

std::string host_of(const std::string& url) {
  const auto parts = url_in(url);
  return parts && !parts->private_parts ? parts->host : std::string();
}

std::optional<Url> led_to(const std::string& from, const std::string& location) {
  const Parts parts(curl_url());
  if (!parts || location.empty() || curl_url_set(parts.get(), CURLUPART_URL, from.c_str(), 0) != CURLUE_OK ||
      curl_url_set(parts.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  Url url = url_of(parts);
  if (!is_http(url)) return std::nullopt;
  return url;
}

}  // namespace net
