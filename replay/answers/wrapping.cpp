#include "replay/answers/wrapping.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

using Kind = Token::Kind;

constexpr std::array<std::string_view, 21> kFonts = {
    "\\text",   "\\textrm", "\\textbf", "\\textit", "\\textsf",     "\\texttt",    "\\textnormal",
    "\\textup", "\\mathrm", "\\mathbf", "\\mathit", "\\mathsf",     "\\mathtt",    "\\mathnormal",
    "\\mbox",   "\\hbox",   "\\emph",   "\\bm",     "\\boldsymbol", "\\underline", "\\operatorname"};

class Peeling {
 public:
  explicit Peeling(const Tokens& tokens)
      : tokens_(tokens),
        partner_(matches(tokens)),
        double_quotes_(std::ranges::count(tokens, "\"", &Token::text)),
        single_quotes_(std::ranges::count(tokens, "'", &Token::text)),
        end_(tokens.size()) {}

  Tokens peeled() && {
    while (begin_ < end_ && (spaces() || stop() || marks() || quotes() || group())) {
    }
    return {tokens_.begin() + static_cast<std::ptrdiff_t>(begin_),
            tokens_.begin() + static_cast<std::ptrdiff_t>(end_)};
  }

 private:
  bool first(std::string_view text, std::size_t offset = 0) const {
    return begin_ + offset < end_ && tokens_[begin_ + offset].is(text);
  }
  bool last(std::string_view text, std::size_t offset = 0) const {
    return begin_ + offset < end_ && tokens_[end_ - 1 - offset].is(text);
  }
  bool drop(std::size_t at_begin, std::size_t at_end) {
    begin_ += at_begin;
    end_ -= std::min(at_end, end_ - begin_);
    return true;
  }

  bool spaces() {
    if (first(" ")) return drop(1, 0);
    return last(" ") && drop(0, 1);
  }

  bool stop() {  // but not the last of an ellipsis
    if (last(".")) return !last(".", 1) && drop(0, 1);
    return (last(",") || last(";")) && drop(0, 1);
  }

  bool marks() {  // of Markdown: bold, italics, code; a bold mark may have lost its partner
    if (first("*") && first("*", 1)) return drop(2, 0);
    if (last("*") && last("*", 1)) return drop(0, 2);
    for (const std::string_view mark : {"*", "_"}) {
      if (end_ - begin_ > 2 && first(mark) && last(mark)) return drop(1, 1);
    }
    if (first("`")) return drop(1, 0);
    return last("`") && drop(0, 1);
  }

  bool quotes() {  // a pair around everything; a double quote that lost its partner; the end of ``this''
    const auto paired = [&](std::string_view quote, std::ptrdiff_t& count) {
      if (count != 2 || end_ - begin_ < 2 || !first(quote) || !last(quote)) return false;
      count = 0;
      return drop(1, 1);
    };
    if (paired("\"", double_quotes_) || paired("'", single_quotes_)) return true;
    if (double_quotes_ == 1 && first("\"")) return drop(1, 0);
    if (double_quotes_ == 1 && last("\"")) return drop(0, 1);
    return last("'") && last("'", 1) && drop(0, 2);
  }

  bool group() {
    std::size_t open = begin_;
    if (first("\\boxed") || first("\\fbox") || is_font(tokens_[begin_]))
      open = past_spaces(tokens_, open + 1);
    if (open >= end_ || !tokens_[open].is(Kind::kOpen) || partner_[open] != end_ - 1) return false;
    return drop(open + 1 - begin_, 1);
  }

  const Tokens& tokens_;
  std::vector<std::size_t> partner_;
  std::ptrdiff_t double_quotes_, single_quotes_;
  std::size_t begin_ = 0, end_;
};

}  // namespace

bool is_font(const Token& token) {
  return token.is(Kind::kCommand) && std::ranges::find(kFonts, token.text) != kFonts.end();
}

Tokens without_fonts(const Tokens& tokens) {
  const std::vector<std::size_t> partner = matches(tokens);
  std::vector<bool> dropped(tokens.size(), false);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    take_breath();
    if (!is_font(tokens[at])) continue;
    const std::size_t open = past_spaces(tokens, at + 1);
    if (open == tokens.size() || !tokens[open].is(Kind::kOpen) || partner[open] == kNoToken) continue;
    dropped[at] = true;
    const std::size_t before = last_before(tokens, at);
    const bool script = before != kNoToken && (tokens[before].is("^") || tokens[before].is("_"));
    if (!script) dropped[open] = dropped[partner[open]] = true;  // x_\text{max} needs its braces
  }
  Tokens out;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    take_breath();
    const bool second_space = tokens[at].is(Kind::kSpace) && !out.empty() && out.back().is(Kind::kSpace);
    if (!dropped[at] && !second_space) out.push_back(tokens[at]);
  }
  return out;
}

Tokens unwrapped(const Tokens& tokens) { return Peeling(tokens).peeled(); }

}  // namespace replay
