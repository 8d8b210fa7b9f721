#include "live/discovery/cancel_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>
#include <thread>

#include "genome/base/text.hpp"
#include "live/discovery/chat_check.hpp"
#include "net/http_client.hpp"

namespace live {
namespace {

using Json = nlohmann::json;
using Counters = std::map<std::string, double>;

constexpr std::int64_t kLongReply = 2048;
constexpr double kPatience = 10;  // seconds for a page of counters
constexpr int kLooks = 20;        // at the counters, after the request was dropped
constexpr auto kGlance = std::chrono::milliseconds(100);
constexpr std::array<std::string_view, 3> kAtWork = {"running", "processing", "active"};
constexpr std::array<std::string_view, 3> kDropped = {"abort", "cancel", "dropped"};

// The sum of the counters whose name has one of the words; NaN when there is none.
double sum_of(const Counters& counters, const std::array<std::string_view, 3>& words) {
  double sum = 0;
  bool any = false;
  for (const auto& [name, value] : counters) {
    if (std::ranges::none_of(words, [&](std::string_view word) { return name.contains(word); })) continue;
    sum += value;
    any = true;
  }
  return any ? sum : std::nan("");
}

// Without the asker, who throws: this is called while another answer comes.
Counters counters_of(const Asker& asker, const Capabilities& can) {
  net::HttpRequest request = request_to(asker.server(), can.root + "/metrics");
  request.seconds = kPatience;
  const net::HttpResponse response = net::http_exchange(request);
  return response.status == 200 ? counters_in(response.body) : Counters();
}

Json long_question(const Capabilities& can) {
  const std::int64_t tokens = std::min(kLongReply, can.context.value_or(kLongReply) / 2);
  Json body = chat_body(can, static_cast<int>(tokens));
  if (can.completions) body = {{"model", can.model}, {"prompt", "12+34-5"}, {"max_tokens", tokens}};
  body["stream"] = true;
  body["ignore_eos"] = true;  // where it is understood, the reply does not end by itself
  return body;
}

}  // namespace

Counters counters_in(const std::string& page) {
  Counters counters;
  std::string_view rest = page;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = genome::base::trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t blank = line.starts_with('#') ? line.npos : line.find_last_of(" \t");
    if (blank == line.npos) continue;
    double value = 0;
    const auto [stop, error] = std::from_chars(line.data() + blank + 1, line.data() + line.size(), value);
    if (error == std::errc() && stop == line.data() + line.size())
      counters[std::string(line.substr(0, blank))] = value;
  }
  return counters;
}

void find_cancel(Asker& asker, Capabilities& can) {
  if (!can.streams) return;
  const Counters before = counters_of(asker, can);
  if (before.empty()) return;
  const double idle = sum_of(before, kAtWork), dropped = sum_of(before, kDropped);
  double busy = idle;
  StreamReply reply;
  (void)asker.stream(can.base + (can.completions ? "/completions" : "/chat/completions"), long_question(can),
                     reply, [&](const StreamReply& so_far) {
                       if (so_far.reply().finish.empty()) busy = sum_of(counters_of(asker, can), kAtWork);
                       return false;
                     });
  if (!reply.reply().finish.empty()) return;  // it was over by itself
  for (int look = 0; look < kLooks; ++look) {
    const Counters now = counters_of(asker, can);
    const bool counted = sum_of(now, kDropped) > dropped;
    const bool fell = busy > idle && sum_of(now, kAtWork) <= idle;
    if (counted || fell) {
      can.cancel = Seen::kYes;
      return;
    }
    std::this_thread::sleep_for(kGlance);
  }
  if (busy > idle) can.cancel = Seen::kIgnored;
}

}  // namespace live
