#include "llm_mutators/text/reply.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <span>
#include <vector>

#include "genome/base/text.hpp"
#include "genome/tree/diagnostic.hpp"

namespace llm_mutators {
namespace {

constexpr std::string_view kMark = "hypothesis";
constexpr std::size_t kMostFaults = 40;  // told one by one

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

struct Fence {
  std::size_t indent = 0;
  char mark = 0;
  std::size_t length = 0;  // 0: the line is no fence
  bool bare = false;       // nothing follows: only such a fence closes
};

Fence fence_on(std::string_view line) {
  const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(indent);
  if (line.empty() || (line[0] != '`' && line[0] != '~')) return {};
  const std::size_t length = std::min(line.find_first_not_of(line[0]), line.size());
  if (length < 3) return {};
  return {indent, line[0], length, genome::base::trimmed(line.substr(length)).empty()};
}

struct Block {
  std::string text;
  bool closed = false;
  bool has_controller = false;  // a line that begins one
};

bool begins_controller(std::string_view line) {
  const std::string_view word = "controller";
  return line.starts_with(word) && line.size() > word.size() &&
         (line[word.size()] == ' ' || line[word.size()] == '\t');
}

void append(Block& block, std::string_view line, std::size_t indent) {
  const std::size_t blanks = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(std::min(blanks, indent));
  block.text += line;
  block.text += '\n';
  block.has_controller = block.has_controller || begins_controller(line);
}

struct Layout {
  std::vector<Block> blocks;
  std::vector<std::string_view> outside;  // the lines between them
};

Layout layout_of(std::string_view text) {
  Layout layout;
  Fence open;
  for (const std::string_view line : lines_of(text)) {
    const Fence fence = fence_on(line);
    const bool inside = open.length > 0;
    if (!inside && fence.length > 0) {
      open = fence;
      layout.blocks.emplace_back();
    } else if (!inside) {
      layout.outside.push_back(line);
    } else if (fence.mark == open.mark && fence.length >= open.length && fence.bare) {
      layout.blocks.back().closed = true;
      open = {};
    } else {
      append(layout.blocks.back(), line, open.indent);
    }
  }
  return layout;
}

// The block the model means; null without any.
const Block* meant(const Layout& layout) {
  if (layout.blocks.empty()) return nullptr;
  const auto last = std::find_if(layout.blocks.rbegin(), layout.blocks.rend(),
                                 [](const Block& b) { return b.has_controller; });
  return last != layout.blocks.rend() ? &*last : &layout.blocks.back();
}

std::optional<Block> unfenced(const Layout& layout) {
  const auto first = std::find_if(layout.outside.begin(), layout.outside.end(), begins_controller);
  if (first == layout.outside.end()) return std::nullopt;
  Block block{.closed = true};
  for (auto line = first; line != layout.outside.end(); ++line) append(block, *line, 0);
  return block;
}

// What stands after the mark, or nothing; "**Hypothesis:** x" and "- HYPOTHESIS : x" are meant as well.
std::optional<std::string_view> after_mark(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t*_#>-`");
  if (start == std::string_view::npos || line.size() - start < kMark.size()) return std::nullopt;
  line.remove_prefix(start);
  const bool marked = std::equal(kMark.begin(), kMark.end(), line.begin(), [](char mark, char c) {
    return mark == static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  if (!marked) return std::nullopt;
  line.remove_prefix(kMark.size());
  const std::size_t colon = line.find_first_not_of(" \t*_`");
  if (colon == std::string_view::npos || line[colon] != ':') return std::nullopt;
  line.remove_prefix(colon + 1);
  const std::size_t first = line.find_first_not_of(" \t*_");
  return first == std::string_view::npos ? std::string_view{} : genome::base::trimmed(line.substr(first));
}

std::string hypothesis_of(const Layout& layout) {
  for (const std::string_view line : layout.outside) {
    if (const auto said = after_mark(line)) {
      std::string shown = genome::base::block(genome::base::beginning(*said, 4 * kLongestHypothesis));
      return std::string(genome::base::trimmed(genome::base::beginning(shown, kLongestHypothesis)));
    }
  }
  return {};
}

std::string told(genome::Diagnostics all, std::string_view text) {
  std::erase_if(all, [](const genome::Diagnostic& d) { return d.severity != genome::Severity::kError; });
  const std::size_t shown = std::min(all.size(), kMostFaults);
  std::string out = genome::render_all(std::span(all).first(shown), "controller", text);
  if (all.size() > shown) out += fmt::format("and {} errors more\n", all.size() - shown);
  return out;
}

void judge(ReadReply& read, const Block& block) {
  genome::CheckResult result = genome::check_text(block.text);
  if (result.controller && block.closed) {
    genome::Controller tree = result.controller->tree();
    tree.name = "evolved";
    read.controller = genome::check(tree).controller;
    if (read.controller) return;
  }
  read.quoted = block.text;
  if (!block.closed)
    read.faults = "reply: error: the fenced block was never closed; the reply seems to have been cut short\n";
  read.faults += told(std::move(result.diagnostics), block.text);
}

}  // namespace

ReadReply read_reply(std::string_view text) {
  const Layout layout = layout_of(text);
  ReadReply read{.hypothesis = hypothesis_of(layout)};
  if (const Block* fenced = meant(layout)) {
    judge(read, *fenced);
  } else if (const auto plain = unfenced(layout)) {
    judge(read, *plain);
  } else {
    read.quoted = text;
    read.faults = "reply: error: expected one controller in a fenced block, found none\n";
  }
  return read;
}

std::string hypothesis_in(std::string_view text) { return hypothesis_of(layout_of(text)); }

}  // namespace llm_mutators
