#include "live/reading/gold_table.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "genome/base/text.hpp"
#include "live/reading/question_file.hpp"
#include "replay/environment/input_error.hpp"

namespace live {

using genome::base::trimmed;
using genome::base::visible;

GoldTable::GoldTable(const std::filesystem::path& file, const QuestionFields& fields) {
  for (CollectQuestion& each : read_questions(file, fields)) {
    const bool fresh = golds_.emplace(trimmed(each.text), std::move(each.gold)).second;
    if (!fresh)
      throw replay::InputError(
          fmt::format("{}: the question \"{}\" occurs twice, with other blanks around it",
                      visible(file.string()), visible(trimmed(each.text), 60)));
  }
  std::vector<std::string_view> questions;
  for (const auto& row : golds_) questions.emplace_back(row.first);
  questions_ = LongestWithin(std::move(questions));
}

const std::string* GoldTable::find(std::string_view key) const {
  const auto found = golds_.find(std::string(trimmed(key)));
  return found == golds_.end() ? nullptr : &found->second;
}

const std::string* GoldTable::of(std::string_view question, std::string_view id) const {
  const std::string* const gold = find(question);
  return gold != nullptr ? gold : find(id);
}

const std::string* GoldTable::within(std::string_view prompt) const {
  const std::string_view question = questions_.in(prompt);
  return question.empty() ? nullptr : find(question);
}

}  // namespace live
