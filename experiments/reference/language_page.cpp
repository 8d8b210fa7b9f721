#include "experiments/reference/language_page.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <string_view>

#include "experiments/reference/markdown.hpp"
#include "genome/text/synonyms.hpp"
#include "genome/tree/diagnostic.hpp"

namespace experiments {
namespace {

using genome::LanguageEntry;
using genome::Topic;
using genome::TopicInfo;

constexpr std::size_t kColumns = 100;
constexpr std::size_t kFormColumns = 26;

// Letters of a word from which on one spelt alike is likely meant: "abc" is no "abs". With fewer than
// kLookedFor a word is not looked for in others; in more than kMostTold descriptions it tells nothing.
constexpr std::size_t kSpeltAlike = 4, kLookedFor = 3, kMostTold = 12;

constexpr std::string_view kIntroduction = R"(# The language of controllers

A controller answers one question with a language model that reasons in several branches.
Round by round it decides which branches to open, to advance and to prune, when to stop, and what to answer.
Each interval that a branch advances costs its tokens. One knob, `beta`, sets how thorough the controller is: from
0 (cheap) to 1 (thorough).

A small controller, whose lines the examples of this page may join:

```
{}```

`evotts check CONTROLLER` says what is wrong with a text, and `evotts fmt CONTROLLER` prints its canonical form.
`evotts language WORD` shows an entry of this page. [controllers.md](controllers.md) tells how controllers are
scored and looked into; [glossary.md](glossary.md) explains the words of the project.

)";

constexpr std::string_view kMadeBy =
    "\nThis page is made by `evotts language --format markdown` from the tables of the language.\n";

std::vector<const LanguageEntry*> entries_about(Topic topic) {
  std::vector<const LanguageEntry*> found;
  for (const LanguageEntry& each : genome::language_entries()) {
    if (each.topic == topic) found.push_back(&each);
  }
  return found;
}

std::string example_of(const LanguageEntry& entry) {
  return code(entry.example) + (entry.value.empty() ? "" : fmt::format(" is {}", entry.value));
}

// The columns of a topic; those in which no entry has anything are left out.
std::string table_about(Topic topic) {
  const auto entries = entries_about(topic);
  const auto any = [&](std::string LanguageEntry::*member) {
    return std::ranges::any_of(entries, [&](const LanguageEntry* e) { return !(e->*member).empty(); });
  };
  const bool forms = any(&LanguageEntry::form), types = any(&LanguageEntry::type),
             examples = any(&LanguageEntry::example);
  // Where the form begins with the word, it says it.
  const bool words = topic != Topic::kFunction && topic != Topic::kStatement &&
                     topic != Topic::kObservation && topic != Topic::kOperator && topic != Topic::kLiteral;
  const bool rules = topic == Topic::kRule || topic == Topic::kLevel || topic == Topic::kLimit;
  std::vector<std::string> columns;
  if (words) columns.emplace_back(genome::about(topic).one);
  if (forms) columns.emplace_back(topic == Topic::kLimit ? "at most" : "written");
  if (types) columns.emplace_back("type");
  columns.emplace_back("meaning");
  if (examples) columns.emplace_back("example");
  std::vector<std::vector<std::string>> rows;
  for (const LanguageEntry* e : entries) {
    std::vector<std::string> row;
    if (words) row.push_back(rules ? prose(e->word) : code(e->word));
    if (forms) row.push_back(topic == Topic::kLimit ? e->form : code(e->form));
    if (types) row.push_back(prose(e->type));
    row.push_back(prose(e->meaning));
    if (examples) row.push_back(example_of(*e));
    rows.push_back(std::move(row));
  }
  return markdown_table(columns, rows);
}

std::string line(std::string_view what, std::string_view text) {
  if (text.empty()) return {};
  const std::string indent(11, ' ');
  return fmt::format("  {:<8} {}\n", what, wrapped(text, kColumns, indent));
}

bool is_letter(std::string_view text, std::size_t at) {
  return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
}

// Whether the word stands by itself in a text: "tie" in "on a tie" and in "ties", not in "entities".
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    std::size_t end = at + word.size();
    const bool plural = end < text.size() && text[end] == 's' && !is_letter(text, end + 1);
    if (plural) ++end;
    const bool begins = at == 0 || !is_letter(text, at - 1) || !is_letter(word, 0);
    if (begins && (!is_letter(text, end) || !is_letter(word, word.size() - 1))) return true;
  }
  return false;
}

// Whether one of the parts of a name begins with it: "order" of "vote order", "run" of "runner_up".
bool has_part(std::string_view name, std::string_view beginning) {
  for (std::size_t at = name.find(beginning); at != std::string_view::npos;
       at = name.find(beginning, at + 1)) {
    if (at == 0 || name[at - 1] == ' ' || name[at - 1] == '_') return true;
  }
  return false;
}

std::string lowered(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// What stands for an entry in a list: how it is written, where that is short and has the word in it.
std::string shown_in_list(const LanguageEntry& entry) {
  if (entry.topic == Topic::kLimit) return fmt::format("{} {}", entry.word, entry.form);
  const bool tells = entry.topic == Topic::kStatement || has_word(entry.form, entry.word);
  return tells && entry.form.size() <= kFormColumns ? entry.form : entry.word;
}

}  // namespace

std::string language_page() {
  std::string page =
      fmt::format(kIntroduction, genome::example_frame("stop when confidence(finished) > 0.95"));
  std::string contents;
  for (const TopicInfo& topic : genome::all_topics())
    contents += fmt::format("{}[{}]({})", contents.empty() ? "" : " · ", topic.title, anchor(topic.title));
  page += contents + "\n";
  for (const TopicInfo& topic : genome::all_topics())
    page += fmt::format("\n## {}\n\n{}\n\n{}", topic.title, wrapped(topic.about, 110, ""),
                        table_about(topic.topic));
  return page + std::string(kMadeBy);
}

std::string language_overview() {
  std::string out;
  for (const TopicInfo& topic : genome::all_topics()) {
    out += fmt::format("{}{}\n", out.empty() ? "" : "\n", topic.title);
    for (const LanguageEntry* e : entries_about(topic.topic)) {
      out += fmt::format("  {:<{}} {}\n", shown_in_list(*e), kFormColumns,
                         wrapped(e->meaning, kColumns, std::string(kFormColumns + 3, ' ')));
    }
  }
  return out + "\nevotts language WORD shows an entry with its types and an example.\n";
}

std::string language_text(std::span<const LanguageEntry* const> entries) {
  std::string out;
  for (const LanguageEntry* e : entries) {
    out += fmt::format("{}{} ({})\n", out.empty() ? "" : "\n", e->word, genome::about(e->topic).one);
    out += line(e->topic == Topic::kLimit ? "at most" : "written", e->form);
    out += line("type", e->type);
    out += line("meaning", e->meaning);
    out += line("example", e->example + (e->value.empty() ? "" : fmt::format("   is {}", e->value)));
  }
  return out;
}

std::vector<std::string> near_words(const std::string& word) {
  const std::vector<std::string> words = genome::language_words();
  const std::string wanted = lowered(word);
  std::vector<std::string> found;
  const auto add = [](const std::string& each, std::vector<std::string>& to) {
    if (!each.empty() && std::ranges::count(to, each) == 0) to.push_back(each);
  };
  add(std::string(genome::word_for(word)), found);
  if (wanted.size() >= kSpeltAlike) add(genome::nearest(wanted, words), found);
  if (wanted.size() < kLookedFor) return found;
  for (const std::string& each : words) {
    if (has_part(each, wanted)) add(each, found);
  }
  std::vector<std::string> told;
  for (const LanguageEntry& each : genome::language_entries()) {
    if (has_word(lowered(each.meaning), wanted)) add(each.word, told);
  }
  if (told.size() > kMostTold) return found;
  for (const std::string& each : told) add(each, found);
  return found;
}

}  // namespace experiments
