#include "llm_mutators/prompts/prompt.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "genome/base/text.hpp"
#include "llm_mutators/prompts/curve_text.hpp"
#include "llm_mutators/prompts/language_card.hpp"
#include "llm_mutators/prompts/templates.hpp"

namespace llm_mutators {
namespace {

constexpr std::size_t kMostQuoted = 16000;  // bytes of a wrong reply, and of its faults
constexpr std::size_t kMostAdvice = 8000;
constexpr std::size_t kMostParent = 20000;
constexpr std::size_t kMostObservations = 10000;
constexpr std::size_t kMostLine = 300;    // of a lesson
constexpr std::size_t kShownTexts = 3;    // of the frontier
constexpr std::size_t kShownPoints = 12;  // of it

std::string fenced(std::string_view text) {
  return fmt::format("```\n{}```\n\n", genome::base::block(genome::base::beginning(text, kMostParent)));
}

std::string score_line(const Wording& words, const evo::Individual& parent, const evo::Individual* best) {
  std::string out = fmt::format(fmt::runtime(words.size_and_score), fmt::arg("size", parent.size),
                                fmt::arg("score", parent.score));
  if (parent.fitness != parent.score)
    out += fmt::format(fmt::runtime(words.after_charges), fmt::arg("fitness", parent.fitness));
  if (best != nullptr && best->id != parent.id) {
    out += fmt::format(fmt::runtime(words.best), fmt::arg("score", best->score));
    if (best->fitness != best->score)
      out += fmt::format(fmt::runtime(words.best_after), fmt::arg("fitness", best->fitness));
  }
  return out + ".\n\n";
}

// So many of the points, from the cheapest to the dearest.
std::vector<evo::ArchivePoint> spread(const std::vector<evo::ArchivePoint>& points, std::size_t most) {
  if (points.size() <= most) return points;
  std::vector<evo::ArchivePoint> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(points[i * (points.size() - 1) / (most - 1)]);
  return some;
}

// Some of the points, and the texts of the cheapest, the dearest and one between.
std::string frontier_text(const Wording& words, const evo::Archive* archive, bool latency) {
  if (archive == nullptr || archive->points().empty()) return {};
  const auto points = spread(archive->points(), kShownPoints);
  std::string some;
  if (points.size() < archive->points().size())
    some = fmt::format(fmt::runtime(words.some_of_them), fmt::arg("points", points.size()));
  std::string out = fmt::format(fmt::runtime(words.frontier), fmt::arg("points", archive->points().size()),
                                fmt::arg("controllers", archive->texts().size()), fmt::arg("some", some)) +
                    (latency ? "| controller | beta | accuracy | tokens | latency tokens |\n"
                               "| --- | --- | --- | --- | --- |\n"
                             : "| controller | beta | accuracy | tokens |\n| --- | --- | --- | --- |\n");
  std::map<std::string, std::size_t> numbers;
  for (const evo::ArchivePoint& p : points) {
    const std::size_t number = numbers.emplace(p.id, numbers.size() + 1).first->second;
    out += fmt::format("| {} | {:g} | {:.2f} | {:.0f} |", number, p.beta, p.accuracy, p.tokens);
    out += latency ? fmt::format(" {:.0f} |\n", evo::curve_point_of(p).latency_tokens) : "\n";
  }
  out += "\n";
  std::set<std::string> shown;
  for (const evo::ArchivePoint& p : spread(points, kShownTexts)) {
    const auto text = archive->texts().find(p.id);
    if (text == archive->texts().end() || !shown.insert(p.id).second) continue;
    out += fmt::format("Controller {}:\n\n{}", numbers[p.id],
                       fenced(genome::base::beginning(text->second, kMostParent / 3)));
  }
  return out;
}

// What the search is worth beyond these questions; nothing in versions without words for it.
std::string expected_text(const Wording& words, const evo::ExpectedGain* expected) {
  if (expected == nullptr || words.expected.empty()) return {};
  return fmt::format(fmt::runtime(words.expected), fmt::arg("gain", expected->gain),
                     fmt::arg("low", expected->low), fmt::arg("high", expected->high),
                     fmt::arg("against", expected->against), fmt::arg("questions", expected->questions));
}

// How proposals fared in all, and the latest ones one by one.
std::string lessons_text(const Wording& words, const Scene& scene) {
  const std::string expected = expected_text(words, scene.expected);
  if (scene.lessons.empty()) return expected;
  std::string out = expected + std::string(words.lessons);
  if (scene.proposals > 0)
    out += fmt::format(fmt::runtime(words.record), fmt::arg("proposals", scene.proposals),
                       fmt::arg("kept", scene.kept));
  for (const Lesson& lesson : scene.lessons) {
    const std::string_view idea =
        lesson.hypothesis.empty() ? words.no_hypothesis : std::string_view(lesson.hypothesis);
    out += fmt::format("- {}: {}\n", genome::base::one_line(genome::base::beginning(idea, kMostLine)),
                       genome::base::one_line(genome::base::beginning(lesson.result, kMostLine)));
  }
  return out + "\n";
}

std::string observations_text(std::string_view heading, const std::string& observations) {
  if (observations.empty()) return {};
  return fmt::format(
      "# {}\n\n{}\n\n", heading,
      genome::base::block(genome::base::beginning(genome::base::trimmed(observations), kMostObservations)));
}

std::string quoted(const Wording& words, std::string_view text) {
  std::string kept = genome::base::block(genome::base::beginning(text, kMostQuoted));
  if (text.size() > kMostQuoted)
    kept += fmt::format(fmt::runtime(words.more_bytes), fmt::arg("bytes", text.size() - kMostQuoted));
  if (!kept.ends_with('\n')) kept += '\n';
  return kept;
}

}  // namespace

Prompter::Prompter(const Task& task, Templates templates)
    : templates_(std::move(templates)), task_(task), words_(&wording(task.prompt_version)) {
  const std::string advice =
      genome::base::block(genome::base::beginning(genome::base::trimmed(task.advice), kMostAdvice));
  constant_ = fmt::format("{}{}\n{}\n{}\n", language_card(task.prompt_version),
                          signals_card(task.signals, task.prompt_version),
                          filled(text_of("task"), {{"objective", task_text(task)},
                                                   {"low", budget_text(task.budget_low, task.charge)},
                                                   {"high", budget_text(task.budget_high, task.charge)},
                                                   {"penalty", fmt::format("{:g}", task.knob_penalty)},
                                                   {"parsimony", fmt::format("{:g}", task.parsimony)},
                                                   {"advice", advice.empty() ? "" : "\n" + advice + "\n"}}),
                          text_of("rules"));
}

std::string Prompter::text_of(std::string_view name) const {
  const auto own = templates_.find(name);
  return genome::base::block(own != templates_.end() && !own->second.empty()
                                 ? own->second
                                 : built_in_template(name, task_.prompt_version));
}

Prompt Prompter::with(std::string rest) const {
  return {constant_, std::string(genome::base::beginning(rest, kMostRest))};
}

// A parent's text, its settings, and its curve beside the frontier's.
std::string Prompter::shown(const evo::Individual& parent, const Scene& scene) const {
  std::string out = fenced(parent.text);
  if (parent.curve.empty()) return out;
  const std::string_view over = task_.reweightings.empty() ? words_->environments : words_->with_variants;
  return out + score_line(*words_, parent, scene.best) +
         fmt::format(fmt::runtime(words_->settings_over), fmt::arg("environments", over)) +
         settings_table(parent.curve, task_.charge) + std::string(words_->at_budgets) +
         budget_table(parent.curve, frontier_curve(scene.archive), budgets_of(task_));
}

Prompt Prompter::mutation(const evo::Individual& parent, const Scene& scene) const {
  return with(
      filled(text_of("mutate"), {{"parent", shown(parent, scene)},
                                 {"observations", observations_text(words_->how_it_does, scene.observations)},
                                 {"lessons", lessons_text(*words_, scene)}}));
}

Prompt Prompter::crossover(const evo::Individual& first, const evo::Individual& second,
                           const Scene& scene) const {
  return with(filled(text_of("cross"),
                     {{"first", shown(first, scene)},
                      {"second", shown(second, scene)},
                      {"observations", observations_text(words_->how_first_does, scene.observations)},
                      {"lessons", lessons_text(*words_, scene)}}));
}

Prompt Prompter::invention(const Scene& scene) const {
  return with(filled(text_of("invent"),
                     {{"frontier", frontier_text(*words_, scene.archive, !task_.charge.is_tokens())},
                      {"lessons", lessons_text(*words_, scene)}}));
}

Prompt Prompter::repair(const Prompt& prompt, std::string_view wrong, std::string_view faults) const {
  Prompt again = prompt;
  const std::string more =
      filled(text_of("repair"), {{"reply", quoted(*words_, wrong)}, {"faults", quoted(*words_, faults)}});
  again.rest += genome::base::beginning(more, kMostRepair);
  return again;
}

}  // namespace llm_mutators
