#include "experiments/trace_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "experiments/action_text.hpp"
#include "experiments/json_text.hpp"
#include "replay/diagnosis.hpp"
#include "replay/error.hpp"
#include "replay/playback.hpp"

namespace experiments {
namespace {

using nlohmann::ordered_json;
using replay::Action;
using replay::ActionKind;
using replay::ActionLog;
using replay::Playback;

constexpr std::size_t kShownQuestion = 200;  // bytes
constexpr std::size_t kShownVotes = 3;       // answers
constexpr std::size_t kVotesWidth = 24;

// ---- from actions to lines

// What a group of actions did to one branch.
struct Item {
  std::size_t lane = 0;
  std::string text;   // branch with what it revealed
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

std::string votes_text(const Playback& playback) {
  const std::vector<replay::AnswerVotes> votes = playback.votes();
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
  std::int64_t spent = 0;
};

// The lines of one or more rounds in a row that did the same.
struct Stage {
  int first_round = 0, last_round = 0;
  std::vector<Line> lines;

  bool repeats(const Stage& before) const {
    return first_round == before.last_round + 1 && before.first_round >= 0 &&
           std::equal(
               lines.begin(), lines.end(), before.lines.begin(), before.lines.end(),
               [](const Line& a, const Line& b) { return a.votes == b.votes && a.actions == b.actions; });
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
      stage.lines.push_back({votes_text(playback_), std::string(verb) + joined(items), playback_.spent()});
    }
    return stage;
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
    Item item{action.lane, opens ? branch_name(action.lane, branch.recorded) : branch_name(action.lane)};
    if (branch.answer != before) item.text += "=" + shown_answer(playback_.question(), branch.answer);
    const bool ended = action.finished && action.kind != ActionKind::kProbe;
    if (ended) item.text += "#";
    item.plain = !opens && !ended && branch.answer == before;
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

std::vector<std::string> action_lines(const TracedEpisode& episode) {
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
std::string bounded(const std::vector<std::string>& lines, std::size_t most) {
  const bool all = most == 0 || lines.size() <= most;
  const std::size_t head = all ? lines.size() : most - most / 3, tail = all ? 0 : most / 3;
  std::string text;
  for (std::size_t i = 0; i < head; ++i) text += lines[i];
  if (!all) text += fmt::format("...       {} lines left out\n", lines.size() - head - tail);
  for (std::size_t i = lines.size() - tail; i < lines.size(); ++i) text += lines[i];
  return text;
}

// ---- head and foot

std::string head_text(const EpisodeName& name, const TracedEpisode& episode) {
  const replay::Question& question = episode.question;
  const auto right =
      std::count_if(question.branches.begin(), question.branches.end(), [&](const auto& branch) {
        return question.gold_id != replay::kNoAnswer && branch.final_answer == question.gold_id;
      });
  std::string text =
      fmt::format("{} at beta {} on {}, question {}, ordering {}\n", replay::visible(name.controller),
                  name.beta, replay::visible(name.environment), name.question, name.ordering);
  text += fmt::format("question  {}\n", replay::visible(question.text, kShownQuestion));
  text += fmt::format("gold      {}: {} of {} recorded branches end with it\n",
                      replay::visible(question.gold, kShownQuestion), right, question.branches.size());
  text += fmt::format("tokens    {} an interval", question.interval);
  if (episode.options.probe_cost > 0) text += fmt::format(", {} a probe", episode.options.probe_cost);
  if (episode.options.budget) text += fmt::format(", at most {}", *episode.options.budget);
  return text + "\n";
}

replay::EpisodeDiagnosis diagnosis_of(const TracedEpisode& episode) {
  return replay::diagnose_episode(episode.question, episode.ordering, episode.trace.actions,
                                  episode.trace.result);
}

struct BranchCounts {
  int opened = 0, finished = 0, pruned = 0;
};

BranchCounts branch_counts(const TracedEpisode& episode) {
  BranchCounts counts;
  Playback playback;
  playback.begin(episode.question, episode.ordering);
  for (const Action& action : episode.trace.actions) playback.take(action);
  for (const replay::BranchState& branch : playback.branches()) {
    ++counts.opened;
    counts.finished += branch.finished ? 1 : 0;
    counts.pruned += branch.pruned ? 1 : 0;
  }
  return counts;
}

std::string foot_text(const TracedEpisode& episode) {
  const replay::EpisodeResult& result = episode.trace.result;
  const replay::EpisodeDiagnosis diagnosis = diagnosis_of(episode);
  const BranchCounts counts = branch_counts(episode);
  std::string text = fmt::format("ended     {}\n", ending_text(episode.trace, episode.options));
  text += fmt::format("answer    {}\n", answer_text(episode.trace, episode.question));
  if (!result.right) {
    text += fmt::format("cause     {}: {}\n", replay::name_of(diagnosis.outcome),
                        replay::meaning_of(diagnosis.outcome));
  }
  text += fmt::format("total     {} tokens, latency {}, rounds {}, actions {}\n", result.tokens,
                      result.latency_tokens, result.rounds, episode.trace.actions.size());
  text += fmt::format("branches  {} opened: {} finished, {} pruned, {} left unfinished\n", counts.opened,
                      counts.finished, counts.pruned, counts.opened - counts.finished - counts.pruned);
  text +=
      fmt::format("spent     {} after the decision was settled, {} on pruned, {} on unfinished branches\n",
                  diagnosis.tokens.settled, diagnosis.tokens.pruned, diagnosis.tokens.unfinished);
  return text;
}

}  // namespace

std::string ending_text(const replay::Trace& trace, const replay::EpisodeOptions& options) {
  const int rounds = trace.result.rounds;
  const std::string where = rounds == 0 ? "in start" : fmt::format("in round {}", rounds - 1);
  switch (trace.ending) {
    case replay::Ending::kStop:
      return trace.stop_line ? fmt::format("stopped {} by \"{}\"", where, *trace.stop_line)
                             : fmt::format("stopped {}", where);
    case replay::Ending::kBudget:
      return fmt::format("{}: no further step fits into the budget of {} tokens", where, *options.budget);
    case replay::Ending::kIdle: return fmt::format("{}: nothing moved and no branch was active", where);
    case replay::Ending::kRounds:
      return fmt::format("after all {} rounds that the controller allows", rounds);
  }
  return "";
}

std::string answer_text(const replay::Trace& trace, const replay::Question& question) {
  if (trace.result.answer == replay::kNoAnswer) return "none: no line of the section answer gave one (wrong)";
  std::string text = fmt::format("{} ({})", shown_answer(question, trace.result.answer),
                                 trace.result.right ? "right" : "wrong");
  if (trace.answer_line) text += fmt::format(", by the line \"{}\"", *trace.answer_line);
  return text;
}

std::string trace_text(const EpisodeName& name, const TracedEpisode& episode, std::size_t most_lines) {
  std::string text = head_text(name, episode);
  text += fmt::format("\n{:<9} {:>8}  {:<{}}  {}\n", "round", "spent", "votes", kVotesWidth, "actions");
  text += bounded(action_lines(episode), most_lines);
  text += fmt::format(
      "\n{}, x2 twice in a row; a branch without an answer gave the one it gave before. Votes are\n"
      "those of the branches not pruned, by their latest answers.\n\n",
      kActionLegend);
  return text + foot_text(episode);
}

std::string trace_json(const EpisodeName& name, const TracedEpisode& episode) {
  std::string text;
  Playback playback;
  playback.begin(episode.question, episode.ordering);
  for (const Action& action : episode.trace.actions) {
    playback.take(action);
    text += json_line(action_json(playback, action)) + "\n";
  }
  const replay::EpisodeResult& result = episode.trace.result;
  const replay::EpisodeDiagnosis diagnosis = diagnosis_of(episode);
  const BranchCounts counts = branch_counts(episode);
  const auto or_null = [](const auto& value) { return value ? ordered_json(*value) : ordered_json(nullptr); };
  ordered_json object;
  object["result"] = result.right ? "right" : "wrong";
  object["controller"] = name.controller;
  object["beta"] = name.beta;
  object["environment"] = name.environment;
  object["question"] = name.question;
  object["ordering"] = name.ordering;
  object["budget"] = or_null(episode.options.budget);
  object["probe_cost"] = episode.options.probe_cost;
  object["gold"] = episode.question.gold;
  object["answer"] = answer_json(episode.question, result.answer);
  object["answer_line"] = or_null(episode.trace.answer_line);
  object["ending"] = replay::name_of(episode.trace.ending);
  object["stop_line"] = or_null(episode.trace.stop_line);
  object["cause"] = result.right ? ordered_json(nullptr) : ordered_json(replay::name_of(diagnosis.outcome));
  object["tokens"] = result.tokens;
  object["latency_tokens"] = result.latency_tokens;
  object["settled_tokens"] = diagnosis.tokens.settled;
  object["pruned_tokens"] = diagnosis.tokens.pruned;
  object["unfinished_tokens"] = diagnosis.tokens.unfinished;
  object["rounds"] = result.rounds;
  object["opened"] = counts.opened;
  object["finished"] = counts.finished;
  object["pruned"] = counts.pruned;
  return text + json_line(object) + "\n";
}

}  // namespace experiments
