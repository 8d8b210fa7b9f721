#include "live/episode/lane.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "genome/base/check.hpp"

namespace live {
namespace {

// A prompt of text has at most as many tokens as bytes, but for what a template puts around each message.
constexpr std::size_t kAroundMessage = 16;

constexpr std::int64_t kBytesOfToken = 3;  // mostly; of some scripts fewer

// Of what is generated to its end, a piece this small is still worth its request.
constexpr std::int64_t kSmallPiece = 64;

std::size_t bytes_of(const Prompt& prompt) {
  std::size_t bytes = prompt.text.size();
  for (const Message& message : prompt.messages)
    bytes += message.role.size() + message.content.size() + kAroundMessage;
  return bytes;
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& what) {
  to.insert(to.end(), what.begin(), what.end());
}

}  // namespace

Lane::Lane(const Serving& serving, std::shared_ptr<const Prompt> prompt, std::uint64_t seed,
           const std::vector<std::string>& signals)
    : serving_(serving), signals_(signals), branch_{.prompt = std::move(prompt), .seed = seed} {}

bool Lane::exact() const { return serving_.recipe.grade == Grade::kExact && !branch_.prompt->ids.empty(); }

std::int64_t Lane::prompt_tokens(const Branch& branch) const {
  if (exact()) return static_cast<std::int64_t>(branch.prompt->ids.size() + branch.ids.size());
  if (told_prompt_tokens_) return *told_prompt_tokens_ + branch.tokens;
  return static_cast<std::int64_t>(bytes_of(*branch.prompt) + branch.text.size());
}

// Servers refuse what cannot fit into their context. Until the prompt's tokens are told they are reckoned.
std::int64_t Lane::room() const {
  const std::int64_t mine = serving_.recipe.most_tokens - branch_.tokens;
  if (!serving_.recipe.context) return mine;
  const std::int64_t context = *serving_.recipe.context;
  if (exact() || told_prompt_tokens_) return std::min(mine, context - prompt_tokens(branch_));
  const std::int64_t guess = context - prompt_tokens(branch_) / kBytesOfToken;
  return guess > 0 ? std::min(mine, guess) : mine;  // the server will say
}

void Lane::begin(const Want& want) {
  EVOTTS_CHECK(want.kind != Want::Kind::kPrune && (!want_ || done()));
  want_ = want;
  looks_.clear();
}

// How many tokens the branch is to have for the want; joined by text, its boundaries tell.
std::int64_t Lane::target() const {
  if (reads()) return want_->most_tokens.value_or(std::numeric_limits<std::int64_t>::max());
  return (want_->depth + want_->intervals) * interval();
}

// Whether it has come as far as was wanted. What follows a thought is generated to its end.
bool Lane::moved() const {
  if (finished_) return true;
  if (reads()) return branch_.tokens >= target();
  if (thought_bytes_) return false;
  if (by_text()) return static_cast<std::int64_t>(boundaries_.size()) >= want_->depth + want_->intervals;
  return branch_.tokens >= target();
}

std::vector<LaneRequest> Lane::requests() {
  std::vector<LaneRequest> all;
  if (!want_) return all;
  if (want_->kind == Want::Kind::kLook) add_look(want_->depth, all);
  if (want_->kind == Want::Kind::kLook || !failure_.empty()) return all;
  if (!moved() && !asked_ && room() <= 0) finished_ = cut_ = true;
  if (!moved()) {
    if (!asked_) all.push_back(segment_request());
    asked_ = true;
  } else if (count_is_lacking()) {
    if (!count_asked_)
      all.push_back({.kind = LaneRequest::Kind::kCount, .text = branch_.text.substr(0, *thought_bytes_)});
    count_asked_ = true;
  } else if (want_->look) {
    for (std::int64_t depth = want_->depth + 1; depth <= want_->depth + steps(); ++depth)
      add_look(depth, all);
  }
  return all;
}

LaneRequest Lane::segment_request() const {
  LaneRequest request{.kind = whole() ? LaneRequest::Kind::kWhole : LaneRequest::Kind::kSegment,
                      .branch = branch_,
                      .tokens = room()};
  if (reads()) request.tokens = std::min(request.tokens, target() - branch_.tokens);
  const bool to_its_end = whole() || reads() || thought_bytes_;
  if (!to_its_end)
    request.tokens = std::min(request.tokens, exact() ? target() - branch_.tokens : interval());
  request.least = whole() || !to_its_end ? request.tokens : std::min(request.tokens, kSmallPiece);
  // A whole reply cannot be gone on with: a piece of it is better than none.
  if (whole()) request.least = std::min(request.tokens, kSmallPiece);
  return request;
}

void Lane::take(const Segment& segment) {
  EVOTTS_CHECK(segment.good && asked_ && !finished_);
  asked_ = false;
  const bool empty = segment.text.empty() && segment.thought.empty();
  if (segment.counted == CountedBy::kNothing && !empty)
    return fail(
        "the server does not tell how many tokens its replies have: neither ids, log-probabilities nor "
        "usage");
  const std::size_t from_bytes = branch_.text.size();
  const std::int64_t from_tokens = branch_.tokens;
  branch_.append(segment);
  // By ids, a reply of nothing but the end token has a count of 1 and no id.
  if (exact()) branch_.tokens = static_cast<std::int64_t>(branch_.ids.size());
  if (whole() && !segment.thought.empty()) {
    branch_.text = segment.thought + serving_.recipe.end_of_thought + segment.text;
    thought_bytes_ = segment.thought.size() + serving_.recipe.end_of_thought.size();
    thought_tokens_ = branch_.tokens;
  }
  if (segment.usage.input && !exact() && from_bytes == 0) told_prompt_tokens_ = *segment.usage.input;
  if (!signals_.empty()) {
    append(logprobs_.logprobs, segment.logprobs);
    append(logprobs_.top, segment.top);
  }
  const bool stopped = reads() && segment.reason == "length" && branch_.tokens >= target();
  finished_ = (segment.finished || whole()) && !stopped;
  cut_ = finished_ && segment.reason == "length";
  const std::int64_t counted = exact() ? static_cast<std::int64_t>(segment.ids.size()) : segment.tokens;
  if (finished_ && segment.usage.output == counted + 1) end_tokens_ = 1;
  if (!finished_ && counted == 0) return fail("the server goes on with a branch by no token at all");
  find_end_of_thought(from_bytes, from_tokens);
  if (by_text() && !finished_ && !thought_bytes_)
    boundaries_.push_back({branch_.tokens, branch_.text.size()});
}

// The mark may be cut in two by the end of a segment. By ids its last token has to be found, unless all that
// came with it lies in one interval; joined by text, a segment is as fine as it is known.
void Lane::find_end_of_thought(std::size_t from_bytes, std::int64_t from_tokens) {
  const std::string& mark = serving_.recipe.end_of_thought;
  if (mark.empty() || thought_bytes_ || whole()) return;
  const std::size_t at = branch_.text.find(mark, from_bytes - std::min(from_bytes, mark.size()));
  if (at == std::string::npos) return;
  thought_bytes_ = at + mark.size();
  thought_from_ = from_tokens;
  if (by_text() || from_tokens / interval() == (branch_.tokens - 1) / interval()) {
    thought_tokens_ = branch_.tokens;
  } else if (!exact()) {  // as many tokens as its part of the text
    const double part = static_cast<double>(*thought_bytes_ - from_bytes) /
                        static_cast<double>(branch_.text.size() - from_bytes);
    take_count(from_tokens + std::llround(part * static_cast<double>(branch_.tokens - from_tokens)));
  }
}

void Lane::take_count(std::optional<std::int64_t> tokens) {
  thought_tokens_ = std::clamp(tokens.value_or(thought_from_ + 1), thought_from_ + 1, branch_.tokens);
}

void Lane::fail(const std::string& why) {
  if (failure_.empty()) failure_ = why;
}

// Whole intervals of the branch beyond those that the session has.
std::int64_t Lane::steps() const {
  if (whole()) return 0;
  std::int64_t below = branch_.tokens + (finished_ ? end_tokens_ : 1);
  if (thought_tokens_) below = std::min(below, *thought_tokens_);
  std::int64_t all = below > 0 ? (below - 1) / interval() : 0;
  if (by_text())
    all = std::ranges::count_if(boundaries_, [&](const Boundary& each) { return each.tokens < below; });
  if (reads()) return all;
  return std::clamp<std::int64_t>(all - want_->depth, 0, finished_ ? want_->intervals - 1 : want_->intervals);
}

}  // namespace live
