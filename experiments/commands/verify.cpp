// The command that proves a run whole: verify.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/locks/run_lock.hpp"
#include "evo/preregistration/registration.hpp"
#include "evo/verification/verification.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/score_check.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run;
  std::string sample = "10";
  std::optional<std::string> threads, published;
};

std::string agreement(const ScoreCheck& scores) {
  if (!scores.problems.empty()) return fmt::format("{} not the same", scores.problems.size());
  if (scores.rounded == 0) return "the same to the last digit";
  return fmt::format("the same but for the last digits of {} ({})", scores.rounded, scores.elsewhere);
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// A file that is torn is no reference to git, which then does not replace it.
std::string put_back(const evo::Verification& found, const fs::path& run) {
  return fmt::format("rm -f {} && git -C {} update-ref {} {}", command_path(found.git / evo::kMainReference),
                     command_path(run), evo::kMainReference, found.newest_whole_commit);
}

std::string advice(const evo::Verification& found, const fs::path& path, bool damaged) {
  const std::string run = command_path(path);
  if (!damaged && found.can_resume)
    return fmt::format("the run is whole{}; go on with: evotts resume {}\n",
                       found.complete ? "" : " as far as it is here", run);
  if (!damaged) return fmt::format("nothing is damaged{}\n", found.complete ? "" : " of what is here");
  std::string out = "the run is damaged\n";
  if (found.can_resume)
    out += fmt::format("its newest state is whole all the same; go on with: evotts resume {}\n", run);
  if (found.newest_whole) {
    out += fmt::format(
        "generation {}{}; go on from there with: evotts fork {} NEW\n", *found.newest_whole,
        found.whole_before ? " and all before it are whole" : " is whole, though not all before it",
        command_path(path, fmt::format("@{}", *found.newest_whole)));
    const bool nothing_else =
        found.problems.size() == 1;  // what can be mended may hold the generations after
    if (found.branch_lost && nothing_else)
      out += fmt::format("or put main back there with: {}\n", put_back(found, path));
  } else if (!found.can_resume) {
    out += "no generation is whole with its history: nothing can be resumed\n";
  }
  return out;
}

std::string score_lines(const ScoreCheck& scores) {
  if (!scores.left_out.empty())
    return fmt::format("scores       not made again: {} (--sample 0 leaves them out)\n", scores.left_out);
  std::string out = fmt::format("scores       {} of {} made again, {}\n", scores.compared, scores.population,
                                agreement(scores));
  if (!scores.expected.empty()) out += fmt::format("expected     {}\n", scores.expected);
  if (!scores.limits.empty()) out += fmt::format("limits       {}\n", scores.limits);
  for (const std::string& each : scores.problems)
    out += fmt::format("{:<13}{}\n", scores.elsewhere.empty() ? "damage" : "note", each);
  return out;
}

// Why the scores prove nothing, where they do not; empty where they do. A last digit can decide what a
// controller does next, so episodes come out otherwise now and then under another C library.
std::string unproved_scores(const ScoreCheck& scores) {
  if (!scores.left_out.empty()) return "the scores were not looked at";
  if (scores.problems.empty() || scores.elsewhere.empty()) return {};
  return fmt::format("the scores cannot be proved here: {}", scores.elsewhere);
}

int concluded(std::string out, const evo::Verification& found, const fs::path& run, bool good) {
  print(out + advice(found, run, !good));
  return good ? kGood : kBadInput;
}

void expect_published(const std::string& run, const std::string& published) {
  const RunAt at = open_run(run);
  evo::expect_published(evo::registration_of(at.repository, at.revision), published,
                        genome::base::visible(run));
}

int run_verify(const Arguments& arguments) {
  const auto wanted = static_cast<std::size_t>(whole_number("--sample", arguments.sample, {0, 1'000'000}));
  const ThreadLimit threads(arguments.threads);
  expect_whole_run(arguments.run);
  if (const auto writer = evo::RunLock::holder(arguments.run))
    throw evo::RunError(fmt::format("{}: process {} writes to this run; verify it when that has stopped",
                                    genome::base::visible(arguments.run), *writer));
  if (arguments.published) expect_published(arguments.run, *arguments.published);
  evo::Verification found;
  {
    ProgressLine objects("reading objects"), generations("checking generations");
    found = evo::verify(arguments.run, {objects.callback(), generations.callback()});
  }
  if (!found.unjudged.empty()) {
    print(fmt::format("nothing can be said of this run: its {}; put that back and verify again\n",
                      found.unjudged));
    return kBadInput;
  }
  std::string out =
      fmt::format("objects      {} in {}\n", found.objects, counted(found.packs, "pack", "packs"));
  out += fmt::format("generations  {}{}\n", found.generations,
                     found.newest ? fmt::format(", the newest is {}", *found.newest) : "");
  out += fmt::format("individuals  {} births, {} texts parsed and checked\n", found.births, found.texts);
  for (const evo::Problem& each : found.problems)
    out += fmt::format("damage       {}: {}\n", each.place, each.text);
  for (const std::string& note : found.notes) out += fmt::format("note         {}\n", note);
  if (!found.can_resume || wanted == 0)
    return concluded(std::move(out), found, arguments.run, found.problems.empty());
  const ScoreCheck scores = check_scores(open_run(arguments.run), wanted);
  out += score_lines(scores);
  const std::string unproved = unproved_scores(scores);
  if (unproved.empty() || !found.problems.empty())
    return concluded(std::move(out), found, arguments.run, found.problems.empty() && scores.problems.empty());
  print(out + fmt::format("nothing is damaged, but {}\n", unproved));
  return kBadInput;
}

}  // namespace

void add_verify_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const verify =
      app.add_subcommand("verify", "Check that a run is intact, or list what is damaged");
  verify->add_option("RUN", arguments->run, "The folder of a run")->required();
  verify
      ->add_option("--sample", arguments->sample,
                   "Score N individuals of the population again, spread over it; 0 for none")
      ->type_name("N")
      ->capture_default_str();
  verify
      ->add_option("--published", arguments->published,
                   "A copy of the run's preregistration, or its SHA-256, which it must still have")
      ->type_name("FILE|SHA256");
  add_threads_option(*verify, arguments->threads);
  verify->footer(R"(Reads every object of the run's repository and every generation, and looks at:
  objects      their checksums
  generations  each must have changed nothing but what a generation changes
  checkpoints  each must load and agree with its files
  frontiers    nothing on them may be dominated
  individuals  each must parse, check and have a recorded birth
  statements   a preregistration must be that of generation 0, and true of it
  scores       they must come out the same to the last digit; only that digit may differ where another C
               library computed them
  expected     so must the gain that the run expects on new questions
  limits       so must the figures of the controller that was chosen for limits; --sample 0 leaves out
               all three
Nothing is changed. Exits with 2 when something is wrong, and says what can still be resumed.

Example: evotts verify runs/first)");
  verify->callback([arguments, &action] { action = [arguments] { return run_verify(*arguments); }; });
}

}  // namespace experiments
