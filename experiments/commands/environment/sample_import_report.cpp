#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>
#include <vector>

#include "experiments/commands/environment/sample_imports.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

using genome::base::visible;

constexpr std::size_t kShownQuestions = 5, kShownText = 60;

std::string percent(std::size_t part, std::size_t whole) {
  return fmt::format("{:.2f}%",
                     whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string line(std::string_view what, const std::string& text) {
  return fmt::format("{:<11}{}\n", what, text);
}

std::string left_out(const std::vector<std::string>& questions, const std::string& why) {
  if (questions.empty()) return {};
  std::string text = line("left out", fmt::format("{} {}:", counted(questions.size(), "question"), why));
  for (std::size_t i = 0; i < std::min(questions.size(), kShownQuestions); ++i)
    text += line("", fmt::format("\"{}\"", visible(questions[i], kShownText)));
  return questions.size() > kShownQuestions ? text + line("", "...") : text;
}

std::string told_flags(const live::PoolReport& report) {
  if (report.flags == 0) return line("flags", "none: the file tells of no sample whether it is right");
  std::string text =
      line("flags", fmt::format("{} of {} {} with equality of answers", report.disagreeing, report.flags,
                                report.disagreeing == 1 ? "disagrees" : "disagree"));
  for (const live::Disagreement& each : report.disagreements)
    text += line("", fmt::format("{} by the file: answer \"{}\", right answer \"{}\", sample {} of \"{}\"",
                                 each.right ? "right" : "wrong", visible(each.answer, 30),
                                 visible(each.gold, 30), each.sample, visible(each.question, kShownText)));
  return text;
}

std::string told_tokens(const live::PoolReport& report, double characters_per_token) {
  std::vector<std::string> parts;
  if (report.given > 0) parts.push_back(fmt::format("{} given", report.given));
  if (report.shared > 0)
    parts.push_back(fmt::format("{} shared out of sums by the length of texts", report.shared));
  if (report.estimated > 0)
    parts.push_back(
        fmt::format("{} estimated, {:g} characters a token", report.estimated, characters_per_token));
  return line("tokens", fmt::format("{}", fmt::join(parts, "; "))) +
         line("lengths", fmt::format("{:.0f} tokens on average, {} to {}",
                                     report.tokens / static_cast<double>(report.samples), report.shortest,
                                     report.longest));
}

std::string told_folders(const std::vector<std::string>& folders) {
  std::string text = fmt::format("not named; samples of {} folders are taken as of one:", folders.size());
  for (std::size_t i = 0; i < std::min(folders.size(), kShownQuestions); ++i)
    text +=
        fmt::format("{} {}", i == 0 ? "" : ",", visible(folders[i].empty() ? "." : folders[i], kShownText));
  return folders.size() > kShownQuestions ? text + ", ..." : text;
}

std::string told_copies(const live::PoolReport& report) {
  if (report.copies == 0) return line("identical", "no two samples of a question");
  std::string text = counted(report.copies, "sample") + " with the text of another of the question";
  if (report.alike > 0) text += fmt::format("; in {} all are the same", counted(report.alike, "question"));
  return line("identical", text);
}

}  // namespace

live::PooledEnvironment environment_of(live::SampleImport& import, const live::EnvironmentWishes& wishes,
                                       const live::GoldTable* golds, const std::string& file) {
  std::string why = "there are no samples";
  if (!import.pool().questions().empty()) {
    try {
      return live::pooled_environment(import.pool(), wishes, golds);
    } catch (const replay::InputError& error) {
      why = error.what();
    }
  } else if (const std::size_t failed = import.counts().failed; failed > 0) {
    why += fmt::format(", and {}", counted(failed, "failed request"));
  }
  for (const std::string& remark : import.remarks()) why += "; " + remark;
  throw UsageError(fmt::format("{}: {}", visible(file), why));
}

std::string import_report(const std::string& file, const live::SampleImport& import,
                          const live::PooledEnvironment& made, double characters_per_token) {
  const live::PoolReport& report = made.report;
  const live::SampleImportCounts& counts = import.counts();
  std::string text =
      fmt::format("{}: written, {}\n", visible(file), counted(made.environment.questions.size(), "question"));
  std::string format = fmt::format("{}, {} in {}", import.format().title, counted(counts.records, "record"),
                                   counted(counts.files, "file"));
  if (!import.why().empty()) format += fmt::format("; found out, since {}", import.why());
  text += line("format", format);
  std::string samples =
      fmt::format("{}, {} a question", report.samples,
                  report.least == report.most ? fmt::format("{}", report.least)
                                              : fmt::format("{} to {}", report.least, report.most));
  if (counts.failed > 0) samples += fmt::format("; {} left out", counted(counts.failed, "failed request"));
  if (report.repeated > 0) samples += fmt::format("; {} left out that occur twice", report.repeated);
  text += line("samples", samples);
  std::string blanks = fmt::format("{} ({})", report.blanks, percent(report.blanks, report.samples));
  if (report.truncated > 0) blanks += fmt::format("; {} met a limit", report.truncated);
  if (const std::size_t overlong = import.counts_of_pool().overlong; overlong > 0)
    blanks +=
        fmt::format("; {} of more than {} KiB", counted(overlong, "answer"), live::kLongestAnswer >> 10U);
  text += line("blanks", blanks);
  text += line("right", percent(report.right, report.samples));
  text += told_flags(report) + told_copies(report) + told_tokens(report, characters_per_token);
  text += line("probes", report.probes ? "yes" : "none: whole samples");
  if (!made.environment.signals.empty())
    text += line("signals", fmt::format("{}", fmt::join(made.environment.signals, ", ")));
  if (!report.left_signals.empty())
    text += line("left out", fmt::format("signals that some samples lack, or beside probes: {}",
                                         fmt::join(report.left_signals, ", ")));
  text += left_out(report.without_gold, "without a right answer");
  text += left_out(report.with_too_few, "of too few samples");
  if (const std::size_t others = import.counts_of_pool().other_models; others > 0)
    text += line("left out", fmt::format("{} of other models", counted(others, "sample")));
  if (const std::vector<std::string> folders = import.unnamed_folders(); !folders.empty())
    text += line("models", told_folders(folders));
  for (const std::string& remark : import.remarks()) text += line("note", remark);
  if (counts.bad > 0) {
    text += line("skipped", fmt::format("{}:", counted(counts.bad, "bad record")));
    for (const std::string& each : counts.first_bad) text += line("", each);
  }
  return text;
}

void warn_of_import(const live::SampleImport& import, const live::PooledEnvironment& made,
                    double characters_per_token) {
  const live::PoolReport& report_of = made.report;
  if (!report_of.probes)
    report(
        "the environment has no probes: open reads a whole branch, as read does, at the cost of all its "
        "tokens; controllers that look into branches learn nothing");
  if (report_of.estimated > 0)
    report(fmt::format("tokens of {} are estimated at {:g} characters each: costs are as rough",
                       counted(report_of.estimated, "sample"), characters_per_token));
  if (report_of.shared > 0)
    report(fmt::format("tokens of {} are shares of a sum: costs of single branches are rough",
                       counted(report_of.shared, "sample")));
  if (report_of.alike > 0)
    report(fmt::format("{} {} the same sample throughout: was it sampled at temperature 0, or cached?",
                       counted(report_of.alike, "question"), report_of.alike == 1 ? "has" : "have"));
  if (report_of.disagreeing * 20 > report_of.flags)
    report(fmt::format("{} of {} {} with equality of answers; another --extract or --task may help",
                       report_of.disagreeing, counted(report_of.flags, "flag"),
                       report_of.disagreeing == 1 ? "disagrees" : "disagree"));
  if (const std::vector<std::string> folders = import.unnamed_folders(); !folders.empty())
    report(fmt::format("nothing names the model, and samples of {} folders are taken as of one",
                       folders.size()));
  if (import.counts().bad > 0) report(fmt::format("{} skipped", counted(import.counts().bad, "bad record")));
}

}  // namespace experiments
