#include "experiments/reports/comparison_report.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

#include "experiments/console/json_text.hpp"
#include "experiments/console/mean_row.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/reports/action_text.hpp"
#include "experiments/reports/divergence_text.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "replay/analysis/trace.hpp"
#include "replay/evaluation/sweep.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using replay::Comparison;
using replay::PairedSums;

constexpr std::size_t kListedQuestions = 10;  // in text, unless asked otherwise

struct Compared {
  const NamedController& a;
  const NamedController& b;
  std::span<const replay::Environment> environments;
  const ComparisonRequest& request;
  std::vector<Comparison> all;

  const Comparison& of(std::size_t environment, std::size_t beta) const {
    return all[environment * request.betas.size() + beta];
  }
  // Of all environments at one beta.
  std::vector<Comparison> at_beta(std::size_t beta) const {
    std::vector<Comparison> chosen;
    for (std::size_t e = 0; e < environments.size(); ++e) chosen.push_back(of(e, beta));
    return chosen;
  }
  std::int64_t episodes() const {
    std::int64_t sum = 0;
    for (const Comparison& comparison : all) sum += comparison.episodes();
    return sum;
  }
  std::int64_t alike() const {
    std::int64_t sum = 0;
    for (const Comparison& comparison : all) sum += comparison.alike();
    return sum;
  }
};

// ---- figures

const std::vector<std::string> kFigures{
    "beta",     "accuracy_a", "accuracy_b",        "difference", "low",         "high",
    "tokens_a", "tokens_b",   "tokens_difference", "tokens_low", "tokens_high", "alike"};

// Means over these environments, each counting the same.
std::vector<Cell> with_figures(std::vector<Cell> row, std::span<const Comparison> environments,
                               const replay::DistinctQuestions& distinct, double beta,
                               const replay::BootstrapOptions& bootstrap) {
  double accuracy_a = 0, accuracy_b = 0, tokens_a = 0, tokens_b = 0, alike = 0;
  for (const Comparison& comparison : environments) {
    const replay::Cell a = comparison.cell_a(), b = comparison.cell_b();
    accuracy_a += a.accuracy();
    accuracy_b += b.accuracy();
    tokens_a += a.tokens();
    tokens_b += b.tokens();
    alike += 100.0 * static_cast<double>(comparison.alike()) / static_cast<double>(comparison.episodes());
  }
  const auto count = static_cast<double>(environments.size());
  const replay::Interval accuracy = replay::accuracy_difference_interval(environments, distinct, bootstrap);
  const replay::Interval tokens = replay::tokens_difference_interval(environments, distinct, bootstrap);
  const std::vector<Cell> figures{Shortest{beta},
                                  Decimal{accuracy_a / count},
                                  Decimal{accuracy_b / count},
                                  Decimal{(accuracy_b - accuracy_a) / count},
                                  Decimal{accuracy.low},
                                  Decimal{accuracy.high},
                                  Decimal{tokens_a / count, 1},
                                  Decimal{tokens_b / count, 1},
                                  Decimal{(tokens_b - tokens_a) / count, 1},
                                  Decimal{tokens.low, 1},
                                  Decimal{tokens.high, 1},
                                  Decimal{alike / count}};
  row.insert(row.end(), figures.begin(), figures.end());
  return row;
}

Table by_environment(const Compared& compared) {
  std::vector<std::string> columns{"environment"};
  columns.insert(columns.end(), kFigures.begin(), kFigures.end());
  Table table(std::move(columns));
  for (std::size_t e = 0; e < compared.environments.size(); ++e) {
    const replay::DistinctQuestions own(compared.environments.subspan(e, 1));
    for (std::size_t b = 0; b < compared.request.betas.size(); ++b) {
      table.add_row(with_figures({compared.environments[e].name}, std::span(&compared.of(e, b), 1), own,
                                 compared.request.betas[b], compared.request.bootstrap));
    }
  }
  return table;
}

Table means(const Compared& compared) {
  Table table(kFigures);
  const replay::DistinctQuestions distinct(compared.environments);
  for (std::size_t b = 0; b < compared.request.betas.size(); ++b) {
    const std::vector<Comparison> environments = compared.at_beta(b);
    table.add_row(
        with_figures({}, environments, distinct, compared.request.betas[b], compared.request.bootstrap));
  }
  return table;
}

// With the means over them in the same table.
Table environments_and_means(const Compared& compared) {
  Table table = by_environment(compared);
  if (compared.environments.size() < 2) return table;
  const replay::DistinctQuestions distinct(compared.environments);
  for (std::size_t b = 0; b < compared.request.betas.size(); ++b) {
    const std::vector<Comparison> environments = compared.at_beta(b);
    table.add_row(with_figures({kMeanOverEnvironments}, environments, distinct, compared.request.betas[b],
                               compared.request.bootstrap));
  }
  return table;
}

// ---- questions that changed sides

struct ChangedQuestion {
  std::size_t environment = 0, beta = 0, question = 0;
  const PairedSums* sums = nullptr;
};

std::vector<ChangedQuestion> changed_questions(const Compared& compared) {
  std::vector<ChangedQuestion> changed;
  for (std::size_t e = 0; e < compared.environments.size(); ++e) {
    for (std::size_t b = 0; b < compared.request.betas.size(); ++b) {
      const std::vector<PairedSums>& questions = compared.of(e, b).questions;
      for (std::size_t q = 0; q < questions.size(); ++q) {
        if (questions[q].right_difference() != 0) changed.push_back({e, b, q, &questions[q]});
      }
    }
  }
  std::stable_sort(changed.begin(), changed.end(), [](const ChangedQuestion& x, const ChangedQuestion& y) {
    return std::abs(x.sums->right_difference()) > std::abs(y.sums->right_difference());
  });
  return changed;
}

Table question_table(const Compared& compared, const std::vector<ChangedQuestion>& changed, Format format) {
  Table table({"environment", "beta", "question", "right_a", "right_b", "difference", "tokens_a", "tokens_b",
               "text"});
  const auto orderings = static_cast<double>(compared.request.options.orderings);
  const auto percent = [&](std::int64_t right) {
    return Decimal{100 * static_cast<double>(right) / orderings};
  };
  const auto mean = [&](std::int64_t tokens) { return Decimal{static_cast<double>(tokens) / orderings, 1}; };
  const std::size_t usual = format == Format::kTable ? kListedQuestions : changed.size();
  const std::size_t most = std::min(changed.size(), compared.request.most_questions.value_or(usual));
  for (std::size_t i = 0; i < most; ++i) {
    const ChangedQuestion& at = changed[i];
    const replay::Environment& environment = compared.environments[at.environment];
    table.add_row({environment.name, Shortest{compared.request.betas[at.beta]},
                   static_cast<std::int64_t>(at.question), percent(at.sums->a.right),
                   percent(at.sums->b.right), percent(at.sums->right_difference()), mean(at.sums->a.tokens),
                   mean(at.sums->b.tokens), question_cell(environment.questions[at.question], format)});
  }
  return table;
}

std::string questions_text(const Compared& compared) {
  const std::vector<ChangedQuestion> changed = changed_questions(compared);
  const std::size_t settings = compared.request.betas.size();
  std::size_t questions = 0;
  for (const replay::Environment& environment : compared.environments)
    questions += environment.questions.size();
  const auto to_b = std::count_if(changed.begin(), changed.end(),
                                  [](const ChangedQuestion& c) { return c.sums->right_difference() > 0; });
  std::string text = fmt::format("\nchanged sides: {} of {} questions", changed.size(), questions * settings);
  if (settings > 1) text += fmt::format(" ({} at {} betas)", questions, settings);
  text +=
      fmt::format(", {} towards B, {} towards A\n", to_b, static_cast<std::ptrdiff_t>(changed.size()) - to_b);
  if (!changed.empty() && compared.request.most_questions != 0U)
    text += question_table(compared, changed, Format::kTable).text(Format::kTable);
  return text;
}

// ---- where they part

struct Parted {
  std::size_t environment, beta, question;
  std::uint64_t ordering;
};

bool alike(const replay::Trace& a, const replay::Trace& b) {
  return a.actions == b.actions && a.result.answer == b.result.answer;
}

struct TracePair {
  replay::Trace a, b;
};

TracePair traces_at(const Compared& compared, const Parted& at) {
  const replay::Environment& environment = compared.environments[at.environment];
  const replay::Question& question = environment.questions[at.question];
  const std::vector<std::uint32_t> dealt = replay::ordering(at.ordering, question.branches.size());
  const double beta = compared.request.betas[at.beta];
  const replay::EpisodeOptions& options = compared.request.options.episode;
  return {replay::trace_episode(compared.a.controller, beta, question, dealt, options, environment.signals),
          replay::trace_episode(compared.b.controller, beta, question, dealt, options, environment.signals)};
}

// The first episode that is not alike among those asked for.
std::optional<Parted> first_parting(const Compared& compared) {
  const ComparisonRequest& request = compared.request;
  for (std::size_t e = 0; e < compared.environments.size(); ++e) {
    for (std::size_t b = 0; b < request.betas.size(); ++b) {
      const std::vector<PairedSums>& questions = compared.of(e, b).questions;
      for (std::size_t q = 0; q < questions.size(); ++q) {
        if (request.question && *request.question != q) continue;
        if (request.ordering) {
          const Parted at{e, b, q, *request.ordering};
          const TracePair traces = traces_at(compared, at);
          if (!alike(traces.a, traces.b)) return at;
        } else if (questions[q].first_parting) {
          return Parted{e, b, q, request.options.first_ordering + *questions[q].first_parting};
        }
      }
    }
  }
  return std::nullopt;
}

// The parting told in this format; of no parting an empty text.
std::string parting_of(const Compared& compared, Format format) {
  const std::optional<Parted> at = first_parting(compared);
  if (!at) return "";
  const TracePair traces = traces_at(compared, *at);
  const replay::Environment& environment = compared.environments[at->environment];
  const replay::Question& question = environment.questions[at->question];
  const std::vector<std::uint32_t> dealt = replay::ordering(at->ordering, question.branches.size());
  const EpisodeName name{"", compared.request.betas[at->beta], environment.name, at->question, at->ordering};
  const DivergingEpisodes episodes{name, question, dealt, traces.a, traces.b};
  return format == Format::kJson ? divergence_json(episodes)
                                 : divergence_text(episodes, compared.request.options.episode);
}

// ---- the whole

std::string as_json(const Compared& compared) {
  const std::vector<ChangedQuestion> changed = changed_questions(compared);
  const std::string parting = parting_of(compared, Format::kJson);
  return json_document({{"a", json_text(compared.a.label)},
                        {"b", json_text(compared.b.label)},
                        {"episodes", fmt::format("{}", compared.episodes())},
                        {"episodes_alike", fmt::format("{}", compared.alike())},
                        {"environments", by_environment(compared).text(Format::kJson)},
                        {"means", means(compared).text(Format::kJson)},
                        {"changed_questions", fmt::format("{}", changed.size())},
                        {"questions", question_table(compared, changed, Format::kJson).text(Format::kJson)},
                        {"parting", parting.empty() ? "null" : parting}});
}

std::string as_text(const Compared& compared) {
  std::string text = fmt::format("A  {}\nB  {}\n\n", visible(compared.a.label), visible(compared.b.label));
  text += by_environment(compared).text(Format::kTable);
  if (compared.environments.size() > 1) {
    text += fmt::format("\nmean over {} environments\n{}", compared.environments.size(),
                        means(compared).text(Format::kTable));
  }
  if (compared.alike() == compared.episodes() && !compared.request.ordering) {
    return text + fmt::format("\nA and B act alike: the same actions and answers in all {} episodes\n",
                              compared.episodes());
  }
  text += questions_text(compared);
  const std::string parting = parting_of(compared, Format::kTable);
  return text + (parting.empty() ? "\nfirst parting: none, the episodes asked for are alike\n"
                                 : "\nfirst parting: " + parting);
}

}  // namespace

std::string comparison_report(const NamedController& a, const NamedController& b,
                              std::span<const replay::Environment> environments,
                              const ComparisonRequest& request, Format format) {
  const genome::Program program_a = genome::compile(a.controller), program_b = genome::compile(b.controller);
  Compared compared{a, b, environments, request, {}};
  {
    ProgressLine progress;
    compared.all = replay::compare(environments, {program_a, program_b}, request.betas, request.options,
                                   progress.callback());
  }
  if (format == Format::kJson) return as_json(compared);
  if (format == Format::kCsv && request.most_questions.value_or(0) == 0)
    return environments_and_means(compared).text(Format::kCsv);
  if (format == Format::kCsv)
    return question_table(compared, changed_questions(compared), Format::kCsv).text(Format::kCsv);
  return as_text(compared);
}

}  // namespace experiments
