#include "experiments/commands/live/recorded_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>

#include "experiments/console/json_text.hpp"
#include "experiments/reports/action_text.hpp"
#include "experiments/reports/trace_lines.hpp"
#include "experiments/reports/trace_text.hpp"
#include "genome/base/text.hpp"
#include "live/record/episode_json.hpp"
#include "replay/analysis/playback.hpp"
#include "replay/environment/limits.hpp"
#include "replay/environment/question_builder.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using live::EpisodeOutcome;
using live::EpisodeRecord;
using live::TrailBranch;
using live::TrailLook;
using nlohmann::ordered_json;

constexpr std::size_t kShownText = 200;  // bytes
constexpr std::string_view kNotSeen = "";

// What was revealed, as if it had been recorded before.
struct Revealed {
  replay::Question question;
  std::vector<std::uint32_t> dealt;
  replay::Trace trace;
  replay::EpisodeOptions options;
};

std::int64_t interval_of(const EpisodeRecord& record) {
  const auto made = nlohmann::json::parse(record.head.made);
  const auto found = made.find("interval");
  const bool told = found != made.end() && found->is_number_integer();
  return told ? std::clamp<std::int64_t>(found->get<std::int64_t>(), 1, replay::kMaxInterval) : 1;
}

replay::AnswerId answer_behind(const replay::Question& question, const replay::BranchState& branch,
                               const TrailBranch& told) {
  const replay::Branch& recorded = question.branches[branch.recorded];
  if (branch.finished) return recorded.final_answer;
  const auto look = std::ranges::find(told.looks, static_cast<std::int64_t>(branch.depth), &TrailLook::depth);
  if (look == told.looks.end()) return replay::kNoAnswer;
  return question.probes[recorded.first_probe + branch.depth - 1];
}

// A probe, or the reading of a whole branch, shows what was seen there.
void fill_in_answers(Revealed& revealed, const std::vector<TrailBranch>& branches) {
  replay::Playback playback;
  playback.begin(revealed.question, revealed.dealt);
  for (replay::Action& action : revealed.trace.actions) {
    playback.take(action);
    const bool shows = action.kind == replay::ActionKind::kProbe || action.kind == replay::ActionKind::kRead;
    if (shows && !action.cut)
      action.answer =
          answer_behind(revealed.question, playback.branches()[action.lane], branches[action.lane]);
  }
}

Revealed revealed_of(const EpisodeRecord& record) {
  const live::EpisodeTrail& trail = *record.outcome.trail;
  replay::QuestionBuilder builder(record.messages.back().content, "", interval_of(record));
  for (const TrailBranch& branch : trail.branches) {
    auto look = branch.looks.begin();
    for (std::int64_t depth = 1; depth <= branch.intervals; ++depth) {
      const bool seen = look != branch.looks.end() && look->depth == depth;
      builder.add_probe(seen ? std::string_view(look->answer) : kNotSeen);
      if (seen) ++look;
    }
    builder.end_branch(branch.tokens, branch.end == TrailBranch::End::kFinished ? branch.answer : kNotSeen);
  }
  Revealed revealed{.question = std::move(builder).finish(), .dealt = {}, .trace = {}, .options = {}};
  revealed.question.gold_id = replay::kNoAnswer;  // nobody knows it
  revealed.dealt.resize(trail.branches.size());
  std::iota(revealed.dealt.begin(), revealed.dealt.end(), 0U);
  revealed.trace.actions = trail.actions;
  revealed.options.budget = record.budget;
  fill_in_answers(revealed, trail.branches);
  return revealed;
}

std::string head_text(const EpisodeRecord& record) {
  std::string text = fmt::format("{} at beta {}, served as {} at {}\n", visible(record.head.controller),
                                 record.beta, visible(record.model, kShownText), visible(record.time, 40));
  text += fmt::format("episode   {}, seed {}\n", visible(record.id, kShownText), record.seed);
  for (std::size_t i = 0; i + 1 < record.messages.size(); ++i)
    text += fmt::format("before    {}: {}\n", visible(record.messages[i].role, 20),
                        visible(record.messages[i].content, kShownText));
  text += fmt::format("question  {}\n", visible(record.messages.back().content, kShownText));
  text += fmt::format("tokens    {} an interval", interval_of(record));
  if (record.budget) text += fmt::format(", at most {} of the controller", *record.budget);
  if (record.ceiling) text += fmt::format(", at most {} in all", *record.ceiling);
  return text + "\n";
}

std::string branch_line(std::size_t number, const TrailBranch& branch) {
  std::string text = fmt::format("{:<9} {:<10} {:>8} {:>6}", branch_name(number), name_of(branch.end),
                                 branch.tokens, branch.looks.size());
  if (branch.end == TrailBranch::End::kFinished) text += "  " + visible(branch.answer, 40);
  if (branch.cut) text += "  (cut at a limit)";
  if (!branch.error.empty()) text += "  " + visible(branch.error, kShownText);
  if (!branch.text) text += "  (its text was not kept)";
  return text + "\n";
}

std::string foot_text(const EpisodeRecord& record) {
  const EpisodeOutcome& outcome = record.outcome;
  std::string text = fmt::format("ended     {}", name_of(outcome.how));
  if (outcome.ceiling) text += ", at the ceiling";
  if (outcome.deadline) text += ", at the deadline";
  if (!outcome.error.empty()) text += ": " + visible(outcome.error, kShownText);
  text += fmt::format("\nanswer    {}", outcome.answer ? visible(*outcome.answer, kShownText) : "none");
  if (outcome.branch) text += fmt::format(", of {}", branch_name(*outcome.branch));
  if (outcome.from == EpisodeOutcome::Text::kFinished) text += ", which was finished for it";
  for (const live::Vote& vote : outcome.votes)
    text += fmt::format("\nvote      {}: {} finished, {} others", visible(vote.answer, 40), vote.finished,
                        vote.others);
  const live::SessionUsage& session = outcome.session;
  text += fmt::format("\ntotal     {} tokens of the controller, latency {}, rounds {}\n", session.spent,
                      session.latency, session.rounds);
  text += fmt::format("branches  {} opened: {} finished, {} pruned, {} lost\n", session.opened,
                      session.finished, session.pruned, session.lost);
  const live::EpisodeTokens& tokens = outcome.tokens;
  return text +
         fmt::format("generated {}: branches {}, looks {}, finishing {}, lost {}; {} requests, {:.1f} s\n",
                     tokens.generated(), tokens.branches, tokens.looks, tokens.finishing, tokens.lost,
                     tokens.requests, record.seconds);
}

std::string actions_text(const EpisodeRecord& record, std::size_t most_lines) {
  const live::EpisodeTrail& trail = *record.outcome.trail;
  const Revealed revealed = revealed_of(record);
  std::string text = "\n" + trace_lines_head();
  text += bounded_lines(trace_lines({revealed.question, revealed.dealt, revealed.trace, revealed.options}),
                        most_lines);
  if (trail.actions_left_out > 0)
    text += fmt::format("...       {} further actions were not recorded\n", trail.actions_left_out);
  text += "\n" + cut_legend(trail.actions);
  text += fmt::format("{:<9} {:<10} {:>8} {:>6}  {}\n", "branch", "end", "tokens", "looks", "answer");
  for (std::size_t i = 0; i < trail.branches.size(); ++i) text += branch_line(i, trail.branches[i]);
  return text;
}

}  // namespace

std::string recorded_text(const EpisodeRecord& record, std::size_t most_lines) {
  std::string text = head_text(record);
  if (!record.outcome.trail->branches.empty()) text += actions_text(record, most_lines);
  return text + "\n" + foot_text(record);
}

std::string recorded_json(const EpisodeRecord& record) {
  std::string text;
  const live::EpisodeTrail& trail = *record.outcome.trail;
  if (!trail.branches.empty()) {
    const Revealed revealed = revealed_of(record);
    replay::Playback playback;
    playback.begin(revealed.question, revealed.dealt);
    for (const replay::Action& action : revealed.trace.actions) {
      playback.take(action);
      ordered_json object = action_json(playback, action);
      object.erase("recorded");
      object.erase("right");
      text += json_line(object) + "\n";
    }
  }
  // The record itself without what the lines above have told.
  ordered_json object = ordered_json::parse(line_of(record));
  object.erase("actions");
  return text + json_line(object) + "\n";
}

}  // namespace experiments
