// The command that writes a first experiment for somebody's recordings: new.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "evo/base/layout.hpp"
#include "evo/record/held_out.hpp"
#include "experiments/commands/beginning/data_facts.hpp"
#include "experiments/commands/beginning/experiment_draft.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/console/episode_options.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/rng.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;
using Environments = std::vector<replay::Environment>;

constexpr std::size_t kWorthHolding = 8;  // distinct questions, on either side of a split

struct Arguments {
  std::string folder;
  EpisodeArguments episodes;
  std::vector<std::string> held_out;
  std::optional<std::string> split, threads;
};

// A folder that is new, or empty.
void make_folder(const fs::path& folder) {
  std::error_code failed;
  if (fs::exists(folder, failed) && (!fs::is_directory(folder, failed) || !fs::is_empty(folder, failed)))
    throw UsageError(fmt::format("{}: exists already; choose another folder", visible(folder.string())));
  fs::create_directories(folder, failed);
  if (failed)
    throw UsageError(fmt::format("{}: cannot be made: {}", visible(folder.string()), failed.message()));
}

// As an experiment names it wherever it lies.
std::string whole_path(const std::string& spec) {
  std::error_code failed;
  const fs::path whole = fs::canonical(spec, failed);
  return failed ? spec : whole.string();
}

std::vector<std::string> whole_paths(const std::vector<std::string>& specs) {
  std::vector<std::string> all;
  for (const std::string& each : specs) all.push_back(whole_path(each));
  return all;
}

// Leaves out of the search what a run would refuse to search on, as it is held out, so that budgets do not
// follow from it either. How many environments these are.
std::size_t leave_out(Environments& searched, const Environments& held_out) {
  const std::vector<evo::Fingerprint> held = evo::fingerprints_of(held_out);
  const std::size_t left_out = std::erase_if(searched, [&](const replay::Environment& each) {
    const evo::Fingerprint print = evo::fingerprint_of(each);
    return std::ranges::any_of(
        held, [&](const evo::Fingerprint& sealed) { return evo::same_file_or_question(sealed, print); });
  });
  if (searched.empty())
    throw UsageError(
        "--hold-out: nothing is left to search on: all environments of --env, or questions of theirs, are "
        "held out; name more of them there, or hold fewer out");
  return left_out;
}

std::vector<std::string> sources_of(const Environments& environments) {
  std::vector<std::string> all;
  for (const replay::Environment& each : environments) all.push_back(each.source);
  return all;
}

// The numbers of the distinct questions that are held out.
std::set<std::size_t> drawn(std::size_t questions, double share) {
  std::vector<std::size_t> order(questions);
  std::iota(order.begin(), order.end(), std::size_t{0});
  auto rng = genome::base::keyed_stream(1, genome::base::Purpose::kHeldOut, questions);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[genome::base::uniform_index(rng, i)]);
  const auto count = static_cast<std::size_t>(std::lround(share * static_cast<double>(questions)));
  return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::string file_name_of(const std::string& environment) {
  std::string name = environment;
  std::ranges::replace_if(
      name, [](char c) { return c == '/' || c == '\\' || c == ' ' || c == ':'; }, '_');
  return name + ".json";
}

// Each environment in two files: what is searched on and what is held out, the same questions in all.
DraftSources split_into(const fs::path& folder, Environments& environments, double share) {
  const replay::DistinctQuestions distinct(environments);
  const std::set<std::size_t> held = drawn(distinct.count(), share);
  if (held.size() < kWorthHolding || distinct.count() - held.size() < kWorthHolding)
    throw UsageError(
        fmt::format("--split: {} of {} distinct questions are held out; at least {} must be on "
                    "either side",
                    held.size(), distinct.count(), kWorthHolding));
  DraftSources sources;
  std::set<std::string> names;
  for (std::size_t e = 0; e < environments.size(); ++e) {
    replay::Environment out = environments[e];
    out.questions.clear();
    std::vector<replay::Question> kept;
    for (std::size_t q = 0; q < environments[e].questions.size(); ++q) {
      auto& to = held.contains(distinct.of(e, q)) ? out.questions : kept;
      to.push_back(std::move(environments[e].questions[q]));
    }
    environments[e].questions = std::move(kept);
    std::string name = file_name_of(environments[e].name);
    if (!names.insert(name).second) name = fmt::format("{}_{}", e, name);
    for (const auto& [part, environment, list] :
         {std::tuple{"search", &environments[e], &sources.search}, {"held_out", &out, &sources.held_out}}) {
      if (environment->questions.empty()) continue;
      const fs::path path = folder / part / name;
      genome::base::write_durably_with_folders(path, replay::to_json(*environment));
      list->push_back(fs::absolute(path).lexically_normal().string());
    }
  }
  std::erase_if(environments, [](const replay::Environment& each) { return each.questions.empty(); });
  return sources;
}

void tell(const fs::path& file, const DataFacts& facts, const DraftSources& sources, std::size_t left_out) {
  print(
      fmt::format("{}: written\n\n"
                  "  {} environment{}, {} distinct questions{}\n"
                  "  self-consistency is right in {:.1f}% to {:.1f}%; judged from {} to {} tokens\n",
                  shown_path(file), facts.environments, facts.environments == 1 ? "" : "s", facts.questions,
                  sources.held_out.empty() ? "" : ", others held out", facts.least_accuracy,
                  facts.most_accuracy, facts.budget_low, facts.budget_high));
  if (left_out > 0)
    print(fmt::format(
        "  {} of {} environments of --env are not searched on, as they or questions of theirs are "
        "held out\n",
        left_out, left_out + facts.environments));
  if (!facts.looks)
    print(
        "  no branch was looked into before its end: open reads a whole branch, as read does, at the cost of "
        "all its tokens\n");
  if (facts.most_accuracy - facts.least_accuracy < 1)
    print("  more branches bring self-consistency nothing: there may be nothing to find here\n");
  print(fmt::format("\nnext: evotts run {} --out {} --minutes 10\n", command_path(file),
                    command_path(file.parent_path() / "run")));
}

int run_new(const Arguments& arguments) {
  require_environments(arguments.episodes, "new");
  if (arguments.split && !arguments.held_out.empty())
    throw UsageError("--split and --hold-out: give one of them");
  const double share = arguments.split ? real_number("--split", *arguments.split, {0.05, 0.95}) : 0;
  const ThreadLimit threads(arguments.threads);
  Environments environments = replay::open_environments(arguments.episodes.environments);
  const std::size_t left_out =
      arguments.held_out.empty() ? 0 : leave_out(environments, replay::open_environments(arguments.held_out));
  const fs::path folder = arguments.folder;
  make_folder(folder);
  DraftSources sources;
  if (share > 0) {
    sources = split_into(folder, environments, share);
  } else {
    // A folder stands for all in it, unless some of that is held out.
    sources.search = whole_paths(left_out == 0 ? arguments.episodes.environments : sources_of(environments));
    sources.held_out = whole_paths(arguments.held_out);
  }
  sources.name = fs::absolute(folder).lexically_normal().filename().string();
  if (sources.name.empty()) sources.name = "experiment";
  const DataFacts facts = facts_of(environments);
  const fs::path file = folder / evo::kExperimentFile;
  genome::base::write_durably(file, draft_text(sources, facts));
  tell(file, facts, sources, left_out);
  return kGood;
}

}  // namespace

void add_new_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = app.add_subcommand("new", "Write a first experiment for your recordings");
  command->add_option("FOLDER", arguments->folder, "A new folder for the experiment")->required();
  add_environment_option(*command, arguments->episodes);
  command
      ->add_option("--hold-out", arguments->held_out,
                   "Environments that the search never reads, to judge its winner on; those of --env that "
                   "are among them are not searched on")
      ->type_name("FILE_OR_DIR...");
  command
      ->add_option("--split", arguments->split,
                   "Hold out this share of the distinct questions, the same of every environment")
      ->type_name("SHARE");
  add_threads_option(*command, arguments->threads);
  command->footer(
      R"(Looks at the recordings and writes FOLDER/experiment.toml with a reason beside each key. Budgets are those
between which more branches help self-consistency. Orderings are as many as make a generation quick, and
variants are added where questions are few. With --split both parts are written into the folder as
environments.

Example: evotts new mine --env recorded/ --split 0.3)");
  command->callback([arguments, &action] { action = [arguments] { return run_new(*arguments); }; });
}

}  // namespace experiments
