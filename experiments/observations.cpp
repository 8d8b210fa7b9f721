#include "experiments/observations.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "experiments/trace_lines.hpp"
#include "experiments/trace_text.hpp"
#include "genome/compiler.hpp"
#include "replay/diagnosis.hpp"
#include "replay/ordering.hpp"
#include "replay/trace.hpp"

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

std::string table(std::span<const double> betas, const std::vector<DiagnosisSums>& sums) {
  std::string out =
      "Where episodes end, in percent, and where tokens go (settled: spent after the final answer led for "
      "good):\n\n| beta |";
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
std::string example(const genome::CheckedController& controller, const replay::Evaluator& evaluator,
                    double beta, Outcome cause) {
  const replay::EvaluatorOptions& options = evaluator.options();
  for (const Environment& environment : evaluator.environments()) {
    for (std::size_t q = 0; q < std::min(environment.questions.size(), kMostQuestions); ++q) {
      const replay::Question& question = environment.questions[q];
      const auto dealt = replay::ordering(options.first_ordering, question.branches.size());
      const replay::Trace trace = replay::trace_episode(controller, beta, question, dealt, options.episode);
      if (replay::diagnose_episode(question, dealt, trace.actions, trace.result).outcome != cause) continue;
      std::string out = fmt::format("A question lost as \"{}\", at beta {:g} (right answer {}):\n\n",
                                    replay::name_of(cause), beta, question.gold.substr(0, 40));
      out += shortened(trace_lines({question, dealt, trace, options.episode}));
      return out + fmt::format("ended: {}\nanswer: {}\n\n", ending_text(trace, options.episode),
                               answer_text(trace, question));
    }
  }
  return {};
}

}  // namespace

std::string observations(const genome::CheckedController& controller, const replay::Evaluator& evaluator,
                         std::span<const double> betas) {
  replay::EvaluatorOptions few = evaluator.options();
  few.orderings = std::min(few.orderings, kObservedOrderings);
  const auto& environments = evaluator.environments();
  const auto diagnoses = replay::diagnose(environments, genome::compile(controller), betas, few);
  std::vector<DiagnosisSums> sums(betas.size());
  for (std::size_t i = 0; i < diagnoses.size(); ++i) sums[i % betas.size()] += diagnoses[i].total();
  std::string out = table(betas, sums);
  std::string traces;
  for (const Outcome cause : causes(sums))
    traces += example(controller, evaluator, betas[betas.size() / 2], cause);
  if (!traces.empty()) {
    out +=
        "\nIn traces, b3 is the fourth branch opened; =42* an answer that it now gives, * when right; # its "
        "end; "
        "votes are those of branches not pruned.\n\n";
  }
  return out + traces;
}

}  // namespace experiments
