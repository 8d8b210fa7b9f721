#include "net/http_client.hpp"

#include <algorithm>
#include <chrono>
#include <curl/curl.h>
#include <memory>

#include "genome/base/check.hpp"
#include "net/http_transfer.hpp"

namespace net {
namespace {

using Clock = std::chrono::steady_clock;
using Result = HttpResponse::Result;

constexpr int kGlance = 100;  // milliseconds between looks at the wish to stop

struct FreeMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

class Exchange {
 public:
  explicit Exchange(const HttpRequest& request) : transfer_(request), multi_(curl_multi_init()) {
    EVOTTS_CHECK(multi_);
  }
  ~Exchange() { curl_multi_remove_handle(multi_.get(), transfer_.handle()); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  HttpResponse run() {
    const HttpRequest& request = transfer_.request();
    if (curl_multi_add_handle(multi_.get(), transfer_.handle()) != CURLM_OK)
      return transfer_.ended(Result::kUnusable, "no transfer could be started");
    const auto deadline = Clock::now() + std::chrono::duration<double>(request.seconds);
    for (int running = 1; running > 0;) {
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK)
        return transfer_.ended(Result::kDropped, "the transfer broke off");
      if (running == 0) break;
      if (request.stop && request.stop())
        return transfer_.ended(Result::kStopped, "stopped while waiting for the reply");
      const double left = std::chrono::duration<double, std::milli>(deadline - Clock::now()).count();
      if (left <= 0) return transfer_.timed_out();
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(std::min(left + 1, double{kGlance})),
                      nullptr);
    }
    int queued = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued);
    return transfer_.finished(message != nullptr ? message->data.result : CURLE_RECV_ERROR);
  }

 private:
  HttpTransfer transfer_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
};

}  // namespace

HttpResponse http_exchange(const HttpRequest& request) { return Exchange(request).run(); }

}  // namespace net
