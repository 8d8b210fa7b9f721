#include "experiments/reports/evaluation_report.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <functional>
#include <utility>

#include "experiments/console/mean_row.hpp"
#include "experiments/reports/action_text.hpp"
#include "replay/environment/distinct_questions.hpp"

namespace experiments {
namespace {

constexpr int kTokenDigits = 3;  // of means: finer than any figure they are compared with

const std::vector<std::string> kFigures{"accuracy", "accuracy_low", "accuracy_high", "tokens",
                                        "latency_tokens"};

std::vector<Cell> figures_of(const replay::Cell& cell, const replay::BootstrapOptions& bootstrap) {
  const replay::Interval interval = replay::accuracy_interval(cell, bootstrap);
  return {Decimal{cell.accuracy()}, Decimal{interval.low}, Decimal{interval.high},
          Decimal{cell.tokens(), kTokenDigits}, Decimal{cell.latency_tokens(), kTokenDigits}};
}

std::vector<double> accuracies_of(const replay::Cell& cell) {
  std::vector<double> accuracies;
  for (const replay::QuestionSums& sums : cell.questions)
    accuracies.push_back(100 * static_cast<double>(sums.right) / static_cast<double>(cell.orderings));
  return accuracies;
}

// Each environment counts the same, however many questions it has.
std::vector<Cell> mean_figures(const Evaluation& scores, const replay::DistinctQuestions& distinct,
                               std::size_t controller, std::size_t beta) {
  const std::size_t environments = scores.evaluator.environments().size();
  double accuracy = 0, tokens = 0, latency = 0;
  std::vector<std::vector<double>> accuracies;
  for (std::size_t e = 0; e < environments; ++e) {
    const replay::Cell& cell = scores.cell(controller, e, beta);
    accuracy += cell.accuracy();
    tokens += cell.tokens();
    latency += cell.latency_tokens();
    accuracies.push_back(accuracies_of(cell));
  }
  const replay::Interval interval = replay::mean_interval(accuracies, distinct, scores.bootstrap);
  const auto count = static_cast<double>(environments);
  return {Decimal{accuracy / count}, Decimal{interval.low}, Decimal{interval.high},
          Decimal{tokens / count, kTokenDigits}, Decimal{latency / count, kTokenDigits}};
}

// A question of an environment, with what one controller at one beta made of it.
struct Place {
  std::size_t question;
  const replay::QuestionSums* sums;
};

// At most as many as were asked for of each cell: first those that were answered wrong most often.
std::vector<Place> questions_of(const Evaluation& scores, std::size_t environment, std::size_t controller,
                                std::size_t beta) {
  const std::vector<replay::QuestionSums>& questions = scores.cell(controller, environment, beta).questions;
  std::vector<Place> places;
  for (std::size_t q = 0; q < questions.size(); ++q) places.push_back({q, &questions[q]});
  std::ranges::stable_sort(places, {}, [](const Place& place) { return place.sums->right; });
  places.resize(std::min(places.size(), scores.questions));
  return places;
}

std::vector<Cell> question_figures(const replay::QuestionSums& sums, std::size_t orderings) {
  const auto mean = [&](std::int64_t sum) {
    return static_cast<double>(sum) / static_cast<double>(orderings);
  };
  return {Decimal{100 * mean(sums.right)}, Missing{}, Missing{}, Decimal{mean(sums.tokens), kTokenDigits},
          Decimal{mean(sums.latency_tokens), kTokenDigits}};
}

// Rows of environments, of means over them and of questions, in tables of their own or in one.
class Rows {
 public:
  Rows(const Evaluation& scores, Format format) : scores_(scores), format_(format) {}

  Table environments() const {
    Table table(columns({"environment", "controller", "beta"}, {}));
    add_environments(table, false);
    return table;
  }

  Table means() const {
    Table table(columns({"controller", "beta"}, {}));
    const replay::DistinctQuestions distinct(scores_.evaluator.environments());
    each_setting([&](std::size_t c, std::size_t b) {
      table.add_row(row({scores_.controllers[c].label, beta(b)}, mean_figures(scores_, distinct, c, b)));
    });
    return table;
  }

  Table questions() const {
    Table table(columns({"environment", "controller", "beta", "question"}, {"text"}));
    add_questions(table);
    return table;
  }

  // Where questions are asked for, each row says which it is of.
  Table all() const {
    const bool with_questions = scores_.questions > 0;
    Table table(with_questions ? columns({"environment", "controller", "beta", "question"}, {"text"})
                               : columns({"environment", "controller", "beta"}, {}));
    add_environments(table, with_questions);
    if (scores_.evaluator.environments().size() > 1) add_means(table, with_questions);
    if (with_questions) add_questions(table);
    return table;
  }

 private:
  static std::vector<std::string> columns(std::vector<std::string> first,
                                          const std::vector<std::string>& last) {
    first.insert(first.end(), kFigures.begin(), kFigures.end());
    first.insert(first.end(), last.begin(), last.end());
    return first;
  }

  static std::vector<Cell> row(std::vector<Cell> first, const std::vector<Cell>& figures) {
    first.insert(first.end(), figures.begin(), figures.end());
    return first;
  }

  Cell beta(std::size_t b) const { return Shortest{scores_.betas[b]}; }

  void each_setting(const std::function<void(std::size_t, std::size_t)>& visit) const {
    for (std::size_t c = 0; c < scores_.controllers.size(); ++c) {
      for (std::size_t b = 0; b < scores_.betas.size(); ++b) visit(c, b);
    }
  }

  // A row of no single question, among rows that are.
  void add(Table& table, std::vector<Cell> first, const std::vector<Cell>& figures,
           bool with_questions) const {
    if (with_questions) first.emplace_back(Missing{});
    std::vector<Cell> cells = row(std::move(first), figures);
    if (with_questions) cells.emplace_back(Missing{});
    table.add_row(std::move(cells));
  }

  void add_environments(Table& table, bool with_questions) const {
    const std::vector<replay::Environment>& environments = scores_.evaluator.environments();
    for (std::size_t e = 0; e < environments.size(); ++e) {
      each_setting([&](std::size_t c, std::size_t b) {
        add(table, {environments[e].name, scores_.controllers[c].label, beta(b)},
            figures_of(scores_.cell(c, e, b), scores_.bootstrap), with_questions);
      });
    }
  }

  void add_means(Table& table, bool with_questions) const {
    const replay::DistinctQuestions distinct(scores_.evaluator.environments());
    each_setting([&](std::size_t c, std::size_t b) {
      add(table, {kMeanOverEnvironments, scores_.controllers[c].label, beta(b)},
          mean_figures(scores_, distinct, c, b), with_questions);
    });
  }

  void add_questions(Table& table) const {
    const std::vector<replay::Environment>& environments = scores_.evaluator.environments();
    for (std::size_t e = 0; e < environments.size(); ++e) {
      each_setting([&](std::size_t c, std::size_t b) {
        for (const Place& place : questions_of(scores_, e, c, b)) {
          std::vector<Cell> cells = row({environments[e].name, scores_.controllers[c].label, beta(b),
                                         static_cast<std::int64_t>(place.question)},
                                        question_figures(*place.sums, scores_.evaluator.options().orderings));
          cells.emplace_back(question_cell(environments[e].questions[place.question], format_));
          table.add_row(std::move(cells));
        }
      });
    }
  }

  const Evaluation& scores_;
  Format format_;
};

}  // namespace

Table evaluation_means(const Evaluation& scores) { return Rows(scores, Format::kTable).means(); }

Table evaluation_rows(const Evaluation& scores) { return Rows(scores, Format::kTable).environments(); }

Table evaluation_questions(const Evaluation& scores) { return Rows(scores, Format::kTable).questions(); }

std::string evaluation_report(const Evaluation& scores, Format format) {
  const Rows rows(scores, format);
  if (format != Format::kTable) return rows.all().text(format);
  std::string text = rows.environments().text(format);
  const std::size_t environments = scores.evaluator.environments().size();
  if (environments > 1)
    text += fmt::format("\nmean over {} environments\n{}", environments, rows.means().text(format));
  if (scores.questions > 0)
    text += fmt::format("\nquestions by the episodes answered wrong\n{}", rows.questions().text(format));
  return text;
}

}  // namespace experiments
