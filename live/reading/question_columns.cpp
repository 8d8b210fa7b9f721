#include "live/reading/question_columns.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <span>
#include <string_view>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::visible;

constexpr std::string_view kQuestion[] = {"question", "problem", "prompt", "input"};
constexpr std::string_view kGold[] = {"gold_answer", "gold", "answer", "target"};
constexpr std::size_t kMostShown = 12;

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostShown; ++i)
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", visible(names[i], 40));
  return names.size() > kMostShown ? fmt::format("{} and {} more", text, names.size() - kMostShown) : text;
}

struct Wanted {
  std::string_view what, option;
  std::span<const std::string_view> usual;
};

std::size_t column_of(const std::vector<std::string>& names, const std::string& given, const Wanted& wanted,
                      const std::string& place) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool fits =
        given.empty()
            ? std::ranges::any_of(wanted.usual,
                                  [&](std::string_view usual) { return same_but_for_case(names[i], usual); })
            : names[i] == given;
    if (fits) found.push_back(i);
  }
  if (found.size() == 1) return found.front();
  const std::string columns = names.empty() ? "there are none" : "there are " + listed(names);
  if (!given.empty())
    throw replay::InputError(fmt::format("{}: {} field is named \"{}\" ({}): {}", place,
                                         found.empty() ? "no" : "more than one", visible(given, 60),
                                         wanted.option, columns));
  throw replay::InputError(fmt::format("{}: {} field looks like {}; name it with {}: {}", place,
                                       found.empty() ? "no" : "more than one", wanted.what, wanted.option,
                                       columns));
}

}  // namespace

QuestionColumns find_columns(const std::vector<std::string>& names, const QuestionFields& given,
                             const std::string& place) {
  return {
      .question = column_of(names, given.question, {"the question", "--question-field", kQuestion}, place),
      .gold = column_of(names, given.gold, {"the right answer", "--gold-field", kGold}, place)};
}

}  // namespace live
