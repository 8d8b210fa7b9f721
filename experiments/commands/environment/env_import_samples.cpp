// The commands that make an environment of samples of other tools: env import FORMAT, and env import auto.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/environment/sample_imports.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr Range<std::int64_t> kSamples{1, 1'000'000}, kIntervals{1, replay::kMaxInterval};
constexpr Range<double> kCharacters{0.1, 1000};

struct Arguments {
  std::string format;
  std::vector<std::string> files, signals;
  std::string gold, output, fewest = "1", characters = "4";
  std::optional<std::string> interval;
  live::QuestionFields fields;
  live::AnswerWords words;
  live::FormatWishes of_format;
  std::string model;
  bool mix_models = false, keep_truncated = false, skip_bad = false, force = false;
};

// "reward=scores.0" -> {reward, scores.0}; a name alone is that of the column too.
std::vector<std::pair<std::string, std::string>> signals_of(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> signals;
  for (const std::string& text : texts) {
    const std::size_t at = text.find('=');
    std::string name = text.substr(0, at), column = at == text.npos ? name : text.substr(at + 1);
    if (!replay::is_signal_name(name) || column.empty())
      throw UsageError(fmt::format(
          "--signal must be NAME or NAME=COLUMN, NAME of 1 to {} letters, digits and _, found \"{}\"",
          replay::kMaxSignalName, visible(text, 80)));
    signals.emplace_back(std::move(name), std::move(column));
  }
  return signals;
}

int run_import(const Arguments& arguments) {
  const bool to_stdout = arguments.output == kStandardStream;
  if (!to_stdout) expect_new_file(arguments.output, arguments.force);
  const double characters = real_number("--characters-per-token", arguments.characters, kCharacters);
  live::EnvironmentWishes wishes{
      .fewest = static_cast<std::size_t>(whole_number("--fewest", arguments.fewest, kSamples)),
      .interval = std::nullopt,
      .format = {}};
  if (arguments.interval) wishes.interval = whole_number("--interval", *arguments.interval, kIntervals);
  const live::AnswerReader reader(arguments.words);
  std::optional<live::GoldTable> golds;
  if (!arguments.gold.empty()) golds.emplace(arguments.gold, arguments.fields);
  const live::GoldTable* const table = golds ? &*golds : nullptr;

  ProgressLine progress("reading");
  live::SampleImportWishes asked{.format = arguments.format,
                                 .of_format = arguments.of_format,
                                 .pool = {.keep_truncated = arguments.keep_truncated,
                                          .characters_per_token = characters,
                                          .model = arguments.model,
                                          .mix_models = arguments.mix_models},
                                 .skip_bad = arguments.skip_bad,
                                 .progress = progress.callback()};
  asked.of_format.columns.signals = signals_of(arguments.signals);
  live::SampleImport import(asked, reader, table);
  import.read({arguments.files.begin(), arguments.files.end()});
  wishes.format = import.format().name;
  const live::PooledEnvironment made = environment_of(import, wishes, table, arguments.files.front());
  if (made.report.blanks == made.report.samples)
    throw UsageError(
        fmt::format("{}: no answer can be read of any of {} samples by \"{}\"; --extract says how: "
                    "boxed, number, letter, after:MARK or regex:EXPRESSION",
                    visible(arguments.files.front()), made.report.samples, visible(reader.how(), 80)));
  const std::string text = replay::to_json(made.environment);
  if (text.size() > replay::kMaxFileBytes)
    throw UsageError(fmt::format("the environment would have more than {} bytes", replay::kMaxFileBytes));
  if (to_stdout) {
    print(text);
  } else {
    genome::base::write_durably(arguments.output, text);
    print(import_report(arguments.output, import, made, characters));
  }
  warn_of_import(import, made, characters);
  return kGood;
}

// ---- the options

void add_common_options(CLI::App& command, Arguments& arguments) {
  command
      .add_option("FILE", arguments.files,
                  "Files, plain or compressed (gzip, Zstandard, xz, bzip2), or folders of them")
      ->required();
  command
      .add_option(
          "--gold", arguments.gold,
          "The right answers, before those of the files: a table or lines of JSON, as evotts collect takes "
          "questions; a row is of a question's text, or of its id")
      ->type_name("TABLE");
  command.add_option("--question-field", arguments.fields.question, "The field of TABLE with text or id")
      ->type_name("NAME");
  command.add_option("--gold-field", arguments.fields.gold, "The field of TABLE with the right answer")
      ->type_name("NAME");
  command
      .add_option(
          "--extract", arguments.words.extract,
          "Where answers are read: given, as the file has them; or in texts: boxed, number, letter, "
          "after:MARK or regex:EXPRESSION. Without it, given where the file has them, else as --task says, "
          "else boxed")
      ->type_name("HOW");
  command
      .add_option(
          "--task", arguments.words.task,
          "What answers are: any, or letter for options A to J; or how texts are read, as evotts collect "
          "takes it")
      ->type_name("TASK");
  CLI::Option* const model =
      command.add_option("--model", arguments.model, "Take the samples of this model alone")
          ->type_name("NAME");
  command.add_flag("--mix-models", arguments.mix_models, "Take the samples of several models as of one")
      ->excludes(model);
  command.add_option("--fewest", arguments.fewest, "Leave out questions of fewer samples")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option(
          "--interval", arguments.interval,
          "The interval in tokens where there are no probes; without it, a twentieth of the median length")
      ->type_name("N");
  command
      .add_option("--characters-per-token", arguments.characters,
                  "How long a token is taken to be where tokens are not told")
      ->type_name("X")
      ->capture_default_str();
  command.add_flag("--keep-truncated", arguments.keep_truncated,
                   "Read answers of samples that met a limit on tokens too; without it, they have none");
  command.add_flag("--skip-bad", arguments.skip_bad, "Count records that cannot be read, and go on");
}

void add_columns(CLI::App& command, Arguments& arguments) {
  live::ColumnNames& columns = arguments.of_format.columns;
  const auto column = [&](const char* name, std::string& value, const char* help) {
    command.add_option(name, value, help)->type_name("NAME");
  };
  column("--question-column", columns.question,
         "The column with the question; a path such as doc.question will do");
  column("--gold-column", columns.gold, "The column with the right answer");
  column("--id-column", columns.id, "The column with an id of the question");
  column("--text-column", columns.text, "The column with the text of a sample, or a list of them");
  column("--answer-column", columns.answer, "The column with the answer of a sample, or a list of them");
  column("--tokens-column", columns.tokens, "The column with numbers of tokens; one for a list is their sum");
  column("--right-column", columns.right, "The column that tells whether a sample is right");
  column("--reason-column", columns.reason, "The column with the reason why a sample ended, such as length");
  column("--sample-column", columns.sample,
         "The column with the number of a sample among those of its question");
  column("--options-column", columns.options, "The column with the options to choose from");
  column("--model-column", columns.model, "The column with the model");
  command
      .add_option(
          "--signal", arguments.signals,
          "A column of numbers that becomes a signal, by its name or as NAME=COLUMN; may be given again")
      ->type_name("NAME[=COLUMN]")
      ->allow_extra_args(false);
}

void add_question_columns(CLI::App& command, Arguments& arguments) {
  live::ColumnNames& columns = arguments.of_format.columns;
  command
      .add_option(
          "--question-column", columns.question,
          "The field with the question, such as doc.problem; without it, a usual name, else the prompt")
      ->type_name("NAME");
  command.add_option("--gold-column", columns.gold, "The field with the right answer, such as doc.answer")
      ->type_name("NAME");
}

void add_filter(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--filter", arguments.of_format.filter, "Take rows of this filter of lm-evaluation-harness")
      ->type_name("NAME");
}

void add_scorer(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--scorer", arguments.of_format.scorer,
                  "Take answers and verdicts of this scorer of inspect_ai; without it, of the first")
      ->type_name("NAME");
}

void add_id_pattern(CLI::App& command, Arguments& arguments) {
  command
      .add_option(
          "--id-pattern", arguments.of_format.id_pattern,
          "An expression of RE2 whose first group is what of a custom_id names the question; without it, q3 "
          "of q3-s7")
      ->type_name("EXPRESSION");
}

void add_output(CLI::App& command, Arguments& arguments) {
  command.add_option("-o,--out", arguments.output, "The environment to write; - is standard output")
      ->type_name("FILE")
      ->required();
  command.add_flag("--force", arguments.force, "Replace the file if it exists");
}

struct Described {
  const char *name, *help, *footer;
};
constexpr Described kDescribed[] = {
    {"auto", "Find out which tool wrote the files, say why, and import them",
     "Example: evotts env import auto results/ -o results.json"},
    {"generic", "Import JSON, lines of JSON or CSV with named columns: a row a sample, or lists in a row",
     R"(Columns are found by the names that data sets usually give them, such as problem, answer and generations.
docs/import.md lists them.

Example: evotts env import generic rows.csv --text-column output --extract number -o rows.json)"},
    {"lm-eval", "Import samples of lm-evaluation-harness (samples_TASK_DATE.jsonl)",
     R"(A question has a row for each filter, and the first filter's is taken. All repeats are samples, and only the
first of them has a verdict.

Example: evotts env import lm-eval samples_aime24_2026-11-28.jsonl --extract boxed -o aime24.json)"},
    {"inspect", "Import logs of inspect_ai, .json or .eval, with several epochs",
     "Example: evotts env import inspect logs/2026-11-28_chain.eval -o chain.json"},
    {"openai-batch", "Import the output of OpenAI's Batch API",
     R"(The questions are in the input of the batch, which may stand among the files. Right answers are in neither:
--gold names a table by the text of questions, by custom ids, or by the part of those that names the question.

Example: evotts env import openai-batch output.jsonl input.jsonl --gold gold.csv -o batch.json)"},
    {"matharena", "Import outputs of MathArena: files of problems, or rows of its data sets",
     "Example: evotts env import matharena outputs/aime/my-model -o aime.json"},
    {"math-harness", "Import outputs of math-evaluation-harness, and of what followed its form",
     "Example: evotts env import math-harness math500_test.jsonl -o math500.json"},
    {"autotts-raw", "Import the raw form of AutoTTS's collector, with probes",
     "Example: evotts env import autotts-raw qwen__aime24__br128__fr500.jsonl -o aime24.json"},
    {"dynasor", "Import Dynasor's token deprivation, with probes",
     R"(A file is of one question asked after so many tokens, and all of a folder belong together. A trial that is
not finished at the last step met the limit.

Example: evotts env import dynasor results/aime_qwen/ -o aime.json)"},
    {"vllm", "Import request outputs of vLLM, as JSON",
     R"(Right answers are in a table by the prompt, or by the question that the prompt holds.

Example: evotts env import vllm outputs.jsonl --gold gold.csv --extract boxed -o outputs.json)"}};

void add_import(CLI::App& import, Action& action, const Described& described) {
  CLI::App* const command = import.add_subcommand(described.name, described.help);
  const auto arguments = std::make_shared<Arguments>();
  arguments->format = described.name;
  const std::string& format = arguments->format;
  add_common_options(*command, *arguments);
  const bool any = format == "auto";
  if (any || format == "generic") add_columns(*command, *arguments);
  if (format == "lm-eval") add_question_columns(*command, *arguments);
  if (any || format == "lm-eval") add_filter(*command, *arguments);
  if (any || format == "inspect") add_scorer(*command, *arguments);
  if (any || format == "openai-batch") add_id_pattern(*command, *arguments);
  add_output(*command, *arguments);
  if (const live::FormatInfo* const info = live::find_format(format))
    for (const std::string_view alias : info->aliases) command->alias(std::string(alias));
  command->footer(described.footer);
  command->callback([arguments, &action] { action = [arguments] { return run_import(*arguments); }; });
}

}  // namespace

void add_imports_of_samples(CLI::App& import, Action& action) {
  for (const Described& each : kDescribed) add_import(import, action, each);
}

}  // namespace experiments
