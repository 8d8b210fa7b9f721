#include "live/session/saved_session.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

using Writing = nlohmann::ordered_json;  // in the order in which people read it
using Json = nlohmann::json;             // fields are looked up in a tree, however many there are
using End = GrowingQuestion::End;

constexpr int kVersion = 1;
// As many as 64 branches of the most steps that they may have, looked at after each.
constexpr std::size_t kMostValues = 8'000'000;
constexpr std::string_view kForm = "evotts session";
constexpr std::array<std::pair<End, std::string_view>, 4> kEnds{
    {{End::kNone, "open"}, {End::kFinished, "finished"}, {End::kLost, "lost"}, {End::kStopped, "stopped"}}};

// ---- writing

Writing json_of(const SeenStep& step) {
  return {step.answer ? Writing(*step.answer) : Writing(nullptr), step.signals};
}

Writing json_of(const Result& result) {
  Writing steps = Writing::array();
  for (const SeenStep& step : result.steps) steps.push_back(json_of(step));
  return {{"branch", result.branch},     {"steps", steps},
          {"finished", result.finished}, {"answer", result.answer},
          {"signals", result.signals},   {"tokens", result.tokens},
          {"lost", result.lost},         {"look_tokens", result.look_tokens}};
}

Writing json_of(const GrowingQuestion& table, std::size_t branch) {
  const auto signals_at = [&](std::int64_t step) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < table.question().signals.size(); ++i)
      numbers.push_back(table.signal_at(i, branch, step));
    return numbers;
  };
  const std::int64_t steps = table.steps(branch);
  Writing json{{"steps", steps}};
  std::vector<replay::AnswerId> answers;
  Writing signals = Writing::array();
  for (std::int64_t depth = 1; depth <= steps; ++depth) {
    answers.push_back(table.answer_at(branch, depth));
    if (!table.question().signals.empty()) signals.push_back(signals_at(depth));
  }
  const auto known = std::ranges::find_if(answers, [](auto id) { return id != GrowingQuestion::kUnknown; });
  if (known != answers.end()) json["answers"] = answers;
  if (!signals.empty()) json["signals"] = signals;
  const End end = table.end(branch);
  json["end"] = std::ranges::find(kEnds, end, &std::pair<End, std::string_view>::first)->second;
  if (end != End::kNone) json["tokens"] = table.told_tokens(branch);
  if (end != End::kFinished) return json;
  json["answer"] = table.question().branches[branch].final_answer;
  json["last_signals"] = signals_at(steps + 1);
  return json;
}

Writing json_of(const SessionOptions& options) {
  return {{"interval", options.interval},
          {"branches", options.branches},
          {"budget", options.budget ? Writing(*options.budget) : Writing(nullptr)},
          {"probe_cost", options.probe_cost},
          {"look_always", options.look_always}};
}

// ---- reading: what the library throws for a wrong type or a missing field becomes one clear error

[[noreturn]] void refuse(std::string_view why) {
  throw replay::InputError(fmt::format("this is not a saved session: {}", genome::base::visible(why, 200)));
}

std::int64_t whole(const Json& json, std::int64_t low, std::int64_t high) {
  if (!json.is_number_integer()) refuse(fmt::format("{} must be a whole number", json.dump()));
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  const bool huge = json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{kMost};
  const std::int64_t number = huge ? kMost : json.get<std::int64_t>();
  if (huge || number < low || number > high)
    refuse(fmt::format("{} must be from {} to {}", json.dump(), low, high));
  return number;
}

std::int64_t tokens(const Json& json) { return whole(json, 0, replay::kMaxTokens); }
std::size_t count(const Json& json) {
  return static_cast<std::size_t>(whole(json, 0, std::numeric_limits<std::int64_t>::max()));
}

const Json& array(const Json& json) {
  if (!json.is_array()) refuse("a list was expected");
  return json;
}

bool truth(const Json& json) {
  if (!json.is_boolean()) refuse(fmt::format("{} must be true or false", json.dump()));
  return json.get<bool>();
}

std::vector<double> numbers(const Json& json) {
  std::vector<double> read;
  for (const Json& each : array(json)) {
    if (!each.is_number()) refuse(fmt::format("{} must be a number", each.dump()));
    read.push_back(each.get<double>());
  }
  return read;
}

std::vector<SeenStep> steps_of(const Json& json) {
  std::vector<SeenStep> steps;
  for (const Json& each : array(json)) {
    if (!each.is_array() || each.size() != 2) refuse("a step must be [answer, signals]");
    SeenStep& step = steps.emplace_back(SeenStep{.answer = std::nullopt, .signals = numbers(each[1])});
    if (!each[0].is_null()) step.answer = each[0].get<std::string>();
  }
  return steps;
}

using Texts = std::vector<std::string>;  // by AnswerId; the first stands for the unknown

std::optional<std::string> text(const Json& id, const Texts& texts) {
  const std::size_t at = count(id);
  if (at >= texts.size()) refuse(fmt::format("there is no text {}", at));
  return at == GrowingQuestion::kUnknown ? std::nullopt : std::optional(texts[at]);
}

std::vector<SeenStep> steps_of(const Json& json, const Texts& texts) {
  const std::size_t size = static_cast<std::size_t>(whole(json.at("steps"), 0, replay::kMaxProbes));
  std::vector<SeenStep> steps(size);
  for (const char* const field : {"answers", "signals"}) {
    if (json.contains(field) && array(json.at(field)).size() != size)
      refuse(fmt::format("{} must be {}, as many as there are steps", field, size));
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (json.contains("answers")) steps[i].answer = text(json["answers"][i], texts);
    if (json.contains("signals")) steps[i].signals = numbers(json["signals"][i]);
  }
  return steps;
}

SavedBranch branch_of(const Json& json, const Texts& texts) {
  SavedBranch branch{.steps = steps_of(json, texts)};
  const auto word = json.at("end").get<std::string>();
  const auto end = std::ranges::find(kEnds, word, &std::pair<End, std::string_view>::second);
  if (end == kEnds.end()) refuse(fmt::format("\"{}\" is no end of a branch", word));
  branch.end = end->first;
  if (branch.end != End::kNone) branch.tokens = tokens(json.at("tokens"));
  if (branch.end != End::kFinished) return branch;
  branch.answer = text(json.at("answer"), texts).value_or("ERR");
  branch.signals = numbers(json.at("last_signals"));
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
                     .look_tokens = whole(json.at("look_tokens"), 0, kMostLookTokens)};
  if (!(saved.beta >= 0 && saved.beta <= 1)) refuse("beta must be from 0 to 1");
  if (!json.at("stopped_after").is_null()) saved.stopped_after = count(json.at("stopped_after"));
  Texts texts;
  for (const Json& each : array(json.at("texts"))) texts.push_back(each.get<std::string>());
  for (const Json& each : array(json.at("branches"))) saved.branches.push_back(branch_of(each, texts));
  if (saved.branches.size() > saved.options.branches) refuse("there are more branches than may be opened");
  for (const Json& each : array(json.at("given"))) saved.given.push_back(result_of(each));
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
  Writing json{
      {"form", kForm},
      {"version", kVersion},
      {"controller", controller},
      {"beta", beta},
      {"options", json_of(session.options())},
      {"applied", session.applied()},
      {"stopped_after", session.stopped_after() ? Writing(*session.stopped_after()) : Writing(nullptr)},
      {"waiting", session.ended() || !session.wants().empty()},
      {"look_tokens", session.look_tokens()}};
  const GrowingQuestion& table = session.question();
  json["texts"] = table.question().answers;
  json["branches"] = Writing::array();
  for (std::size_t i = 0; i < session.options().branches && table.begun(i); ++i)
    json["branches"].push_back(json_of(table, i));
  json["given"] = Writing::array();
  for (const Given& given : session.given()) {
    if (given.there) json["given"].push_back(json_of(given.result));
  }
  return json.dump();
}

SavedSession read_saved(std::string_view text) {
  try {
    if (const std::string why = genome::base::beyond_json_limits(text, kMostValues); !why.empty())
      refuse(why);
    return saved_of(Json::parse(text));
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
