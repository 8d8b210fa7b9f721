// The command that lists the keys of experiment files: keys.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reference/key_list.hpp"
#include "experiments/reference/keys_page.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

struct Arguments {
  std::string pattern;
  std::string format = "table";
};

Cell unless_empty(std::string text) { return text.empty() ? Cell{Missing{}} : Cell{std::move(text)}; }

std::vector<const KeyInfo*> asked_for(const std::string& pattern) {
  std::vector<const KeyInfo*> found = keys_like(pattern);
  if (!found.empty()) return found;
  std::vector<std::string> names;
  for (const KeyInfo& key : all_keys()) {
    names.push_back(key.name);
    names.push_back(key.name.substr(key.name.find('.') + 1));
  }
  const std::string near = did_you_mean(pattern, names);
  throw UsageError(fmt::format("no key is like \"{}\"{}", genome::base::visible(pattern, 100),
                               near.empty() ? "; evotts keys lists all" : near));
}

// A table is read across: what is longer is told of single keys.
std::string short_table(const std::vector<const KeyInfo*>& keys) {
  Table table({"key", "default", "unit", "meaning"});
  for (const KeyInfo* key : keys)
    table.add_row({key->name, unless_empty(key->required ? "required" : key->standard),
                   unless_empty(key->unit), whole_meaning(*key)});
  return table.text(Format::kTable) +
         "\nevotts keys PATTERN shows what a key may be, and when to change it: evotts keys orderings\n";
}

std::string whole_table(const std::vector<const KeyInfo*>& keys, Format format) {
  Table table({"key", "default", "unit", "meaning", "old_name", "values", "when_to_change"});
  for (const KeyInfo* key : keys) {
    table.add_row({key->name, unless_empty(key->standard), unless_empty(key->unit), key->meaning,
                   unless_empty(fmt::format("{}", fmt::join(key->old_names, ", "))), key->values, key->when});
  }
  return table.text(format);
}

int run_keys(const Arguments& arguments) {
  const std::optional<Format> format = page_format_of(arguments.format);
  if (!format) {
    if (!arguments.pattern.empty()) throw UsageError("--format markdown is the whole page, of no PATTERN");
    print_exactly(keys_page());
    return kGood;
  }
  const std::vector<const KeyInfo*> keys = asked_for(arguments.pattern);
  if (*format != Format::kTable)
    print(whole_table(keys, *format));
  else
    print(arguments.pattern.empty() ? short_table(keys) : keys_text(keys));
  return kGood;
}

}  // namespace

void add_keys_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const keys =
      app.add_subcommand("keys", "List the keys of experiment files, or explain some of them");
  keys->add_option("PATTERN", arguments->pattern,
                   "Keys to explain: a part of their names, or a pattern as in 'evaluation.*'");
  add_page_format_option(*keys, arguments->format);
  keys->footer(
      R"(A key is written below its section: evaluation.betas is betas under [evaluation];
models.kind and so on are fields of each table [[models]]. A table [[islands]] holds keys that an island has
of its own. A further key, base, names another experiment file, from which all keys come that are not
given. Files written with old names are still read.

Example: evotts keys orderings
         evotts keys --format csv)");
  keys->callback([arguments, &action] { action = [arguments] { return run_keys(*arguments); }; });
}

}  // namespace experiments
