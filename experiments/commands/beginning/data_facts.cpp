#include "experiments/commands/beginning/data_facts.hpp"

#include <algorithm>
#include <cmath>

#include "genome/base/check.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/evaluation/common_signals.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace experiments {
namespace {

constexpr std::size_t kOrderings = 20;
constexpr double kAlmostAll = 0.98;  // of what self-consistency gains: the rest is dear
constexpr double kFewBranches = 2;   // times the tokens where its curve begins
constexpr double kLeastRange = 4;    // of the higher budget over the lower

// Accuracy and mean tokens, each environment counting the same.
struct Point {
  double tokens = 0, accuracy = 0;
};

std::vector<Point> curve_of_self_consistency(const std::vector<replay::Environment>& environments) {
  std::vector<double> betas;
  for (int i = 0; i <= 20; ++i) betas.push_back(i / 20.0);
  const auto sc =
      std::ranges::find(genome::known_controllers(), "sc", [](const auto& known) { return known.name; });
  const auto checked = genome::check_text(sc->text).controller;
  EVOTTS_CHECK(checked.has_value());
  const replay::Evaluator evaluator(environments, {.orderings = kOrderings});
  const std::vector<genome::Program> programs = {genome::compile(*checked)};
  const auto cells = evaluator.evaluate(programs, betas);
  const auto share = 1 / static_cast<double>(environments.size());
  std::vector<Point> points(betas.size());
  for (std::size_t e = 0; e < environments.size(); ++e) {
    for (std::size_t b = 0; b < betas.size(); ++b) {
      const replay::Cell& cell = cells[evaluator.cell_index(0, e, b, betas.size())];
      points[b].tokens += share * cell.tokens();
      points[b].accuracy += share * cell.accuracy();
    }
  }
  return points;
}

double two_digits(double tokens) {
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(std::max(tokens, 1.0))) - 1));
  return std::max(1.0, std::round(tokens / unit) * unit);
}

bool has_looks(const std::vector<replay::Environment>& environments) {
  for (const replay::Environment& environment : environments) {
    for (const replay::Question& question : environment.questions) {
      const auto looked = [](const replay::Branch& branch) { return branch.probes > 0; };
      if (std::ranges::any_of(question.branches, looked)) return true;
    }
  }
  return false;
}

}  // namespace

DataFacts facts_of(const std::vector<replay::Environment>& environments) {
  DataFacts facts{.environments = environments.size(),
                  .questions = replay::DistinctQuestions(environments).count(),
                  .looks = has_looks(environments)};
  for (const genome::RecordedSignal& signal : replay::common_signals(environments))
    facts.signals.emplace_back(signal.name);
  const std::vector<Point> curve = curve_of_self_consistency(environments);
  const auto most = std::ranges::max_element(curve, {}, &Point::accuracy);
  facts.least_accuracy = curve.front().accuracy;
  facts.most_accuracy = most->accuracy;
  const double enough = facts.least_accuracy + kAlmostAll * (facts.most_accuracy - facts.least_accuracy);
  const auto flat = std::ranges::find_if(curve, [&](const Point& point) { return point.accuracy >= enough; });
  facts.budget_low = two_digits(kFewBranches * curve.front().tokens);
  facts.budget_high = two_digits(std::max(flat->tokens, kLeastRange * facts.budget_low));
  return facts;
}

}  // namespace experiments
