#include "live/session/saved_session.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

using Json = nlohmann::ordered_json;
using End = GrowingQuestion::End;

constexpr int kVersion = 1;
constexpr std::string_view kForm = "evotts session";
constexpr std::array<std::pair<End, std::string_view>, 4> kEnds{
    {{End::kNone, "open"}, {End::kFinished, "finished"}, {End::kLost, "lost"}, {End::kStopped, "stopped"}}};

// ---- writing

Json json_of(const SeenStep& step) {
  return {step.answer ? Json(*step.answer) : Json(nullptr), step.signals};
}

Json json_of(const Result& result) {
  Json steps = Json::array();
  for (const SeenStep& step : result.steps) steps.push_back(json_of(step));
  return {{"branch", result.branch},     {"steps", steps},
          {"finished", result.finished}, {"answer", result.answer},
          {"signals", result.signals},   {"tokens", result.tokens},
          {"lost", result.lost},         {"look_tokens", result.look_tokens}};
}

Json json_of(const GrowingQuestion& table, std::size_t branch) {
  const auto signals_at = [&](std::int64_t step) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < table.question().signals.size(); ++i)
      numbers.push_back(table.signal_at(i, branch, step));
    return numbers;
  };
  Json steps = Json::array();
  for (std::int64_t depth = 1; depth <= table.steps(branch); ++depth) {
    const replay::AnswerId answer = table.answer_at(branch, depth);
    steps.push_back(Json{answer == GrowingQuestion::kUnknown ? Json(nullptr) : Json(table.text_of(answer)),
                         signals_at(depth)});
  }
  Json json{{"steps", steps}};
  const End end = table.end(branch);
  json["end"] = std::ranges::find(kEnds, end, &std::pair<End, std::string_view>::first)->second;
  if (end != End::kNone) json["tokens"] = table.tokens(branch);
  if (end != End::kFinished) return json;
  json["answer"] = table.text_of(table.question().branches[branch].final_answer);
  json["signals"] = signals_at(table.steps(branch) + 1);
  return json;
}

Json json_of(const SessionOptions& options) {
  return {{"interval", options.interval},
          {"branches", options.branches},
          {"budget", options.budget ? Json(*options.budget) : Json(nullptr)},
          {"probe_cost", options.probe_cost},
          {"look_always", options.look_always}};
}

// ---- reading: what the library throws for a wrong type or a missing field becomes one clear error

[[noreturn]] void refuse(std::string_view why) {
  throw replay::InputError(fmt::format("this is not a saved session: {}", genome::base::visible(why, 200)));
}

std::int64_t whole(const Json& json, std::int64_t low, std::int64_t high) {
  if (!json.is_number_integer()) refuse(fmt::format("{} must be a whole number", json.dump()));
  const bool huge =
      json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(replay::kMaxTokens);
  const std::int64_t number = huge ? replay::kMaxTokens + 1 : json.get<std::int64_t>();
  if (number < low || number > high) refuse(fmt::format("{} must be from {} to {}", json.dump(), low, high));
  return number;
}

std::int64_t tokens(const Json& json) { return whole(json, 0, replay::kMaxTokens); }
std::size_t count(const Json& json) { return static_cast<std::size_t>(whole(json, 0, replay::kMaxTokens)); }

bool truth(const Json& json) {
  if (!json.is_boolean()) refuse(fmt::format("{} must be true or false", json.dump()));
  return json.get<bool>();
}

std::vector<double> numbers(const Json& json) {
  std::vector<double> read;
  for (const Json& each : json) {
    if (!each.is_number()) refuse(fmt::format("{} must be a number", each.dump()));
    read.push_back(each.get<double>());
  }
  return read;
}

SeenStep step_of(const Json& json) {
  if (!json.is_array() || json.size() != 2) refuse("a step must be [answer, signals]");
  SeenStep step{.answer = std::nullopt, .signals = numbers(json[1])};
  if (!json[0].is_null()) step.answer = json[0].get<std::string>();
  return step;
}

std::vector<SeenStep> steps_of(const Json& json) {
  if (!json.is_array()) refuse("steps must be an array");
  std::vector<SeenStep> steps;
  for (const Json& each : json) steps.push_back(step_of(each));
  return steps;
}

SavedBranch branch_of(const Json& json) {
  SavedBranch branch{.steps = steps_of(json.at("steps"))};
  const auto word = json.at("end").get<std::string>();
  const auto end = std::ranges::find(kEnds, word, &std::pair<End, std::string_view>::second);
  if (end == kEnds.end()) refuse(fmt::format("\"{}\" is no end of a branch", word));
  branch.end = end->first;
  if (branch.end != End::kNone) branch.tokens = tokens(json.at("tokens"));
  if (branch.end != End::kFinished) return branch;
  branch.answer = json.at("answer").get<std::string>();
  branch.signals = numbers(json.at("signals"));
  return branch;
}

Result result_of(const Json& json) {
  return {.branch = count(json.at("branch")),
          .steps = steps_of(json.at("steps")),
          .finished = truth(json.at("finished")),
          .answer = json.at("answer").get<std::string>(),
          .signals = numbers(json.at("signals")),
          .tokens = tokens(json.at("tokens")),
          .lost = truth(json.at("lost")),
          .look_tokens = tokens(json.at("look_tokens"))};
}

SessionOptions options_of(const Json& json) {
  SessionOptions options{
      .interval = whole(json.at("interval"), 1, replay::kMaxInterval),
      .branches = static_cast<std::size_t>(whole(json.at("branches"), 1, replay::kMaxOpened)),
      .probe_cost = whole(json.at("probe_cost"), 0, replay::kMaxTokens),
      .look_always = truth(json.at("look_always"))};
  if (!json.at("budget").is_null()) options.budget = tokens(json.at("budget"));
  return options;
}

SavedSession saved_of(const Json& json) {
  if (json.at("form") != kForm) refuse("its form is another one");
  if (json.at("version") != kVersion)
    refuse(fmt::format("its version is {}, this release knows {}", json.at("version").dump(), kVersion));
  SavedSession saved{.controller = json.at("controller").get<std::string>(),
                     .beta = json.at("beta").get<double>(),
                     .options = options_of(json.at("options")),
                     .applied = count(json.at("applied")),
                     .waiting = truth(json.at("waiting")),
                     .look_tokens = tokens(json.at("look_tokens"))};
  if (!(saved.beta >= 0 && saved.beta <= 1)) refuse("beta must be from 0 to 1");
  if (!json.at("stopped_after").is_null()) saved.stopped_after = count(json.at("stopped_after"));
  for (const Json& each : json.at("branches")) saved.branches.push_back(branch_of(each));
  if (saved.branches.size() > saved.options.branches) refuse("there are more branches than may be opened");
  for (const Json& each : json.at("given")) saved.given.push_back(result_of(each));
  return saved;
}

// What a saved branch answers to a want.
Result answer_to(const Want& want, const SavedSession& saved) {
  if (want.branch >= saved.branches.size())
    throw replay::InputError(fmt::format("it has no branch {}, which its program opens", want.branch));
  const SavedBranch& branch = saved.branches[want.branch];
  const auto known = static_cast<std::int64_t>(branch.steps.size());
  Result result{.branch = want.branch};
  if (want.kind == Want::Kind::kLook) {
    if (want.depth > known) throw replay::InputError("a look lies behind the end of its branch");
    result.steps.push_back({.answer = branch.steps[static_cast<std::size_t>(want.depth) - 1].answer});
    return result;
  }
  const bool whole = want.kind == Want::Kind::kRead;
  const std::int64_t end = whole ? known : std::min(known, want.depth + want.intervals);
  for (std::int64_t i = want.depth; i < end; ++i)
    result.steps.push_back(branch.steps[static_cast<std::size_t>(i)]);
  if (!whole && end == want.depth + want.intervals) return result;
  result.finished = branch.end == End::kFinished;
  result.lost = branch.end == End::kLost;
  result.answer = branch.answer;
  result.signals = branch.signals;
  result.tokens = branch.tokens;
  return result;
}

// Throws what the session throws for what does not fit.
void give_all(Session& session, const SavedSession& saved) {
  for (const Want& want : std::vector<Want>(session.wants())) {
    if (want.kind != Want::Kind::kPrune) session.give(answer_to(want, saved));
  }
}

}  // namespace

std::string save(const Session& session, const std::string& controller, double beta) {
  Json json{{"form", kForm},
            {"version", kVersion},
            {"controller", controller},
            {"beta", beta},
            {"options", json_of(session.options())},
            {"applied", session.applied()},
            {"stopped_after", session.stopped_after() ? Json(*session.stopped_after()) : Json(nullptr)},
            {"waiting", session.ended() || !session.wants().empty()},
            {"look_tokens", session.look_tokens()}};
  const GrowingQuestion& table = session.question();
  json["branches"] = Json::array();
  for (std::size_t i = 0; i < session.options().branches && table.begun(i); ++i)
    json["branches"].push_back(json_of(table, i));
  json["given"] = Json::array();
  for (const Given& given : session.given()) {
    if (given.there) json["given"].push_back(json_of(given.result));
  }
  return json.dump();
}

SavedSession read_saved(std::string_view text) {
  try {
    return saved_of(genome::base::expect_json<Json>(text));
  } catch (const replay::InputError&) {
    throw;
  } catch (const std::exception& error) {  // of the JSON library, and of the limits on such texts
    refuse(error.what());
  }
}

void restore(Session& session, const SavedSession& saved) {
  try {
    if (saved.stopped_after == 0) session.stop();
    while (session.applied() < saved.applied && session.next()) {
      give_all(session, saved);
      saved.stopped_after == session.applied() + 1 ? session.stop() : static_cast<void>(session.next());
    }
    if (session.applied() != saved.applied || session.stopped_after() != saved.stopped_after)
      throw replay::InputError("its program does not do what it tells");
    if (saved.waiting) session.next();
    for (const Result& each : saved.given) session.give(each);
    session.set_look_tokens(saved.look_tokens);
  } catch (const replay::InputError& error) {
    refuse(error.what());
  }
}

}  // namespace live
