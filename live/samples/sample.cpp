#include "live/samples/sample.hpp"

#include <algorithm>
#include <cmath>

namespace live {

std::size_t characters_in(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

void share_tokens(std::span<Sample> samples, std::int64_t sum) {
  std::size_t all = 0;
  for (const Sample& each : samples) all += characters_in(each.text) + characters_in(each.thought);
  // What is rounded off from one goes to the next, so that the shares have the sum.
  std::size_t so_far = 0;
  std::int64_t given = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    so_far += all == 0 ? 1 : characters_in(samples[i].text) + characters_in(samples[i].thought);
    const long double part =
        static_cast<long double>(so_far) / static_cast<long double>(all == 0 ? samples.size() : all);
    const auto until = std::int64_t{std::llround(part * static_cast<long double>(sum))};
    samples[i].tokens = until - given;
    samples[i].shared = true;
    given = until;
  }
}

}  // namespace live
