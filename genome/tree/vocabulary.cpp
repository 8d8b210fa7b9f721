#include "genome/tree/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace genome {
namespace {

constexpr std::array<std::string_view, 7> kSections = {"",      "schedule", "memory", "branch",
                                                       "start", "round",    "answer"};
constexpr VerbInfo kVerbs[] = {
    {Verb::kLet, "let", " NAME = X", "names a value for the rest of the round"},
    {Verb::kAssign, "", "REGISTER = X [for SET]",
     "sets a register; one of the branch in the set (in all without one)"},
    {Verb::kOpen, "open", " N",
     "opens N branches (as many as are left, at most 64 in all) and advances each by one"},
    {Verb::kRead, "read", " N",
     "opens N branches and runs each to its end; only its last answer is revealed"},
    {Verb::kAdvance, "advance", " SET by N [first KEY]",
     "advances each branch of the set by N intervals or to its end, revealing its answer after each; "
     "N may differ by branch; branches go in falling order of KEY"},
    {Verb::kContinue, "continue", " SET by N [first KEY]",
     "as advance, but reveals nothing; for where a probe costs something"},
    {Verb::kProbe, "probe", " SET", "reveals the answers of the set's branches as they stand"},
    {Verb::kPrune, "prune", " SET [first KEY] [keep M]",
     "gives branches up, in falling order of KEY, never leaving fewer than M active; "
     "what they revealed stays"},
    {Verb::kStop, "stop", "", "ends the episode (hardly useful without a guard)"},
};
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

std::span<const VerbInfo> all_verbs() { return kVerbs; }

std::string_view keyword_of(Verb verb) {
  return kVerbs[static_cast<std::size_t>(verb) - static_cast<std::size_t>(Verb::kLet)].keyword;
}

std::optional<Verb> verb_named(std::string_view word) {
  const auto at = std::ranges::find(kVerbs, word, &VerbInfo::keyword);
  return word.empty() || at == std::end(kVerbs) ? std::nullopt : std::optional(at->verb);
}

std::optional<Op> function_named(std::string_view word) {
  for (const OpInfo& op : all_ops()) {
    const bool called = op.form == Form::kCall || op.form == Form::kNamed;
    if (called && op.spelling == word) return op.op;
  }
  return std::nullopt;
}

bool is_reserved(std::string_view word) {
  const auto same = [&](std::string_view other) { return !other.empty() && other == word; };
  return std::any_of(std::begin(kOtherWords), std::end(kOtherWords), same) ||
         std::any_of(kSections.begin(), kSections.end(), same) ||
         std::ranges::any_of(kVerbs, same, &VerbInfo::keyword) || observed_named(word) != nullptr ||
         std::any_of(all_ops().begin(), all_ops().end(),
                     [&](const OpInfo& op) { return op.form != Form::kNamed && same(op.spelling); });
}

bool is_identifier(std::string_view word) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !word.empty() && word.size() <= kLimits.name_length && letter(word.front()) &&
         std::all_of(word.begin(), word.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace genome
