#include "live/reading/regrade.hpp"

#include <fmt/format.h>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "genome/base/check.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "live/reading/texts_file.hpp"
#include "replay/environment/collected.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/question_builder.hpp"

namespace live {
namespace {

using genome::base::visible;
using replay::InputError;
using Json = nlohmann::ordered_json;

// What one branch says, read anew.
struct Reading {
  bool known = false;
  std::string final_answer;
  std::vector<std::string> looks;
};
using Readings = std::vector<std::vector<Reading>>;  // by question and branch

// What an environment tells of its recording; an empty object where it tells nothing.
Json collected_of(const replay::Environment& environment) {
  if (environment.collected.empty()) return Json::object();
  Json json = genome::base::read_json<Json>(environment.collected);
  if (!json.is_object())
    throw InputError(fmt::format("{}: question 0: collected is nested too deep, or has too many values",
                                 visible(environment.source)));
  return json;
}

std::optional<std::string> text_of(const Json& collected, const char* name) {
  const auto entry = collected.find(name);
  if (entry == collected.end() || !entry->is_string()) return std::nullopt;
  return entry->get<std::string>();
}

const std::string& answer_of(const replay::Question& question, replay::AnswerId id) {
  return question.answers[static_cast<std::size_t>(id)];
}

Readings readings_of(const replay::Environment& environment, const std::filesystem::path& texts,
                     const ReadingTask& task) {
  const std::string recorded = visible(environment.source), said = visible(texts.string());
  Readings readings;
  for (const replay::Question& question : environment.questions)
    readings.emplace_back(question.branches.size());
  read_texts(texts, [&](const BranchText& text) {
    const std::string place = fmt::format("question {}, branch {}", text.question, text.branch);
    if (text.question >= readings.size() || text.branch >= readings[text.question].size())
      throw InputError(fmt::format("{}: has {}, which {} has not", said, place, recorded));
    const std::size_t probes = environment.questions[text.question].branches[text.branch].probes;
    if (text.looks.size() != probes)
      throw InputError(fmt::format("{}: {} has {} looks there and {} probes in {}", said, place,
                                   text.looks.size(), probes, recorded));
    Reading& reading = readings[text.question][text.branch];
    reading.known = true;
    reading.final_answer = task.final_answer(text.text);
    for (const std::string& look : text.looks) reading.looks.push_back(task.looked_answer(look));
  });
  for (std::size_t q = 0; q < readings.size(); ++q) {
    for (std::size_t b = 0; b < readings[q].size(); ++b) {
      if (!readings[q][b].known)
        throw InputError(
            fmt::format("{}: has no text of question {}, branch {} of {}", said, q, b, recorded));
    }
  }
  return readings;
}

replay::Question with_readings(const replay::Question& question, const std::vector<Reading>& readings,
                               std::string gold) {
  replay::QuestionBuilder builder(question.text, std::move(gold), question.interval, question.signals.size());
  builder.reserve(question.branches.size(), question.probes.size());
  for (std::size_t b = 0; b < readings.size(); ++b) {
    const replay::Branch& branch = question.branches[b];
    for (const std::string& look : readings[b].looks) builder.add_probe(look);
    for (std::size_t s = 0; s < question.signals.size(); ++s) {
      const std::span<const double> latest(question.signals[s].latest);
      builder.add_signal(s, latest.subspan(branch.first_signal + 1, branch.probes + 1));
    }
    const bool overflows = builder.end_branch(branch.tokens, readings[b].final_answer).has_value();
    EVOTTS_CHECK(!overflows);  // the same numbers were added up before
  }
  return std::move(builder).finish();
}

// Adds to the counts where answers of the two differ.
void count_changes(const replay::Question& before, const replay::Question& after, Regraded& result) {
  for (std::size_t b = 0; b < before.branches.size(); ++b) {
    const replay::Branch &old = before.branches[b], &now = after.branches[b];
    result.changed_finals +=
        answer_of(before, old.final_answer) != answer_of(after, now.final_answer) ? 1 : 0;
    for (std::size_t i = 0; i < old.probes; ++i) {
      const std::string& then = answer_of(before, before.probes[old.first_probe + i]);
      result.changed_looks += then != answer_of(after, after.probes[now.first_probe + i]) ? 1 : 0;
    }
  }
}

std::string with_words(const replay::Environment& environment, const ReadingTask& task) {
  Json collected = collected_of(environment);
  collected["task"] = task.task();
  collected["look_task"] = task.look_task();
  collected["look_suffix"] = task.suffix();
  std::string text = collected.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > replay::kMaxCollectedBytes)
    throw InputError(fmt::format("{}: question 0: collected has no room for the words of the task",
                                 visible(environment.source)));
  return text;
}

std::string gold_of(const replay::Environment& environment, std::size_t question, const ReadingTask& task) {
  try {
    return task.gold_answer(environment.questions[question].gold);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: question {}: {}", visible(environment.source), question, error.what()));
  }
}

// Texts of others stay in their files.
void expect_texts(const replay::Environment& environment, const std::filesystem::path& texts) {
  std::error_code failed;
  if (std::filesystem::exists(texts, failed) || failed) return;
  const Json collected = collected_of(environment);
  const auto imported = collected.find("imported");
  if (imported == collected.end() || !imported->is_object()) return;
  const std::optional<std::string> from = text_of(*imported, "from");
  if (!from || *from == "episodes") return;  // those keep texts
  throw InputError(
      fmt::format("{}: was imported, and its texts stayed in the files it was made of; evotts env import "
                  "reads those otherwise, by --extract and --task",
                  visible(environment.source)));
}

}  // namespace

GradeCounts counts_of(const replay::Environment& environment) {
  GradeCounts counts;
  for (const replay::Question& question : environment.questions) {
    const auto blank = [&](replay::AnswerId id) -> std::size_t {
      return question.blank[static_cast<std::size_t>(id)];
    };
    counts.finals += question.branches.size();
    counts.looks += question.probes.size();
    for (const replay::Branch& branch : question.branches) {
      counts.right += branch.final_answer == question.gold_id ? 1 : 0;
      counts.blank_finals += blank(branch.final_answer);
    }
    for (const replay::AnswerId probe : question.probes) counts.blank_looks += blank(probe);
  }
  return counts;
}

TaskWords words_of(const replay::Environment& environment, const RegradeWords& given) {
  const Json collected = collected_of(environment);
  const auto task = text_of(collected, "task"), look_task = text_of(collected, "look_task");
  if (!given.task && !task)
    throw InputError(fmt::format("{}: does not tell the task it was collected with; name one with --task",
                                 visible(environment.source)));
  TaskWords words{.task = given.task ? *given.task : *task,
                  .look_task = given.look_task,
                  .look_suffix = given.look_suffix,
                  .prompt = std::nullopt};
  if (!words.look_task && look_task != task) words.look_task = look_task;
  if (!words.look_suffix) words.look_suffix = text_of(collected, "look_suffix");
  return words;
}

Regraded regraded(const replay::Environment& environment, const std::filesystem::path& texts,
                  const RegradeWords& given) {
  expect_texts(environment, texts);
  const ReadingTask task(words_of(environment, given));
  const Readings readings = readings_of(environment, texts, task);
  Regraded result{.environment = {.name = environment.name,
                                  .source = environment.source,
                                  .digest = environment.digest,
                                  .signals = environment.signals,
                                  .questions = {},
                                  .written_signals = environment.written_signals,
                                  .collected = with_words(environment, task)}};
  for (std::size_t q = 0; q < environment.questions.size(); ++q) {
    const replay::Question& question = environment.questions[q];
    result.environment.questions.push_back(
        with_readings(question, readings[q], gold_of(environment, q, task)));
    count_changes(question, result.environment.questions.back(), result);
  }
  return result;
}

}  // namespace live
