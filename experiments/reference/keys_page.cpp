#include "experiments/reference/keys_page.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

#include "experiments/config/experiment_keys.hpp"
#include "experiments/reference/markdown.hpp"

namespace experiments {
namespace {

constexpr std::size_t kColumns = 100;

constexpr std::string_view kExample = R"(name = "mine"
seed = 1
generations = 30

[environments]
search = ["synthetic:seed=11", "synthetic:seed=12"]   # your files and folders, in real use
held_out = ["synthetic:seed=13"]                      # never read by the search

[evaluation]
orderings = 10
validation_orderings = 20                             # the champion is chosen on orderings of their own

[objective]
budget_low = 40000                                    # what a question may cost, in tokens
budget_high = 400000
champion_errors = 1

[population]
size = 40
children = 40
)";

constexpr std::string_view kIntroduction = R"(# Experiment files

An experiment is a TOML file that says everything its outcome depends on. The same file and seed give the same run.
A short one:

```toml
{}```

Only `environments.search` must be given, and `kind` in each table of models. All other keys have the defaults below.

- A key stands below its section: `evaluation.betas` is `betas` under `[evaluation]`.
- `evotts run FILE --set evaluation.orderings=50 seed=7` overrides keys from the command line.
- `base = "other.toml"` takes from another file all keys that this one does not give.
- `${{NAME}}` in a string is the environment variable of that name. Its use is confirmed before the first time.
- A table `[[islands]]` holds keys that an island has of its own, as in `variation.crossover = 0.9`;
  [evolving.md](evolving.md#islands) tells which it may hold.
- Unknown keys and values out of range are errors, all told at once with file, line and column.
- Earlier names of keys are still read. A file with an old name and its new one is refused.
- `evotts keys PATTERN` shows entries of this page. [evolving.md](evolving.md) tells what a run does with them.

)";

constexpr std::string_view kMadeBy =
    "\nThis page is made by `evotts keys --format markdown` from the table by which files are read.\n";

struct SectionInfo {
  std::string_view name, title, about;
};

constexpr SectionInfo kSections[] = {
    {"", "The experiment as a whole", "These keys stand above the first section."},
    {"environments", "[environments]",
     "What controllers are scored on: recorded files, folders of them, or made-up ones "
     "(`synthetic:seed=11`)."},
    {"evaluation", "[evaluation]", "How many episodes a score rests on, and what they may spend."},
    {"objective", "[objective]",
     "What makes a controller fit: its mean accuracy over a range of budgets, less charges in points of "
     "accuracy."},
    {"population", "[population]", "How many controllers live, are born and compete."},
    {"variation", "[variation]", "How children are made."},
    {"model", "[model]", "What language models are asked for, and what they may cost in all."},
    {"prompts", "[prompts]", "The texts that prompts are made of, where they are not the built-in ones."},
    {"models", "[[models]]",
     "One table for each language model. [models.md](models.md) tells how they are used."},
};

std::vector<const KeyInfo*> keys_in(std::string_view section) {
  std::vector<const KeyInfo*> found;
  for (const KeyInfo& key : all_keys()) {
    if (section_of(key.name) == section) found.push_back(&key);
  }
  return found;
}

std::string section_text(const SectionInfo& section) {
  std::vector<std::vector<std::string>> rows;
  std::string more;
  for (const KeyInfo* key : keys_in(section.name)) {
    const std::string name = code(last_part_of(key->name));
    rows.push_back({name, key->required ? "required" : code(key->standard), key->unit, prose(key->meaning)});
    more += fmt::format("- {}: {}. *When to change it:* {}.", name, prose(key->values), prose(key->when));
    if (!key->old_names.empty()) more += fmt::format(" Earlier: `{}`.", fmt::join(key->old_names, "`, `"));
    more += '\n';
  }
  return fmt::format("\n## {}\n\n{}\n\n{}\n{}", section.title, section.about,
                     markdown_table({"key", "default", "unit", "what it is"}, rows), more);
}

std::string line(std::string_view what, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("  {:<10} {}\n", what, wrapped(text, kColumns, std::string(13, ' ')));
}

}  // namespace

std::string keys_page() {
  std::string page = fmt::format(kIntroduction, kExample);
  std::string contents;
  for (const SectionInfo& each : kSections)
    contents += fmt::format("{}[{}]({})", contents.empty() ? "" : " · ",
                            each.name.empty() ? "top" : each.name, anchor(each.title));
  page += contents + "\n";
  for (const SectionInfo& each : kSections) page += section_text(each);
  return page + std::string(kMadeBy);
}

std::string keys_text(std::span<const KeyInfo* const> keys) {
  std::string out;
  for (const KeyInfo* key : keys) {
    out += fmt::format("{}{}\n", out.empty() ? "" : "\n", key->name);
    out += line("meaning", whole_meaning(*key));
    out += line("default", key->required           ? "none; it must be given"
                           : key->standard.empty() ? "none"
                                                   : key->standard);
    out += line("unit", key->unit);
    out += line("values", key->values);
    out += line("change it", key->when);
    out += line("earlier", fmt::format("{}", fmt::join(key->old_names, ", ")));
  }
  return out;
}

std::string example_experiment() { return std::string(kExample); }

}  // namespace experiments
