#include "llm_mutators/prompts/task_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "genome/base/text.hpp"
#include "llm_mutators/prompts/wording.hpp"

namespace llm_mutators {
namespace {

std::string settings(const Task& task, const Wording& words) {
  std::string betas;
  if (!task.betas.empty()) betas = fmt::format(" ({:g})", fmt::join(task.betas, ", "));
  return fmt::format(fmt::runtime(words.settings), fmt::arg("betas", betas));
}

std::string world(const Task& task) {
  if (task.world.empty()) return {};
  return "\n" + genome::base::block(genome::base::beginning(task.world, kMostWorld));
}

std::string score(const Task& task, const Wording& words) {
  return fmt::format(fmt::runtime(words.score), fmt::arg("low", budget_text(task.budget_low, task.charge)),
                     fmt::arg("high", budget_text(task.budget_high, task.charge)),
                     fmt::arg("penalty", task.knob_penalty));
}

// What budgets and the score count where that is not tokens.
std::string counted(const Task& task) {
  if (task.charge.is_tokens()) return {};
  return fmt::format(
      "\nIn the score, and wherever budgets are named, tokens stand for this sum: {}. Latency\n"
      "tokens are, in each round, the most tokens by which any single branch is advanced, summed over "
      "rounds.\n"
      "Branches that advance in the same round cost latency once.\n",
      evo::unit_of(task.charge));
}

std::string service_level(const Task& task) {
  if (task.limits.empty()) return {};
  return fmt::format(
      "\nOne setting should keep all of these limits: {}. The setting\n"
      "nearest to that is looked at. A point is subtracted for each point of accuracy, and for each percent "
      "of\n"
      "tokens or latency, by which it misses them.\n",
      task.limits);
}

// What is taken from the score.
std::string charges(const Task& task, const Wording& words) {
  std::string out;
  if (task.coverage_penalty > 0)
    out += fmt::format(fmt::runtime(words.coverage), fmt::arg("points", task.coverage_penalty),
                       fmt::arg("high", budget_text(task.budget_high, task.charge)));
  if (task.baseline_regret > 0)
    out += fmt::format(fmt::runtime(words.regret), fmt::arg("points", task.baseline_regret));
  if (task.lower_bound_errors > 0)
    out += fmt::format(fmt::runtime(words.lower_bound), fmt::arg("errors", task.lower_bound_errors));
  if (task.parsimony > 0)
    out += fmt::format(fmt::runtime(words.parsimony), fmt::arg("points", task.parsimony));
  if (out.empty()) return {};
  return std::string(words.charges) + out;
}

std::string variants(const Task& task, const Wording& words) {
  if (task.reweightings.empty()) return {};
  const std::string odds = fmt::format("{:g}", fmt::join(task.reweightings, words.or_by));
  return fmt::format(fmt::runtime(words.reweightings), fmt::arg("odds", odds));
}

std::string episodes(const Task& task, const Wording& words) {
  std::string out;
  if (task.episode_budget)
    out += fmt::format(fmt::runtime(words.budget), fmt::arg("tokens", *task.episode_budget));
  if (task.probe_cost > 0) out += fmt::format(fmt::runtime(words.probe), fmt::arg("tokens", task.probe_cost));
  return out;
}

std::string numbers(const Task& task, const Wording& words) {
  std::string out(words.questions);
  if (task.beta_tables) out += words.tables;
  out += task.tuned ? words.tuned : words.untuned;
  return out;
}

}  // namespace

evo::BudgetRange budgets_of(const Task& task) {
  return {.low = task.budget_low, .high = task.budget_high, .charge = task.charge};
}

std::string budget_text(double budget, const evo::Charge& charge) {
  constexpr double kWhole = 100;  // below it, digits behind the point matter in some units
  return budget < kWhole && !charge.is_tokens() ? fmt::format("{:.3g}", budget)
                                                : fmt::format("{:.0f}", budget);
}

std::string task_text(const Task& task) {
  const Wording& words = wording(task.prompt_version);
  return settings(task, words) + world(task) + score(task, words) + counted(task) + charges(task, words) +
         service_level(task) + variants(task, words) + episodes(task, words) + numbers(task, words);
}

}  // namespace llm_mutators
