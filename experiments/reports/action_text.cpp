#include "experiments/reports/action_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genome/base/text.hpp"

namespace experiments {
namespace {

using nlohmann::ordered_json;
using replay::Action;
using replay::ActionKind;
using replay::AnswerId;
using replay::kNoAnswer;
using replay::Question;

constexpr std::size_t kShownAnswer = 16;  // bytes
constexpr std::size_t kShownQuestion = 48;

// Whether it could be taken for more than one word, or for one of the marks.
bool needs_quotes(std::string_view answer) {
  return answer.empty() || answer == "-" || answer.find_first_of(" \"*#!:=") != std::string_view::npos;
}

std::string quoted(const std::string& shown) {
  std::string text = "\"";
  for (const char c : shown) {
    if (c == '"') text += '\\';
    text += c;
  }
  return text + "\"";
}

bool opens(ActionKind kind) { return kind == ActionKind::kBranch || kind == ActionKind::kRead; }

}  // namespace

std::string_view name_of(ActionKind kind) {
  switch (kind) {
    case ActionKind::kBranch: return "branch";
    case ActionKind::kRead: return "read";
    case ActionKind::kContinue: return "continue";
    case ActionKind::kProbe: return "probe";
    case ActionKind::kPrune: return "prune";
  }
  return "";
}

std::string cut_legend(const replay::ActionLog& log) {
  if (std::ranges::none_of(log, &Action::cut)) return {};
  return "b3! was cut where the budget ended: nothing of that step is known, and the branch is pruned.\n";
}

std::string shown_answer(const Question& question, AnswerId answer) {
  if (answer == kNoAnswer) return "-";
  const std::string& text = question.answers[static_cast<std::size_t>(answer)];
  const std::string shown = genome::base::visible(text, kShownAnswer);
  return (needs_quotes(text) ? quoted(shown) : shown) + (answer == question.gold_id ? "*" : "");
}

std::string branch_name(std::size_t lane) { return fmt::format("b{}", lane); }
std::string branch_name(std::size_t lane, std::uint32_t recorded) {
  return fmt::format("b{}/{}", lane, recorded);
}

std::string question_cell(const Question& question, Format format) {
  return format == Format::kTable ? genome::base::visible(question.text, kShownQuestion) : question.text;
}

std::string action_text(const replay::Playback& after, const Action& action) {
  const replay::BranchState& branch = after.branches()[action.lane];
  std::string text =
      fmt::format("{} {}", name_of(action.kind),
                  opens(action.kind) ? branch_name(action.lane, branch.recorded) : branch_name(action.lane));
  if (action.answer != kNoAnswer) text += "=" + shown_answer(after.question(), action.answer);
  if (action.finished) text += "#";
  if (action.cut) text += "!";
  if (action.cost > 0) text += fmt::format(", {} tokens", action.cost);
  return text;
}

ordered_json round_json(int round) { return round < 0 ? ordered_json(nullptr) : ordered_json(round); }

ordered_json answer_json(const Question& question, AnswerId answer) {
  if (answer == kNoAnswer) return nullptr;
  return question.answers[static_cast<std::size_t>(answer)];
}

ordered_json action_json(const replay::Playback& after, const Action& action) {
  const bool revealed = action.answer != kNoAnswer;
  ordered_json object;
  object["round"] = round_json(action.round);
  object["action"] = name_of(action.kind);
  object["branch"] = action.lane;
  object["recorded"] = after.branches()[action.lane].recorded;
  object["cost"] = action.cost;
  object["spent"] = after.spent();
  object["answer"] = answer_json(after.question(), action.answer);
  object["right"] =
      revealed ? ordered_json(action.answer == after.question().gold_id) : ordered_json(nullptr);
  object["finished"] = after.branches()[action.lane].finished;
  object["cut"] = action.cut;
  return object;
}

}  // namespace experiments
