// The command that warns of worthless or doubtful recordings: env check.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/environment/collected_lines.hpp"
#include "experiments/console/json_text.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "replay/answers/normal_form.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/quality/detectable_gain.hpp"
#include "replay/quality/quality_check.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::vector<std::string> specs;
  bool strict = false;
  std::string format = "table";
};

// What was found in all files, and what they can show together.
struct Findings {
  std::vector<replay::Environment> environments;
  std::vector<replay::EnvironmentQuality> qualities;
  std::size_t distinct_questions = 0;
  std::optional<double> smallest_gain;
  bool any_warning = false;
};

// Where files do not tell of which model they are, those of one folder are taken to be of one.
bool same_model(const replay::Environment& one, const replay::Environment& other) {
  const std::string model = collected_model(one.collected), other_model = collected_model(other.collected);
  if (!model.empty() && !other_model.empty()) return model == other_model;
  const auto folder = [](const replay::Environment& environment) {
    std::error_code unreadable;
    return std::filesystem::absolute(environment.source, unreadable).lexically_normal().parent_path();
  };
  return folder(one) == folder(other);
}

Findings findings_of(const std::vector<std::string>& specs) {
  Findings findings{.environments = replay::open_environments(specs)};
  const auto normal_form = [](std::string_view answer) {
    return replay::normal_form(answer, replay::AnswerTask::kAny);
  };
  findings.qualities = replay::check_quality(findings.environments, normal_form, same_model);
  const replay::DistinctQuestions distinct(findings.environments);
  findings.distinct_questions = distinct.count();
  findings.smallest_gain = replay::detectable_gain(replay::accuracies_of(findings.environments, distinct));
  for (const replay::EnvironmentQuality& each : findings.qualities)
    findings.any_warning = findings.any_warning || !replay::warnings_of(each).empty();
  return findings;
}

std::string gain_text(std::size_t questions, std::optional<double> gain) {
  const std::string count = fmt::format("{} question{}", questions, questions == 1 ? "" : "s");
  if (!gain) return fmt::format("{}: what gain can be shown is not known", count);
  return fmt::format("{} can show a gain of about {:.1f} points at 95%", count, *gain);
}

std::string table_of(const Findings& findings) {
  std::string text;
  for (std::size_t i = 0; i < findings.environments.size(); ++i) {
    const replay::EnvironmentQuality& quality = findings.qualities[i];
    text += fmt::format("{}\n", visible(findings.environments[i].name));
    const std::vector<std::string> warnings = replay::warnings_of(quality);
    for (const std::string& warning : warnings) text += fmt::format("  warning: {}\n", warning);
    if (warnings.empty()) text += "  good\n";
    for (const std::string& note : replay::notes_of(quality)) text += fmt::format("  {}\n", note);
    text += fmt::format("  {}\n", gain_text(quality.questions, quality.smallest_gain));
  }
  if (findings.environments.size() > 1)
    text += fmt::format("together\n  {}\n", gain_text(findings.distinct_questions, findings.smallest_gain));
  return text;
}

Json gain_json(std::optional<double> gain) { return gain ? Json(*gain) : Json(); }

Json json_of(const replay::Environment& environment, const replay::EnvironmentQuality& quality) {
  Json shared = Json::array();
  for (const replay::SharedQuestions& each : quality.shared) {
    shared.push_back({{"environment", each.other},
                      {"questions", each.questions},
                      {"recordings", each.recordings},
                      {"other_model", each.other_model}});
  }
  return {{"environment", environment.name},
          {"source", environment.source},
          {"questions", quality.questions},
          {"branches", quality.branches},
          {"probes", quality.probes},
          {"without_right", quality.without_right},
          {"gold_absent", quality.gold_absent},
          {"one_answer", quality.one_answer},
          {"equal_branches", quality.equal_branches},
          {"shorter_branches", quality.shorter_branches},
          {"longer_branches", quality.longer_branches},
          {"blank_probes", quality.blank_probes},
          {"blank_ends", quality.blank_ends},
          {"merged_answers", quality.merged_answers},
          {"righted_branches", quality.righted_branches},
          {"shared", shared},
          {"smallest_gain", gain_json(quality.smallest_gain)},
          {"warnings", replay::warnings_of(quality)}};
}

std::string json_text_of(const Findings& findings) {
  std::string environments = "[";
  for (std::size_t i = 0; i < findings.environments.size(); ++i) {
    environments +=
        (i == 0 ? "\n  " : ",\n  ") + json_line(json_of(findings.environments[i], findings.qualities[i]));
  }
  const Json together = {{"questions", findings.distinct_questions},
                         {"smallest_gain", gain_json(findings.smallest_gain)}};
  return json_document({{"environments", environments + "\n]"}, {"together", json_line(together)}});
}

int run_check(const Arguments& arguments) {
  if (arguments.format != "table" && arguments.format != "json") {
    throw UsageError(
        fmt::format("--format must be table or json, found \"{}\"", visible(arguments.format, 60)));
  }
  const Findings findings = findings_of(arguments.specs);
  print(arguments.format == "json" ? json_text_of(findings) : table_of(findings));
  return arguments.strict && findings.any_warning ? kWorkFailed : kGood;
}

}  // namespace

void add_environment_check(CLI::App& env, Action& action) {
  CLI::App* const check = env.add_subcommand("check", "Warn of what makes recordings worthless or doubtful");
  const auto arguments = std::make_shared<Arguments>();
  check->add_option("FILE", arguments->specs, "Files, folders of *.json, or synthetic:key=value,...")
      ->required();
  check->add_flag("--strict", arguments->strict, "End with exit code 1 when there is any warning");
  check->add_option("--format", arguments->format, "table (for reading) or json (for programs)")
      ->type_name("table|json")
      ->capture_default_str();
  check->footer(
      R"(Several models may be recorded on the same questions. A warning tells where one model or one file
has a question twice, and where two files have the same answers. Where files do not tell their
model, those of one folder count as those of one.

Questions are counted from 0. The smallest gain that so many questions can show is the half
width of the 95% interval of a paired difference of two accuracies (Miller, arXiv 2411.00640).
It is 1.96 * w / sqrt(n), with w from the spread of the recorded accuracies of questions. It is
a rule of thumb: two controllers that err on the same questions can show less.

Example: evotts env check recorded/ --strict)");
  check->callback([arguments, &action] { action = [arguments] { return run_check(*arguments); }; });
}

}  // namespace experiments
