#include "replay/environment/distinct_questions.hpp"

#include <map>
#include <string_view>
#include <utility>

namespace replay {

DistinctQuestions::DistinctQuestions(std::span<const Environment> environments) {
  std::map<std::pair<std::string_view, std::size_t>, std::size_t> known;
  for (const Environment& environment : environments) {
    std::map<std::string_view, std::size_t> seen;
    std::vector<std::size_t>& numbers = of_.emplace_back();
    for (const Question& question : environment.questions) {
      if (question.text.empty()) {
        numbers.push_back(count_++);
        continue;
      }
      const std::string_view text = question.text;
      const auto [at, fresh] = known.emplace(std::pair(text, seen[text]++), count_);
      if (fresh) ++count_;
      numbers.push_back(at->second);
    }
  }
}

}  // namespace replay
