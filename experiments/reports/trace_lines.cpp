#include "experiments/reports/trace_lines.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "experiments/reports/action_text.hpp"
#include "replay/analysis/playback.hpp"

namespace experiments {
namespace {

using replay::Action;
using replay::ActionKind;
using replay::ActionLog;
using replay::Playback;

constexpr std::size_t kShownVotes = 3;  // answers
constexpr std::size_t kVotesWidth = 24;

// What a group of actions did to one branch.
struct Item {
  std::size_t lane = 0;
  std::string text;  // branch with what it revealed, cut short
  replay::AnswerId answer = replay::kNoAnswer;
  bool plain = true;  // neither opened, nor changed its answer, nor ended
  int times = 1;
};

// b0 b1 b2 b3 -> b0-b3, each acted on as often as the others.
std::string joined(const std::vector<Item>& items) {
  std::string text;
  const auto follows = [&](std::size_t i) {
    return items[i].plain && items[i - 1].plain && items[i].lane == items[i - 1].lane + 1 &&
           items[i].times == items[i - 1].times;
  };
  for (std::size_t i = 0; i < items.size();) {
    std::size_t last = i;
    while (last + 1 < items.size() && follows(last + 1)) ++last;
    if (last - i < 2) last = i;  // two in a row are no range
    text += " " + items[i].text;
    if (last > i) text += "-" + items[last].text;
    if (items[i].times > 1) text += fmt::format("x{}", items[i].times);
    i = last + 1;
  }
  return text;
}

std::string votes_text(const Playback& playback, const std::vector<replay::AnswerVotes>& votes) {
  std::string text;
  for (std::size_t i = 0; i < std::min(votes.size(), kShownVotes); ++i) {
    text += fmt::format("{}{}:{}", i == 0 ? "" : " ", shown_answer(playback.question(), votes[i].answer),
                        votes[i].votes);
  }
  if (votes.size() > kShownVotes) text += fmt::format(" +{}", votes.size() - kShownVotes);
  return text.empty() ? "-" : text;
}

struct Line {
  std::string votes, actions;
  // Revealed, then voted for: texts that are cut short may look the same.
  std::vector<replay::AnswerId> answers;
  std::int64_t spent = 0;

  bool tells_the_same(const Line& other) const {
    return votes == other.votes && actions == other.actions && answers == other.answers;
  }
};

// The lines of one or more rounds in a row that did the same.
struct Stage {
  int first_round = 0, last_round = 0;
  std::vector<Line> lines;

  bool repeats(const Stage& before) const {
    return first_round == before.last_round + 1 && before.first_round >= 0 &&
           std::equal(lines.begin(), lines.end(), before.lines.begin(), before.lines.end(),
                      [](const Line& a, const Line& b) { return a.tells_the_same(b); });
  }
};

// BRANCH and CONTINUE with the PROBE behind them are what the language calls open and advance.
bool probed_at_once(const ActionLog& log, std::size_t i) {
  const bool moves = log[i].kind == ActionKind::kBranch || log[i].kind == ActionKind::kContinue;
  return moves && i + 1 < log.size() && log[i + 1].kind == ActionKind::kProbe &&
         log[i + 1].lane == log[i].lane && log[i + 1].round == log[i].round;
}

class StageReader {
 public:
  explicit StageReader(const TracedEpisode& episode) : log_(episode.trace.actions) {
    playback_.begin(episode.question, episode.ordering);
  }

  std::vector<Stage> read() {
    std::vector<Stage> stages;
    while (at_ < log_.size()) {
      Stage stage = next_stage();
      if (!stages.empty() && stage.repeats(stages.back())) {
        stages.back().last_round = stage.last_round;
        stages.back().lines = std::move(stage.lines);
      } else {
        stages.push_back(std::move(stage));
      }
    }
    return stages;
  }

 private:
  Stage next_stage() {
    const int round = log_[at_].round;
    Stage stage{round, round, {}};
    while (at_ < log_.size() && log_[at_].round == round) {
      const std::string_view verb = verb_here();
      std::vector<Item> items;
      while (at_ < log_.size() && log_[at_].round == round && verb_here() == verb) add(items, next_item());
      stage.lines.push_back(line_of(verb, items));
    }
    return stage;
  }

  Line line_of(std::string_view verb, const std::vector<Item>& items) const {
    const std::vector<replay::AnswerVotes> votes = playback_.votes();
    Line line{votes_text(playback_, votes), std::string(verb) + joined(items), {}, playback_.spent()};
    for (const Item& item : items) line.answers.push_back(item.answer);
    for (const replay::AnswerVotes& each : votes) line.answers.push_back(each.answer);
    return line;
  }

  std::string_view verb_here() const {
    if (!probed_at_once(log_, at_)) return name_of(log_[at_].kind);
    return log_[at_].kind == ActionKind::kBranch ? "open" : "advance";
  }

  Item next_item() {
    const Action& action = log_[at_];
    const bool opens = action.kind == ActionKind::kBranch || action.kind == ActionKind::kRead;
    const auto before = opens ? replay::kNoAnswer : playback_.branches()[action.lane].answer;
    const bool both = probed_at_once(log_, at_);
    playback_.take(log_[at_++]);
    if (both) playback_.take(log_[at_++]);
    const replay::BranchState& branch = playback_.branches()[action.lane];
    Item item{action.lane, opens ? branch_name(action.lane, branch.recorded) : branch_name(action.lane),
              branch.answer};
    if (branch.answer != before) item.text += "=" + shown_answer(playback_.question(), branch.answer);
    const bool ended = action.finished && action.kind != ActionKind::kProbe;
    if (ended) item.text += "#";
    if (action.cut) item.text += "!";
    item.plain = !opens && !ended && !action.cut && branch.answer == before;
    return item;
  }

  static void add(std::vector<Item>& items, Item item) {
    if (!items.empty() && item.plain && items.back().plain && items.back().lane == item.lane)
      ++items.back().times;
    else
      items.push_back(std::move(item));
  }

  const ActionLog& log_;
  Playback playback_;
  std::size_t at_ = 0;
};

std::string rounds_text(const Stage& stage) {
  if (stage.first_round < 0) return "start";
  if (stage.first_round == stage.last_round) return fmt::format("{}", stage.first_round);
  return fmt::format("{}-{}", stage.first_round, stage.last_round);
}

}  // namespace

std::string trace_lines_head() {
  return fmt::format("{:<9} {:>8}  {:<{}}  {}\n", "round", "spent", "votes", kVotesWidth, "actions");
}

std::vector<std::string> trace_lines(const TracedEpisode& episode) {
  std::vector<std::string> lines;
  for (const Stage& stage : StageReader(episode).read()) {
    std::string rounds = rounds_text(stage);
    for (const Line& line : stage.lines) {
      lines.push_back(fmt::format("{:<9} {:>8}  {:<{}}  {}\n", rounds, line.spent, line.votes, kVotesWidth,
                                  line.actions));
      rounds.clear();
    }
  }
  return lines;
}

// More of the beginning than of the end is kept: it decides what comes after.
std::string bounded_lines(const std::vector<std::string>& lines, std::size_t most) {
  const bool all = most == 0 || lines.size() <= most;
  const std::size_t head = all ? lines.size() : most - most / 3, tail = all ? 0 : most / 3;
  std::string text;
  for (std::size_t i = 0; i < head; ++i) text += lines[i];
  if (!all) text += fmt::format("...       {} lines left out\n", lines.size() - head - tail);
  for (std::size_t i = lines.size() - tail; i < lines.size(); ++i) text += lines[i];
  return text;
}

}  // namespace experiments
