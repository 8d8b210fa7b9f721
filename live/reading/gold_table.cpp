#include "live/reading/gold_table.hpp"

#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "live/reading/question_file.hpp"
#include "replay/environment/input_error.hpp"

namespace live {

using genome::base::trimmed;
using genome::base::visible;

namespace {
constexpr std::size_t kLeastWithin = 8;  // bytes: shorter ones, such as ids, are in any text
}  // namespace

GoldTable::GoldTable(const std::filesystem::path& file, const QuestionFields& fields) {
  for (CollectQuestion& each : read_questions(file, fields)) {
    const bool fresh = golds_.emplace(trimmed(each.text), std::move(each.gold)).second;
    if (!fresh)
      throw replay::InputError(
          fmt::format("{}: the question \"{}\" occurs twice, with other blanks around it",
                      visible(file.string()), visible(trimmed(each.text), 60)));
  }
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
  const std::pair<const std::string, std::string>* longest = nullptr;
  for (const auto& row : golds_)
    if (row.first.size() >= kLeastWithin && prompt.find(row.first) != prompt.npos &&
        (longest == nullptr || row.first.size() > longest->first.size()))
      longest = &row;
  return longest == nullptr ? nullptr : &longest->second;
}

}  // namespace live
