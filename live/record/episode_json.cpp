// A line of JSON as an episode: nothing in it is taken on trust. What is written is in episode_line.cpp.
#include "live/record/episode_json.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "genome/base/json.hpp"
#include "live/record/json_members.hpp"
#include "live/record/names.hpp"
#include "live/session/results.hpp"
#include "replay/machine/lanes.hpp"

namespace live {
namespace {

using Json = nlohmann::json;
using End = TrailBranch::End;

constexpr std::size_t kMostMessages = 100'000, kMostVotes = 64;
constexpr std::int64_t kMostRounds = 1'000'000'000;

template <typename Kinds>
auto kind_at(const JsonMembers& members, const char* name, const Kinds& kinds) {
  const auto kind = kinds.value_of(members.text(name));
  if (!kind) {
    std::string words;
    for (const auto& [each, word] : kinds.names) words += (words.empty() ? "" : ", ") + std::string(word);
    members.wrong(name, "one of " + words);
  }
  return *kind;
}

std::string short_text(const JsonMembers& members, const char* name) {
  std::string text = members.text(name);
  if (text.size() > kMostAnswerBytes)
    members.wrong(name, fmt::format("of at most {} bytes", kMostAnswerBytes));
  return text;
}

void take_looks(const JsonMembers& members, TrailBranch& branch) {
  const Json& looks = members.list("looks", static_cast<std::size_t>(branch.intervals));
  for (std::size_t i = 0; i < looks.size(); ++i) {
    const JsonMembers look(looks[i], fmt::format("{}looks[{}].", members.path(), i));
    branch.looks.push_back({.depth = look.count("depth", branch.intervals),
                            .answer = short_text(look, "answer"),
                            .said = look.maybe_text("said")});
    const std::int64_t before = i == 0 ? 0 : branch.looks[i - 1].depth;
    if (branch.looks[i].depth <= before)
      throw std::invalid_argument(look.path() + "depth must be more than that of the look before");
  }
}

void take_signals(const JsonMembers& members, TrailBranch& branch) {
  const auto steps = static_cast<std::size_t>(branch.intervals) + (branch.end == End::kFinished ? 1 : 0);
  const Json& signals = members.object("signals");
  if (signals.size() > replay::kMaxSignals)
    members.wrong("signals", fmt::format("at most {} of them", replay::kMaxSignals));
  if (!signals.empty() && steps > replay::kMaxProbesWithSignals)
    members.wrong("signals", fmt::format("none beyond {} intervals", replay::kMaxProbesWithSignals - 1));
  for (const auto& [name, numbers] : signals.items()) {
    if (!replay::is_signal_name(name)) members.wrong("signals", "called by letters, digits and _");
    const auto fits = [](const Json& each) {
      return each.is_number() && std::abs(each.get<double>()) <= kMostSignal;
    };
    if (!numbers.is_array() || numbers.size() != steps || !std::ranges::all_of(numbers, fits))
      members.wrong("signals." + name, fmt::format("a list of {} numbers", steps));
    branch.signals[name] = numbers.get<std::vector<double>>();
  }
}

TrailBranch branch_of(const JsonMembers& members) {
  TrailBranch branch{.end = kind_at(members, "end", kEndNames),
                     .tokens = members.count("tokens"),
                     .intervals = members.count("intervals", replay::kMaxProbes),
                     .cut = members.flag("cut"),
                     .error = members.maybe_text("error").value_or(""),
                     .text = members.maybe_text("text")};
  if (branch.end == End::kFinished) branch.answer = short_text(members, "answer");
  take_looks(members, branch);
  take_signals(members, branch);
  return branch;
}

// What a playback relies on: branches begin in their order, and act afterwards.
replay::Action action_of(const Json& json, const std::string& path, std::size_t branches,
                         std::size_t& opened) {
  const auto fail = [&](const std::string& right) {
    throw std::invalid_argument(fmt::format("{} must be {}", path, right));
  };
  if (!json.is_array() || json.size() < 4 || json.size() > 5 || !json[1].is_string())
    fail("a list of round, action, branch, cost and, at its end, \"finished\" or \"cut\"");
  const Json named = {{"round", json[0]}, {"branch", json[2]}, {"cost", json[3]}};
  const JsonMembers members(named, path + ": ");
  const auto kind = kActionNames.value_of(json[1].get<std::string>());
  if (!kind) fail("of an action that is known");
  replay::Action action{.kind = *kind, .cost = members.count("cost")};
  if (!json[0].is_null()) action.round = static_cast<int>(members.count("round", kMostRounds));
  const bool opens = *kind == replay::ActionKind::kBranch || *kind == replay::ActionKind::kRead;
  const auto lane = static_cast<std::size_t>(members.count("branch", replay::kMaxOpened - 1));
  if (lane >= branches) fail("of a branch that is there");
  if (opens ? lane != opened : lane >= opened) fail("of a branch that was opened before, or the next one");
  opened += opens ? 1 : 0;
  action.lane = static_cast<std::uint8_t>(lane);
  if (json.size() == 4) return action;
  action.finished = json[4] == "finished";
  action.cut = json[4] == "cut";
  if (!action.finished && !action.cut) fail("\"finished\" or \"cut\" at its end");
  return action;
}

std::shared_ptr<const EpisodeTrail> trail_of(const JsonMembers& members) {
  auto trail = std::make_shared<EpisodeTrail>();
  const Json& branches = members.list("branches", replay::kMaxOpened);
  for (std::size_t i = 0; i < branches.size(); ++i)
    trail->branches.push_back(branch_of({branches[i], fmt::format("branches[{}].", i)}));
  const Json& actions = members.list("actions", kMostTrailActions);
  std::size_t opened = 0;
  for (std::size_t i = 0; i < actions.size(); ++i)
    trail->actions.push_back(action_of(actions[i], fmt::format("actions[{}]", i), branches.size(), opened));
  trail->actions_left_out = static_cast<std::size_t>(members.count("actions_left_out"));
  return trail;
}

SessionUsage usage_of(const JsonMembers& members) {
  const JsonMembers counts(members.object("counts"), "counts.");
  const auto branches = [&](const char* name) {
    return static_cast<std::size_t>(counts.count(name, replay::kMaxOpened));
  };
  return {.spent = members.count("spent", std::numeric_limits<std::int64_t>::max()),
          .latency = members.count("latency", std::numeric_limits<std::int64_t>::max()),
          .opened = branches("opened"),
          .finished = branches("finished"),
          .pruned = branches("pruned"),
          .lost = branches("lost"),
          .rounds = static_cast<int>(members.count("rounds", kMostRounds))};
}

EpisodeTokens tokens_of(const JsonMembers& members) {
  const JsonMembers tokens(members.object("tokens"), "tokens.");
  return {.branches = tokens.count("branches"),
          .looks = tokens.count("looks"),
          .finishing = tokens.count("finishing"),
          .lost = tokens.count("lost"),
          .prompt = tokens.count("prompt"),
          .cached = tokens.count("cached"),
          .requests = members.count("requests")};
}

EpisodeOutcome outcome_of(const JsonMembers& members) {
  EpisodeOutcome outcome{.how = kind_at(members, "end", kHowNames),
                         .error = members.maybe_text("error").value_or(""),
                         .answer = members.maybe_text("answer"),
                         .from = kind_at(members, "text", kSourceNames),
                         .text = members.maybe_text("finished_text").value_or(""),
                         .cut = members.flag("cut"),
                         .ceiling = members.flag("ceiling_reached"),
                         .deadline = members.flag("deadline_reached"),
                         .session = usage_of(members),
                         .tokens = tokens_of(members),
                         .trail = trail_of(members)};
  if (const auto branch = members.maybe_count("branch")) {
    if (*branch >= static_cast<std::int64_t>(outcome.trail->branches.size()))
      members.wrong("branch", "one of the branches");
    outcome.branch = static_cast<std::size_t>(*branch);
  }
  const Json& votes = members.list("votes", kMostVotes);
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const JsonMembers vote(votes[i], fmt::format("votes[{}].", i));
    outcome.votes.push_back({.answer = short_text(vote, "answer"),
                             .finished = static_cast<std::size_t>(vote.count("finished", kMostVotes)),
                             .others = static_cast<std::size_t>(vote.count("others", kMostVotes))});
  }
  return outcome;
}

}  // namespace

const char* name_of(EpisodeOutcome::How how) { return kHowNames.name_of(how); }
const char* name_of(TrailBranch::End end) { return kEndNames.name_of(end); }

EpisodeRecord record_of(std::string_view line) {
  const Json json = genome::base::expect_json(line);
  const JsonMembers members(json, "");
  if (json.value("evotts", Json()) != "episode") throw std::invalid_argument("it is no record of an episode");
  if (json.value("version", Json()) != kRecordVersion)
    throw std::invalid_argument("it was written by another version of evotts");
  const JsonMembers controller(members.object("controller"), "controller.");
  EpisodeRecord record{.head = {.program = members.text("program"),
                                .controller = controller.text("name"),
                                .digest = controller.text("digest"),
                                .made = members.object("made").dump()},
                       .id = members.text("id"),
                       .time = members.text("time"),
                       .model = members.text("model"),
                       .beta = members.number("beta"),
                       .seed = members.seed("seed"),
                       .budget = members.maybe_count("budget"),
                       .ceiling = members.maybe_count("ceiling"),
                       .deadline = members.maybe_number("deadline"),
                       .seconds = members.number("seconds"),
                       .outcome = outcome_of(members)};
  const Json& messages = members.list("messages", kMostMessages);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const JsonMembers message(messages[i], fmt::format("messages[{}].", i));
    record.messages.push_back({message.text("role"), message.text("content")});
  }
  if (record.messages.empty()) throw std::invalid_argument("messages must not be empty");
  return record;
}

}  // namespace live
