#include "replay/answers/extract.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

#include "genome/base/text.hpp"
#include "replay/answers/readings.hpp"
#include "replay/environment/input_error.hpp"

namespace replay {
namespace {

constexpr std::string_view kAfter = "after:", kRegex = "regex:", kNoAnswer = "ERR";

std::optional<std::string> owned(std::optional<std::string_view> view) {
  return view ? std::optional<std::string>(*view) : std::nullopt;
}

std::optional<std::string> extract_as(const Extractor::Boxed&, std::string_view text) {
  return owned(last_box(text));
}
std::optional<std::string> extract_as(const Extractor::Number&, std::string_view text) {
  return last_number(text);
}
std::optional<std::string> extract_as(const Extractor::Letter&, std::string_view text) {
  return stated_letter(text);
}
std::optional<std::string> extract_as(const Extractor::After& after, std::string_view text) {
  const std::size_t at = text.rfind(after.mark);
  if (at == text.npos) return std::nullopt;
  const std::string_view rest = genome::base::trimmed(text.substr(at + after.mark.size()));
  const std::string_view line = genome::base::trimmed(rest.substr(0, rest.find('\n')));
  return line.empty() ? std::nullopt : std::optional<std::string>(line);
}
std::optional<std::string> extract_as(const Pattern& pattern, std::string_view text) {
  return owned(pattern.first(text));
}

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw InputError(fmt::format("extractor \"{}\": {}", genome::base::visible(text), why));
}

}  // namespace

AnswerTask Extractor::task() const {
  return std::holds_alternative<Letter>(kind_) ? AnswerTask::kLetter : AnswerTask::kAny;
}

std::optional<std::string> Extractor::extract(std::string_view text) const {
  return std::visit([&](const auto& kind) { return extract_as(kind, text); }, kind_);
}

std::string Extractor::answer(std::string_view text) const {
  const std::string form = normal_form(extract(text).value_or(""), task());
  return form.empty() ? std::string(kNoAnswer) : form;
}

Extractor parse_extractor(std::string_view text) {
  if (text == "boxed") return Extractor(Extractor::Boxed{});
  if (text == "number") return Extractor(Extractor::Number{});
  if (text == "letter") return Extractor(Extractor::Letter{});
  if (text.starts_with(kAfter)) {
    const std::string_view mark = text.substr(kAfter.size());
    if (mark.empty())
      refuse(text, "no mark follows; write what stands before the answer, as in after:Answer:");
    return Extractor(Extractor::After{std::string(mark)});
  }
  if (!text.starts_with(kRegex))
    refuse(text, "must be boxed, number, letter, after:MARK or regex:EXPRESSION");
  const std::string_view expression = text.substr(kRegex.size());
  if (expression.empty()) refuse(text, "no expression follows; write one, as in regex:Answer: ([0-9]+)");
  try {
    return Extractor(Pattern(expression));
  } catch (const std::invalid_argument& reason) {
    refuse(text, fmt::format("no regular expression of RE2: {}", genome::base::visible(reason.what())));
  }
}

}  // namespace replay
