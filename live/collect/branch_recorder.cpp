#include "live/collect/branch_recorder.hpp"

#include <algorithm>
#include <utility>

#include "genome/base/check.hpp"

namespace live {
namespace {

// A template may put as much around messages, a prompt of the system's own included.
constexpr std::size_t kAroundMessages = 512;
// A guess where nothing better is known, for what fits into a context.
constexpr std::int64_t kBytesOfToken = 3;

std::size_t bytes_of(const Prompt& prompt) {
  std::size_t bytes = prompt.text.size() + (prompt.messages.empty() ? 0 : kAroundMessages);
  for (const Message& message : prompt.messages) bytes += message.role.size() + message.content.size();
  return bytes;
}

}  // namespace

BranchRecorder::BranchRecorder(const Recipe& recipe, std::shared_ptr<const Prompt> prompt, std::uint64_t seed)
    : recipe_(recipe), branch_{.prompt = std::move(prompt), .seed = seed} {}

// Of the prompt and a beginning of the branch. A token is never less than a byte.
std::int64_t BranchRecorder::prompt_tokens(std::int64_t tokens, std::size_t bytes) const {
  if (exact()) return static_cast<std::int64_t>(branch_.prompt->ids.size()) + tokens;
  if (told_prompt_tokens_) return *told_prompt_tokens_ + tokens;
  return static_cast<std::int64_t>(bytes_of(*branch_.prompt) + bytes);
}

// How many tokens the branch may still get: servers refuse what cannot fit into their context.
std::int64_t BranchRecorder::room() const {
  const std::int64_t mine = recipe_.most_tokens - branch_.tokens;
  if (!recipe_.context) return mine;
  if (exact() || told_prompt_tokens_)
    return std::min(mine, *recipe_.context - prompt_tokens(branch_.tokens, branch_.text.size()));
  const std::int64_t guess =
      *recipe_.context - prompt_tokens(branch_.tokens, branch_.text.size()) / kBytesOfToken;
  return guess > 0 ? std::min(mine, guess) : mine;  // the server will say
}

std::vector<Ask> BranchRecorder::asks() {
  std::vector<Ask> all;
  if (!fault_.empty()) return all;
  if (thought_bytes_ && !thought_tokens_ && !count_asked_) {
    count_asked_ = true;
    all.push_back({.kind = Ask::Kind::kCount, .text = branch_.text.substr(0, *thought_bytes_)});
  }
  if (!finished_ && !asked_) {
    if (room() > 0) {
      asked_ = true;
      all.push_back(segment_ask());
    } else if (branch_.segments == 0) {
      fault_ = "the prompt fills the server's context of " + std::to_string(recipe_.context.value_or(0)) +
               " tokens";
      return {};
    } else {
      finished_ = true;
      reason_ = "length";
    }
  }
  const std::size_t due = looks_due();
  looks_.resize(std::max(looks_.size(), due));
  for (std::size_t i = 0; i < due; ++i) {
    if (looks_[i].asked) continue;
    looks_[i].asked = true;
    Ask ask = look_ask(i);
    if (ask.tokens > 0)
      all.push_back(std::move(ask));
    else
      looks_[i].there = true;  // no room is left in the context
  }
  return all;
}

Ask BranchRecorder::segment_ask() {
  Ask ask{.kind = whole() ? Ask::Kind::kWhole : Ask::Kind::kSegment, .tokens = room()};
  // Behind the thought there is nothing to look at; a whole reply cannot be gone on with.
  if (!whole() && !thought_bytes_)
    ask.tokens = std::min(ask.tokens, exact() ? recipe_.segment_tokens : recipe_.interval);
  ask.prompt_tokens = prompt_tokens(branch_.tokens, branch_.text.size());
  return ask;
}

// How many looks can be made by now, or will ever be when the branch has ended.
std::size_t BranchRecorder::looks_due() const {
  if (whole() || (thought_bytes_ && !thought_tokens_)) return 0;
  std::int64_t below = finished_ ? branch_.tokens + end_tokens_ : branch_.tokens + 1;
  if (thought_tokens_) below = std::min(below, *thought_tokens_);
  if (exact()) return static_cast<std::size_t>(below > 0 ? (below - 1) / recipe_.interval : 0);
  return static_cast<std::size_t>(
      std::ranges::count_if(boundaries_, [&](const Boundary& each) { return each.tokens < below; }));
}

BranchRecorder::Boundary BranchRecorder::boundary_of(std::size_t look) const {
  if (!exact()) return boundaries_[look];
  return {.tokens = static_cast<std::int64_t>(look + 1) * recipe_.interval};
}

Ask BranchRecorder::look_ask(std::size_t look) const {
  Ask ask{.kind = Ask::Kind::kLook, .tokens = recipe_.look_tokens, .look = look};
  const Boundary at = boundary_of(look);
  const std::size_t suffix = exact() ? recipe_.suffix.ids.size() : recipe_.suffix.text.size();
  ask.prompt_tokens = prompt_tokens(at.tokens, at.bytes) + static_cast<std::int64_t>(suffix);
  if (recipe_.context) ask.tokens = std::min(ask.tokens, *recipe_.context - ask.prompt_tokens);
  return ask;
}

Branch BranchRecorder::beginning_of(const Ask& ask) const {
  if (ask.kind != Ask::Kind::kLook) return branch_;
  Branch beginning{.prompt = branch_.prompt, .seed = branch_.seed};
  const Boundary at = boundary_of(ask.look);
  beginning.tokens = at.tokens;
  if (exact())
    beginning.ids.assign(branch_.ids.begin(), branch_.ids.begin() + at.tokens);
  else
    beginning.text = branch_.text.substr(0, at.bytes);
  return beginning;
}

void BranchRecorder::take(const Segment& segment) {
  EVOTTS_CHECK(segment.good && asked_ && !finished_);
  asked_ = false;
  const bool said = !segment.text.empty() || !segment.thought.empty();
  if (segment.counted == CountedBy::kNothing && (said || !segment.finished)) {
    fault_ =
        "the server does not tell how many tokens its replies have: neither ids, log-probabilities nor usage";
    return;
  }
  if (!whole() && !segment.thought.empty()) {
    fault_ =
        "thoughts come apart from the text, so that a branch cannot be gone on with; start the server "
        "without a reasoning parser";
    return;
  }
  const std::size_t before = branch_.text.size();
  const std::int64_t tokens_before = branch_.tokens;
  branch_.append(segment);
  // By ids, a reply of nothing but the end token has a count of 1 and no id.
  if (exact()) branch_.tokens = static_cast<std::int64_t>(branch_.ids.size());
  if (whole() && !segment.thought.empty())
    branch_.text = segment.thought + recipe_.end_of_thought + segment.text;
  if (segment.usage.input && !exact() && before == 0) told_prompt_tokens_ = *segment.usage.input;
  logprobs_.logprobs.insert(logprobs_.logprobs.end(), segment.logprobs.begin(), segment.logprobs.end());
  logprobs_.top.insert(logprobs_.top.end(), segment.top.begin(), segment.top.end());
  reason_ = segment.reason;
  finished_ = segment.finished || whole();
  const std::int64_t counted = exact() ? static_cast<std::int64_t>(segment.ids.size()) : segment.tokens;
  if (finished_ && segment.usage.output == counted + 1) end_tokens_ = 1;
  if (!finished_ && branch_.tokens == tokens_before) {  // cut at once: there is no room for another token
    finished_ = true;
    reason_ = "length";
  }
  find_end_of_thought(before);
  const bool at_interval = !finished_ && !exact() && !thought_bytes_;
  if (at_interval) boundaries_.push_back({branch_.tokens, branch_.text.size()});
}

// Its mark may be cut in two by the end of a segment. Joined by text, a segment is as fine as it is known.
void BranchRecorder::find_end_of_thought(std::size_t from) {
  const std::string& mark = recipe_.end_of_thought;
  if (mark.empty() || thought_bytes_ || whole()) return;
  const std::size_t at = branch_.text.find(mark, from - std::min(from, mark.size()));
  if (at == std::string::npos) return;
  thought_bytes_ = at + mark.size();
  if (!exact()) thought_tokens_ = branch_.tokens;
}

void BranchRecorder::take_count(std::int64_t tokens) {
  thought_tokens_ = std::clamp<std::int64_t>(tokens, 1, branch_.tokens);
}

void BranchRecorder::take_look(std::size_t look, const Segment& segment) {
  Look& one = looks_.at(look);
  EVOTTS_CHECK(segment.good && one.asked && !one.there);
  one.there = true;
  one.text = segment.thought + segment.text;
}

bool BranchRecorder::over() const {
  if (!finished_ || !fault_.empty() || (thought_bytes_ && !thought_tokens_)) return false;
  const std::size_t due = looks_due();
  return looks_.size() >= due &&
         std::ranges::all_of(looks_, [](const Look& look) { return look.there || !look.asked; }) &&
         std::ranges::all_of(looks_.begin(), looks_.begin() + static_cast<std::ptrdiff_t>(due),
                             [](const Look& look) { return look.there; });
}

std::vector<std::size_t> BranchRecorder::interval_ends() const {
  std::vector<std::size_t> ends(looks_due());
  for (std::size_t i = 0; i < ends.size(); ++i)
    ends[i] = exact() ? (i + 1) * static_cast<std::size_t>(recipe_.interval)
                      : static_cast<std::size_t>(boundaries_[i].tokens);
  return ends;
}

CollectedBranch BranchRecorder::finish() {
  EVOTTS_CHECK(over());
  CollectedBranch result{.tokens = branch_.tokens + end_tokens_, .reason = reason_};
  const std::vector<std::size_t> ends = interval_ends();
  for (std::size_t i = 0; i < ends.size(); ++i) result.looks.push_back(std::move(looks_[i].text));
  if (logprobs_.logprobs.size() == static_cast<std::size_t>(branch_.tokens)) {
    if (logprobs_.top.size() != logprobs_.logprobs.size()) logprobs_.top.clear();
    result.signals = interval_signals(logprobs_, ends);
  }
  result.text = std::move(branch_.text);
  result.cut = reason_ == "length";
  return result;
}

}  // namespace live
