// The command that makes an environment of branches that were served: env import episodes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "live/reading/texts_file.hpp"
#include "live/record/episode_import.hpp"
#include "replay/environment/reader.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr std::size_t kShownQuestions = 5, kShownQuestion = 60;  // of those left out; bytes
constexpr Range<std::int64_t> kBranches{1, 1'000'000};

struct Arguments {
  std::vector<std::string> files;
  std::string gold, output, looks = "every", fewest = "2";
  live::QuestionFields fields;
  bool force = false;
};

live::ImportOptions options_of(const Arguments& arguments) {
  if (arguments.looks != "every" && arguments.looks != "none")
    throw UsageError(
        fmt::format("--looks must be every or none, found \"{}\"", visible(arguments.looks, 60)));
  return {.probes = arguments.looks == "every",
          .fewest = static_cast<std::size_t>(whole_number("--fewest", arguments.fewest, kBranches))};
}

std::string left_out(const std::vector<std::string>& questions, const std::string& why) {
  if (questions.empty()) return {};
  std::string text = fmt::format("left out  {} questions {}:\n", questions.size(), why);
  for (std::size_t i = 0; i < std::min(questions.size(), kShownQuestions); ++i)
    text += fmt::format("          \"{}\"\n", visible(questions[i], kShownQuestion));
  if (questions.size() > kShownQuestions) text += "          ...\n";
  return text;
}

std::string report_of(const live::EpisodeImport& import, const Arguments& arguments) {
  const live::ImportCounts& counts = import.counts();
  std::string text = fmt::format("episodes  {}", counts.episodes);
  if (counts.with_history > 0)
    text += fmt::format(", {} of them left out: their questions stand behind other messages",
                        counts.with_history);
  text += fmt::format("\nbranches  {} opened, {} whole, {} imported", counts.opened, counts.whole,
                      counts.imported);
  if (counts.cut > 0) text += fmt::format(", {} of them cut at a limit", counts.cut);
  text += "\n";
  const auto line = [&](std::size_t branches, const std::string& why) {
    if (branches > 0) text += fmt::format("left out  {} whole branches {}\n", branches, why);
  };
  line(counts.without_looks, "that were not looked at after every interval; --looks none takes them");
  line(counts.without_text, "whose texts were not kept");
  line(counts.twice, "of the same seed and question as others");
  text += left_out(import.without_gold(), fmt::format("that {} does not tell", visible(arguments.gold)));
  return text + left_out(import.with_too_few(), fmt::format("of fewer than {} branches", arguments.fewest));
}

// What the environment cannot show.
void warn(const live::ImportCounts& counts, const live::ImportOptions& options) {
  if (counts.whole < counts.opened)
    report(
        fmt::format("{} of {} branches that were opened are not whole and are missing: the controller left "
                    "those that were long or seemed wrong, so what is here is better than the model",
                    counts.opened - counts.whole, counts.opened));
  if (counts.without_looks > 0)
    report(
        "branches without all looks are missing, most of them long: record with serve --record-looks, or "
        "import with --looks none");
  if (!options.probes)
    report("the environment has no probes: it serves for controllers that read whole branches alone");
}

int run_import(const Arguments& arguments) {
  const live::ImportOptions options = options_of(arguments);
  expect_new_file(arguments.output, arguments.force);
  if (genome::base::is_stream(arguments.output))
    throw UsageError("-o must be a file: the texts of the branches are written beside it");
  const live::GoldTable golds(arguments.gold, arguments.fields);
  live::EpisodeImport import(options);
  for (const std::string& file : arguments.files) import.read(file, golds);
  if (import.counts().torn > 0)
    report(fmt::format("{} of the files end within a line, which is passed over", import.counts().torn));
  if (import.taken() == 0) {
    report(report_of(import, arguments));
    throw UsageError("nothing can be imported: no question has a right answer and enough branches");
  }
  live::TextsWriter texts(live::texts_path(arguments.output));
  const replay::Environment environment = import.environment(texts);
  const std::string text = replay::to_json(environment);
  texts.finish();
  genome::base::write_durably(arguments.output, text);
  const auto [least, most] =
      std::ranges::minmax(environment.questions, {}, [](const auto& each) { return each.branches.size(); });
  print(fmt::format("{}: written, {} questions of {} to {} branches\n{}", visible(arguments.output),
                    environment.questions.size(), least.branches.size(), most.branches.size(),
                    report_of(import, arguments)));
  warn(import.counts(), options);
  return kGood;
}

}  // namespace

void add_import_of_episodes(CLI::App& import, Action& action) {
  CLI::App* const command =
      import.add_subcommand("episodes", "Import whole branches of episodes that evotts serve has recorded");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("FILE", arguments->files, "What evotts serve --record has written")->required();
  command
      ->add_option(
          "--gold", arguments->gold,
          "The right answers: a table or lines of JSON, as evotts collect takes questions; a row is of "
          "a question's text, or of an episode's id")
      ->type_name("TABLE")
      ->required();
  command->add_option("--question-field", arguments->fields.question, "The field of TABLE with text or id")
      ->type_name("NAME");
  command->add_option("--gold-field", arguments->fields.gold, "The field of TABLE with the right answer")
      ->type_name("NAME");
  command
      ->add_option("--looks", arguments->looks,
                   "every: take branches that were looked at after every interval; none: take all, without "
                   "probes")
      ->type_name("every|none")
      ->capture_default_str();
  command->add_option("--fewest", arguments->fewest, "Leave out questions of fewer branches")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("-o,--out", arguments->output, "The environment to write; its texts stand beside it")
      ->type_name("FILE")
      ->required();
  command->add_flag("--force", arguments->force, "Replace the file if it exists");
  command->footer(
      R"(A branch is whole when it ended by itself. Those that the controller pruned or left are missing,
among them more of the long and the wrong ones: scores on what is imported are too good. docs/serve.md tells
more.

Example: evotts env import episodes served.jsonl --gold answers.csv -o served.json)");
  command->callback([arguments, &action] { action = [arguments] { return run_import(*arguments); }; });
}

}  // namespace experiments
