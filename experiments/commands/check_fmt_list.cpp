// The commands about texts of controllers: check, fmt, list.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/controller_source.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/known_names.hpp"
#include "genome/text/printer.hpp"

namespace experiments {
namespace {

using genome::base::visible;

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
      genome::CheckResult result = genome::check_text(source.text);
      const std::string told = genome::render_all(result.diagnostics, visible(source.label), source.text) +
                               genome::known_names(result.diagnostics, source.text);
      std::fputs(told.c_str(), stderr);
      if (result.controller) good.push_back({std::move(source), std::move(*result.controller)});
    } catch (const UsageError& error) {
      report(error.what());
    }
  }
  return good;
}

int run_check(const std::vector<std::string>& files) {
  const std::vector<Checked> good = check_all(files);
  for (const auto& [source, controller] : good) {
    const genome::Controller& tree = controller.tree();
    print(fmt::format("{}: good (controller {}, {} nodes, id {})\n", visible(source.label), tree.name,
                      genome::size_of(tree), genome::base::short_id(genome::identity(tree))));
  }
  return good.size() == files.size() ? kGood : kBadInput;
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

// The first comment line without its mark.
std::string description_of(std::string_view text) {
  const std::size_t mark = text.find('#');
  if (mark == std::string_view::npos) return "";
  const std::string_view line = text.substr(mark + 1, text.find('\n', mark) - mark - 1);
  return std::string(line.substr(std::min(line.find_first_not_of(' '), line.size())));
}

int run_list(const std::string& format) {
  Table table({"name", "description"});
  const Format chosen = format_of(format);
  for (const genome::KnownController& known : genome::known_controllers()) {
    table.add_row({std::string(known.name), description_of(known.text)});
  }
  print(table.text(chosen));
  return kGood;
}

void add_check(CLI::App& app, Action& action) {
  CLI::App* const check = app.add_subcommand("check", "Say what is wrong with controllers' texts");
  const auto files = std::make_shared<std::vector<std::string>>();
  check->add_option("FILE", *files, "Texts of controllers; - is standard input; or names from `evotts list`")
      ->required();
  check->footer(R"(Every error and warning goes to stderr with its line and what would be right; a line
for each good text goes to stdout. Exits with 2 when any text has errors.

Example: evotts check mine.ctl yours.ctl)");
  check->callback([files, &action] { action = [files] { return run_check(*files); }; });
}

void add_format(CLI::App& app, Action& action) {
  CLI::App* const format = app.add_subcommand("fmt", "Print the canonical text of controllers");
  const auto arguments = std::make_shared<FormatArguments>();
  format
      ->add_option("FILE", arguments->files,
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
