// The command that shows runs as a page: report.
#include "experiments/console/report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evo/base/program_version.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/pages/episode_data.hpp"
#include "experiments/pages/page.hpp"
#include "experiments/pages/page_cache.hpp"
#include "experiments/pages/run_data.hpp"
#include "experiments/pages/together.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

struct Arguments {
  std::vector<std::string> runs;
  std::string file;
  std::optional<std::string> orderings, threads;
  bool no_episodes = false, force = false;
};

std::string tree_of(const RunAt& at) { return at.repository.log(1, at.revision).front().tree; }

// What episodes tell depends on the program, the trees and the request alone.
template <typename Make>
PageJson kept_or_made(const std::string& what, const EpisodeRequest& request, const Make& make) {
  const PageCache cache(
      fmt::format("{}\n{}\norderings {}", evo::program_version(), what, request.orderings.value_or(0)));
  if (auto kept = cache.read()) return std::move(*kept);
  PageJson made = make();
  cache.keep(made);
  return made;
}

// What cannot be told is told of on standard error too, as the page is looked at later.
void report_problems(const PageJson& data, const std::string& name) {
  for (const PageJson& problem : data["problems"])
    report(fmt::format("{}: {} {}: {}", genome::base::visible(name), problem["part"].get<std::string>(),
                       problem.contains("partly") ? "is shown in part" : "cannot be shown",
                       problem["why"].get<std::string>()));
}

PageJson one_run(const RunToShow& each, const Arguments& arguments, const EpisodeRequest& request) {
  PageJson run = run_data(each.at, each.name);
  if (!arguments.no_episodes && !run["state"].is_null()) {
    add_part(run, "episodes", [&] {
      return kept_or_made("run " + tree_of(each.at), request, [&] { return episode_data(each.at, request); });
    });
    lift_problems(run, "episodes");
  }
  report_problems(run, each.name);
  return run;
}

PageJson all_runs(const RunsToShow& runs, const Arguments& arguments, const EpisodeRequest& request) {
  PageJson together = together_data(runs);
  if (!arguments.no_episodes) {
    std::string trees;
    for (const RunToShow* each : runs) trees += each->name + " " + tree_of(each->at) + "\n";
    add_part(together, "paired", [&] {
      return kept_or_made("runs " + trees, request, [&] { return paired_data(runs, request); });
    });
  }
  return together;
}

PageJson data_of(const std::vector<RunToShow>& runs, const Arguments& arguments,
                 const EpisodeRequest& request) {
  PageJson data = {{"runs", PageJson::array()}};
  RunsToShow whole;
  for (const RunToShow& each : runs) {
    PageJson run = one_run(each, arguments, request);
    if (!run["state"].is_null()) whole.push_back(&each);
    data["runs"].push_back(std::move(run));
  }
  if (runs.size() == 1) return data;
  PageJson together = {{"problems", PageJson::array()}};
  if (whole.size() > 1) together = all_runs(whole, arguments, request);
  if (whole.size() < runs.size())
    add_gap(together, "all runs together",
            fmt::format("{} of {} runs cannot be read whole", runs.size() - whole.size(), runs.size()));
  report_problems(together, "all runs");
  data["together"] = std::move(together);
  return data;
}

int run_report(const Arguments& arguments) {
  const bool to_stream = arguments.file == kStandardStream || genome::base::is_stream(arguments.file);
  if (!to_stream) {
    expect_folder_of(arguments.file);
    expect_new_file(arguments.file, arguments.force);
  }
  EpisodeRequest request;
  if (arguments.orderings)
    request.orderings =
        static_cast<std::size_t>(whole_number("--orderings", *arguments.orderings, kOrderings));
  const ThreadLimit threads(arguments.threads);
  std::vector<RunToShow> runs;
  for (const std::string& spec : arguments.runs) runs.push_back({spec, open_run(spec)});
  const std::string title =
      runs.size() == 1 ? genome::base::visible(runs.front().name) : fmt::format("{} runs", runs.size());
  const std::string page = page_html(title, data_of(runs, arguments, request), PageKind::kFile);
  if (arguments.file == kStandardStream) {
    print_exactly(page);
    return kGood;
  }
  genome::base::write_durably(arguments.file, page);
  if (!to_stream)
    print(
        fmt::format("wrote {} ({} kB)\n", genome::base::visible(arguments.file), (page.size() + 999) / 1000));
  return kGood;
}

}  // namespace

void add_report_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const report = app.add_subcommand("report", "Show runs as a page to look at and to pass on");
  report->add_option("RUN", arguments->runs, "Folders of runs, or RUN@GENERATION")->required();
  report->add_option("-o,--out", arguments->file, "Where to write the page; - is standard output")
      ->type_name("FILE")
      ->required();
  report->add_flag("--no-episodes", arguments->no_episodes,
                   "Run nothing: leave out intervals, what each line brought, diagnoses and questions");
  report
      ->add_option("--orderings", arguments->orderings, "Orderings of the branches that episodes are run on")
      ->type_name("N")
      ->default_str("the experiment's");
  report->add_flag("--force", arguments->force, "Replace the file if it exists");
  add_threads_option(*report, arguments->threads);
  report->footer(
      R"(The page is one HTML file that opens from the disk and asks no network: the best controller, accuracy
against tokens, progress, lineage, operators, models. Figures are those that the other commands print.

The best, the champion's steps and the known controllers are run again on the environments of the search.
What comes of it is kept in the user's cache (XDG_CACHE_HOME), so the same page is quick the next time. Where
an environment is not at hand, the page says so and has the rest. Of several runs it shows their spread over
seeds and paired differences too.

Example: evotts report runs/first -o first.html)");
  report->callback([arguments, &action] { action = [arguments] { return run_report(*arguments); }; });
}

}  // namespace experiments
