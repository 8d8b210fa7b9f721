// What a lane shows: its looks, its intervals and their signals.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "genome/base/check.hpp"
#include "live/episode/lane.hpp"

namespace live {
namespace {

template <typename T>
void drop_first(std::vector<T>& from, std::int64_t count) {
  from.erase(from.begin(),
             from.begin() + std::min<std::int64_t>(count, static_cast<std::int64_t>(from.size())));
}

}  // namespace

// ---- looks

void Lane::add_look(std::int64_t depth, std::vector<LaneRequest>& all) {
  Look& look = looks_[depth];
  if (look.asked) return;
  look.asked = true;
  if (auto request = look_request(depth)) {
    all.push_back(std::move(*request));
    return;
  }
  look.there = true;  // no room is left in the context, or nobody knows where the interval ends
  if (keeps_looks_) said_[depth].clear();
}

std::optional<LaneRequest> Lane::look_request(std::int64_t depth) const {
  LaneRequest look{.kind = LaneRequest::Kind::kLook,
                   .branch = {.prompt = branch_.prompt, .seed = branch_.seed},
                   .tokens = serving_.recipe.look_tokens,
                   .depth = depth};
  if (exact()) {
    const std::int64_t end = depth * interval();
    if (end > static_cast<std::int64_t>(branch_.ids.size())) return std::nullopt;
    look.branch.ids.assign(branch_.ids.begin(), branch_.ids.begin() + end);
    look.branch.tokens = end;
  } else {
    if (depth < 1 || depth > static_cast<std::int64_t>(boundaries_.size())) return std::nullopt;
    const Boundary& end = boundaries_[static_cast<std::size_t>(depth - 1)];
    look.branch.text = branch_.text.substr(0, end.bytes);
    look.branch.tokens = end.tokens;
  }
  const Suffix& suffix = serving_.recipe.suffix;
  const std::size_t sent = exact() ? suffix.ids.size() : suffix.text.size();
  if (serving_.recipe.context)
    look.tokens = std::min(
        look.tokens, *serving_.recipe.context - prompt_tokens(look.branch) - static_cast<std::int64_t>(sent));
  look.least = look.tokens;
  return look.tokens > 0 ? std::optional(std::move(look)) : std::nullopt;
}

void Lane::take_look(std::int64_t depth, const Segment* look) {
  Look& one = looks_.at(depth);
  EVOTTS_CHECK(one.asked && !one.there);
  one.there = true;
  if (look == nullptr) return;
  one.tokens = look->usage.output.value_or(look->tokens);
  std::string said = look->thought + look->text;
  one.answer = serving_.task.looked_answer(said);
  if (keeps_looks_) said_[depth] = std::move(said);
}

// ---- results

bool Lane::done() const {
  if (!want_) return false;
  if (!failure_.empty() && want_->kind != Want::Kind::kLook) return true;
  const auto looked = [this](std::int64_t depth) {
    const auto look = looks_.find(depth);
    return look != looks_.end() && look->second.there;
  };
  if (want_->kind == Want::Kind::kLook) return looked(want_->depth);
  if (!moved() || count_is_lacking()) return false;
  if (!want_->look) return true;
  for (std::int64_t depth = want_->depth + 1; depth <= want_->depth + steps(); ++depth)
    if (!looked(depth)) return false;
  return true;
}

Result Lane::result() {
  EVOTTS_CHECK(done());
  Result result{.branch = want_->branch};
  for (const auto& [depth, look] : looks_) result.look_tokens += look.tokens;
  if (want_->kind == Want::Kind::kLook) {
    const Look& look = looks_.at(want_->depth);
    result.lost = !look.answer;
    if (look.answer) result.steps.push_back({.answer = look.answer});
    return result;
  }
  if (failure_.empty()) {
    for (std::int64_t i = 1; i <= steps(); ++i) {
      const auto look = looks_.find(want_->depth + i);
      result.steps.push_back({.answer = look == looks_.end() ? std::nullopt : look->second.answer});
    }
    result.finished = finished_;
    result.tokens = branch_.tokens + end_tokens_;
    if (!signals_.empty()) add_signals(result);
  }
  if (!failure_.empty()) {
    result.steps.clear();
    result.finished = false;
    result.lost = true;
    result.tokens = branch_.tokens;
  } else if (finished_) {
    result.answer = final_answer();
  }
  return result;
}

// Of each interval that is new to the session and, at the end, of what follows them.
void Lane::add_signals(Result& result) {
  const auto fresh = static_cast<std::size_t>(branch_.tokens - told_tokens_);
  if (logprobs_.logprobs.size() != fresh)
    return fail("the server does not tell the log-probability of every token");
  if (logprobs_.top.size() != fresh) logprobs_.top.clear();
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const std::int64_t depth = want_->depth + static_cast<std::int64_t>(i);
    const std::int64_t end =
        by_text() ? boundaries_[static_cast<std::size_t>(depth)].tokens : (depth + 1) * interval();
    ends.push_back(static_cast<std::size_t>(end - told_tokens_));
  }
  if (fresh == 0) {  // nothing but the end
    if (result.finished) result.signals.assign(signals_.size(), 0);
    return;
  }
  const auto numbers = interval_signals(logprobs_, ends);
  for (const std::string& name : signals_) {
    const auto found = numbers.find(name);
    if (found == numbers.end()) return fail(fmt::format("the server does not tell what {} takes", name));
    for (std::size_t i = 0; i < ends.size(); ++i) result.steps[i].signals.push_back(found->second[i]);
    if (result.finished) result.signals.push_back(found->second.back());
  }
  if (ends.empty()) return;
  told_tokens_ += static_cast<std::int64_t>(ends.back());
  drop_first(logprobs_.logprobs, static_cast<std::int64_t>(ends.back()));
  drop_first(logprobs_.top, static_cast<std::int64_t>(ends.back()));
}

}  // namespace live
