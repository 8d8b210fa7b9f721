#include "experiments/tables/lanes.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>

#include "experiments/reports/action_text.hpp"
#include "replay/analysis/playback.hpp"

namespace experiments {
namespace {

using replay::ActionKind;
using replay::AnswerId;

// The tokens since the look before belong to the answer that is revealed now.
void reveal(Lane& lane, AnswerId answer) {
  std::vector<Lane::Span>& spans = lane.spans;
  const std::int64_t from = spans.empty() ? 0 : spans.back().to;
  if (lane.tokens == from && !spans.empty())
    spans.back().answer = answer;  // looked at again at the same place
  else if (!spans.empty() && spans.back().answer == answer)
    spans.back().to = lane.tokens;
  else
    spans.push_back({lane.tokens, answer});
}

// What was spent since the last look.
void close(Lane& lane) {
  if (lane.tokens > (lane.spans.empty() ? 0 : lane.spans.back().to)) reveal(lane, lane.answer);
}

}  // namespace

std::vector<Lane> lanes_of(const TracedEpisode& episode) {
  replay::Playback playback;
  playback.begin(episode.question, episode.ordering);
  std::vector<Lane> lanes;
  for (const replay::Action& action : episode.trace.actions) {
    playback.take(action);
    const replay::BranchState& branch = playback.branches()[action.lane];
    if (action.lane >= lanes.size()) lanes.push_back({.recorded = branch.recorded, .opened = action.round});
    Lane& lane = lanes[action.lane];
    lane.tokens = branch.tokens;
    lane.answer = branch.answer;
    if (action.answer != replay::kNoAnswer) reveal(lane, action.answer);
    lane.end = action.cut        ? LaneEnd::kCut
               : branch.pruned   ? LaneEnd::kPruned
               : branch.finished ? LaneEnd::kFinished
                                 : LaneEnd::kUnfinished;
  }
  for (Lane& lane : lanes) close(lane);
  return lanes;
}

namespace {

constexpr std::size_t kNameWidth = 8, kFewestCells = 10, kTail = 14;
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
// Green is for the right answer; the others are told apart by the colour-blind too, and by their letters.
constexpr const char* kRight = "\033[32m";
constexpr std::array kOthers = {"\033[33m", "\033[35m", "\033[36m", "\033[34m", "\033[31m"};
constexpr const char* kFaint = "\033[2m";
constexpr const char* kPlain = "\033[0m";

// Which letter an answer has: '*' when right, '-' for none, others in the order of how many tokens they hold.
class Letters {
 public:
  Letters(const replay::Question& question, const std::vector<Lane>& lanes) : question_(question) {
    std::map<AnswerId, std::int64_t> held;
    for (const Lane& lane : lanes) {
      std::int64_t from = 0;
      for (const Lane::Span& span : lane.spans) {
        if (span.answer != replay::kNoAnswer && span.answer != question.gold_id)
          held[span.answer] += span.to - from;
        from = span.to;
      }
    }
    for (const auto& [answer, tokens] : held) order_.push_back(answer);
    std::ranges::stable_sort(order_, [&](AnswerId a, AnswerId b) { return held[a] > held[b]; });
  }

  char of(AnswerId answer) const {
    if (answer == replay::kNoAnswer) return '-';
    if (answer == question_.gold_id) return '*';
    return kLetters[std::min(place(answer), kLetters.size() - 1)];
  }
  const char* colour(AnswerId answer) const {
    if (answer == replay::kNoAnswer) return kFaint;
    return answer == question_.gold_id ? kRight : kOthers[std::min(place(answer), kOthers.size() - 1)];
  }
  const std::vector<AnswerId>& order() const { return order_; }

 private:
  std::size_t place(AnswerId answer) const {
    return static_cast<std::size_t>(std::ranges::find(order_, answer) - order_.begin());
  }

  const replay::Question& question_;
  std::vector<AnswerId> order_;
};

std::string_view sign_of(LaneEnd end) {
  switch (end) {
    case LaneEnd::kUnfinished: return ">";
    case LaneEnd::kFinished: return "#";
    case LaneEnd::kPruned: return "x";
    case LaneEnd::kCut: return "!";
  }
  return "";
}

std::string bar_of(const Lane& lane, std::int64_t longest, std::size_t cells, const Letters& letters,
                   bool colour) {
  const auto place = [&](std::int64_t tokens) {
    return static_cast<std::size_t>(tokens * static_cast<std::int64_t>(cells) /
                                    std::max<std::int64_t>(longest, 1));
  };
  std::string text;
  std::size_t at = 0;
  for (const Lane::Span& span : lane.spans) {
    const std::size_t to = std::min(std::max(place(span.to), at + 1), cells);
    if (to <= at) continue;
    if (colour) text += letters.colour(span.answer);
    text += std::string(to - at, letters.of(span.answer));
    if (colour) text += kPlain;
    at = to;
  }
  return text + std::string(sign_of(lane.end));
}

std::string answers_text(const replay::Question& question, const Letters& letters, bool colour) {
  constexpr std::size_t kMost = 8;
  std::string text = fmt::format("{}*{} the right answer", colour ? kRight : "", colour ? kPlain : "");
  for (std::size_t i = 0; i < std::min(letters.order().size(), kMost); ++i) {
    const AnswerId answer = letters.order()[i];
    text += fmt::format(", {}{}{} {}", colour ? letters.colour(answer) : "", letters.of(answer),
                        colour ? kPlain : "", shown_answer(question, answer));
  }
  if (letters.order().size() > kMost) text += fmt::format(", and {} more", letters.order().size() - kMost);
  return text + ", - none yet\n";
}

}  // namespace

std::string drawn_lanes(const TracedEpisode& episode, const Drawing& drawing) {
  const std::vector<Lane> lanes = lanes_of(episode);
  const Letters letters(episode.question, lanes);
  std::int64_t longest = 0;
  for (const Lane& lane : lanes) longest = std::max(longest, lane.tokens);
  const std::size_t cells = std::max(drawing.width, kNameWidth + kTail + kFewestCells) - kNameWidth - kTail;
  std::string text;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    text += fmt::format("{:<{}} {} {}\n", branch_name(i, lanes[i].recorded), kNameWidth,
                        bar_of(lanes[i], longest, cells, letters, drawing.colour), lanes[i].tokens);
  }
  return text + "\n" + answers_text(episode.question, letters, drawing.colour) +
         "ends: # by itself, x pruned, ! cut by the budget, > still going on; the number is its tokens\n";
}

}  // namespace experiments
