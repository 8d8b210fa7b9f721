// The command that writes an environment anew, in its canonical form: env convert.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

using genome::base::visible;

struct Arguments {
  std::string input, output;
  bool drop_signals = false;
  bool force = false;
};

replay::Environment environment_of(const std::string& spec) {
  std::vector<replay::Environment> opened = replay::open_environments(std::vector<std::string>{spec});
  if (opened.size() != 1)
    throw UsageError(fmt::format("{}: holds {} environments; name one file", visible(spec), opened.size()));
  return std::move(opened.front());
}

int run_convert(const Arguments& arguments) {
  const bool to_stdout = arguments.output == kStandardStream;
  if (!to_stdout) expect_new_file(arguments.output, arguments.force);
  replay::Environment environment = environment_of(arguments.input);
  if (arguments.drop_signals) environment = replay::without_signals(std::move(environment));
  const std::string text = replay::to_json(environment);
  if (to_stdout) {
    print(text);
    return kGood;
  }
  genome::base::write_durably(arguments.output, text);
  print(fmt::format(
      "{}: written, {} questions, signals: {}\n", visible(arguments.output), environment.questions.size(),
      environment.signals.empty() ? "none" : fmt::format("{}", fmt::join(environment.signals, ", "))));
  return kGood;
}

}  // namespace

void add_environment_convert(CLI::App& env, Action& action) {
  CLI::App* const convert = env.add_subcommand("convert", "Write an environment anew, in its canonical form");
  const auto arguments = std::make_shared<Arguments>();
  convert->add_option("FILE", arguments->input, "A file, or synthetic:key=value,...")->required();
  convert->add_option("-o,--output", arguments->output, "The file to write; - is standard output")
      ->type_name("FILE")
      ->required();
  convert->add_flag("--drop-signals", arguments->drop_signals,
                    "Write branches of three elements, which programs that know no signals read");
  convert->add_flag("--force", arguments->force, "Replace the file if it exists");
  convert->footer(R"(Fields that are no part of an environment are left out; what is written holds the same
questions, so that a run that holds the file out knows them again.

Example: evotts env convert recorded/model/set.json -o plain.json --drop-signals)");
  convert->callback([arguments, &action] { action = [arguments] { return run_convert(*arguments); }; });
}

}  // namespace experiments
