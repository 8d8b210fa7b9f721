#include <evotts/answers.hpp>

#include "api/boundary.hpp"
#include "replay/answers/extract.hpp"
#include "replay/answers/normal_form.hpp"

namespace evotts {

namespace detail {

struct ExtractorData {
  std::string rule;
  replay::Extractor extractor;
};

}  // namespace detail

std::string normal_form(std::string_view answer, AnswerTask task) {
  return detail::translated([&] {
    return replay::normal_form(
        answer, task == AnswerTask::kLetter ? replay::AnswerTask::kLetter : replay::AnswerTask::kAny);
  });
}

Extractor::Extractor(std::string_view rule)
    : data_(detail::translated([&] {
        return std::make_shared<const detail::ExtractorData>(
            detail::ExtractorData{std::string(rule), replay::parse_extractor(rule)});
      })) {}

std::string Extractor::rule() const { return data_->rule; }

AnswerTask Extractor::task() const {
  return data_->extractor.task() == replay::AnswerTask::kLetter ? AnswerTask::kLetter : AnswerTask::kAny;
}

std::optional<std::string> Extractor::extract(std::string_view text) const {
  return detail::translated([&] { return data_->extractor.extract(text); });
}

std::string Extractor::answer(std::string_view text) const {
  return detail::translated([&] { return data_->extractor.answer(text); });
}

}  // namespace evotts
