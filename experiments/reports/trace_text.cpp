#include "experiments/reports/trace_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

#include "experiments/console/json_text.hpp"
#include "experiments/reports/action_text.hpp"
#include "experiments/reports/trace_lines.hpp"
#include "genome/base/text.hpp"
#include "replay/analysis/diagnosis.hpp"
#include "replay/analysis/playback.hpp"

namespace experiments {
namespace {

using nlohmann::ordered_json;
using replay::Action;
using replay::Playback;

constexpr std::size_t kShownQuestion = 200;  // bytes

std::string head_text(const EpisodeName& name, const TracedEpisode& episode) {
  const replay::Question& question = episode.question;
  const auto right =
      std::count_if(question.branches.begin(), question.branches.end(), [&](const auto& branch) {
        return question.gold_id != replay::kNoAnswer && branch.final_answer == question.gold_id;
      });
  std::string text =
      fmt::format("{} at beta {} on {}, question {}, ordering {}\n", genome::base::visible(name.controller),
                  name.beta, genome::base::visible(name.environment), name.question, name.ordering);
  text += fmt::format("question  {}\n", genome::base::visible(question.text, kShownQuestion));
  text += fmt::format("gold      {}: {} of {} recorded branches end with it\n",
                      genome::base::visible(question.gold, kShownQuestion), right, question.branches.size());
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
    const bool cut = std::ranges::any_of(episode.trace.actions, &Action::cut);
    if (cut && diagnosis.outcome == replay::Outcome::kPruned)
      text += "          (what the budget cut counts as pruned)\n";
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
      return fmt::format("{}: {} the budget of {} tokens", where,
                         options.foresight ? "no further step fits into" : "less than an interval is left of",
                         *options.budget);
    case replay::Ending::kIdle: return fmt::format("{}: no branch was active and no other was opened", where);
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
  text += "\n" + trace_lines_head();
  text += bounded_lines(trace_lines(episode), most_lines);
  text += fmt::format(
      "\n{}, x2 twice in a row; a branch without an answer gave the one it gave before. Votes are\n"
      "those of the branches not pruned, by their latest answers.\n",
      kActionLegend);
  return text + cut_legend(episode.trace.actions) + "\n" + foot_text(episode);
}

// What a step showed of each signal.
ordered_json signals_json(const Playback& after, const Action& action, std::span<const std::string> names) {
  const replay::BranchState& branch = after.branches()[action.lane];
  const std::size_t steps = branch.depth + (branch.finished ? 1U : 0U);
  const std::size_t at = after.question().branches[branch.recorded].first_signal + steps;
  ordered_json object = ordered_json::object();
  for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = after.question().signals[i].latest[at];
  return object;
}

std::string trace_json(const EpisodeName& name, const TracedEpisode& episode) {
  std::string text;
  Playback playback;
  playback.begin(episode.question, episode.ordering);
  for (const Action& action : episode.trace.actions) {
    playback.take(action);
    ordered_json object = action_json(playback, action);
    const bool step = action.kind != replay::ActionKind::kProbe && action.kind != replay::ActionKind::kPrune;
    if (step && !action.cut && !episode.signals.empty())
      object["signals"] = signals_json(playback, action, episode.signals);
    text += json_line(object) + "\n";
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
