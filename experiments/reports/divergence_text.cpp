#include "experiments/reports/divergence_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "experiments/console/json_text.hpp"
#include "experiments/reports/action_text.hpp"
#include "genome/base/text.hpp"
#include "replay/analysis/comparison.hpp"
#include "replay/analysis/playback.hpp"

namespace experiments {
namespace {

using nlohmann::ordered_json;
using replay::ActionLog;
using replay::Playback;

constexpr std::size_t kBefore = 4, kAfter = 8;  // actions

// Calls tell(playback, action) for the actions [from, to) of the log, each just taken.
template <typename Tell>
void each_action(const DivergingEpisodes& episodes, const ActionLog& log, std::size_t from, std::size_t to,
                 Tell tell) {
  Playback playback;
  playback.begin(episodes.question, episodes.ordering);
  for (std::size_t i = 0; i < std::min(to, log.size()); ++i) {
    playback.take(log[i]);
    if (i >= from) tell(playback, log[i]);
  }
}

std::size_t parting_index(const DivergingEpisodes& episodes) {
  return replay::parting(episodes.a.actions, episodes.b.actions).value_or(episodes.a.actions.size());
}

std::string lines_of(const DivergingEpisodes& episodes, const ActionLog& log, std::string_view who,
                     std::size_t from, std::size_t to) {
  std::string text;
  each_action(episodes, log, from, to, [&](const Playback& playback, const replay::Action& action) {
    const std::string round = action.round < 0 ? "start" : fmt::format("{}", action.round);
    text +=
        fmt::format("{:<4}  {:>5}  {:>8}  {}\n", who, round, playback.spent(), action_text(playback, action));
  });
  return text;
}

std::string side_text(const DivergingEpisodes& episodes, std::string_view who, const replay::Trace& trace,
                      std::size_t at, const replay::EpisodeOptions& options) {
  std::string text = lines_of(episodes, trace.actions, who, at, at + kAfter);
  if (trace.actions.size() > at + kAfter)
    text += fmt::format("{:<4}  ... and {} more actions\n", who, trace.actions.size() - at - kAfter);
  text += fmt::format("{:<4}  ends  {}\n", who, ending_text(trace, options));
  return text + fmt::format("{:<4}  ends  {} tokens, answer {}\n", who, trace.result.tokens,
                            answer_text(trace, episodes.question));
}

ordered_json actions_json(const DivergingEpisodes& episodes, const ActionLog& log, std::size_t from,
                          std::size_t to) {
  ordered_json list = ordered_json::array();
  each_action(episodes, log, from, to, [&](const Playback& playback, const replay::Action& action) {
    list.push_back(action_json(playback, action));
  });
  return list;
}

ordered_json side_json(const DivergingEpisodes& episodes, const replay::Trace& trace, std::size_t at) {
  ordered_json side;
  side["next"] = actions_json(episodes, trace.actions, at, at + kAfter);
  side["actions"] = trace.actions.size();
  side["tokens"] = trace.result.tokens;
  side["ending"] = replay::name_of(trace.ending);
  side["stop_line"] = trace.stop_line ? ordered_json(*trace.stop_line) : ordered_json(nullptr);
  side["answer"] = answer_json(episodes.question, trace.result.answer);
  side["answer_line"] = trace.answer_line ? ordered_json(*trace.answer_line) : ordered_json(nullptr);
  side["right"] = trace.result.right;
  return side;
}

}  // namespace

std::string divergence_text(const DivergingEpisodes& episodes, const replay::EpisodeOptions& options) {
  const EpisodeName& name = episodes.name;
  const std::size_t at = parting_index(episodes);
  const bool same = !replay::parting(episodes.a.actions, episodes.b.actions);
  std::string text =
      fmt::format("{}, beta {}, question {}, ordering {}: ", genome::base::visible(name.environment),
                  name.beta, name.question, name.ordering);
  text += same ? fmt::format("the same {} actions, then different answers\n", at)
               : fmt::format("the same {} actions, then\n", at);
  text += fmt::format("{:<4}  {:>5}  {:>8}  {}\n", "who", "round", "spent", "action");
  text += lines_of(episodes, episodes.a.actions, "both", at - std::min(at, kBefore), at);
  text += side_text(episodes, "A", episodes.a, at, options);
  text += side_text(episodes, "B", episodes.b, at, options);
  const std::string cut = cut_legend(episodes.a.actions);
  return text + fmt::format("{}\n{}", kActionLegend, cut.empty() ? cut_legend(episodes.b.actions) : cut);
}

std::string divergence_json(const DivergingEpisodes& episodes) {
  const std::size_t at = parting_index(episodes);
  ordered_json object;
  object["environment"] = episodes.name.environment;
  object["beta"] = episodes.name.beta;
  object["question"] = episodes.name.question;
  object["ordering"] = episodes.name.ordering;
  object["common_actions"] = at;
  object["before"] = actions_json(episodes, episodes.a.actions, at - std::min(at, kBefore), at);
  object["a"] = side_json(episodes, episodes.a, at);
  object["b"] = side_json(episodes, episodes.b, at);
  return json_line(object);
}

}  // namespace experiments
