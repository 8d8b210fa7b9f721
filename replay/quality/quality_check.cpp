#include "replay/quality/quality_check.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "genome/base/text.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/environment/reader.hpp"
#include "replay/quality/detectable_gain.hpp"

namespace replay {
namespace {

std::span<const AnswerId> probes_of(const Question& question, const Branch& branch) {
  return std::span(question.probes).subspan(branch.first_probe, branch.probes);
}

bool all_branches_equal(const Question& question) {
  const Branch& first = question.branches.front();
  return question.branches.size() > 1 && std::ranges::all_of(question.branches, [&](const Branch& each) {
           return each.tokens == first.tokens && each.final_answer == first.final_answer &&
                  std::ranges::equal(probes_of(question, each), probes_of(question, first));
         });
}

void look_at_answers(EnvironmentQuality& found, const Question& question, std::size_t number) {
  const auto ends_with = [&](AnswerId id) {
    return std::ranges::count(question.branches, id, &Branch::final_answer);
  };
  if (question.gold_id == kNoAnswer) found.gold_absent.push_back(number);
  if (question.gold_id == kNoAnswer || ends_with(question.gold_id) == 0)
    found.without_right.push_back(number);
  const auto branches = static_cast<std::ptrdiff_t>(question.branches.size());
  if (branches > 1 && ends_with(question.branches.front().final_answer) == branches)
    found.one_answer.push_back(number);
  if (all_branches_equal(question)) found.equal_branches.push_back(number);
}

void look_at_branches(EnvironmentQuality& found, const Question& question) {
  const auto blank = [&](AnswerId id) { return question.blank[static_cast<std::size_t>(id)] != 0; };
  for (const Branch& branch : question.branches) {
    const std::int64_t probed = question.interval * static_cast<std::int64_t>(branch.probes);
    if (branch.tokens < probed) ++found.shorter_branches;
    if (branch.tokens > probed + question.interval) ++found.longer_branches;
    if (blank(branch.final_answer)) ++found.blank_ends;
  }
  found.branches += question.branches.size();
  found.probes += question.probes.size();
  found.blank_probes += static_cast<std::size_t>(std::ranges::count_if(question.probes, blank));
}

void look_at_spellings(EnvironmentQuality& found, const Question& question, const NormalForm& normal_form) {
  std::vector<std::string> normal;
  for (const std::string& answer : question.answers) normal.push_back(normal_form(answer));
  const std::set<std::string_view> different(normal.begin(), normal.end());
  found.merged_answers += normal.size() - different.size();
  const std::string gold = normal_form(question.gold);
  for (const Branch& branch : question.branches) {
    if (branch.final_answer != question.gold_id &&
        normal[static_cast<std::size_t>(branch.final_answer)] == gold)
      ++found.righted_branches;
  }
}

// Of an environment: the digests of its questions by their text.
using Recordings = std::map<std::string_view, std::set<std::string>>;

// Compares each environment with those before it, and with itself.
void look_for_shared(std::span<const Environment> environments, const SameModel& same_model,
                     std::vector<EnvironmentQuality>& found) {
  std::vector<Recordings> before;
  for (std::size_t e = 0; e < environments.size(); ++e) {
    std::vector<SharedQuestions> shared;
    for (std::size_t other = 0; other <= e; ++other)
      shared.push_back(
          {.other = environments[other].name,
           .other_model = other < e && same_model && !same_model(environments[e], environments[other])});
    before.emplace_back();
    for (const Question& question : environments[e].questions) {
      if (question.text.empty()) continue;
      const std::string digest = question_digest(question);
      for (std::size_t other = 0; other <= e; ++other) {
        const auto known = before[other].find(question.text);
        if (known == before[other].end()) continue;
        ++shared[other].questions;
        if (known->second.contains(digest)) ++shared[other].recordings;
      }
      before[e][question.text].insert(digest);
    }
    std::erase_if(shared, [](const SharedQuestions& each) { return each.questions == 0; });
    found[e].shared = std::move(shared);
  }
}

// A thought may end within its last interval, and a reply runs on behind the last probe: in published
// recordings up to half of the branches are longer.
constexpr double kManyShorter = 0.5, kManyLonger = 0.75;
constexpr double kManyBlankProbes = 0.3, kManyBlankEnds = 0.1;  // published recordings: below 0.17 and 0.04

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// "3 of 30 questions (0, 7, 12)"
std::string counted(const QuestionNumbers& numbers, std::size_t of) {
  constexpr std::size_t kShown = 8;
  std::string shown;
  for (std::size_t i = 0; i < std::min(kShown, numbers.size()); ++i)
    shown += fmt::format("{}{}", i == 0 ? "" : ", ", numbers[i]);
  return fmt::format("{} of {} questions ({}{})", numbers.size(), of, shown,
                     numbers.size() > kShown ? ", ..." : "");
}

}  // namespace

std::vector<EnvironmentQuality> check_quality(std::span<const Environment> environments,
                                              const NormalForm& normal_form, const SameModel& same_model) {
  std::vector<EnvironmentQuality> all;
  for (const Environment& environment : environments) {
    EnvironmentQuality& found = all.emplace_back();
    found.questions = environment.questions.size();
    for (std::size_t q = 0; q < environment.questions.size(); ++q) {
      const Question& question = environment.questions[q];
      look_at_answers(found, question, q);
      look_at_branches(found, question);
      if (normal_form) look_at_spellings(found, question, normal_form);
    }
    if (found.probes == 0) found.longer_branches = 0;  // recorded without probes, which is allowed
    const std::span alone(&environment, 1);
    found.smallest_gain = detectable_gain(accuracies_of(alone, DistinctQuestions(alone)));
  }
  look_for_shared(environments, same_model, all);
  return all;
}

std::vector<std::string> warnings_of(const EnvironmentQuality& quality) {
  std::vector<std::string> warnings;
  const auto warn = [&](bool doubtful, auto&& text) {
    if (doubtful) warnings.push_back(text());
  };
  const auto about = [&](const QuestionNumbers& numbers, std::string_view what) {
    warn(!numbers.empty(), [&] { return fmt::format("{} {}", counted(numbers, quality.questions), what); });
  };
  const auto of_branches = [&](std::size_t count, std::string_view what) {
    warn(count > 0, [&] { return fmt::format("{} of {} branches {}", count, quality.branches, what); });
  };
  about(quality.without_right, "have no right branch: no controller can answer them");
  about(quality.gold_absent,
        "have a gold answer that occurs nowhere, not even at a probe; is it spelled otherwise?");
  about(quality.one_answer, "have one answer at the end of all branches: there is nothing to choose");
  about(quality.equal_branches,
        "have branches that are all the same; were they sampled at temperature 0, or cached?");
  if (share(quality.shorter_branches, quality.branches) > kManyShorter)
    of_branches(quality.shorter_branches, "are shorter than their probes say (T < Δ·L)");
  if (share(quality.longer_branches, quality.branches) > kManyLonger)
    of_branches(quality.longer_branches, "are longer than their probes say (T > Δ·(L + 1))");
  const double probes = share(quality.blank_probes, quality.probes),
               ends = share(quality.blank_ends, quality.branches);
  warn(probes > kManyBlankProbes,
       [&] { return fmt::format("{:.1f}% of probes have no answer (ERR)", 100 * probes); });
  warn(ends > kManyBlankEnds,
       [&] { return fmt::format("{:.1f}% of branches end without an answer (ERR)", 100 * ends); });
  warn(quality.merged_answers > 0, [&] {
    return fmt::format(
        "{} another spelling in {} question; with one spelling, {} would be right",
        quality.merged_answers == 1 ? "1 answer has" : fmt::format("{} answers have", quality.merged_answers),
        quality.merged_answers == 1 ? "its" : "their",
        fmt::format("{} more branch{}", quality.righted_branches, quality.righted_branches == 1 ? "" : "es"));
  });
  for (const SharedQuestions& each : quality.shared) {
    if (!each.doubtful()) continue;
    warnings.push_back(fmt::format("{} of {} questions are in {} too, {} of them with the same answers",
                                   each.questions, quality.questions, genome::base::visible(each.other),
                                   each.recordings));
  }
  return warnings;
}

std::vector<std::string> notes_of(const EnvironmentQuality& quality) {
  std::vector<std::string> notes;
  for (const SharedQuestions& each : quality.shared) {
    if (!each.doubtful())
      notes.push_back(fmt::format("{} of {} questions are in {} too, which is of another model",
                                  each.questions, quality.questions, genome::base::visible(each.other)));
  }
  return notes;
}

}  // namespace replay
