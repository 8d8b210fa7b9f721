// The commands about environments: env info, env synth; check, convert, regrade and import are elsewhere.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/environment/collected_lines.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/info.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/source.hpp"
#include "replay/sources/synthetic.hpp"

namespace experiments {
namespace {

using genome::base::visible;

// ---- env info ----

constexpr std::array<std::size_t, 4> kVoters{1, 4, 16, 64};  // as describe() reports them

// `signals` are the names of all that are described: a column each, empty where one is not recorded.
std::vector<std::string> info_columns(const std::set<std::string>& signals) {
  std::vector<std::string> columns{"environment",         "source",           "digest",
                                   "questions",           "branches",         "fewest_branches",
                                   "most_branches",       "answers",          "smallest_interval",
                                   "largest_interval",    "right_percent",    "ceiling_percent",
                                   "blank_probe_percent", "blank_end_percent"};
  for (const char* kind : {"", "right_", "wrong_"}) {
    for (const char* figure : {"branches", "mean", "percentile_10", "median", "percentile_90"}) {
      if (*kind == '\0' && std::string_view(figure) == "branches") continue;  // is there already
      columns.push_back(
          fmt::format("{}{}{}", kind, figure, std::string_view(figure) == "branches" ? "" : "_tokens"));
    }
  }
  for (const std::size_t voters : kVoters) columns.push_back(fmt::format("sc_{}", voters));
  for (const std::string& signal : signals) {
    columns.push_back(fmt::format("{}_auc", signal));
    columns.push_back(fmt::format("{}_when_right", signal));
  }
  return columns;
}

Cell whole(std::size_t value) { return static_cast<std::int64_t>(value); }

// How well a mean tells right from wrong, whichever way it points.
double told_apart(const replay::SignalSummary& signal) { return std::max(signal.auc, 1 - signal.auc); }

std::string_view when_right(const replay::SignalSummary& signal) {
  return signal.auc > 0.5 ? "larger" : signal.auc < 0.5 ? "smaller" : "the same";
}

std::vector<Cell> info_row(const replay::Environment& environment, const replay::EnvironmentInfo& info,
                           const std::set<std::string>& signals) {
  std::vector<Cell> row{environment.name,
                        environment.source,
                        environment.digest,
                        whole(info.questions),
                        whole(info.branches),
                        whole(info.fewest_branches),
                        whole(info.most_branches),
                        whole(info.answers),
                        info.smallest_interval,
                        info.largest_interval,
                        Decimal{info.right_percent},
                        Decimal{info.ceiling_percent},
                        Decimal{info.blank_probe_percent},
                        Decimal{info.blank_end_percent}};
  for (const replay::LengthSummary* lengths : {&info.lengths, &info.right_lengths, &info.wrong_lengths}) {
    if (lengths != &info.lengths) row.push_back(whole(lengths->branches));
    for (const double tokens :
         {lengths->mean, lengths->percentile_10, lengths->median, lengths->percentile_90}) {
      row.push_back(Decimal{tokens});
    }
  }
  for (const std::size_t voters : kVoters) {
    Cell cell = Missing{};
    for (const replay::SelfConsistency& sc : info.self_consistency) {
      if (sc.branches == voters) cell = Decimal{sc.percent};
    }
    row.push_back(cell);
  }
  for (const std::string& name : signals) {
    const auto signal = std::ranges::find(info.signals, name, &replay::SignalSummary::name);
    const bool known = signal != info.signals.end() && signal->questions > 0;
    row.push_back(known ? Cell(Decimal{told_apart(*signal), 3}) : Cell(Missing{}));
    row.push_back(known ? Cell(std::string(when_right(*signal))) : Cell(Missing{}));
  }
  return row;
}

std::string range_text(std::int64_t low, std::int64_t high) {
  return low == high ? fmt::format("{}", low) : fmt::format("{} to {}", low, high);
}

std::string block_of(const replay::Environment& environment, const replay::EnvironmentInfo& info) {
  std::string block = fmt::format("{}\n", visible(environment.name));
  const auto line = [&](std::string_view what, const std::string& value) {
    block += fmt::format("  {:<22}{}\n", what, value);
  };
  line("source", visible(environment.source));
  line("digest", environment.digest);
  line("questions", fmt::format("{}", info.questions));
  line("branches", fmt::format("{} ({} a question)", info.branches,
                               range_text(static_cast<std::int64_t>(info.fewest_branches),
                                          static_cast<std::int64_t>(info.most_branches))));
  line("interval", range_text(info.smallest_interval, info.largest_interval) + " tokens");
  line("recorded answers", fmt::format("{}", info.answers));
  line("right branches", fmt::format("{:.2f}%", info.right_percent));
  line("ceiling", fmt::format("{:.2f}% of questions have a right branch", info.ceiling_percent));
  line("no answer", fmt::format("{:.2f}% of probes, {:.2f}% of branches at their end",
                                info.blank_probe_percent, info.blank_end_percent));
  std::string votes;
  for (const replay::SelfConsistency& sc : info.self_consistency) {
    votes += fmt::format("{}{}: {:.2f}%", votes.empty() ? "" : ", ", sc.branches, sc.percent);
  }
  line("voting of branches", votes);
  for (const replay::SignalSummary& signal : info.signals) {
    line("signal " + signal.name,
         signal.questions == 0 ? std::string("no question has right and wrong branches")
                               : fmt::format("AUC {:.3f} over {} questions; its mean is {} when right",
                                             told_apart(signal), signal.questions, when_right(signal)));
  }
  block += collected_lines(environment.collected);

  Table lengths({"tokens of branches", "branches", "mean", "10%", "median", "90%"});
  const auto add = [&](std::string name, const replay::LengthSummary& summary) {
    lengths.add_row({std::move(name), whole(summary.branches), Decimal{summary.mean, 0},
                     Decimal{summary.percentile_10, 0}, Decimal{summary.median, 0},
                     Decimal{summary.percentile_90, 0}});
  };
  add("all", info.lengths);
  add("right", info.right_lengths);
  add("wrong", info.wrong_lengths);
  std::string indented = "  " + lengths.text(Format::kTable);
  for (std::size_t at = indented.find('\n'); at + 1 < indented.size(); at = indented.find('\n', at + 1)) {
    indented.insert(at + 1, "  ");
  }
  return block + indented;
}

struct InfoArguments {
  std::vector<std::string> specs;
  std::string format = "table";
};

int run_info(const InfoArguments& arguments) {
  const Format format = format_of(arguments.format);
  const auto environments = replay::open_environments(arguments.specs);
  std::set<std::string> signals;
  for (const replay::Environment& each : environments)
    signals.insert(each.signals.begin(), each.signals.end());
  Table table(info_columns(signals));
  std::string blocks;
  for (const replay::Environment& environment : environments) {
    const replay::EnvironmentInfo info = replay::describe(environment);
    table.add_row(info_row(environment, info, signals));
    blocks += (blocks.empty() ? "" : "\n") + block_of(environment, info);
  }
  print(format == Format::kTable ? blocks : table.text(format));
  return kGood;
}

// ---- env synth ----

using replay::synthetic_knobs;
using replay::SyntheticKnob;

// An option for every key of a synthetic specification; what it may be is known there.
std::string option_of(std::string_view key) {
  std::string option = fmt::format("--{}", key);
  for (char& c : option) c = c == '_' ? '-' : c;
  return option;
}

std::string default_of(const SyntheticKnob& knob) {
  return std::visit([](auto member) { return fmt::format("{}", replay::SyntheticSpec{}.*member); },
                    knob.member);
}

struct SynthArguments {
  std::string output;
  bool force = false;
  std::map<std::string_view, std::optional<std::string>> values;  // by key; nothing: the default
};

replay::SyntheticSpec spec_of(const SynthArguments& arguments) {
  std::string spec;
  for (const SyntheticKnob& knob : synthetic_knobs()) {
    const std::optional<std::string>& given = arguments.values.at(knob.key);
    if (!given) continue;
    const std::string& value = *given;
    const bool number = !std::holds_alternative<std::string replay::SyntheticSpec::*>(knob.member);
    const std::string pair = fmt::format("{}={}", knob.key, value);
    const std::string option = option_of(knob.key);
    if (value.find(',') != std::string::npos) {
      throw UsageError(fmt::format("{} must be one {}, found \"{}\"", option,
                                   number ? "number" : "list with + between names", visible(value, 60)));
    }
    try {
      replay::parse_synthetic(pair);  // alone, so that the message is about this option
    } catch (const replay::InputError& error) {
      throw UsageError(fmt::format("{}: {}", option, error.what()));
    }
    spec += (spec.empty() ? "" : ",") + pair;
  }
  return replay::parse_synthetic(spec);
}

int run_synth(const SynthArguments& arguments) {
  const replay::SyntheticSpec spec = spec_of(arguments);
  const bool to_stdout = arguments.output == kStandardStream;
  if (!to_stdout) expect_new_file(arguments.output, arguments.force);
  const replay::Environment environment = replay::make_synthetic(spec);
  const std::string text = replay::to_json(environment);
  if (to_stdout) {
    print(text);
    return kGood;
  }
  genome::base::write_durably(arguments.output, text);
  print(fmt::format("{}: written, {} questions of {} branches ({})\n", visible(arguments.output),
                    spec.questions, spec.branches, environment.source));
  return kGood;
}

void add_info(CLI::App& env, Action& action) {
  CLI::App* const info = env.add_subcommand("info", "Say what environments hold, in figures");
  const auto arguments = std::make_shared<InfoArguments>();
  info->add_option("SPEC", arguments->specs, "Files, folders of *.json, or synthetic:key=value,...")
      ->required();
  add_format_option(*info, arguments->format);
  info->footer("Example: evotts env info recorded/ synthetic:seed=3,difficulty=1 --format csv");
  info->callback([arguments, &action] { action = [arguments] { return run_info(*arguments); }; });
}

void add_synth(CLI::App& env, Action& action) {
  CLI::App* const synth = env.add_subcommand("synth", "Make an environment that behaves like recorded ones");
  const auto arguments = std::make_shared<SynthArguments>();
  synth->add_option("-o,--output", arguments->output, "The file to write; - is standard output")
      ->type_name("FILE")
      ->required();
  synth->add_flag("--force", arguments->force, "Replace the file if it exists");
  for (const SyntheticKnob& knob : synthetic_knobs()) {
    const bool number = !std::holds_alternative<std::string replay::SyntheticSpec::*>(knob.member);
    synth->add_option(option_of(knob.key), arguments->values[knob.key], std::string(knob.help))
        ->type_name(number ? "NUMBER" : "NAMES")
        ->default_str(default_of(knob));
  }
  synth->footer(R"(The same options always make the same file. Every command that takes an environment
takes synthetic:key=value,... as well, with '_' for '-' in the keys: nothing need be written first.

Example: evotts env synth -o hard.json --seed 3 --difficulty 2
         evotts eval cmc --env synthetic:seed=3,difficulty=2)");
  synth->callback([arguments, &action] { action = [arguments] { return run_synth(*arguments); }; });
}

}  // namespace

void add_environment_commands(CLI::App& app, Action& action) {
  CLI::App* const env = app.add_subcommand("env", "Describe and check environments, or make one");
  env->require_subcommand(0, 1);
  env->footer("Example: evotts env info recorded/");
  add_info(*env, action);
  add_environment_check(*env, action);
  add_environment_convert(*env, action);
  add_environment_regrade(*env, action);
  add_environment_import(*env, action);
  add_synth(*env, action);
}

}  // namespace experiments
