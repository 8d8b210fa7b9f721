#include "net/http_message.hpp"

#include <ctime>
#include <curl/curl.h>

namespace net {

std::optional<std::int64_t> http_date(std::string_view text) {
  const std::time_t when = curl_getdate(std::string(text).c_str(), nullptr);
  return when < 0 ? std::nullopt : std::optional(std::int64_t{when});
}

}  // namespace net
