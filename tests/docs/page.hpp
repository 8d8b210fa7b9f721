// page.hpp: the pages of the documentation, cut into examples, paragraphs and links.
// Why:      what a page says can go wrong as code does, so tests read it.
// Use:      for (const Page& page : pages()) for (const Block& block : page.blocks) ...
// Promises: sorted by path, from the root of the project. A page is Markdown as this project writes it:
//           fenced blocks, tables with a bar at the start of each line, and no HTML but comments.
// Threads:  the first call reads files; one thread.
// Tests:    tests/docs/prose_test.cpp, tests/docs/examples_test.cpp
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/places.hpp"

namespace docs {

inline std::filesystem::path root() { return tests::kSourceDir; }

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == text.npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

// A fenced block. Its mark is the comment on the line above it: "not run: it builds" of
// <!-- not run: it builds -->.
struct Block {
  std::size_t line = 0;  // of its fence, from 1 on
  std::string language, mark;
  std::vector<std::string> lines;
};

// Lines that belong together: a paragraph, or one item of a list.
struct Paragraph {
  std::size_t line = 0;
  std::string text;
};

struct Page {
  std::string path;  // "docs/models.md"
  std::vector<Block> blocks;
  std::vector<Paragraph> paragraphs;  // without headings and tables
  std::vector<std::string> headings;
  std::vector<std::string> rows;  // of tables
  std::string prose;              // every line that is in no block
};

inline bool begins_item(std::string_view line) {
  const std::string text = trimmed(line);
  const auto digits = text.find_first_not_of("0123456789");
  return text.starts_with("- ") || text.starts_with("* ") ||
         (digits != 0 && digits != text.npos && std::string_view(text).substr(digits).starts_with(". "));
}

class PageReader {
 public:
  explicit PageReader(std::string path) { page_.path = std::move(path); }

  Page read(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      ++number_;
      if (trimmed(line).starts_with("```"))
        fence(trimmed(line).substr(3));
      else if (within_)
        page_.blocks.back().lines.push_back(line);
      else
        outside(line);
    }
    return std::move(page_);
  }

 private:
  void fence(const std::string& language) {
    if (!within_) page_.blocks.push_back({number_, language, mark_, {}});
    within_ = !within_;
    open_ = false;
    mark_.clear();
  }

  void outside(const std::string& line) {
    page_.prose += line + "\n";
    const std::string text = trimmed(line);
    const bool comment = text.starts_with("<!-- ") && text.ends_with(" -->");
    mark_ = comment ? text.substr(5, text.size() - 9) : "";
    if (text.starts_with("#")) page_.headings.push_back(trimmed(text.substr(text.find_first_not_of('#'))));
    if (text.starts_with("|")) page_.rows.push_back(text);
    if (text.empty() || comment || text.starts_with("#") || text.starts_with("|")) {
      open_ = false;
      return;
    }
    if (!open_ || begins_item(line)) page_.paragraphs.push_back({number_, ""});
    page_.paragraphs.back().text += (page_.paragraphs.back().text.empty() ? "" : " ") + text;
    open_ = true;
  }

  Page page_;
  std::size_t number_ = 0;
  bool within_ = false;  // a block
  bool open_ = false;    // the last paragraph goes on
  std::string mark_;
};

inline Page read_page(const std::string& path) {
  return PageReader(path).read(lines_of(read_text(root() / path)));
}

inline std::vector<Page> read_pages() {
  std::vector<std::string> paths = {"CHANGELOG.md", "CONTRIBUTING.md", "README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(root() / "docs")) {
    if (entry.path().extension() == ".md") paths.push_back("docs/" + entry.path().filename().string());
  }
  std::ranges::sort(paths);
  std::vector<Page> all;
  for (const std::string& path : paths) all.push_back(read_page(path));
  return all;
}

inline const std::vector<Page>& pages() {
  static const std::vector<Page> all = read_pages();
  return all;
}

// What stands between backquotes, in the order of the text.
inline std::vector<std::string> code_in(std::string_view text) {
  std::vector<std::string> spans;
  for (auto open = text.find('`'); open != text.npos;) {
    const auto close = text.find('`', open + 1);
    if (close == text.npos) break;
    spans.emplace_back(text.substr(open + 1, close - open - 1));
    open = text.find('`', close + 1);
  }
  return spans;
}

}  // namespace docs
