#include "experiments/commands/beginning/experiment_draft.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

#include "experiments/config/toml_text.hpp"

namespace experiments {
namespace {

constexpr std::size_t kFewQuestions = 60;        // below it, variants of each environment steady the search
constexpr std::size_t kEpisodesOfABeta = 3'000;  // of one controller: a generation takes seconds
constexpr std::size_t kFewestOrderings = 3, kMostOrderings = 45;

std::string quoted(const std::string& text) {
  std::ostringstream out;
  out << toml::value<std::string>(text);
  return out.str();
}

std::string list_of(const std::vector<std::string>& specs) {
  std::string text = "[\n";
  for (const std::string& each : specs) text += "  " + quoted(each) + ",\n";
  return text + "]";
}

// A key with what it is for.
std::string line(const std::string& key, const std::string& value, const std::string& comment) {
  return fmt::format("{:<38}# {}\n", fmt::format("{} = {}", key, value), comment);
}

std::string environments_section(const DraftSources& sources, const DataFacts& facts) {
  std::string text = "[environments]\nsearch = " + list_of(sources.search) + "\n";
  if (!sources.held_out.empty())
    text += "# never read by the search; evotts unseal looks at them, on record\nheld_out = " +
            list_of(sources.held_out) + "\n";
  if (facts.questions < kFewQuestions)
    text += line("reweightings", "[0.25, 4]",
                 fmt::format("each environment also with right branches less and more common: {} questions "
                             "are few",
                             facts.questions));
  return text;
}

struct Orderings {
  std::size_t first_rung = 1, all = 1;
};

// Each rung has three times the orderings of the one before, so that none is there for a few more. There are
// three rungs, or two where questions are many.
Orderings orderings_for(const DataFacts& facts) {
  const std::size_t variants = facts.questions < kFewQuestions ? 3 : 1;
  const std::size_t episodes = std::max<std::size_t>(1, facts.questions * facts.environments * variants);
  const std::size_t wanted = std::clamp(kEpisodesOfABeta / episodes, kFewestOrderings, kMostOrderings);
  const std::size_t times = wanted < 6 ? 3 : 9;  // those of the first rung
  const std::size_t first_rung = std::max<std::size_t>(1, (wanted + times / 2) / times);
  return {.first_rung = first_rung, .all = times * first_rung};
}

std::string evaluation_section(const DataFacts& facts) {
  const auto [first_rung, orderings] = orderings_for(facts);
  return "[evaluation]\n" + line("betas", "[0, 0.2, 0.4, 0.6, 0.8, 1]", "settings of the knob of token use") +
         line("orderings", fmt::format("{}", orderings), "in how many orders branches are dealt") +
         line("first_rung", fmt::format("{}", first_rung),
              "children begin on so few; the better ones go on") +
         line("validation_orderings", fmt::format("{}", 2 * orderings),
              "on which the best meet the champion anew");
}

std::string objective_section(const DataFacts& facts) {
  return "[objective]\n" +
         line("budget_low", fmt::format("{}", facts.budget_low),
              fmt::format("mean tokens of an episode: of few branches (two of them are {:.1f}% right)",
                          facts.least_accuracy)) +
         line("budget_high", fmt::format("{}", facts.budget_high),
              fmt::format("beyond it self-consistency gains little ({:.1f}% at most)", facts.most_accuracy)) +
         line("parsimony", "0.005", "points that a node of the text costs") +
         line("coverage_penalty", "3", "points for a knob that does not cover the range") +
         (facts.environments > 1 ? line("baseline_regret", "0.5", "no environment may pay for another")
                                 : std::string()) +
         line("lower_bound_errors", "0.5", "gains that rest on few questions count less") +
         line("champion_errors", "1", "a new champion is ahead by a standard error over questions");
}

}  // namespace

std::string draft_text(const DraftSources& sources, const DataFacts& facts) {
  std::string text = fmt::format(
      "# Written by evotts new from {} environment{} with {} distinct questions{}.\n"
      "# evotts keys NAME explains a key; evotts run FILE --out RUN --minutes 10 begins a search.\n",
      facts.environments, facts.environments == 1 ? "" : "s", facts.questions,
      facts.signals.empty() ? "" : fmt::format(" and signals of {} kinds", facts.signals.size()));
  if (!facts.looks)
    text +=
        "# The recordings have no probes: open reads a whole branch, as read does, at the cost of all its "
        "tokens. Lines\n# that look into branches do nothing, so the search makes none.\n";
  text += "name = " + quoted(sources.name) + "\n" + line("seed", "1", "another seed is another search") +
          line("generations", "100000", "it ends by --minutes, --generations or --stale") + "\n";
  text += environments_section(sources, facts) + "\n" + evaluation_section(facts) + "\n" +
          objective_section(facts) + "\n";
  text += "[population]\n" + line("size", "60", "controllers that live") +
          line("children", "80", "proposed a generation") +
          line("founders", "\"both\"", "known controllers, and random ones") +
          line("niche", "2", "places kept for each way to act") +
          line("founder_candidates", "1000", "random controllers of which the best are tuned and join") +
          "\n";
  text += "[variation]\n" + line("adaptive", "true", "operators that bring gains are drawn more often") +
          line("tuned", "3", "controllers a generation whose numbers are tuned") +
          line("tuning_steps", "10", "of CMA-ES, for each") +
          line("simplified", "1", "from which parts that do not help are taken");
  return text;
}

}  // namespace experiments
