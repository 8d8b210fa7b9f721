#include "llm_mutators/text/thinking.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

namespace llm_mutators {
namespace {

constexpr std::size_t kMostTag = 100;  // bytes, attributes included

// Of marks as in <think> and </think>.
constexpr std::array<std::string_view, 13> kTags = {
    "think",           "thinking", "thought",    "thoughts",   "reasoning",         "reason",
    "reflection",      "analysis", "scratchpad", "seed:think", "internal_thoughts", "inner_monologue",
    "chain_of_thought"};

// Those of another shape.
struct Marks {
  std::string_view begin, end;
};
constexpr std::array<Marks, 8> kMarks = {
    {{"[think]", "[/think]"},
     {"◁think▷", "◁/think▷"},
     {"<|begin_of_thought|>", "<|end_of_thought|>"},
     {"<|start_thinking|>", "<|end_thinking|>"},
     {"<|think|>", "<|/think|>"},
     {"<unused94>", "<unused95>"},
     {"<|channel|>analysis<|message|>", "<|channel|>final<|message|>"},
     {"<|channel|>commentary<|message|>", "<|channel|>final<|message|>"}}};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

struct Tag {
  bool ends = false;
  std::size_t size = 0;
};

// The tag that stands at the beginning of a text in lower case.
std::optional<Tag> tag_at(std::string_view text) {
  const bool ends = text.starts_with("</");
  const std::string_view rest = text.substr(ends ? 2 : 1);
  const std::size_t close = rest.substr(0, kMostTag).find_first_of("<>");
  if (close == std::string_view::npos || rest[close] != '>') return std::nullopt;
  std::string_view name = rest.substr(0, close);
  if (const auto blank = std::ranges::find_if(name, is_blank); blank != name.end())
    name = name.substr(0, static_cast<std::size_t>(blank - name.begin()));
  if (std::ranges::find(kTags, name) == kTags.end()) return std::nullopt;
  return Tag{ends, close + (ends ? 3 : 2)};
}

// The mark at a place of a text in lower case, of any shape.
std::optional<Tag> mark_at(std::string_view text) {
  if (text.starts_with('<')) {
    if (const auto tag = tag_at(text)) return tag;
  }
  for (const Marks& each : kMarks) {
    if (text.starts_with(each.end)) return Tag{true, each.end.size()};
    if (text.starts_with(each.begin)) return Tag{false, each.begin.size()};
  }
  return std::nullopt;
}

bool begins_line(std::string_view text, std::size_t at) {
  const std::size_t before = text.substr(0, at).find_last_not_of(" \t>");
  return before == std::string_view::npos || text[before] == '\n';
}

}  // namespace

Spoken without_thinking(std::string_view reply) {
  const std::string text = lower(reply);
  std::size_t from = 0;
  std::optional<std::size_t> begun;  // where thoughts begin that nothing has ended yet
  for (std::size_t at = text.find_first_of("<[\xE2"); at != std::string::npos;
       at = text.find_first_of("<[\xE2", at + 1)) {
    const auto mark = mark_at(std::string_view(text).substr(at));
    if (!mark) continue;
    if (mark->ends) {
      from = at + mark->size;
      begun.reset();
    } else if (!begun && begins_line(std::string_view(text).substr(from), at - from)) {
      begun = at;
    }
  }
  return {reply.substr(from, begun ? *begun - from : std::string_view::npos), begun.has_value()};
}

}  // namespace llm_mutators
