// The command that compares two controllers on the same episodes: compare.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/reports/comparison_report.hpp"
#include "experiments/sources/controller_source.hpp"
#include "experiments/sources/unsealed_environments.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kQuestions{0, 1'000'000};

struct Arguments {
  std::string a, b;
  EpisodeArguments episodes{.betas = "0.5"};
  std::optional<std::string> questions, question, ordering, threads;
  std::string format = "table";
};

int run_compare(const Arguments& arguments) {
  ComparisonRequest request;
  request.betas = beta_list("--beta", arguments.episodes.betas);
  request.options = evaluator_options(arguments.episodes);
  request.bootstrap = bootstrap_options(arguments.episodes);
  if (arguments.questions) {
    request.most_questions =
        static_cast<std::size_t>(whole_number("--questions", *arguments.questions, kQuestions));
  }
  if (arguments.ordering) {
    request.ordering = static_cast<std::uint64_t>(whole_number("--ordering", *arguments.ordering, kSeeds));
  }
  const Format format = format_of(arguments.format);
  require_environments(arguments.episodes, "compare");
  const ThreadLimit threads(arguments.threads);
  const std::vector<std::string> specs{arguments.a, arguments.b};
  const std::vector<NamedController> both = resolve_controllers(specs);
  const auto environments = environments_for(both, arguments.episodes.environments);
  if (arguments.question) {
    std::size_t most = 0;
    for (const replay::Environment& environment : environments)
      most = std::max(most, environment.questions.size());
    request.question = static_cast<std::size_t>(
        whole_number("--question", *arguments.question, {0, static_cast<std::int64_t>(most) - 1}));
  }
  print(comparison_report(both[0], both[1], environments, request, format));
  return kGood;
}

}  // namespace

void add_compare_command(CLI::App& app, Action& action) {
  CLI::App* const compare = app.add_subcommand("compare", "Compare two controllers on the same episodes");
  const auto arguments = std::make_shared<Arguments>();
  compare->add_option("A", arguments->a, "A name from `evotts list`, a file, or RUN:ID")->required();
  compare->add_option("B", arguments->b, "Likewise")->required();
  add_environment_option(*compare, arguments->episodes);
  add_beta_option(*compare, arguments->episodes);
  add_ordering_options(*compare, arguments->episodes);
  add_cost_options(*compare, arguments->episodes);
  add_bootstrap_option(*compare, arguments->episodes);
  compare
      ->add_option("--questions", arguments->questions,
                   "List up to N of the questions that changed sides, first those that changed most")
      ->type_name("N")
      ->default_str("10, all in json, 0 in csv");
  compare
      ->add_option("--question", arguments->question, "Where to look for the parting: only in this question")
      ->type_name("N")
      ->default_str("any");
  compare->add_option("--ordering", arguments->ordering, "Likewise: only under this ordering")
      ->type_name("S")
      ->default_str("any");
  add_format_option(*compare, arguments->format);
  add_threads_option(*compare, arguments->threads);
  compare->footer(
      R"(Differences are B minus A, with a 95% bootstrap interval over questions. Accuracy is in percent, and
tokens are those of an episode. The column alike is the percentage of episodes with the same actions and
the same answer. A question changed sides when A and B answer it right in a different number of its
episodes. It is counted once for each beta. Then the first episode that is not alike is shown, from the
first action that differs on.

csv gives the environments. Means over several of them have (mean) for the environment. With --questions
it gives the questions instead. json is one object:
  a, b               names of the controllers
  episodes           how many each ran
  episodes_alike     how many of them are alike
  environments, means, questions
                     arrays of objects with the columns of the tables
  changed_questions  how many questions changed sides
  parting            null, or the first episode that is not alike
A parting has these fields:
  environment, beta, question, ordering
                     the episode
  common_actions     how many actions come before the first that differs
  before             the last few of these actions
  a, b               how the episode went on under each controller
For each controller these are told:
  next               the actions that come next, as `evotts trace` writes them
  actions            how many there are in all
  tokens             what the episode cost
  ending, stop_line  why it ended, and at which line
  answer, answer_line, right
                     what was answered, by which line, and whether it is right

Example: evotts compare cmc mine.ctl --env recorded/ --beta 0.5)");
  compare->callback([arguments, &action] { action = [arguments] { return run_compare(*arguments); }; });
}

}  // namespace experiments
