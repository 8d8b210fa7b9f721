// The command that explains the language of controllers: language.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reference/language_page.hpp"
#include "genome/base/text.hpp"
#include "genome/reference/language_reference.hpp"

namespace experiments {
namespace {

using genome::LanguageEntry;

constexpr std::size_t kMostNear = 12;

struct Arguments {
  std::vector<std::string> words;
  std::string format = "table";
};

[[noreturn]] void fail_unknown(const std::string& word) {
  std::vector<std::string> near = near_words(word);
  const std::string shown = genome::base::visible(word, 100);
  if (near.empty())
    throw UsageError(fmt::format("the language has no \"{}\"; evotts language lists all", shown));
  if (near.size() > kMostNear) near.resize(kMostNear);
  throw UsageError(fmt::format("the language has no \"{}\"; see {}", shown, fmt::join(near, ", ")));
}

std::vector<const LanguageEntry*> asked_for(const Arguments& arguments) {
  const std::string word = fmt::format("{}", fmt::join(arguments.words, " "));
  std::vector<const LanguageEntry*> found;
  if (arguments.words.empty()) {
    for (const LanguageEntry& each : genome::language_entries()) found.push_back(&each);
  } else {
    found = genome::entries_of(word);
  }
  if (found.empty()) fail_unknown(word);
  return found;
}

int run_language(const Arguments& arguments) {
  const std::optional<Format> format = page_format_of(arguments.format);
  if (!format && !arguments.words.empty())
    throw UsageError("--format markdown is the whole page, of no WORD");
  if (!format) {
    print_exactly(language_page());
    return kGood;
  }
  const std::vector<const LanguageEntry*> entries = asked_for(arguments);
  if (*format == Format::kTable) {
    print(arguments.words.empty() ? language_overview() : language_text(entries));
    return kGood;
  }
  Table table({"word", "topic", "written", "type", "meaning", "example", "value"});
  for (const LanguageEntry* e : entries) {
    table.add_row({e->word, std::string(genome::about(e->topic).one), e->form, e->type, e->meaning,
                   e->example, e->value});
  }
  print(table.text(*format));
  return kGood;
}

}  // namespace

void add_language_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const language =
      app.add_subcommand("language", "Explain the language of controllers, or one word of it");
  language->add_option("WORD", arguments->words,
                       "A word of the language, or what it is called: top, advance, vote order");
  add_page_format_option(*language, arguments->format);
  language->footer(
      R"(Every section, statement, observed value, function, operator, type rule and limit, from the tables by
which texts are read. A WORD shows its entries with types and an example.

Example: evotts language confidence
         evotts language vote order)");
  language->callback([arguments, &action] { action = [arguments] { return run_language(*arguments); }; });
}

}  // namespace experiments
