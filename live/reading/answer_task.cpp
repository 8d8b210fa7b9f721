#include "live/reading/answer_task.hpp"

#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "replay/answers/normal_form.hpp"
#include "replay/answers/readings.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::trimmed;

constexpr std::string_view kNone = "ERR", kQuestion = "{question}", kAfter = "after:", kRegex = "regex:";

bool is_after(std::string_view task) { return task.starts_with(kAfter); }
bool is_regex(std::string_view task) { return task.starts_with(kRegex); }

std::string usual_suffix(std::string_view task) {
  if (task == "boxed") return "\n</think>\n\n**Final Answer**\n\n\\[ \\boxed{";
  if (is_after(task)) return fmt::format("\n</think>\n\n{}", task.substr(kAfter.size()));
  return "\n</think>\n\nThe final answer is ";
}

std::string usual_prompt(std::string_view task) {
  if (task == "boxed")
    return "{question}\n\nPlease reason step by step, and put your final answer within \\boxed{}.";
  if (task == "number")
    return "{question}\n\nPlease reason step by step, and end with your final answer, a single number.";
  if (task == "letter")
    return "{question}\n\nPlease reason step by step, and end with \"The answer is\" and the letter of your "
           "choice.";
  return "{question}";
}

}  // namespace

ReadingTask::ReadingTask(const TaskWords& words)
    : task_(words.task),
      look_task_(words.look_task.value_or(words.task)),
      suffix_(words.look_suffix ? *words.look_suffix : usual_suffix(look_task_)),
      prompt_(words.prompt ? *words.prompt : usual_prompt(task_)),
      final_(replay::parse_extractor(task_)),
      look_(replay::parse_extractor(look_task_)),
      box_(replay::open_box(suffix_)),
      suffix_answers_(look_.extract(suffix_).has_value()) {
  if (prompt_.find(kQuestion) == prompt_.npos)
    throw replay::InputError(fmt::format("prompt \"{}\": has no {{question}}, where the question is to stand",
                                         genome::base::visible(prompt_)));
}

std::string ReadingTask::final_answer(std::string_view text) const { return final_.answer(text); }

std::string ReadingTask::looked_answer(std::string_view look) const {
  if (trimmed(look).empty()) return std::string(kNone);
  return box_ ? looked_in_box(look, *box_) : looked_behind_suffix(look);
}

std::string ReadingTask::looked_in_box(std::string_view look, std::size_t begin) const {
  const std::string text = suffix_ + std::string(look);
  const std::optional<std::string_view> content = replay::box_from(text, begin);
  if (!content || trimmed(*content).empty()) return std::string(kNone);
  if (look_task_ == "boxed" || is_after(look_task_)) {
    const std::string form = replay::normal_form(*content, look_.task());
    return form.empty() ? std::string(kNone) : form;
  }
  if (!is_regex(look_task_)) return look_.answer(*content);
  if (suffix_answers_) return look_.answer(*content);
  return look_.answer(std::string_view(text).substr(0, begin + content->size() + 1));
}

std::string ReadingTask::looked_behind_suffix(std::string_view look) const {
  // With the suffix before it, unless that gives an answer of its own.
  const auto read = [&](std::string_view said) {
    return look_.answer(suffix_answers_ ? std::string(said) : suffix_ + std::string(said));
  };
  if (look_task_ == "boxed" || is_regex(look_task_)) return read(look);
  // What follows the answer is the model going on.
  for (std::string_view rest = look; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (trimmed(line).empty()) continue;
    if (std::string answer = read(line); answer != kNone) return answer;
  }
  return read(look);  // a mark and its answer may stand in two lines
}

std::string ReadingTask::gold_answer(std::string_view gold) const {
  std::string form = replay::normal_form(gold, final_.task());
  if (form.empty() || form == kNone)
    throw replay::InputError(
        fmt::format("gold answer \"{}\": holds no answer", genome::base::visible(gold, 60)));
  return form;
}

std::string ReadingTask::prompt_of(const std::string& question) const {
  std::string text;
  std::string_view rest = prompt_;
  for (std::size_t at = rest.find(kQuestion); at != rest.npos; at = rest.find(kQuestion)) {
    text += rest.substr(0, at);
    text += question;
    rest.remove_prefix(at + kQuestion.size());
  }
  return text += rest;
}

}  // namespace live
