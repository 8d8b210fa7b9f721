#include "evo/record/trailers.hpp"

#include <charconv>
#include <fmt/format.h>

namespace evo {

std::string trailer_lines(const TrailerValues& values) {
  std::string lines;
  for (const auto& [trailer, value] : values) lines += fmt::format("{}: {}\n", key_of(trailer), value);
  return lines;
}

bool has(const CommitInfo& commit, Trailer trailer) {
  return commit.trailers.contains(std::string(key_of(trailer)));
}

std::optional<std::string> text_in(const CommitInfo& commit, Trailer trailer) {
  const auto found = commit.trailers.find(std::string(key_of(trailer)));
  return found == commit.trailers.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> number_in(const CommitInfo& commit, Trailer trailer) {
  const auto text = text_in(commit, trailer);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<int> whole_number_in(const CommitInfo& commit, Trailer trailer) {
  const auto text = text_in(commit, trailer);
  if (!text || text->empty() || text->size() > 9 ||
      text->find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::stoi(*text);
}

}  // namespace evo
