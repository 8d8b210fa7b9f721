// The command that reads the answers of an environment anew, from the texts of its branches: env regrade.
#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <string>

#include "experiments/commands/commands.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/text_file.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "live/reading/regrade.hpp"
#include "live/reading/texts_file.hpp"
#include "replay/environment/reader.hpp"

namespace experiments {
namespace {

using genome::base::visible;

struct Arguments {
  std::string input, texts, output;
  live::RegradeWords words;
  bool force = false;
};

std::string percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? "none"
                    : fmt::format("{:.2f}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string report_of(const live::GradeCounts& before, const live::GradeCounts& after,
                      const live::Regraded& result) {
  std::string text = fmt::format("finals  {} of {} changed\nlooks   {} of {} changed\n",
                                 result.changed_finals, after.finals, result.changed_looks, after.looks);
  text += fmt::format("right   {} before, {} after\n", percent(before.right, before.finals),
                      percent(after.right, after.finals));
  return text +
         fmt::format("ERR     finals {} before, {} after; looks {} before, {} after\n",
                     percent(before.blank_finals, before.finals), percent(after.blank_finals, after.finals),
                     percent(before.blank_looks, before.looks), percent(after.blank_looks, after.looks));
}

int run_regrade(const Arguments& arguments) {
  const bool to_stdout = arguments.output == kStandardStream;
  if (!to_stdout) expect_new_file(arguments.output, arguments.force);
  const replay::Environment environment = replay::read_environment(arguments.input);
  const std::filesystem::path texts =
      arguments.texts.empty() ? live::texts_path(arguments.input) : std::filesystem::path(arguments.texts);
  const live::Regraded result = live::regraded(environment, texts, arguments.words);
  const std::string text = replay::to_json(result.environment);
  if (to_stdout) {
    print(text);
    return kGood;
  }
  genome::base::write_durably(arguments.output, text);
  print(fmt::format("{}: written, {} questions\n{}", visible(arguments.output), environment.questions.size(),
                    report_of(live::counts_of(environment), live::counts_of(result.environment), result)));
  return kGood;
}

}  // namespace

void add_environment_regrade(CLI::App& env, Action& action) {
  CLI::App* const regrade =
      env.add_subcommand("regrade", "Read all answers anew, from the texts that were collected");
  const auto arguments = std::make_shared<Arguments>();
  regrade->add_option("FILE", arguments->input, "An environment that was collected")->required();
  regrade
      ->add_option("--texts", arguments->texts,
                   "The texts of its branches; without it, FILE with .texts.jsonl.zst in place of .json")
      ->type_name("FILE");
  regrade
      ->add_option(
          "--task", arguments->words.task,
          "How a text becomes an answer: boxed, number, letter, after:MARK or regex:EXPRESSION; without it, "
          "as it was collected")
      ->type_name("TASK");
  regrade
      ->add_option(
          "--look-task", arguments->words.look_task,
          "The same for looks; without it, as it was collected, or that of --task where both were the same")
      ->type_name("TASK");
  regrade
      ->add_option("--look-suffix", arguments->words.look_suffix,
                   "What to take as standing before each look; without it, what was collected")
      ->type_name("TEXT");
  regrade->add_option("-o,--output", arguments->output, "The file to write; - is standard output")
      ->type_name("FILE")
      ->required();
  regrade->add_flag("--force", arguments->force, "Replace the file if it exists");
  regrade->footer(
      R"(No model is called. Final answers, looks and gold answers change; tokens, signals and intervals
stay. The texts stay where they are.

Example: evotts env regrade recorded/model/set.json --task number -o number.json)");
  regrade->callback([arguments, &action] { action = [arguments] { return run_regrade(*arguments); }; });
}

}  // namespace experiments
