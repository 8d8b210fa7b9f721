#include "live/episode/trail.hpp"

#include <algorithm>
#include <utility>

#include "live/episode/lane.hpp"
#include "live/session/session.hpp"

namespace live {
namespace {

// Also of a budget that ended within a step.
bool is_pruned(const replay::ActionLog& actions, std::size_t branch) {
  return std::ranges::any_of(actions, [branch](const replay::Action& action) {
    return action.lane == branch && (action.kind == replay::ActionKind::kPrune || action.cut);
  });
}

TrailBranch::End end_of(const Session& session, const replay::ActionLog& actions, std::size_t branch) {
  switch (session.question().end(branch)) {
    case GrowingQuestion::End::kFinished: return TrailBranch::End::kFinished;
    case GrowingQuestion::End::kLost: return TrailBranch::End::kLost;
    case GrowingQuestion::End::kStopped:  // by the budget
    case GrowingQuestion::End::kNone: break;
  }
  return is_pruned(actions, branch) ? TrailBranch::End::kPruned : TrailBranch::End::kUnfinished;
}

void add_looks(TrailBranch& told, const GrowingQuestion& table, std::size_t branch, const Lane* lane) {
  for (std::int64_t depth = 1; depth <= told.intervals; ++depth) {
    const replay::AnswerId answer = table.answer_at(branch, depth);
    if (answer == GrowingQuestion::kUnknown) continue;
    told.looks.push_back({.depth = depth, .answer = table.text_of(answer), .said = std::nullopt});
    if (lane == nullptr) continue;
    if (const auto said = lane->said().find(depth); said != lane->said().end())
      told.looks.back().said = said->second;
  }
}

void add_signals(TrailBranch& told, const Session& session, std::size_t branch) {
  const std::int64_t steps = told.intervals + (told.end == TrailBranch::End::kFinished ? 1 : 0);
  for (std::size_t i = 0; i < session.signals().size(); ++i) {
    std::vector<double>& numbers = told.signals[session.signals()[i]];
    for (std::int64_t step = 1; step <= steps; ++step)
      numbers.push_back(session.question().signal_at(i, branch, step));
  }
}

TrailBranch branch_of(const Session& session, const replay::ActionLog& actions, std::size_t branch,
                      const Lane* lane) {
  const GrowingQuestion& table = session.question();
  TrailBranch told{.end = end_of(session, actions, branch), .intervals = table.steps(branch)};
  const bool finished = told.end == TrailBranch::End::kFinished;
  told.tokens = finished ? table.told_tokens(branch) : table.generated(branch);
  if (finished) told.answer = table.text_of(table.question().branches[branch].final_answer);
  add_looks(told, table, branch, lane);
  add_signals(told, session, branch);
  if (lane == nullptr) return told;
  told.text = lane->branch().text;
  told.cut = finished && lane->cut();
  if (told.end == TrailBranch::End::kLost) told.error = lane->failure();
  return told;
}

// Those that have shown something, and those that were asked for when the episode ended.
std::size_t opened_branches(const Session& session, const std::map<std::size_t, Lane>& lanes) {
  std::size_t opened = session.options().branches;
  while (opened > 0 && !session.question().begun(opened - 1)) --opened;
  return lanes.empty() ? opened : std::max(opened, lanes.rbegin()->first + 1);
}

}  // namespace

EpisodeTrail trail_of(const Session& session, const std::map<std::size_t, Lane>& lanes,
                      replay::ActionLog actions) {
  EpisodeTrail trail;
  const std::size_t opened = opened_branches(session, lanes);
  for (std::size_t branch = 0; branch < opened; ++branch) {
    const auto lane = lanes.find(branch);
    trail.branches.push_back(
        branch_of(session, actions, branch, lane == lanes.end() ? nullptr : &lane->second));
  }
  trail.actions = std::move(actions);
  if (trail.actions.size() > kMostTrailActions) {
    trail.actions_left_out = trail.actions.size() - kMostTrailActions;
    trail.actions.resize(kMostTrailActions);
  }
  for (replay::Action& action : trail.actions) action.answer = replay::kNoAnswer;
  return trail;
}

}  // namespace live
