#include "live/samples/answer_reader.hpp"

#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "replay/answers/normal_form.hpp"
#include "replay/answers/readings.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::trimmed;
using genome::base::visible;
using replay::AnswerTask;

constexpr std::string_view kGiven = "given", kAny = "any", kLetter = "letter", kNone = "ERR",
                           kUsual = "boxed";
constexpr std::size_t kShort = 100;                 // bytes of a text that may be an answer by itself
constexpr std::string_view kSolutionMark = "####";  // what solutions of GSM8K end with

bool is_kind(const std::optional<std::string>& task) { return !task || *task == kAny || *task == kLetter; }

bool is_short(std::string_view text) { return text.size() <= kShort && text.find('\n') == text.npos; }

// Graders by models give all that was said as the answer, perhaps put together otherwise.
bool is_whole_text(std::string_view answer, std::string_view text) {
  if (text.empty() || answer.empty()) return false;
  return answer == text || (!is_short(answer) && answer.size() >= text.size() / 2);
}

// What a text is read by.
std::string extractor_of(const AnswerWords& words) {
  if (words.extract && *words.extract != kGiven) return *words.extract;
  if (words.task && *words.task != kAny) return *words.task;
  return std::string(kUsual);
}

replay::Extractor parsed(const AnswerWords& words) {
  try {
    return replay::parse_extractor(extractor_of(words));
  } catch (const replay::InputError&) {
    if (words.extract && words.extract != kGiven && !words.extract->contains(':'))
      throw replay::InputError(fmt::format(
          "--extract \"{}\": must be given, boxed, number, letter, after:MARK or regex:EXPRESSION",
          visible(*words.extract, 80)));
    if (!words.extract && words.task && !words.task->contains(':'))
      throw replay::InputError(
          fmt::format("--task \"{}\": must be any, letter, boxed, number, after:MARK or regex:EXPRESSION",
                      visible(*words.task, 80)));
    throw;
  }
}

}  // namespace

AnswerReader::AnswerReader(const AnswerWords& words)
    : how_(extractor_of(words)),
      extractor_(parsed(words)),
      task_(words.task == kLetter ? AnswerTask::kLetter : extractor_.task()),
      given_(words.extract ? *words.extract == kGiven : is_kind(words.task)),
      asked_(words.extract && given_) {
  if (!is_kind(words.task) && words.extract) (void)replay::parse_extractor(*words.task);
}

std::string AnswerReader::answer(const Sample& sample, std::size_t* overlong) const {
  const bool whole_text =
      given_ && !asked_ && sample.answer && is_whole_text(trimmed(*sample.answer), trimmed(sample.text));
  if (given_ && sample.answer && !whole_text) return form(*sample.answer, overlong);
  const std::string_view text = sample.text.empty() && sample.answer ? *sample.answer : sample.text;
  if (text.empty()) return std::string(kNone);
  const std::optional<std::string> found = extractor_.extract(text);
  if (found) return form(*found, overlong);
  return whole_text && is_short(trimmed(text)) ? form(text) : std::string(kNone);
}

std::string AnswerReader::form(std::string_view answer, std::size_t* overlong) const {
  // Its normal form would take a second a megabyte, and nobody votes on it.
  if (answer.size() > kLongestAnswer) {
    if (overlong != nullptr) ++*overlong;
    return std::string(kNone);
  }
  std::string form = replay::normal_form(answer, task_);
  return form.empty() ? std::string(kNone) : form;
}

std::string AnswerReader::gold(std::string_view gold) const {
  const std::size_t mark = gold.rfind(kSolutionMark);
  if (mark != gold.npos && !trimmed(gold.substr(mark + kSolutionMark.size())).empty())
    gold.remove_prefix(mark + kSolutionMark.size());
  else if (const auto box = replay::last_box(gold))
    gold = *box;
  if (gold.size() > kLongestAnswer) return {};
  const std::string form = replay::normal_form(gold, task_);
  return form == kNone ? std::string() : form;
}

}  // namespace live
