#include "llm_mutators/prompts/task_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "genome/base/text.hpp"

namespace llm_mutators {
namespace {

std::string settings(const Task& task) {
  std::string betas;
  if (!task.betas.empty()) betas = fmt::format(" ({:g})", fmt::join(task.betas, ", "));
  return fmt::format(
      "A controller is run on many questions in each of several recorded environments (a language\n"
      "model answering a set of questions), at several settings of its one knob beta{}, from cheap to\n"
      "thorough. Each setting gives an accuracy (percent of questions answered rightly) and a cost (mean\n"
      "tokens of a question), as means over the environments.\n",
      betas);
}

std::string world(const Task& task) {
  if (task.world.empty()) return {};
  return "\n" + genome::base::block(genome::base::beginning(task.world, kMostWorld));
}

std::string score(const Task& task) {
  return fmt::format(
      "\n## Score\n\n"
      "The score is the mean, over budgets from {0:.0f} to {1:.0f} tokens (uniform in the logarithm), of\n"
      "the accuracy reached within the budget, interpolated between neighbouring settings; below the\n"
      "cheapest setting it is 0, above the dearest it stays as it is there. So:\n\n"
      "- The lowest beta should cost about {0:.0f} tokens or a little less, the highest about {1:.0f},\n"
      "  with the others spread between them by equal factors. What needs more tokens than that counts "
      "nothing.\n"
      "- Tokens must rise with beta: a setting that costs no more than a lower one is left out, and the "
      "score\n"
      "  (in points: percent of accuracy) falls by {2:g}.\n"
      "- At equal tokens the accuracy should be higher: spend where an answer may still change, and stop\n"
      "  or give up branches where it will not.\n",
      task.budget_low, task.budget_high, task.knob_penalty);
}

// What is taken from the score.
std::string charges(const Task& task) {
  std::string out;
  if (task.coverage_penalty > 0)
    out += fmt::format(
        "- {:g} points times the share of the range of budgets (in the logarithm) above the dearest "
        "setting:\n"
        "  the knob must cover the range, so let beta = 1 spend about {:.0f} tokens.\n",
        task.coverage_penalty, task.budget_high);
  if (task.baseline_regret > 0)
    out += fmt::format(
        "- {:g} times the points by which it is behind the better of two plain controllers, averaged over\n"
        "  environments and budgets, where what it is ahead elsewhere counts nothing: no environment may "
        "pay\n"
        "  for another. They are sc (n whole branches vote) and asc (whole branches are read one by one\n"
        "  until the vote is safe).\n",
        task.baseline_regret);
  if (task.lower_bound_errors > 0)
    out += fmt::format(
        "- {:g} standard errors, over the distinct questions, of its gain over asc (whole branches read one\n"
        "  by one until the vote is safe): a gain that rests on a few questions is judged lower than the "
        "same\n"
        "  gain made of a little on most.\n",
        task.lower_bound_errors);
  if (task.parsimony > 0)
    out += fmt::format(
        "- {:g} points for each operation and operand of its text: what does not help should go.\n",
        task.parsimony);
  if (out.empty()) return {};
  return "\nFrom the score is taken:\n\n" + out;
}

std::string variants(const Task& task) {
  if (task.reweightings.empty()) return {};
  return fmt::format(
      "\nEach recorded environment is joined by variants with the same questions, in which the odds of "
      "right\n"
      "branches are multiplied by {:g}; all count alike. So do not rely on how often branches are right:\n"
      "decide by what the branches of the question at hand show.\n",
      fmt::join(task.reweightings, " or by "));
}

std::string episodes(const Task& task) {
  std::string out;
  if (task.episode_budget)
    out +=
        fmt::format("\nA single question may spend at most {} tokens; what would spend more is not done.\n",
                    *task.episode_budget);
  if (task.probe_cost > 0)
    out += fmt::format(
        "\nEach answer that open, advance or probe reveals costs {} tokens more: reveal what is looked at, "
        "and\n"
        "use continue for the rest.\n",
        task.probe_cost);
  return out;
}

std::string numbers(const Task& task) {
  std::string out =
      "\nNothing can be fitted to single questions: a controller never sees their text, and answers are "
      "opaque.\n";
  if (task.beta_tables)
    out +=
        "Before it is judged, each setting becomes a table with a value of its own at every beta, and these\n"
        "values are free: a setting need not follow one formula.\n";
  out += task.tuned
             ? "Propose structure and ideas; the numbers of what you write are tuned a little before it "
               "is judged, so\nthey need only be sensible.\n"
             : "What you write is judged with the numbers you give it.\n";
  return out;
}

}  // namespace

std::string task_text(const Task& task) {
  return settings(task) + world(task) + score(task) + charges(task) + variants(task) + episodes(task) +
         numbers(task);
}

}  // namespace llm_mutators
