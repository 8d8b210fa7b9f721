#include "replay/environment/distinct_questions.hpp"

#include <cstring>
#include <map>
#include <utility>

namespace replay {

std::string squeezed(std::string_view text) {
  std::string words;
  for (const char c : text) {
    const bool blank = std::strchr(" \t\r\n\f\v", c) != nullptr && c != '\0';
    if (!blank)
      words += c;
    else if (!words.empty() && words.back() != ' ')
      words += ' ';
  }
  if (words.ends_with(' ')) words.pop_back();
  return words;
}

DistinctQuestions::DistinctQuestions(std::span<const Environment> environments, SameQuestion same) {
  std::map<std::pair<std::string, std::size_t>, std::size_t> known;
  for (const Environment& environment : environments) {
    std::map<std::string_view, std::size_t> seen;
    std::vector<std::size_t>& numbers = of_.emplace_back();
    for (const Question& question : environment.questions) {
      if (question.text.empty()) {
        numbers.push_back(count_++);
        continue;
      }
      const bool by_text = same == SameQuestion::kByText;
      const auto [at, fresh] = by_text
                                   ? known.emplace(std::pair(squeezed(question.text), 0), count_)
                                   : known.emplace(std::pair(question.text, seen[question.text]++), count_);
      if (fresh) ++count_;
      numbers.push_back(at->second);
    }
  }
}

}  // namespace replay
