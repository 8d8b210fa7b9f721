#include "genome/tree/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace genome {
namespace {

constexpr std::array<std::string_view, 7> kSections = {"",      "schedule", "memory", "branch",
                                                       "start", "round",    "answer"};
constexpr std::array<std::string_view, 10> kVerbs = {"",        "let",      "",      "open",  "read",
                                                     "advance", "continue", "probe", "prune", "stop"};
constexpr std::string_view kOtherWords[] = {"controller", "rounds", "rises", "falls", "when",
                                            "for",        "by",     "first", "keep"};

template <typename Words>
std::optional<std::size_t> index_in(const Words& words, std::string_view word) {
  const auto at = std::find(words.begin(), words.end(), word);
  if (word.empty() || at == words.end()) return std::nullopt;
  return static_cast<std::size_t>(at - words.begin());
}

}  // namespace

std::optional<Section> section_named(std::string_view word) {
  const auto index = index_in(kSections, word);
  return index ? std::optional(static_cast<Section>(*index)) : std::nullopt;
}

std::string_view name_of(Section section) { return kSections[static_cast<std::size_t>(section)]; }

std::string_view keyword_of(Verb verb) { return kVerbs[static_cast<std::size_t>(verb)]; }

std::optional<Verb> verb_named(std::string_view word) {
  const auto index = index_in(kVerbs, word);
  return index ? std::optional(static_cast<Verb>(*index)) : std::nullopt;
}

std::optional<Op> function_named(std::string_view word) {
  for (const OpInfo& op : all_ops()) {
    if (op.form == Form::kCall && op.spelling == word) return op.op;
  }
  return std::nullopt;
}

bool is_reserved(std::string_view word) {
  const auto same = [&](std::string_view other) { return !other.empty() && other == word; };
  return std::any_of(std::begin(kOtherWords), std::end(kOtherWords), same) ||
         std::any_of(kSections.begin(), kSections.end(), same) ||
         std::any_of(kVerbs.begin(), kVerbs.end(), same) || observed_named(word) != nullptr ||
         std::any_of(all_ops().begin(), all_ops().end(), [&](const OpInfo& op) { return same(op.spelling); });
}

bool is_identifier(std::string_view word) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !word.empty() && word.size() <= kLimits.name_length && letter(word.front()) &&
         std::all_of(word.begin(), word.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace genome
