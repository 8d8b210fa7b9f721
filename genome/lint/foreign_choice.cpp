#include "genome/lint/foreign_choice.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <vector>

#include "genome/base/text.hpp"

namespace genome {
namespace {

// A word, or one character of another kind; where it begins in the line.
struct Piece {
  std::string_view text;
  std::size_t at = 0;
};

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

std::vector<Piece> pieces_of(std::string_view line) {
  std::vector<Piece> pieces;
  line = line.substr(0, line.find('#'));
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_of_word(line[end])) ++end;
    end = std::max(end, at + 1);
    if (line[at] != ' ' && line[at] != '\t' && line[at] != '\r')
      pieces.push_back({line.substr(at, end - at), at});
    at = end;
  }
  return pieces;
}

int depth_change(const Piece& piece) { return piece.text == "(" ? 1 : piece.text == ")" ? -1 : 0; }

// What an expression of a line cannot hold at its own depth.
bool ends_expression(const Piece& piece) {
  static constexpr std::array<std::string_view, 9> kWords = {",",   "by",    "first", "keep", "when",
                                                             "for", "rises", "falls", ";"};
  return std::ranges::find(kWords, piece.text) != kWords.end();
}

// What begins a statement, before its first expression.
bool begins_statement(const std::vector<Piece>& pieces, std::size_t at) {
  static constexpr std::array<std::string_view, 7> kVerbs = {"open",  "read",  "advance", "continue",
                                                             "probe", "prune", "stop"};
  if (at == 0) return std::ranges::find(kVerbs, pieces[0].text) != kVerbs.end();
  const bool compares =
      at > 0 && std::string_view("=!<>").find(pieces[at - 1].text[0]) != std::string_view::npos;
  const bool doubled = at + 1 < pieces.size() && pieces[at + 1].text == "=";
  return pieces[at].text == "=" && !compares && !doubled;
}

class Choice {
 public:
  Choice(std::string_view line, std::size_t at) : line_(line), pieces_(pieces_of(line)) {
    mark_ = static_cast<std::size_t>(std::ranges::find(pieces_, at, &Piece::at) - pieces_.begin());
  }

  std::string text() const {
    if (mark_ >= pieces_.size()) return {};
    const bool asked = pieces_[mark_].text == "?";
    if (!asked && pieces_[mark_].text != "if") return {};
    const std::size_t middle = matching(mark_, asked ? "?" : "if", asked ? ":" : "else");
    if (middle == pieces_.size()) return {};
    const std::string before = between(beginning(mark_), mark_), inside = between(mark_ + 1, middle);
    const std::size_t end = ending(middle + 1);
    const std::string after = between(middle + 1, end);
    if (before.empty() || inside.empty() || after.empty()) return {};
    return asked ? fmt::format("if({}, {}, {})", before, inside, after)
                 : fmt::format("if({}, {}, {})", inside, before, after);
  }

 private:
  // The first piece of the expression that ends before `at`.
  std::size_t beginning(std::size_t at) const {
    int depth = 0;
    while (at > 0) {
      const Piece& piece = pieces_[at - 1];
      depth -= depth_change(piece);
      if (depth < 0) return at;
      const bool divides = piece.text == "else" || piece.text == ":";
      if (depth == 0 && (ends_expression(piece) || divides || begins_statement(pieces_, at - 1))) return at;
      --at;
    }
    return at;
  }

  // Behind the last piece of the expression that begins at `at`.
  std::size_t ending(std::size_t at) const {
    int depth = 0;
    for (; at < pieces_.size(); ++at) {
      depth += depth_change(pieces_[at]);
      if (depth < 0 || (depth == 0 && ends_expression(pieces_[at]))) return at;
    }
    return at;
  }

  // The `closes` that belongs to the `opens` at a place, at its depth; the number of pieces when none is.
  std::size_t matching(std::size_t from, std::string_view opens, std::string_view closes) const {
    int depth = 0, inner = 0;
    for (std::size_t at = from + 1; at < pieces_.size(); ++at) {
      depth += depth_change(pieces_[at]);
      if (depth < 0) break;
      if (depth > 0) continue;
      if (pieces_[at].text == opens && !is_call(at)) ++inner;
      if (pieces_[at].text == closes && inner-- == 0) return at;
    }
    return pieces_.size();
  }

  bool is_call(std::size_t at) const { return at + 1 < pieces_.size() && pieces_[at + 1].text == "("; }

  std::string between(std::size_t first, std::size_t last) const {
    if (first >= last) return {};
    const std::size_t end = pieces_[last - 1].at + pieces_[last - 1].text.size();
    return std::string(line_.substr(pieces_[first].at, end - pieces_[first].at));
  }

  std::string_view line_;
  std::vector<Piece> pieces_;
  std::size_t mark_ = 0;
};

}  // namespace

std::string foreign_choice(std::string_view line, std::size_t at) { return Choice(line, at).text(); }

}  // namespace genome
