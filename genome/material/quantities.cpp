#include "genome/material/quantities.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <string_view>
#include <vector>

#include "genome/base/check.hpp"
#include "genome/material/schedule_entries.hpp"
#include "genome/text/lexer.hpp"
#include "genome/text/line_parser.hpp"
#include "genome/tree/observed.hpp"

namespace genome {
namespace {

Expr parsed(std::string_view text) {
  const LexedLine line = lex_line(text, 0);
  LineParser parser(line.tokens, {});
  Expr e = parser.expression();
  EVOTTS_CHECK(line.problems.empty() && parser.at_end());
  for (Node& n : e.nodes) n.at = {};
  return e;
}

using Row = QuantityRow;

// An observed value by itself.
Row row(Observable observable) {
  const Observed& o = about(observable);
  return {o.name, o.drawn.low, o.drawn.high, true};
}

bool is_compared(const Observed& o, Level level) {
  return o.type == Type{Kind::kNumber, level} && o.drawn.at_all;
}

std::vector<Quantity> quantities_of(std::span<const Row> rows) {
  std::vector<Quantity> quantities;
  for (const Row& row : rows) quantities.push_back({parsed(row.text), row.low, row.high, row.whole});
  return quantities;
}

// The rows; then the observed numbers of this level that are drawn and that no row names.
std::vector<Quantity> table(Level level, std::initializer_list<Row> rows) {
  std::vector<Row> all = rows;
  for (const Observed& o : observed_values()) {
    const auto named = [&](const Row& row) { return row.text == o.name; };
    if (is_compared(o, level) && std::none_of(rows.begin(), rows.end(), named))
      all.push_back(row(o.observable));
  }
  return quantities_of(all);
}

std::vector<Expr> list(std::span<const std::string_view> texts) {
  std::vector<Expr> expressions;
  for (const std::string_view text : texts) expressions.push_back(parsed(text));
  return expressions;
}

std::vector<Expr> list(std::initializer_list<std::string_view> texts) {
  return list(std::span(texts.begin(), texts.size()));
}

std::vector<Quantity> plain_question_quantities() {
  return table(Level::kQuestion, {
                                     {"confidence(finished)", 0.6, 0.99, false},
                                     {"confidence(not pruned)", 0.6, 0.999, false},
                                     {"confidence(finished and not blank(answer))", 0.6, 0.99, false},
                                     {"count(finished)", 1, 20, true},
                                     {"count(active)", 1, 40, true},
                                     {"count(not pruned)", 1, 48, true},
                                     {"support(finished)", 1, 16, true},
                                     {"support(not pruned)", 1, 40, true},
                                     {"support(finished) - runner_up(finished)", 1, 8, true},
                                     {"support(not pruned) - runner_up(not pruned)", 1, 24, true},
                                     {"support(not pruned) / opened", 0.2, 0.95, false},
                                     {"support(finished) / max(1, count(finished))", 0.3, 0.95, false},
                                     {"votes(top(finished), not pruned)", 1, 32, true},
                                     {"distinct(not pruned)", 1, 12, true},
                                     {"distinct(finished)", 1, 6, true},
                                     {"entropy(not pruned)", 0.1, 2.5, false},
                                     {"entropy(finished)", 0.1, 1.8, false},
                                     row(Observable::kOpened),
                                     row(Observable::kRound),
                                     {"mean(depth, active)", 2, 50, false},
                                     {"max(depth, active)", 2, 70, true},
                                     {"min(depth, active)", 1, 40, true},
                                     {"mean(streak, active)", 1, 15, false},
                                     {"max(streak, active)", 1, 30, true},
                                     {"count(finished) / opened", 0.1, 0.9, false},
                                     {"spent / interval", 20, 1500, true},
                                     {"confidence(active and not blank(answer))", 0.6, 0.999, false},
                                     {"support(finished) / opened", 0.05, 0.6, false},
                                     {"min(depth, finished)", 4, 60, true},
                                     {"mean(depth, finished)", 4, 60, false},
                                 });
}

std::vector<Quantity> plain_branch_quantities() {
  return table(Level::kBranch,
               {
                   row(Observable::kDepth),
                   row(Observable::kStreak),
                   row(Observable::kChanges),
                   row(Observable::kAge),
                   {"votes(answer, finished)", 0, 10, true},
                   {"votes(answer, not pruned)", 1, 30, true},
                   {"votes(answer, active)", 1, 20, true},
                   {"votes(answer, not pruned) / count(not pruned)", 0.05, 0.9, false},
                   {"depth - mean(depth, active)", -8, 8, false},
                   {"streak / max(1, depth)", 0.05, 1, false},
                   {"changes / max(1, depth)", 0.05, 0.9, false},
                   {"max(depth, not pruned) - depth", 0, 20, true},
                   {"depth / max(1, mean(depth, finished))", 0.5, 2.5, false},
                   {"votes(answer, not pruned, streak) / sum(streak, not pruned)", 0.05, 0.9, false},
               });
}

std::vector<Expr> plain_sets() {
  return list({
      "finished",
      "active",
      "not pruned",
      "finished and not blank(answer)",
      "active and not blank(answer)",
      "not pruned and not blank(answer)",
      "active and streak >= 3",
      "not pruned and streak >= 2",
  });
}

std::vector<Expr> plain_branch_conditions() {
  return list({
      "answer != top(finished)",
      "answer != top(not pruned)",
      "answer == top(finished)",
      "answer == top(not pruned)",
      "blank(answer)",
      "votes(answer, not pruned) == 1",
      "votes(answer, finished) == 0",
      "depth < mean(depth, active)",
      "answer != top(finished, 1 / depth)",
      "depth >= 1.5 * mean(depth, finished)",
  });
}

std::vector<Expr> plain_leaders() {
  return list({
      "top(finished)",
      "top(not pruned)",
      "top(finished and not blank(answer))",
      "top(not pruned and not blank(answer))",
      "top(not pruned, streak)",
      "top(finished, streak)",
      "top(not pruned, depth)",
      "top(active)",
      "top(finished, 1 / depth)",
  });
}

std::vector<Expr> plain_paces() {
  return list({
      "max(1, max(depth, not pruned) - depth)",
      "max(1, mean(depth, active) - depth)",
      "if(answer == top(finished), 2, 1)",
      "if(answer == top(not pruned), 2, 1)",
      "if(depth < min(depth, finished), 2, 1)",
  });
}

std::vector<Expr> plain_weights() {
  return list({
      "1 / depth",
      "depth ^ -0.5",
      "streak",
      "1 / (1 + changes)",
      "if(finished, 2, 1)",
      "if(blank(answer), 0, 1)",
  });
}

template <typename... Values>
std::vector<Expr> filled(std::initializer_list<std::string_view> forms, const Values&... values) {
  std::vector<Expr> expressions;
  for (const std::string_view form : forms)
    expressions.push_back(parsed(fmt::format(fmt::runtime(form), values...)));
  return expressions;
}

template <typename T>
void append(std::vector<T>& to, std::vector<T> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Material::Material(std::span<const RecordedSignal> signals, int edition, Of of)
    : edition_(edition), of_(of), signals_(signals.begin(), signals.end()) {
  if (whole_samples())
    add(whole_sample_tables());
  else
    take_branches();
  const bool compares = edition >= kComparingEdition && !whole_samples();
  if (compares) add(comparison_tables());
  for (const RecordedSignal& signal : signals) {
    add(signal);
    if (compares) add_steps(signal);
  }
}

void Material::take_branches() {
  question_quantities_ = plain_question_quantities();
  branch_quantities_ = plain_branch_quantities();
  sets_ = plain_sets();
  branch_conditions_ = plain_branch_conditions();
  leaders_ = plain_leaders();
  paces_ = plain_paces();
  weights_ = plain_weights();
}

// Behind what there is.
void Material::add(const MaterialTables& tables) {
  append(question_quantities_, quantities_of(tables.question_quantities));
  append(branch_quantities_, quantities_of(tables.branch_quantities));
  append(sets_, list(tables.sets));
  append(branch_conditions_, list(tables.branch_conditions));
  append(leaders_, list(tables.leaders));
  append(weights_, list(tables.weights));
}

const Material& Material::plain() {
  static const Material material({});
  return material;
}

// A step goes further out than the means of whole branches; weights are of the scale on which these differ.
void Material::add_steps(const RecordedSignal& signal) {
  const double width = signal.high - signal.low;
  for (Expr& value : filled({"signal({s})", "signal_min({s})"}, fmt::arg("s", signal.name)))
    branch_quantities_.push_back({std::move(value), signal.low - width, signal.high + width, false});
  if (width <= 0) return;
  const double slope = significant(2 / width, 2);
  append(weights_, filled({"exp({k} * signal_mean({s}))", "exp(-{k} * signal_mean({s}))",
                           "exp({k} * signal_min({s}))", "exp(-{k} * signal_min({s}))"},
                          fmt::arg("s", signal.name), fmt::arg("k", slope)));
}

// Nobody knows which end of a signal is the good one, so both are offered; exp() makes a weight of any, and
// the probability of a token of `logprob`. A whole sample has one step: its mean is its least and its last.
void Material::add(const RecordedSignal& signal) {
  const auto texts = [&](std::initializer_list<std::string_view> forms) {
    return filled(forms, fmt::arg("s", signal.name));
  };
  const auto ranged = [&](std::initializer_list<std::string_view> forms) {
    std::vector<Quantity> quantities;
    for (Expr& value : texts(forms)) quantities.push_back({std::move(value), signal.low, signal.high, false});
    return quantities;
  };
  const bool steps = !whole_samples();
  if (steps) append(question_quantities_, ranged({"mean(signal_mean({s}), active)"}));
  append(question_quantities_, ranged({"mean(signal_mean({s}), finished)", "max(signal_mean({s}), finished)",
                                       "min(signal_mean({s}), finished)"}));
  if (steps) append(branch_quantities_, ranged({"signal({s})"}));
  append(branch_quantities_, ranged({"signal_mean({s})"}));
  if (steps) append(branch_quantities_, ranged({"signal_min({s})"}));
  append(sets_, texts({"finished and signal_mean({s}) >= mean(signal_mean({s}), finished)",
                       "finished and signal_mean({s}) <= mean(signal_mean({s}), finished)"}));
  append(branch_conditions_, steps ? texts({"signal_mean({s}) < mean(signal_mean({s}), not pruned)",
                                            "signal_mean({s}) > mean(signal_mean({s}), not pruned)",
                                            "signal_min({s}) < min(signal_min({s}), finished)"})
                                   : texts({"signal_mean({s}) < mean(signal_mean({s}), finished)",
                                            "signal_mean({s}) > mean(signal_mean({s}), finished)"}));
  append(leaders_, texts({"top(finished, exp(signal_mean({s})))", "top(finished, exp(-signal_mean({s})))"}));
  if (steps)
    append(leaders_,
           texts({"top(not pruned, exp(signal_mean({s})))", "top(not pruned, exp(-signal_mean({s})))"}));
  append(weights_, texts({"exp(signal_mean({s}))", "exp(-signal_mean({s}))"}));
  if (steps) append(weights_, texts({"exp(signal_min({s}))", "exp(-signal_min({s}))"}));
}

}  // namespace genome
