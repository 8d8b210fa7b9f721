#include "evo/base/message_trailers.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

namespace evo {
namespace {

using Lines = std::vector<std::string_view>;  // each with its line end

constexpr char kComment = '#';
constexpr std::string_view kScissors = "# ------------------------ >8 ------------------------\n";
constexpr std::string_view kOldConflicts = "Conflicts:\n";
constexpr std::string_view kWrittenByGit[] = {"Signed-off-by: ", "(cherry picked from commit "};

// The blanks, letters and digits of git, which knows no locale.
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_of_key(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_blank(std::string_view line) { return std::ranges::all_of(line, is_space); }
bool is_comment(std::string_view line) { return line.front() == kComment; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// A message has no NUL, and is read from its first line that is not blank.
Lines lines_of(std::string_view message) {
  message = message.substr(0, message.find('\0'));
  Lines lines;
  while (!message.empty()) {
    const std::string_view line = message.substr(0, std::min(message.find('\n'), message.size() - 1) + 1);
    if (!lines.empty() || !is_blank(line)) lines.push_back(line);
    message.remove_prefix(line.size());
  }
  return lines;
}

// Where the colon behind a key stands; none when the line does not begin with a key.
std::optional<std::size_t> separator_in(std::string_view line) {
  bool key_ended = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ':') return i == 0 ? std::nullopt : std::optional(i);
    if (!key_ended && is_of_key(line[i])) continue;
    if (i == 0 || (line[i] != ' ' && line[i] != '\t')) return std::nullopt;
    key_ended = true;
  }
  return std::nullopt;
}

// Without what follows the scissors line, and without comments, empty lines and conflicts at the end.
void drop_what_is_no_message(Lines& lines) {
  if (const auto cut = std::ranges::find(lines, kScissors); cut != lines.end()) lines.erase(cut, lines.end());
  std::optional<std::size_t> tail;
  bool in_conflicts = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool conflicts = lines[i] == kOldConflicts;
    if (is_comment(lines[i]) || lines[i] == "\n" || conflicts) {
      if (!tail) tail = i;
      in_conflicts = in_conflicts || conflicts;
    } else if (!in_conflicts || lines[i].front() != '\t') {
      tail.reset();
      in_conflicts = false;
    }
  }
  if (tail) lines.resize(*tail);
}

// The lines of the last paragraph, counted from its end.
class Paragraph {
 public:
  void take(std::string_view line) {
    const bool by_git =
        std::ranges::any_of(kWrittenByGit, [&](std::string_view each) { return line.starts_with(each); });
    if (by_git || (!is_space(line.front()) && separator_in(line))) {
      ++trailers_;
      by_git_ = by_git_ || by_git;
      indented_ = 0;  // they went on with this one
    } else if (is_space(line.front())) {
      ++indented_;
    } else {
      ++others_;
      others_end();
    }
  }
  // Indented lines that go on with no trailer are none themselves.
  void others_end() { others_ += std::exchange(indented_, 0); }
  bool is_of_trailers() const {
    return (by_git_ && trailers_ * 3 >= others_) || (trailers_ > 0 && others_ == 0);
  }

 private:
  int trailers_ = 0, others_ = 0, indented_ = 0;
  bool by_git_ = false;
};

std::size_t first_trailer(const Lines& lines) {
  const auto title_end =
      std::ranges::find_if(lines, [](auto line) { return !is_comment(line) && is_blank(line); });
  const auto after_title = static_cast<std::size_t>(title_end - lines.begin());
  Paragraph paragraph;
  bool only_blank = true;
  for (std::size_t i = lines.size(); i-- > after_title;) {
    if (is_comment(lines[i])) {
      paragraph.others_end();
    } else if (!is_blank(lines[i])) {
      only_blank = false;
      paragraph.take(lines[i]);
    } else if (!only_blank) {
      paragraph.others_end();
      return paragraph.is_of_trailers() ? i + 1 : lines.size();
    }
  }
  return lines.size();
}

std::string unfolded(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size();) {
    if (value[i] != '\n') {
      out += value[i++];
      continue;
    }
    while (i < value.size() && is_space(value[i])) ++i;
    out += ' ';
  }
  return std::string(trimmed(out));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> trailers_of(std::string_view message) {
  Lines lines = lines_of(message);
  drop_what_is_no_message(lines);
  std::vector<std::pair<std::string, std::string>> found;
  bool goes_on = false;  // with the trailer before
  for (std::size_t i = first_trailer(lines); i < lines.size(); ++i) {
    if (goes_on && is_space(lines[i].front())) {
      found.back().second += lines[i];
      continue;
    }
    const auto separator = separator_in(lines[i]);
    goes_on = separator.has_value();
    if (separator)
      found.emplace_back(trimmed(lines[i].substr(0, *separator)), lines[i].substr(*separator + 1));
  }
  for (auto& [key, value] : found) value = unfolded(trimmed(value));
  return found;
}

bool KeyOrder::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(a, b, {}, lower, lower);
}

}  // namespace evo
