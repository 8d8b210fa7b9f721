#include "live/reading/longest_within.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "replay/parallel/interruption.hpp"

namespace live {
namespace {

constexpr std::size_t kBreath = std::size_t{1} << 12U;  // look-ups from one to the next

// REQUIRES: so many bytes.
template <class Number>
Number bytes_at(std::string_view text) {
  Number number = 0;
  std::memcpy(&number, text.data(), sizeof number);
  return number;
}

}  // namespace

LongestWithin::LongestWithin(std::vector<std::string_view> texts) : texts_(std::move(texts)) {
  std::erase_if(texts_, [](std::string_view text) { return text.size() < kLeast; });
  std::ranges::sort(texts_);
  const auto again = std::ranges::unique(texts_);
  texts_.erase(again.begin(), again.end());
  if (!texts_.empty()) pairs_.resize(std::size_t{1} << 16U);
  std::vector<std::size_t> open;  // those that the last one begins with, and itself
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    while (!open.empty() && !texts_[i].starts_with(texts_[open.back()])) open.pop_back();
    within_.push_back(open.empty() ? kNone : open.back());
    open.push_back(i);
    pairs_[bytes_at<std::uint16_t>(texts_[i])] = true;
    Group& group = groups_.try_emplace(bytes_at<std::uint64_t>(texts_[i]), Group{.begin = i}).first->second;
    group.end = i + 1;
    group.longest = std::max(group.longest, texts_[i].size());
  }
}

// What the rest begins with stands before it in order, and so does whatever begins with that. The last one
// before it is hence such a text, or begins with all that are.
std::string_view LongestWithin::longest_before(std::string_view rest, const Group& group) const {
  const auto begin = texts_.begin() + static_cast<std::ptrdiff_t>(group.begin);
  const auto end = texts_.begin() + static_cast<std::ptrdiff_t>(group.end);
  const auto behind = std::upper_bound(begin, end, rest);
  if (behind == begin) return {};
  auto at = static_cast<std::size_t>(behind - texts_.begin()) - 1;
  while (at != kNone && !rest.starts_with(texts_[at])) at = within_[at];
  return at == kNone ? std::string_view() : texts_[at];
}

std::string_view LongestWithin::in(std::string_view text) const {
  std::string_view longest;
  std::size_t looked = 0;
  if (texts_.empty()) return longest;
  for (; text.size() >= kLeast; text.remove_prefix(1)) {
    if (++looked % kBreath == 0) replay::take_breath();
    if (!pairs_[bytes_at<std::uint16_t>(text)]) continue;
    const auto group = groups_.find(bytes_at<std::uint64_t>(text));
    if (group == groups_.end() || group->second.longest <= longest.size()) continue;
    const std::string_view found = longest_before(text, group->second);
    if (found.size() > longest.size()) longest = found;
  }
  return longest;
}

}  // namespace live
