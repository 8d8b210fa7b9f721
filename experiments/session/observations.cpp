#include "experiments/session/observations.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "evo/objective/objective.hpp"
#include "experiments/reports/trace_lines.hpp"
#include "experiments/reports/trace_text.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "replay/analysis/diagnosis.hpp"
#include "replay/analysis/trace.hpp"
#include "replay/environment/ordering.hpp"

namespace experiments {
namespace {

using replay::DiagnosisSums;
using replay::Environment;
using replay::Outcome;

constexpr std::array<Outcome, 4> kCurable = {Outcome::kUnopened, Outcome::kPruned, Outcome::kEarly,
                                             Outcome::kOutvoted};
constexpr std::size_t kMostLines = 14;      // of a trace
constexpr std::size_t kMostWidth = 160;     // of its lines
constexpr std::size_t kMostQuestions = 60;  // looked at for an example
constexpr std::size_t kMostCurves = 12;     // environments in the table of curves

// The sentences around figures, by version of the prompts; figures and traces are those that people see.
struct Words {
  const char* curves;
  const char* endings;
  const char* example;  // environment, outcome, beta, gold
  const char* legend;
};
constexpr Words kFirstWords{
    "By recorded environment, accuracy at thousands of tokens:\n\n",
    "Where episodes end, in percent, and where tokens go (settled: spent after the final answer led for "
    "good):\n\n",
    "A question of {environment} lost as \"{outcome}\", at beta {beta:g} (right answer {gold}):\n\n",
    "\nIn traces, b3/72 is the fourth branch opened (the 73rd recorded); =42 an answer that it now gives,\n"
    "with * when right; # its end; votes are those of branches not pruned, +2 two more answers.\n\n"};
constexpr Words kWords{
    "Accuracy in each recorded environment, at the cost in thousands of tokens:\n\n",
    "How episodes end, in percent, and where their tokens go, in percent. Settled tokens are those spent\n"
    "after the final answer had taken the lead for good:\n\n",
    "A question of {environment} that was lost as \"{outcome}\" at beta {beta:g}; the right answer is "
    "{gold}:\n\n",
    "\nIn the traces, b3/72 is the fourth branch that was opened, and the 73rd that was recorded. =42 is an\n"
    "answer that it gives from then on, marked with * when it is right; # is the end of the branch. Votes\n"
    "are those of the branches that are not pruned; +2 stands for two more answers.\n\n"};

const Words& words_of(const Observed& in) { return in.prompt_version == 1 ? kFirstWords : kWords; }

// What it scored in each recorded environment.
std::string curves(const evo::Individual& individual, const Observed& in) {
  const std::size_t environments = in.evaluator.environments().size();
  if (individual.sums.size() != environments * in.betas.size()) return {};  // known from its curve alone
  std::string out = words_of(in).curves + std::string("| environment |");
  for (const double beta : in.betas) out += fmt::format(" beta {:g} |", beta);
  out += "\n| --- |";
  for (std::size_t b = 0; b < in.betas.size(); ++b) out += " --- |";
  out += "\n";
  const std::size_t step = 1 + in.variants;
  for (std::size_t e = 0; e < environments && e < kMostCurves * step; e += step) {
    out += fmt::format("| {} |", genome::base::visible(in.evaluator.environments()[e].name, 40));
    for (const evo::CurvePoint& p : evo::curve_of(individual.sums, in.betas, environments, e))
      out += fmt::format(" {:.1f} at {:.0f} |", p.accuracy, p.tokens / 1000);
    out += "\n";
  }
  return out + "\n";
}

std::string table(const Observed& in, const std::vector<DiagnosisSums>& sums) {
  const std::span<const double> betas = in.betas;
  std::string out = words_of(in).endings + std::string("| beta |");
  for (const Outcome each : replay::kAllOutcomes) out += fmt::format(" {} |", replay::name_of(each));
  out += " settled tokens | on pruned | on unfinished |\n| --- |";
  for (std::size_t i = 0; i < replay::kOutcomes + 3; ++i) out += " --- |";
  out += "\n";
  for (std::size_t b = 0; b < betas.size(); ++b) {
    out += fmt::format("| {:g} |", betas[b]);
    for (const Outcome each : replay::kAllOutcomes) out += fmt::format(" {:.1f} |", sums[b].percent(each));
    const replay::TokenUse& t = sums[b].tokens;
    out += fmt::format(" {:.1f} | {:.1f} | {:.1f} |\n", sums[b].percent(t.settled), sums[b].percent(t.pruned),
                       sums[b].percent(t.unfinished));
  }
  out += "\n";
  for (const Outcome each : replay::kAllOutcomes)
    out += fmt::format("{}: {}\n", replay::name_of(each), replay::meaning_of(each));
  return out;
}

// The curable causes by how often they occur, those that do not left out.
std::vector<Outcome> causes(const std::vector<DiagnosisSums>& sums) {
  std::array<std::int64_t, replay::kOutcomes> counts{};
  for (const DiagnosisSums& each : sums) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += each.outcomes[i];
  }
  const auto count = [&](Outcome o) { return counts[static_cast<std::size_t>(o)]; };
  std::vector<Outcome> found(kCurable.begin(), kCurable.end());
  std::erase_if(found, [&](Outcome o) { return count(o) == 0; });
  std::stable_sort(found.begin(), found.end(), [&](Outcome a, Outcome b) { return count(a) > count(b); });
  if (found.size() > kObservedTraces) found.resize(kObservedTraces);
  return found;
}

std::string shortened(std::vector<std::string> lines) {
  std::string out = trace_lines_head();
  const std::size_t half = kMostLines / 2;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.size() > kMostLines && i == half) {
      out += fmt::format("... {} lines ...\n", lines.size() - kMostLines);
      i = lines.size() - half - 1;
      continue;
    }
    std::string line = lines[i];
    if (line.size() > kMostWidth) line = line.substr(0, kMostWidth) + "...\n";
    out += line;
  }
  return out;
}

// The first episode that ends so.
std::string example(const genome::CheckedController& controller, const Observed& in, double beta,
                    Outcome cause) {
  const replay::EvaluatorOptions& options = in.evaluator.options();
  for (const Environment* environment : recorded(in)) {
    for (std::size_t q = 0; q < std::min(environment->questions.size(), kMostQuestions); ++q) {
      const replay::Question& question = environment->questions[q];
      const auto dealt = replay::ordering(options.first_ordering, question.branches.size());
      const replay::Trace trace =
          replay::trace_episode(controller, beta, question, dealt, options.episode, environment->signals);
      if (replay::diagnose_episode(question, dealt, trace.actions, trace.result).outcome != cause) continue;
      std::string out = fmt::format(fmt::runtime(words_of(in).example),
                                    fmt::arg("environment", genome::base::visible(environment->name, 40)),
                                    fmt::arg("outcome", replay::name_of(cause)), fmt::arg("beta", beta),
                                    fmt::arg("gold", genome::base::visible(question.gold, 40)));
      out += shortened(trace_lines({question, dealt, trace, options.episode}));
      return out + fmt::format("ended: {}\nanswer: {}\n\n", ending_text(trace, options.episode),
                               answer_text(trace, question));
    }
  }
  return {};
}

}  // namespace

std::vector<const Environment*> recorded(const Observed& in) {
  std::vector<const Environment*> found;
  const auto& all = in.evaluator.environments();
  for (std::size_t e = 0; e < all.size(); e += 1 + in.variants) found.push_back(&all[e]);
  return found;
}

std::string observations(const evo::Individual& individual, const Observed& in) {
  replay::EvaluatorOptions few = in.evaluator.options();
  few.orderings = std::min(few.orderings, kObservedOrderings);
  const genome::Program program = genome::compile(individual.controller);
  std::vector<DiagnosisSums> sums(in.betas.size());
  for (const Environment* environment : recorded(in)) {
    const auto diagnoses = replay::diagnose(std::span(environment, 1), program, in.betas, few);
    for (std::size_t b = 0; b < sums.size(); ++b) sums[b] += diagnoses[b].total();
  }
  std::string out = curves(individual, in) + table(in, sums);
  std::string traces;
  for (const Outcome cause : causes(sums))
    traces += example(individual.controller, in, in.betas[in.betas.size() / 2], cause);
  if (!traces.empty()) {
    out += words_of(in).legend;
  }
  return out + traces;
}

}  // namespace experiments
