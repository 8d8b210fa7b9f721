// The command that tells how two controllers differ: diff.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/json_text.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reports/comparison_report.hpp"
#include "experiments/reports/diff_text.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"
#include "genome/comparison/semantic_diff.hpp"
#include "genome/text/printer.hpp"
#include "genome/text/text_diff.hpp"

namespace experiments {
namespace {

struct Arguments {
  std::string a, b;
  bool text = false, behaviour = false;
  EpisodeArguments episodes{.betas = "0.5"};
  std::optional<std::string> threads;
  std::string format = "text";
};

std::string line_difference(const NamedController& a, const NamedController& b) {
  const std::string difference =
      genome::text_diff(genome::print(a.controller.tree()), genome::print(b.controller.tree()),
                        {.from = a.label, .to = b.label});
  return difference.empty() ? fmt::format("no difference: both are {}\n",
                                          genome::base::short_id(genome::identity(a.controller.tree())))
                            : difference;
}

std::string behaviour(const Arguments& arguments, const std::vector<NamedController>& both, bool json) {
  ComparisonRequest request;
  request.betas = beta_list("--beta", arguments.episodes.betas);
  request.options = evaluator_options(arguments.episodes);
  const ThreadLimit threads(arguments.threads);
  const auto environments = environments_for(both, arguments.episodes.environments);
  return comparison_report(both[0], both[1], environments, request, json ? Format::kJson : Format::kTable);
}

void check_arguments(const Arguments& arguments) {
  if (arguments.format != "text" && arguments.format != "json") {
    throw UsageError(fmt::format("--format must be text or json, found \"{}\"",
                                 genome::base::visible(arguments.format, 60)));
  }
  if (arguments.text && (arguments.behaviour || arguments.format == "json"))
    throw UsageError("diff: --text goes with neither --behaviour nor --format json");
  if (arguments.behaviour) require_environments(arguments.episodes, "diff --behaviour");
  if (!arguments.behaviour && !arguments.episodes.environments.empty())
    throw UsageError("diff: --env is for --behaviour; add it to compare what the two do");
}

int run_diff(const Arguments& arguments) {
  check_arguments(arguments);
  const std::vector<std::string> specs{arguments.a, arguments.b};
  const std::vector<NamedController> both = resolve_controllers(specs);
  const NamedController &a = both[0], &b = both[1];
  if (arguments.text) {
    print(line_difference(a, b));
    return kGood;
  }
  const bool json = arguments.format == "json";
  const genome::SemanticDiff diff = genome::semantic_diff(a.controller.tree(), b.controller.tree());
  const DiffSide side_a{a.label, genome::identity(a.controller.tree())},
      side_b{b.label, genome::identity(b.controller.tree())};
  const std::string difference = json ? diff_json(side_a, side_b, diff) : diff_text(side_a, side_b, diff);
  if (!arguments.behaviour) {
    print(difference);
    return kGood;
  }
  const std::string acted = behaviour(arguments, both, json);
  print(json ? json_document({{"difference", difference}, {"behaviour", acted}})
             : difference + "\nbehaviour\n\n" + acted);
  return kGood;
}

constexpr const char* kHelp =
    R"(Schedule entries and registers are matched by name, with how a value moves from beta 0 to 1. Lines are
aligned, with these marks:
  ~        a changed line
  {x → y}  was x and is y
  {+ y}    y is new
  {- x}    x is gone
  +, -     a whole line that is new, or gone
What B renamed is spelled as in A. Some differences mean nothing: names, the order of independent lines,
and what nothing reads. Controllers that differ in these alone are said to be no different.

Example: evotts diff cmc runs/first:best --behaviour --env recorded/ --beta 0.5)";

}  // namespace

void add_diff_command(CLI::App& app, Action& action) {
  CLI::App* const diff = app.add_subcommand("diff", "Tell how two controllers differ");
  const auto arguments = std::make_shared<Arguments>();
  diff->add_option("A", arguments->a, "A name, a file, RUN:ID or RUN@GENERATION:ID")->required();
  diff->add_option("B", arguments->b, "Likewise")->required();
  diff->add_flag("--text", arguments->text, "The difference of the canonical texts, line by line");
  diff->add_flag("--behaviour", arguments->behaviour,
                 "Compare what they do on --env too, as `evotts compare` does");
  add_environment_option(*diff, arguments->episodes);
  add_beta_option(*diff, arguments->episodes);
  add_ordering_options(*diff, arguments->episodes);
  add_cost_options(*diff, arguments->episodes);
  diff->add_option("--format", arguments->format, "text (for reading) or json (for programs)")
      ->type_name("text|json")
      ->capture_default_str();
  add_threads_option(*diff, arguments->threads);
  diff->footer(kHelp);
  diff->callback([arguments, &action] { action = [arguments] { return run_diff(*arguments); }; });
}

}  // namespace experiments
