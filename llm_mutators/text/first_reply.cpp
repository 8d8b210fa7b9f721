#include "llm_mutators/text/first_reply.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "genome/base/text.hpp"
#include "llm_mutators/text/reply_pieces.hpp"

namespace llm_mutators {
namespace {

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

void judge(ReadReply& read, const Block& block) {
  genome::CheckResult result = genome::check_text(block.text);
  if (result.controller && block.closed) {
    read.controller = as_evolved(*result.controller);
    if (read.controller) return;
  }
  read.quoted = block.text;
  if (!block.closed)
    read.faults = "reply: error: the fenced block was never closed; the reply seems to have been cut short\n";
  read.faults += faults_of(std::move(result.diagnostics), block.text);
}

}  // namespace

ReadReply read_first_reply(std::string_view text) {
  const Layout layout = layout_of(text);
  ReadReply read{.hypothesis = hypothesis_in_lines(layout.outside)};
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

}  // namespace llm_mutators
