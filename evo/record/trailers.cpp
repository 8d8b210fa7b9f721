#include "evo/record/trailers.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sstream>
#include <utility>

#include "genome/base/text.hpp"

namespace evo {
namespace {

// The line as a trailer of the table, if it is one.
std::optional<std::pair<Trailer, std::string>> trailer_in(std::string_view line) {
  const auto colon = line.find(':');
  const auto row = std::ranges::find(kTrailers, line.substr(0, colon), &TrailerInfo::key);
  if (colon == line.npos || row == kTrailers.end()) return std::nullopt;
  return std::pair(row->trailer, std::string(genome::base::trimmed(line.substr(colon + 1))));
}

// The last lines of a message that follow each other and are of the table, two at least: git sees them no
// longer once somebody has appended a paragraph.
TrailerValues lines_of_the_program(std::string_view message) {
  TrailerValues found, current;
  while (!message.empty()) {
    const auto end = std::min(message.find('\n'), message.size() - 1) + 1;
    auto trailer = trailer_in(message.substr(0, end));
    message.remove_prefix(end);
    if (trailer) current.push_back(std::move(*trailer));
    if (current.size() > 1 && (!trailer || message.empty())) found = current;
    if (!trailer) current.clear();
  }
  return found;
}

}  // namespace

std::string trailer_lines(const TrailerValues& values) {
  std::string lines;
  for (const auto& [trailer, value] : values) lines += fmt::format("{}: {}\n", key_of(trailer), value);
  return lines;
}

bool has(const CommitInfo& commit, Trailer trailer) { return text_in(commit, trailer).has_value(); }

std::optional<std::string> text_in(const CommitInfo& commit, Trailer trailer) {
  const auto found = commit.trailers.find(std::string(key_of(trailer)));
  if (found != commit.trailers.end()) return found->second;
  // What was pasted into the message of a generation makes no fork of it.
  const bool of_a_fork = trailer >= Trailer::kForkPoint && trailer <= Trailer::kForkRescored;
  if (of_a_fork && commit.message.starts_with("generation ")) return std::nullopt;
  for (auto& [each, value] : lines_of_the_program(commit.message)) {
    if (each == trailer) return std::move(value);
  }
  return std::nullopt;
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

std::vector<std::string> texts_in(const CommitInfo& commit, Trailer trailer) {
  std::vector<std::string> texts;
  for (auto& [key, value] : trailers_of(commit.message)) {
    if (key == key_of(trailer)) texts.push_back(std::move(value));
  }
  if (!texts.empty()) return texts;
  for (auto& [each, value] : lines_of_the_program(commit.message)) {
    if (each == trailer) texts.push_back(std::move(value));
  }
  return texts;
}

std::string shown_island(const IslandFigures& figures) {
  return fmt::format("{} best {} score {:.6f} living {} scored {}", figures.island, figures.best_id,
                     figures.best_score, figures.living, figures.scored);
}

std::vector<IslandFigures> islands_in(const CommitInfo& commit) {
  std::vector<IslandFigures> found;
  for (const std::string& text : texts_in(commit, Trailer::kIsland)) {
    IslandFigures figures;
    std::istringstream words(text);
    std::string best, score, living, scored;
    words >> figures.island >> best >> figures.best_id >> score >> figures.best_score >> living >>
        figures.living >> scored >> figures.scored;
    if (words && shown_island(figures) == text) found.push_back(std::move(figures));
  }
  return found;
}

}  // namespace evo
