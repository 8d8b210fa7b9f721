// prose.hpp: what a page says, as sentences, links and paths.
// Why:      a sentence that must be read twice, or a link into nothing, is a fault as any other.
// Use:      for (const std::string& sentence : sentences_of(paragraph.text)) words_in(sentence)
// Promises: code counts as one word, and so does a list of names in code: `a`, `b` and `c`.
// Threads:  pure functions.
// Tests:    tests/docs/prose_test.cpp
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/docs/page.hpp"

namespace docs {

struct Link {
  std::string text, target;  // "docs/models.md#keys"
};

inline std::vector<Link> links_in(const std::string& text) {
  static const std::regex form(R"(\[([^\]]+)\]\(([^)\s]+)\))");
  std::vector<Link> links;
  for (std::sregex_iterator at(text.begin(), text.end(), form), end; at != end; ++at)
    links.push_back({(*at)[1], (*at)[2]});
  return links;
}

// Where a link leads, from the root; empty: out of the project.
inline std::string file_of(const Page& page, const Link& link) {
  if (link.target.find("://") != link.target.npos) return "";
  const std::string target = link.target.substr(0, link.target.find('#'));
  if (target.empty()) return page.path;
  return (std::filesystem::path(page.path).parent_path() / target).lexically_normal().generic_string();
}

// The text of a paragraph with code and lists of code as one word each, and links as their texts.
inline std::string plain_words(const std::string& text) {
  static const std::regex link(R"(\[([^\]]+)\]\([^)]+\))"), code("`[^`]*`"),
      list(R"(CODE(,? (and |or )?CODE)+)");
  const std::string unlinked = std::regex_replace(text, link, "$1");
  return std::regex_replace(std::regex_replace(unlinked, code, "CODE"), list, "CODE");
}

// A mark of the end ends a sentence when a space or nothing follows, and no small letter after that.
inline std::vector<std::string> sentences_of(const std::string& paragraph) {
  const std::string text = plain_words(paragraph);
  std::vector<std::string> sentences(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    sentences.back() += text[i];
    if (text[i] != ' ') continue;
    const auto mark = text.find_last_not_of(")\"'*_", i - 1);
    const bool ends = mark != text.npos && std::string_view(".?!").find(text[mark]) != std::string_view::npos;
    if (ends && i + 1 < text.size() && std::islower(static_cast<unsigned char>(text[i + 1])) == 0)
      sentences.emplace_back();
  }
  return sentences;
}

inline std::size_t words_in(const std::string& sentence) {
  std::istringstream stream(sentence);
  std::size_t count = 0;
  for (std::string word; stream >> word;)
    count += std::ranges::any_of(word, [](unsigned char c) { return std::isalnum(c) != 0; });
  return count;
}

// What GitHub and others make of a heading for links into a page.
inline std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '_' || c == '-' || byte >= 0x80)
      anchor += static_cast<char>(std::tolower(byte));
    else if (c == ' ')
      anchor += '-';
  }
  return anchor;
}

}  // namespace docs
