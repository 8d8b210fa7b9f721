#include "experiments/tables/diagnosis_report.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <utility>

#include "experiments/console/json_text.hpp"
#include "experiments/console/mean_row.hpp"
#include "experiments/reports/action_text.hpp"

namespace experiments {
namespace {

using replay::DiagnosisSums;
using replay::Outcome;

// Of an episode of each environment, summed over environments: the share of each outcome, and tokens.
struct Figures {
  std::array<double, replay::kOutcomes> outcomes{};
  double tokens = 0, settled = 0, pruned = 0, unfinished = 0;
  double environments = 0;

  Figures& operator+=(const Figures& other) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += other.outcomes[i];
    tokens += other.tokens;
    settled += other.settled;
    pruned += other.pruned;
    unfinished += other.unfinished;
    environments += other.environments;
    return *this;
  }
};

Figures figures_of(const DiagnosisSums& sums) {
  const auto of_an_episode = [&](std::int64_t count) {
    return static_cast<double>(count) / static_cast<double>(sums.episodes());
  };
  Figures figures{.tokens = of_an_episode(sums.tokens.all),
                  .settled = of_an_episode(sums.tokens.settled),
                  .pruned = of_an_episode(sums.tokens.pruned),
                  .unfinished = of_an_episode(sums.tokens.unfinished),
                  .environments = 1};
  for (std::size_t i = 0; i < figures.outcomes.size(); ++i)
    figures.outcomes[i] = of_an_episode(sums.outcomes[i]);
  return figures;
}

// Outcomes in percent of the episodes, tokens in percent of theirs.
std::vector<std::string> figure_columns() {
  std::vector<std::string> columns;
  for (const Outcome outcome : replay::kAllOutcomes) columns.emplace_back(replay::name_of(outcome));
  for (const char* name : {"tokens", "settled_tokens", "pruned_tokens", "unfinished_tokens"})
    columns.emplace_back(name);
  return columns;
}

std::vector<Cell> with_figures(std::vector<Cell> row, const Figures& figures) {
  for (const double share : figures.outcomes) row.push_back(Decimal{100 * share / figures.environments});
  row.push_back(Decimal{figures.tokens / figures.environments, 1});
  for (const double part : {figures.settled, figures.pruned, figures.unfinished})
    row.push_back(Decimal{figures.tokens > 0 ? 100 * part / figures.tokens : 0});
  return row;
}

Table table_of(std::vector<std::string> first_columns) {
  for (std::string& column : figure_columns()) first_columns.push_back(std::move(column));
  return Table(std::move(first_columns));
}

Table by_environment(const Diagnoses& found) {
  Table table = table_of({"environment", "beta"});
  for (std::size_t e = 0; e < found.environments.size(); ++e) {
    for (std::size_t b = 0; b < found.betas.size(); ++b) {
      table.add_row(with_figures({found.environments[e].name, Shortest{found.betas[b]}},
                                 figures_of(found.of(e, b).total())));
    }
  }
  return table;
}

// Each environment counts the same, however many questions it has, as in every mean of this program.
Figures mean_at(const Diagnoses& found, std::size_t beta) {
  Figures mean;
  for (std::size_t e = 0; e < found.environments.size(); ++e) mean += figures_of(found.of(e, beta).total());
  return mean;
}

// With the means over them in the same table.
Table environments_and_means(const Diagnoses& found) {
  Table table = by_environment(found);
  for (std::size_t b = 0; found.environments.size() > 1 && b < found.betas.size(); ++b)
    table.add_row(with_figures({kMeanOverEnvironments, Shortest{found.betas[b]}}, mean_at(found, b)));
  return table;
}

// Episodes that some controller could have won.
std::int64_t avoidable(const DiagnosisSums& sums) {
  return sums.episodes() - sums.of(Outcome::kRight) - sums.of(Outcome::kUnrecorded);
}

Table worst_questions(const Diagnoses& found, std::optional<std::size_t> most, Format format) {
  struct Place {
    std::size_t environment, beta, question;
    const DiagnosisSums* sums;
  };
  std::vector<Place> places;
  for (std::size_t e = 0; e < found.environments.size(); ++e) {
    for (std::size_t b = 0; b < found.betas.size(); ++b) {
      const std::vector<DiagnosisSums>& questions = found.of(e, b).questions;
      for (std::size_t q = 0; q < questions.size(); ++q) {
        if (avoidable(questions[q]) > 0) places.push_back({e, b, q, &questions[q]});
      }
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& x, const Place& y) { return avoidable(*x.sums) > avoidable(*y.sums); });
  if (most) places.resize(std::min(places.size(), *most));
  std::vector<std::string> columns{"environment", "beta", "question"};
  for (std::string& column : figure_columns()) columns.push_back(std::move(column));
  columns.emplace_back("text");
  Table table(std::move(columns));
  for (const Place& place : places) {
    const replay::Environment& environment = found.environments[place.environment];
    std::vector<Cell> row = with_figures(
        {environment.name, Shortest{found.betas[place.beta]}, static_cast<std::int64_t>(place.question)},
        figures_of(*place.sums));
    row.emplace_back(question_cell(environment.questions[place.question], format));
    table.add_row(std::move(row));
  }
  return table;
}

}  // namespace

Table mean_diagnoses(const Diagnoses& found) {
  Table table = table_of({"beta"});
  for (std::size_t b = 0; b < found.betas.size(); ++b)
    table.add_row(with_figures({Shortest{found.betas[b]}}, mean_at(found, b)));
  return table;
}

std::string diagnosis_report(const Diagnoses& found, const std::string& label,
                             std::optional<std::size_t> questions, Format format) {
  if (!questions && format != Format::kJson) questions = 0;
  const Table rows = by_environment(found), worst = worst_questions(found, questions, format);
  if (format == Format::kCsv) return (questions != 0U ? worst : environments_and_means(found)).text(format);
  if (format == Format::kJson) {
    return json_document({{"controller", json_text(label)},
                          {"environments", rows.text(format)},
                          {"total", mean_diagnoses(found).text(format)},
                          {"questions", worst.text(format)}});
  }
  std::string text = rows.text(format);
  if (found.environments.size() > 1) {
    text += fmt::format("\nmean over {} environments\n{}", found.environments.size(),
                        mean_diagnoses(found).text(format));
  }
  if (questions != 0U) {
    text += fmt::format("\nquestions by the episodes lost though the right answer was recorded\n{}",
                        worst.text(format));
  }
  return text;
}

}  // namespace experiments
