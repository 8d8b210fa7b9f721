#include "net/http_message.hpp"

#include <cctype>
#include <ctime>
#include <curl/curl.h>
#include <memory>

namespace net {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

}  // namespace

std::optional<std::int64_t> http_date(std::string_view text) {
  const std::time_t when = curl_getdate(std::string(text).c_str(), nullptr);
  return when < 0 ? std::nullopt : std::optional(std::int64_t{when});
}

std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, FreeUrl> parts(curl_url());
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  const std::string scheme = lower(part_of(parts.get(), CURLUPART_SCHEME));
  const bool plain =
      part_of(parts.get(), CURLUPART_USER).empty() && part_of(parts.get(), CURLUPART_PASSWORD).empty() &&
      part_of(parts.get(), CURLUPART_QUERY).empty() && part_of(parts.get(), CURLUPART_FRAGMENT).empty();
  if ((scheme != "http" && scheme != "https") || !plain) return {};
  return lower(part_of(parts.get(), CURLUPART_HOST));
}

}  // namespace net
