// The command that lists the generations of a run, alone or beside those of another: log.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/experiment_changes.hpp"
#include "experiments/sources/run_source.hpp"
#include "experiments/tables/history.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using evo::Trailer;
using Entry = HistoryEntry;

constexpr int kBarWidth = 30;

struct Arguments {
  std::string run, format = "table";
  std::optional<std::string> by, against, island;
  bool graph = false, improved = false, frontier = false;
};

std::optional<int> wanted_island(const Arguments& arguments, const RunAt& at) {
  if (!arguments.island) return std::nullopt;
  const std::size_t islands = evo::state_in(at.repository, at.revision).islands.size();
  if (islands == 1)
    throw UsageError(fmt::format("--island: {} has no islands", genome::base::visible(arguments.run)));
  return static_cast<int>(
      whole_number("--island", *arguments.island, {1, static_cast<std::int64_t>(islands)}));
}

double least_gain(const Arguments& arguments) {
  if (!arguments.by) return 0;
  double points = -1;
  const std::string& text = *arguments.by;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), points);
  if (error != std::errc() || end != text.data() + text.size() || !(points >= 0))
    throw UsageError(
        fmt::format("--by must be a number of at least 0, found \"{}\"", genome::base::visible(text)));
  return points;
}

std::vector<Entry> wanted(std::vector<Entry> entries, const Arguments& arguments) {
  const double least = least_gain(arguments);
  if (arguments.improved || arguments.by)
    std::erase_if(entries,
                  [&](const Entry& each) { return !each.gain || *each.gain <= 0 || *each.gain < least; });
  if (arguments.frontier)
    std::erase_if(entries,
                  [](const Entry& each) { return each.value(Trailer::kFrontierNew).value_or(0) <= 0; });
  return entries;
}

// Of one island.
Table island_table(const std::vector<Entry>& entries) {
  Table table({"generation", "commit", "best", "gain", "best_id", "population", "scored"});
  for (const Entry& entry : entries) {
    if (!entry.island) continue;
    table.add_row({number_cell(entry.generation, 0), genome::base::short_id(entry.commit.id),
                   number_cell(entry.best, 3), number_cell(entry.gain, 3), entry.best_id(),
                   static_cast<std::int64_t>(entry.island->living),
                   static_cast<std::int64_t>(entry.island->scored)});
  }
  return table;
}

std::string bar(double share) {
  std::string text;
  for (int i = 0; i < std::lround(share * kBarWidth); ++i) text += '=';
  return text;
}

// Newest first, as `git log --graph`, with the best score drawn beside it, and where the run was forked or
// its held-out environments were opened.
std::string graph_of(const std::vector<Entry>& entries, const std::vector<evo::Unsealing>& looks) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Entry& each : entries) {
    if (each.best) low = std::min(low, *each.best), high = std::max(high, *each.best);
  }
  std::string out;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    for (auto look = looks.rbegin(); look != looks.rend(); ++look) {
      if (look->commit == entry->commit.id)
        out += fmt::format("| o      held-out environments opened, look {}\n", look->number);
    }
    if (!entry->generation) {
      out += fmt::format("+-       {}\n", entry->headline());
      continue;
    }
    const double share = entry->best && high > low ? (*entry->best - low) / (high - low) : 1;
    out += fmt::format(
        "* {:>5}  {:>8.3f} {:>8}  {:{}}  {} {:>2} new  {}\n", *entry->generation, entry->best.value_or(0),
        entry->gain && *entry->gain != 0 ? fmt::format("{:+.3f}", *entry->gain) : "", bar(share), kBarWidth,
        entry->best_id(), entry->value(Trailer::kFrontierNew).value_or(0), entry->commit.id.substr(0, 7));
  }
  return out;
}

int run_log(const Arguments& arguments) {
  const Format format = format_of(arguments.format);
  if (arguments.graph && format != Format::kTable)
    throw UsageError("--graph is for people; leave it out with --format csv or json");
  const RunAt at = open_run(arguments.run);
  const std::optional<int> island = wanted_island(arguments, at);
  std::vector<Entry> entries = wanted(history_of(at, island), arguments);
  if (island)  // which may be younger than the run
    std::erase_if(entries, [](const Entry& each) { return each.generation && !each.island; });
  print(arguments.graph ? graph_of(entries, evo::unsealings_of(at.repository))
        : island        ? island_table(entries).text(format)
                        : history_table(entries).text(format));
  return kGood;
}

// ---- two runs of one ancestor

// Where the two histories part: the newest commit that is in both.
std::optional<Entry> common_ancestor(const std::vector<Entry>& a, const std::vector<Entry>& b) {
  std::map<std::string, const Entry*> in_b;
  for (const Entry& each : b) in_b.emplace(each.commit.id, &each);
  for (auto entry = a.rbegin(); entry != a.rend(); ++entry) {
    if (in_b.contains(entry->commit.id)) return *entry;
  }
  return std::nullopt;
}

// Entries behind the ancestor, by generation.
std::map<int, const Entry*> behind(const std::vector<Entry>& entries, const std::string& ancestor) {
  std::map<int, const Entry*> found;
  bool passed = false;
  for (const Entry& each : entries) {
    if (passed && each.generation) found[static_cast<int>(*each.generation)] = &each;
    passed = passed || each.commit.id == ancestor;
  }
  return found;
}

// How the best of two runs are compared whatever they were scored on.
std::string compare_command(const Arguments& arguments) {
  return fmt::format("evotts compare {} {} --env ...", genome::base::shell_path(arguments.run, ":best"),
                     genome::base::shell_path(*arguments.against, ":best"));
}

std::string curve_command(const Arguments& arguments) {
  return fmt::format("evotts curve {} --against {} --env ...",
                     genome::base::shell_path(arguments.run, ":best"),
                     genome::base::shell_path(*arguments.against, ":best"));
}

int run_log_against(const Arguments& arguments) {
  const Format format = format_of(arguments.format);
  if (arguments.island) throw UsageError("--island is of one run; leave it out with --against");
  const RunAt a = open_run(arguments.run), b = open_run(*arguments.against);
  const std::vector<Entry> of_a = history_of(a), of_b = history_of(b);
  const auto ancestor = common_ancestor(of_a, of_b);
  if (!ancestor) {
    throw evo::RunError(fmt::format(
        "{} and {} have no common history: neither is a fork of the other's ancestor; {} compares their best "
        "controllers on the same episodes, {} at the same tokens",
        genome::base::visible(arguments.run), genome::base::visible(*arguments.against),
        genome::base::quoted_command(compare_command(arguments)),
        genome::base::quoted_command(curve_command(arguments))));
  }
  const auto behind_a = behind(of_a, ancestor->commit.id), behind_b = behind(of_b, ancestor->commit.id);
  std::map<int, std::pair<const Entry*, const Entry*>> rows;
  for (const auto& [generation, entry] : behind_a) rows[generation].first = entry;
  for (const auto& [generation, entry] : behind_b) rows[generation].second = entry;
  const auto changes = changed_keys(experiment_in(a), experiment_in(b));
  const bool comparable = std::ranges::none_of(changes, changes_scores);
  Table table(
      {"generation", "best_a", "best_b", "difference", "hypervolume_a", "hypervolume_b", "id_a", "id_b"});
  const auto value = [](const Entry* entry, Trailer trailer) {
    return entry == nullptr ? std::nullopt : entry->value(trailer);
  };
  const auto id = [](const Entry* entry) {
    return entry == nullptr ? Cell{Missing{}} : Cell{entry->best_id()};
  };
  for (const auto& [generation, both] : rows) {
    const auto best_a = value(both.first, Trailer::kBestScore),
               best_b = value(both.second, Trailer::kBestScore);
    const bool differ = comparable && best_a && best_b;
    table.add_row({static_cast<std::int64_t>(generation), number_cell(best_a, 3), number_cell(best_b, 3),
                   differ ? Cell{Decimal{*best_b - *best_a, 3}} : Cell{Missing{}},
                   number_cell(value(both.first, Trailer::kHypervolume), 3),
                   number_cell(value(both.second, Trailer::kHypervolume), 3), id(both.first),
                   id(both.second)});
  }
  if (format != Format::kTable) {
    print(table.text(format));
    return kGood;
  }
  std::string out = fmt::format(
      "A  {}\nB  {}\n\none history up to {} ({})\n", genome::base::visible(arguments.run),
      genome::base::visible(*arguments.against),
      ancestor->generation ? fmt::format("generation {}", *ancestor->generation) : ancestor->headline(),
      genome::base::short_id(ancestor->commit.id));
  for (const evo::ChangedKey& each : changes)
    out += fmt::format("  {}: {} -> {}\n", each.key, each.from, each.to);
  if (changes.empty()) out += "  the same experiment\n";
  out += "\n" + table.text(Format::kTable);
  out += comparable ? "" : "\nThe two are scored differently, so their scores cannot be compared.\n";
  out += fmt::format("\nOn the same episodes: {}\nAt the same tokens:   {}\n", compare_command(arguments),
                     curve_command(arguments));
  print(out);
  return kGood;
}

}  // namespace

void add_log_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const log = app.add_subcommand("log", "List the generations of a run");
  log->add_option("RUN", arguments->run, "The folder of a run, or RUN@GENERATION to end there")->required();
  log->add_flag("--graph", arguments->graph,
                "Draw the history, newest first: best scores, forks, and looks at held-out environments");
  log->add_flag("--improved", arguments->improved,
                "Only generations whose best is better than the one before");
  log->add_option("--by", arguments->by, "Only generations whose best is better by at least POINTS")
      ->type_name("POINTS");
  log->add_flag("--frontier", arguments->frontier, "Only generations that brought points of the frontier");
  log->add_option("--against", arguments->against,
                  "Compare with another run of a common ancestor, where they part")
      ->type_name("RUN");
  log->add_option("--island", arguments->island, "Of a run with islands, the generations of island N alone")
      ->type_name("N");
  add_format_option(*log, arguments->format);
  log->footer(
      "Examples: evotts log runs/first --improved\n          evotts log runs/first --against runs/fork");
  log->callback([arguments, &action] {
    action = [arguments] { return arguments->against ? run_log_against(*arguments) : run_log(*arguments); };
  });
}

}  // namespace experiments
