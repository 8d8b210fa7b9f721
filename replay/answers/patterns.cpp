#include "replay/answers/patterns.hpp"

#include <cstddef>
#include <cstdint>
#include <re2/re2.h>
#include <stdexcept>
#include <string>
#include <vector>

#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

constexpr std::int64_t kMostMemory = 4 << 20;  // of a compiled expression and its states

re2::RE2::Options quiet() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  return options;
}

std::optional<std::string_view> found_from(const re2::RE2& expression, std::string_view text,
                                           std::size_t begin) {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(expression.NumberOfCapturingGroups()) + 1);
  if (!expression.Match(re2::StringPiece(text.data(), text.size()), begin, text.size(), re2::RE2::UNANCHORED,
                        groups.data(), static_cast<int>(groups.size())))
    return std::nullopt;
  for (std::size_t i = groups.size() == 1 ? 0 : 1; i < groups.size(); ++i) {
    if (groups[i].data() != nullptr) return std::string_view(groups[i].data(), groups[i].size());
  }
  return std::nullopt;
}

}  // namespace

Pattern::Pattern(std::string_view expression)
    : expression_(
          std::make_shared<const re2::RE2>(re2::StringPiece(expression.data(), expression.size()), quiet())) {
  if (!expression_->ok()) throw std::invalid_argument(expression_->error());
}

std::optional<std::string_view> Pattern::first(std::string_view text) const {
  return found_from(*expression_, text, 0);
}

std::optional<std::string_view> Pattern::last(std::string_view text) const {
  std::optional<std::string_view> last;
  std::size_t begin = 0;
  while (const auto found = found_from(*expression_, text, begin)) {
    take_breath();
    const auto end = static_cast<std::size_t>(found->data() - text.data()) + found->size();
    if (end <= begin) break;  // an empty find would be found again
    last = found;
    begin = end;
  }
  return last;
}

}  // namespace replay
