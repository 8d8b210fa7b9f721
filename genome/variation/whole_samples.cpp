#include "genome/variation/whole_samples.hpp"

#include <algorithm>
#include <vector>

#include "genome/tree/sites.hpp"

namespace genome {
namespace {

constexpr QuantityRow kQuestionQuantities[] = {
    {"confidence(finished)", 0.6, 0.99, false},
    {"confidence(finished and not blank(answer))", 0.6, 0.99, false},
    {"count(finished)", 1, 20, true},
    {"count(finished and not blank(answer))", 1, 16, true},
    {"support(finished)", 1, 16, true},
    {"support(finished) - runner_up(finished)", 1, 8, true},
    {"support(finished) / max(1, count(finished))", 0.3, 0.95, false},
    {"runner_up(finished) / max(1, support(finished))", 0.05, 0.9, false},
    {"distinct(finished)", 1, 6, true},
    {"entropy(finished)", 0.1, 1.8, false},
    {"opened", 1, 64, true},
    {"round", 1, 30, true},
    {"spent / interval", 20, 1500, true},
    {"mean(tokens, finished) / interval", 4, 60, false},
    {"min(tokens, finished) / interval", 4, 60, false},
    {"max(tokens, finished) / interval", 4, 90, false},
};

constexpr QuantityRow kBranchQuantities[] = {
    {"tokens / interval", 4, 60, false},
    {"tokens / max(1, mean(tokens, finished))", 0.5, 2.5, false},
    {"votes(answer, finished)", 1, 10, true},
    {"votes(answer, finished) / max(1, count(finished))", 0.05, 0.9, false},
    {"age", 0, 16, true},
};

constexpr std::string_view kSets[] = {
    "finished",
    "finished and not blank(answer)",
    "finished and tokens <= mean(tokens, finished)",
    "finished and tokens <= 2 * mean(tokens, finished)",
};

constexpr std::string_view kBranchConditions[] = {
    "answer == top(finished)",
    "answer != top(finished)",
    "blank(answer)",
    "votes(answer, finished) == 1",
    "tokens < mean(tokens, finished)",
    "tokens >= 1.5 * mean(tokens, finished)",
};

constexpr std::string_view kLeaders[] = {
    "top(finished)",
    "top(finished and not blank(answer))",
    "top(finished, 1 / tokens)",
    "top(finished, tokens ^ -0.5)",
    "top(finished, tokens)",
    "top(finished and tokens <= 2 * mean(tokens, finished))",
};

constexpr std::string_view kWeights[] = {
    "1 / tokens",
    "tokens ^ -0.5",
    "tokens",
    "if(blank(answer), 0, 1)",
};

bool acts_on_unfinished(const Statement& s) {
  return s.verb == Verb::kAdvance || s.verb == Verb::kContinue || s.verb == Verb::kProbe ||
         s.verb == Verb::kPrune;
}

bool reads_looks(const Controller& controller, const Expr& expression) {
  const auto declared = declared_names(controller);
  return std::ranges::any_of(expression.nodes, [&](const Node& node) {
    if (node.op != Op::kName || std::ranges::count(declared, node.name) > 0) return false;
    const Observed* observed = observed_named(node.name);
    return observed != nullptr && is_of_looks(observed->observable);
  });
}

}  // namespace

const WholeSampleTables& whole_sample_tables() {
  static constexpr WholeSampleTables kTables = {.question_quantities = kQuestionQuantities,
                                                .branch_quantities = kBranchQuantities,
                                                .sets = kSets,
                                                .branch_conditions = kBranchConditions,
                                                .leaders = kLeaders,
                                                .weights = kWeights};
  return kTables;
}

bool is_of_looks(Observable observable) {
  switch (observable) {
    case Observable::kActive:
    case Observable::kPruned:
    case Observable::kDepth:
    case Observable::kStreak:
    case Observable::kChanges: return true;
    default: return false;
  }
}

bool looks_into_branches(const Controller& controller) {
  if (std::ranges::any_of(controller.start, acts_on_unfinished) ||
      std::ranges::any_of(controller.round, acts_on_unfinished))
    return true;
  const std::vector<Site> sites = sites_of(controller);
  return std::ranges::any_of(
      sites, [&](const Site& site) { return reads_looks(controller, expr_at(controller, site)); });
}

}  // namespace genome
