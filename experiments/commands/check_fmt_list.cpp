// The commands about texts of controllers: check, fmt, list.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/json_text.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reference/markdown.hpp"
#include "experiments/reference/offers.hpp"
#include "experiments/sources/controller_source.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_names.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/text_place.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using Json = nlohmann::ordered_json;

constexpr std::size_t kColumns = 110;  // of a line for reading
constexpr std::size_t kShown = 60;     // bytes of a bad value in a message

struct Checked {
  ControllerText source;
  genome::CheckedController controller;
};

// The texts that are right; tells everything that is wrong or doubtful in any of them on stderr.
std::vector<Checked> check_all(const std::vector<std::string>& specs) {
  std::vector<Checked> good;
  for (const std::string& spec : specs) {
    try {
      ControllerText source = load_controller(spec);
      genome::CheckResult result = reviewed(source);
      const std::string told =
          genome::render_with_names(result.diagnostics, visible(source.label), source.text);
      std::fputs(told.c_str(), stderr);
      if (result.controller) good.push_back({std::move(source), std::move(*result.controller)});
    } catch (const genome::base::Error& error) {
      if (error.fault() != genome::base::Fault::kInput) throw;
      report(error.what());
    }
  }
  return good;
}

Json json_of(const genome::Diagnostic& d, std::string_view text) {
  const bool placed = d.at.line > 0;
  return {{"severity", d.severity == genome::Severity::kError ? "error" : "warning"},
          {"code", d.code},
          {"line", placed ? Json(d.at.line) : Json()},
          {"column", placed ? Json(genome::shown_column(d.at, text)) : Json()},
          {"message", d.message},
          {"hint", d.hint.empty() ? Json() : Json(d.hint)}};
}

// What is to be said of one text; of one that cannot be read, why.
Json json_of(const std::string& spec) {
  Json json{{"file", spec}, {"good", false}};
  auto diagnostics = Json::array();
  try {
    const ControllerText source = load_controller(spec);
    const genome::CheckResult result = reviewed(source);
    json["file"] = source.label;
    json["good"] = result.controller.has_value();
    if (result.controller) {
      const genome::Controller& tree = result.controller->tree();
      json["controller"] = tree.name;
      json["nodes"] = genome::size_of(tree);
      json["id"] = genome::identity(tree);
    }
    for (const genome::Diagnostic& d : result.diagnostics) diagnostics.push_back(json_of(d, source.text));
  } catch (const genome::base::Error& error) {
    if (error.fault() != genome::base::Fault::kInput) throw;
    const genome::Diagnostic unreadable{genome::Severity::kError, "file", error.what(), "", {}};
    diagnostics.push_back(json_of(unreadable, ""));
  }
  json["diagnostics"] = std::move(diagnostics);
  return json;
}

int check_as_json(const std::vector<std::string>& files) {
  bool good = true;
  std::string out = "[";
  for (const std::string& file : files) {
    const Json json = json_of(file);
    good = good && json["good"].get<bool>();
    out += (out.size() == 1 ? "\n  " : ",\n  ") + json_line(json);
  }
  print(out + "\n]\n");
  return good ? kGood : kBadInput;
}

struct CheckArguments {
  std::vector<std::string> files;
  std::string format = "text";
};

int run_check(const CheckArguments& arguments) {
  if (arguments.format == "json") return check_as_json(arguments.files);
  if (arguments.format != "text") {
    throw UsageError(
        fmt::format("--format must be text or json, found \"{}\"", visible(arguments.format, kShown)));
  }
  const std::vector<Checked> good = check_all(arguments.files);
  for (const auto& [source, controller] : good) {
    const genome::Controller& tree = controller.tree();
    print(fmt::format("{}: good (controller {}, {} nodes, id {})\n", visible(source.label), tree.name,
                      genome::size_of(tree), genome::base::short_id(genome::identity(tree))));
  }
  return good.size() == arguments.files.size() ? kGood : kBadInput;
}

struct FormatArguments {
  std::vector<std::string> files;
  bool write = false;
  bool drop_comments = false;
};

// The canonical text has no comments, and nobody wants to lose them by surprise.
void require_writable(const std::vector<Checked>& all, bool drop_comments) {
  std::vector<std::string> problems;
  for (const Checked& checked : all) {
    const std::string& path = checked.source.label;
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown)) {
      problems.push_back(fmt::format("{}: is no file that --write could rewrite", visible(path)));
    } else if (!drop_comments && checked.source.text.find('#') != std::string::npos) {
      problems.push_back(
          fmt::format("{}: has comments, which the canonical text leaves out; "
                      "add --drop-comments to rewrite it without them",
                      visible(path)));
    }
  }
  if (!problems.empty()) throw UsageError(std::move(problems));
}

int run_format(const FormatArguments& arguments) {
  if (arguments.drop_comments && !arguments.write) throw UsageError("--drop-comments needs --write");
  const std::vector<Checked> good = check_all(arguments.files);
  if (good.size() != arguments.files.size()) return kBadInput;
  if (arguments.write) require_writable(good, arguments.drop_comments);
  for (const auto& [source, controller] : good) {
    const std::string canonical = genome::print(controller.tree());
    if (!arguments.write) {
      print_exactly(canonical);
    } else if (canonical != source.text) {
      genome::base::write_durably(source.label, canonical);
    }
  }
  return kGood;
}

// For reading: descriptions longer than a line go on below their beginning.
std::string list_text(const std::vector<Offer>& controllers) {
  std::size_t width = 0;
  for (const Offer& each : controllers) width = std::max(width, each.word.size());
  const auto row = [&](std::string_view name, std::string_view text) {
    return fmt::format("{:<{}}  {}\n", name, width, text);
  };
  std::string out = row("name", "description");
  for (const Offer& each : controllers) {
    std::string_view name = each.word;
    std::istringstream lines(wrapped(each.meaning, kColumns - width - 2, ""));
    for (std::string line; std::getline(lines, line); name = "") out += row(name, line);
  }
  return out;
}

int run_list(const std::string& format) {
  const Format chosen = format_of(format);
  const std::vector<Offer> controllers = described_controllers();
  Table table({"name", "description"});
  for (const Offer& each : controllers) table.add_row({each.word, each.meaning});
  print(chosen == Format::kTable ? list_text(controllers) : table.text(chosen));
  return kGood;
}

void add_check(CLI::App& app, Action& action) {
  CLI::App* const check = app.add_subcommand("check", "Say what is wrong with controllers' texts");
  const auto arguments = std::make_shared<CheckArguments>();
  check
      ->add_option("CONTROLLER", arguments->files,
                   "Texts of controllers; - is standard input; or names from `evotts list`, or RUN:ID")
      ->required();
  check->add_option("--format", arguments->format, "text (for reading) or json (for programs)")
      ->type_name("text|json")
      ->capture_default_str();
  check->footer(
      R"(Every error and warning goes to stderr with its line and what would be right. A line for each good text
goes to stdout. Warnings are about what is allowed but hardly meant:
  counts of 0
  a key of `first` that tells no branches apart
  more branches than an episode opens
  a file or a name that hides a known controller
  names never used
  guards that are constant
They change neither the exit code nor the text. Exits with 2 when any text has errors.

json goes to stdout with all that is to be said, an array with an object for each text:
  file         where the text is from
  good         whether it has no errors
  controller, nodes, id
               of a good text alone
  diagnostics  errors and warnings
A diagnostic has these fields:
  severity     error or warning
  code         which kind of error or warning
  line, column
               null where it is about the whole
  message      what is wrong
  hint         what would be right, or null

Example: evotts check mine.ctl yours.ctl)");
  check->callback([arguments, &action] { action = [arguments] { return run_check(*arguments); }; });
}

void add_format(CLI::App& app, Action& action) {
  CLI::App* const format = app.add_subcommand("fmt", "Print the canonical text of controllers");
  const auto arguments = std::make_shared<FormatArguments>();
  format
      ->add_option("CONTROLLER", arguments->files,
                   "Texts of controllers; - is standard input; or names from `evotts list`")
      ->required();
  format->add_flag("--write", arguments->write,
                   "Rewrite the files instead of printing; nothing is touched unless all of them check");
  format->add_flag("--drop-comments", arguments->drop_comments,
                   "With --write: rewrite files that have comments too; the comments are lost");
  format->footer(
      "The canonical text of a controller decides its identity (the git blob id). It has no comments.\n\n"
      "Example: evotts fmt mine.ctl > canonical.ctl");
  format->callback([arguments, &action] { action = [arguments] { return run_format(*arguments); }; });
}

void add_list(CLI::App& app, Action& action) {
  CLI::App* const list =
      app.add_subcommand("list", "List the known controllers that every command takes by name");
  const auto format = std::make_shared<std::string>("table");
  add_format_option(*list, *format);
  list->footer("Example: evotts list --format csv\n         evotts fmt cmc       # the text of one of them");
  list->callback([format, &action] { action = [format] { return run_list(*format); }; });
}

}  // namespace

void add_text_commands(CLI::App& app, Action& action) {
  add_check(app, action);
  add_format(app, action);
  add_list(app, action);
}

}  // namespace experiments
