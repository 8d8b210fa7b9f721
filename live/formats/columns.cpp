#include "live/formats/columns.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "genome/base/text.hpp"

namespace live {
namespace {

using genome::base::visible;
using Names = std::span<const std::string_view>;

constexpr std::string_view kId[] = {"id",          "question_id", "problem_id", "qid", "doc_id", "task_id",
                                    "problem_idx", "example_id",  "unique_id",  "idx", "uuid"};
constexpr std::string_view kQuestion[] = {"question", "problem", "Problem", "Question",   "prompt",
                                          "input",    "query",   "q",       "instruction"};
constexpr std::string_view kGold[] = {
    "gold_answer",    "gold",      "ground_truth", "gt",    "expected_answer", "reference_answer",
    "correct_answer", "reference", "target",       "label", "answer",          "Answer"};
constexpr std::string_view kText[] = {"generations",  "generation", "responses",   "response",
                                      "outputs",      "output",     "completions", "completion",
                                      "samples",      "texts",      "text",        "generated_text",
                                      "model_output", "code",       "rollouts",    "generated_answers"};
constexpr std::string_view kAnswer[] = {"extracted_answers",
                                        "extracted_answer",
                                        "parsed_answers",
                                        "parsed_answer",
                                        "predicted_answers",
                                        "predicted_answer",
                                        "predictions",
                                        "prediction",
                                        "preds",
                                        "pred",
                                        "final_answers",
                                        "final_answer",
                                        "model_answers",
                                        "model_answer",
                                        "generated_answer",
                                        "answers",
                                        "answer"};
constexpr std::string_view kRight[] = {"corrects",    "correct", "is_correct",
                                       "is_corrects", "right",   "correctness_math_verify",
                                       "correctness", "passed"};
constexpr std::string_view kTokens[] = {"n_tokens",
                                        "num_tokens",
                                        "tokens",
                                        "token_counts",
                                        "token_count",
                                        "completion_tokens",
                                        "output_tokens",
                                        "generated_tokens",
                                        "response_lengths",
                                        "response_length",
                                        "usage.completion_tokens",
                                        "usage.output_tokens"};
constexpr std::string_view kSample[] = {"sample",     "sample_id", "sample_idx", "sample_index",
                                        "idx_answer", "repeat",    "trial",      "epoch",
                                        "run",        "rollout",   "index"};
constexpr std::string_view kReason[] = {"finish_reasons", "finish_reason", "stop_reasons", "stop_reason"};
constexpr std::string_view kOptions[] = {"options", "choices"};
constexpr std::string_view kModel[] = {"model", "model_name"};

struct UsualSignal {
  std::string_view column, name;
};
constexpr UsualSignal kSignals[] = {
    {"reward", "reward"},          {"rewards", "reward"},       {"score", "score"},
    {"scores", "score"},           {"verifier_score", "score"}, {"verifier_scores", "score"},
    {"rm_score", "reward"},        {"rm_scores", "reward"},     {"prm_score", "prm_score"},
    {"prm_scores", "prm_score"},   {"mean_logprob", "logprob"}, {"mean_logprobs", "logprob"},
    {"avg_logprob", "logprob"},    {"avg_logprobs", "logprob"}, {"confidence", "confidence"},
    {"confidences", "confidence"}, {"entropy", "entropy"}};

std::string first_of(JsonObject record, Names names, const std::string& but = {}) {
  for (const std::string_view name : names)
    if (name != but && find_path(record, name)) return std::string(name);
  return {};
}

// Numbers, one or a list of them; of a truth value a score is a verdict.
bool holds_numbers(JsonElement element) {
  if (const auto array = as_array(element))
    return array->size() > 0 && holds_numbers(array->at(0).value_unsafe());
  return as_number(element).has_value();
}

std::vector<std::pair<std::string, std::string>> usual_signals(JsonObject record) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [column, name] : kSignals) {
    const auto element = find(record, column);
    if (!element || !holds_numbers(*element)) continue;
    if (std::ranges::find(found, name, &std::pair<std::string, std::string>::first) == found.end())
      found.emplace_back(name, column);
  }
  return found;
}

std::string names_in(JsonObject record) {
  std::string names;
  std::size_t count = 0;
  for (const auto& [name, value] : record) {
    if (++count > 20) return names + ", ...";
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", visible(name, 40));
  }
  return names.empty() ? "it has none" : "it has " + names;
}

void expect_column(JsonObject record, const std::string& name, std::string_view option) {
  if (!name.empty() && !find_path(record, name))
    throw BadRecord(
        fmt::format("there is no column \"{}\" ({}): {}", visible(name, 60), option, names_in(record)));
}

void choose_all(JsonObject record, ColumnNames& found) {
  const auto choose = [&](std::string& name, Names usual, const std::string& but = {}) {
    if (name.empty()) name = first_of(record, usual, but);
  };
  choose(found.id, kId);
  choose(found.question, kQuestion);
  choose(found.gold, kGold, found.answer);
  choose(found.text, kText);
  choose(found.answer, kAnswer, found.gold);
  choose(found.tokens, kTokens);
  choose(found.sample, kSample);
  choose(found.reason, kReason);
  choose(found.right, kRight);
  choose(found.options, kOptions);
  choose(found.model, kModel);
  if (found.signals.empty()) found.signals = usual_signals(record);
  if (!found.right.empty()) return;
  for (const char* const name : {"score", "scores"})  // a verdict that is called a score
    if (const auto element = find(record, name); element && !holds_numbers(*element)) found.right = name;
}

}  // namespace

ColumnNames found_columns(JsonObject record, const ColumnNames& given) {
  for (const auto& [name, option] : {std::pair(&given.id, "--id-column"),
                                     {&given.question, "--question-column"},
                                     {&given.gold, "--gold-column"},
                                     {&given.text, "--text-column"},
                                     {&given.answer, "--answer-column"},
                                     {&given.tokens, "--tokens-column"},
                                     {&given.sample, "--sample-column"}})
    expect_column(record, *name, option);
  ColumnNames found = given;
  choose_all(record, found);
  if (found.text.empty() && found.answer.empty())
    throw BadRecord(fmt::format(
        "no column looks like texts or answers; name one with --text-column or --answer-column: {}",
        names_in(record)));
  if (found.question.empty() && found.id.empty())
    throw BadRecord(fmt::format("no column looks like the question; name one with --question-column: {}",
                                names_in(record)));
  return found;
}

ColumnNames found_entry_columns(JsonObject entry) {
  ColumnNames found;
  found.gold = "-";  // it stands beside the list, so that "answer" is the sample's
  choose_all(entry, found);
  if (found.text.empty() && found.answer.empty())
    throw BadRecord(
        fmt::format("a sample has nothing that looks like its text or answer: {}", names_in(entry)));
  return found;
}

std::optional<JsonElement> usual_question(JsonObject record) {
  const std::string name = first_of(record, kQuestion);
  return name.empty() ? std::nullopt : find(record, name);
}

std::optional<JsonElement> usual_gold(JsonObject record) {
  const std::string name = first_of(record, kGold);
  return name.empty() ? std::nullopt : find(record, name);
}

}  // namespace live
