#include "genome/text/known_names.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "genome/text/parser.hpp"
#include "genome/text/synonyms.hpp"
#include "genome/tree/ast.hpp"
#include "genome/tree/observed.hpp"
#include "genome/tree/text_place.hpp"

namespace genome {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kColumns = 100;
constexpr std::size_t kIndent = 16;
constexpr std::size_t kMostWords = 64;  // in a list; no controller may declare more of a sort

constexpr std::string_view kFunctionList = "the functions are ";  // how a hint of the parser begins

// A line that begins with what the words are, broken where it would be too long; nothing without words.
std::string listed(std::string_view what, const Words& words) {
  if (words.empty()) return {};
  std::string out, line = fmt::format("  {:<{}}", what, kIndent - 2);
  for (std::size_t i = 0; i < std::min(words.size(), kMostWords + 1); ++i) {
    const bool last = i + 1 == words.size();
    const std::string word = i == kMostWords ? "..." : words[i] + (last ? "" : ",");
    if (line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line.assign(kIndent, ' ');
    }
    line += (line.ends_with(' ') ? "" : " ") + word;
  }
  return out + line + "\n";
}

template <typename Declared>
Words names_of(const std::vector<Declared>& declared) {
  Words words;
  for (const Declared& each : declared) {
    if (!each.name.empty()) words.push_back(each.name);
  }
  return words;
}

Words lets_of(const std::vector<Statement>& statements) {
  Words words;
  for (const Statement& s : statements) {
    if (s.verb == Verb::kLet && !s.target.empty() && std::ranges::count(words, s.target) == 0)
      words.push_back(s.target);
  }
  return words;
}

Words observed_words() {
  Words words;
  for (const Observed& o : observed_values()) words.emplace_back(o.name);
  return words;
}

Words function_words() {
  Words words;
  for (const OpInfo& op : all_ops()) {
    if (op.form == Form::kCall || op.form == Form::kNamed) words.emplace_back(op.spelling);
  }
  return words;
}

// What stands in the text where something is wrong; nothing where that is no place in it.
std::string_view word_at(std::string_view text, const Position& at) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (std::uint32_t line = 1; line < at.line; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return at.column == 0 || at.column > text.size() ? std::string_view{}
                                                   : text.substr(at.column - 1, at.length);
}

// What unknown words are called here, each once.
std::string translations(std::span<const Diagnostic> diagnostics, std::string_view text) {
  std::vector<std::string_view> told;
  std::string out;
  for (const Diagnostic& d : diagnostics) {
    if (d.code != "unknown-name" && d.code != "unknown-function") continue;
    const std::string_view word = word_at(text, d.at), here = word_for(word);
    if (here.empty() || std::ranges::count(told, word) > 0) continue;
    told.push_back(word);
    out += fmt::format("  '{}' may be what is called '{}' here\n", word, here);
  }
  return out;
}

bool any_of_code(std::span<const Diagnostic> diagnostics, std::string_view code) {
  return std::ranges::any_of(diagnostics, [&](const Diagnostic& d) { return d.code == code; });
}

}  // namespace

std::string known_names(std::span<const Diagnostic> diagnostics, std::string_view text) {
  const bool names = any_of_code(diagnostics, "unknown-name");
  const bool functions = any_of_code(diagnostics, "unknown-function");
  if (!names && !functions) return {};
  std::string out = "what there is (evotts language WORD tells more):\n";
  if (names) {
    const Controller c = parse(text).controller;
    out += listed("observed", observed_words());
    out += listed("schedule", names_of(c.schedule));
    out += listed("memory", names_of(c.memory));
    out += listed("branch", names_of(c.branch));
    out += listed("let in start", lets_of(c.start));
    out += listed("let in round", lets_of(c.round));
  }
  return out + listed("functions", function_words()) + translations(diagnostics, text);
}

std::string render_with_names(Diagnostics diagnostics, std::string_view file, std::string_view text) {
  const std::string names = known_names(diagnostics, text);
  for (Diagnostic& d : diagnostics) {
    if (d.code == "unknown-function" && d.hint.starts_with(kFunctionList)) d.hint.clear();
  }
  return render_all(diagnostics, file, text) + names;
}

}  // namespace genome
