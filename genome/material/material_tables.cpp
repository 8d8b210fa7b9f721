#include "genome/material/material_tables.hpp"

namespace genome {
namespace {

// Of whole samples.
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

// Of comparisons.
constexpr QuantityRow kComparedQuestions[] = {
    {"support(finished, tokens / mean(tokens, finished))", 1, 8, false},
    {"support(active)", 1, 24, true},
    {"support(active) / max(1, count(active))", 0.3, 0.95, false},
};
constexpr QuantityRow kComparedBranches[] = {
    {"tokens / max(1, mean(tokens, finished))", 0.4, 2, false},
    {"votes(answer, active) / count(active)", 0.05, 0.9, false},
};
constexpr std::string_view kComparedSets[] = {
    "finished and tokens >= mean(tokens, finished)",
    "finished and tokens <= mean(tokens, finished)",
    "active and answer == top(active)",
};
constexpr std::string_view kComparedConditions[] = {
    "answer != top(active)",
    "answer == top(active)",
    "tokens < mean(tokens, finished)",
    "tokens > mean(tokens, finished)",
};
constexpr std::string_view kComparedLeaders[] = {
    "top(finished, tokens)",
    "top(finished, (tokens / mean(tokens, finished)) ^ 3)",
    "top(finished, (tokens / mean(tokens, finished)) ^ -3)",
};
constexpr std::string_view kComparedWeights[] = {
    "tokens / mean(tokens, finished)",        "(tokens / mean(tokens, finished)) ^ 2",
    "(tokens / mean(tokens, finished)) ^ -2", "(tokens / mean(tokens, finished)) ^ 5",
    "(tokens / mean(tokens, finished)) ^ -5",
};

}  // namespace

const MaterialTables& whole_sample_tables() {
  static constexpr MaterialTables kTables = {.question_quantities = kQuestionQuantities,
                                             .branch_quantities = kBranchQuantities,
                                             .sets = kSets,
                                             .branch_conditions = kBranchConditions,
                                             .leaders = kLeaders,
                                             .weights = kWeights};
  return kTables;
}

const MaterialTables& comparison_tables() {
  static constexpr MaterialTables kTables = {.question_quantities = kComparedQuestions,
                                             .branch_quantities = kComparedBranches,
                                             .sets = kComparedSets,
                                             .branch_conditions = kComparedConditions,
                                             .leaders = kComparedLeaders,
                                             .weights = kComparedWeights};
  return kTables;
}

}  // namespace genome
