// The command that lists the keys of experiment files: keys.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>
#include <utility>

#include "experiments/commands/commands.hpp"
#include "experiments/config/experiment_keys.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"

namespace experiments {
namespace {

struct Arguments {
  std::string format = "table";
};

Cell unless_empty(std::string text) { return text.empty() ? Cell{Missing{}} : Cell{std::move(text)}; }

template <typename S>
void add_row(Table& table, const std::string& name, const KeyOf<S>& key) {
  table.add_row({name, unless_empty(key.value.write(S{})), unless_empty(key.unit), key.help,
                 unless_empty(fmt::format("{}", fmt::join(key.old_names, ", "))), key.value.expected});
}

int run_keys(const Arguments& arguments) {
  const Format format = format_of(arguments.format);
  Table table({"key", "default", "unit", "meaning", "old_name", "values"});
  for (const Key& key : experiment_keys()) add_row(table, key.name, key);
  for (const KeyOf<evo::ModelSpec>& field : model_fields()) add_row(table, "models." + field.name, field);
  print(table.text(format));
  return kGood;
}

}  // namespace

void add_keys_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const keys =
      app.add_subcommand("keys", "List the keys of experiment files: defaults and meanings");
  add_format_option(*keys, arguments->format);
  keys->footer(
      R"(A key is written below its section: evaluation.betas is betas under [evaluation];
models.kind and so on are fields of each table [[models]]. A further key, base, names another experiment
file, from which all keys come that are not given. Files written with old names are still read.

Example: evotts keys --format csv)");
  keys->callback([arguments, &action] { action = [arguments] { return run_keys(*arguments); }; });
}

}  // namespace experiments
