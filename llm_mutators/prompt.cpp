#include "llm_mutators/prompt.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "llm_mutators/foreign_text.hpp"
#include "llm_mutators/language_card.hpp"
#include "llm_mutators/templates.hpp"

namespace llm_mutators {
namespace {

constexpr std::size_t kMostQuoted = 16000;  // bytes of a wrong reply, and of its faults
constexpr std::size_t kMostAdvice = 8000;
constexpr std::size_t kMostParent = 20000;
constexpr std::size_t kMostObservations = 10000;
constexpr std::size_t kMostLine = 300;  // of a lesson
constexpr std::size_t kShownTexts = 3;  // of the frontier

// The best accuracy on the frontier within so many tokens.
std::optional<double> frontier_at(const evo::Archive* archive, double tokens) {
  std::optional<double> best;
  for (const evo::ArchivePoint& p :
       archive == nullptr ? std::vector<evo::ArchivePoint>() : archive->points()) {
    if (p.tokens <= tokens && (!best || p.accuracy > *best)) best = p.accuracy;
  }
  return best;
}

std::string fenced(std::string_view text) {
  return fmt::format("```\n{}```\n\n", block(beginning(text, kMostParent)));
}

std::string parent_text(const evo::Individual& parent, const evo::Archive* archive) {
  std::string out = fenced(parent.text);
  if (parent.curve.empty()) return out;
  out +=
      fmt::format("Its score is {:.3f}; it has {} operations and operands.\n\n", parent.score, parent.size);
  out += "| beta | accuracy | tokens | best known within these tokens |\n| --- | --- | --- | --- |\n";
  for (const evo::CurvePoint& p : parent.curve) {
    const auto best = frontier_at(archive, p.tokens);
    out += fmt::format("| {:g} | {:.2f} | {:.0f} | {} |\n", p.beta, p.accuracy, p.tokens,
                       best ? fmt::format("{:.2f}", *best) : "-");
  }
  return out + "\n";
}

// The points, and the texts of the cheapest, the dearest and one between.
std::string frontier_text(const evo::Archive* archive) {
  if (archive == nullptr || archive->points().empty()) return {};
  const auto& points = archive->points();
  std::string out =
      "# The best known\n\n| controller | beta | accuracy | tokens |\n| --- | --- | --- | --- |\n";
  std::map<std::string, std::size_t> numbers;
  for (const evo::ArchivePoint& p : points) {
    const std::size_t number = numbers.emplace(p.id, numbers.size() + 1).first->second;
    out += fmt::format("| {} | {:g} | {:.2f} | {:.0f} |\n", number, p.beta, p.accuracy, p.tokens);
  }
  out += "\n";
  std::set<std::string> shown;
  for (std::size_t i = 0; i < kShownTexts; ++i) {
    const std::string& id = points[i * (points.size() - 1) / (kShownTexts - 1)].id;
    const auto text = archive->texts().find(id);
    if (text == archive->texts().end() || !shown.insert(id).second) continue;
    out += fmt::format("Controller {}:\n\n{}", numbers[id], fenced(beginning(text->second, kMostParent / 3)));
  }
  return out;
}

std::string lessons_text(std::span<const Lesson> lessons) {
  if (lessons.empty()) return {};
  std::string out = "# What was tried lately, and what came of it\n\n";
  for (const Lesson& lesson : lessons) {
    const std::string idea = lesson.hypothesis.empty() ? "(no hypothesis)" : lesson.hypothesis;
    out += fmt::format("- {}: {}\n", one_line(beginning(idea, kMostLine)),
                       one_line(beginning(lesson.result, kMostLine)));
  }
  return out + "\n";
}

std::string observations_text(const std::string& observations) {
  if (observations.empty()) return {};
  return fmt::format("# How it does\n\n{}\n\n", block(beginning(trimmed(observations), kMostObservations)));
}

std::string quoted(std::string_view text) {
  std::string kept = block(beginning(text, kMostQuoted));
  if (text.size() > kMostQuoted) kept += fmt::format("\n(and {} bytes more)", text.size() - kMostQuoted);
  if (!kept.ends_with('\n')) kept += '\n';
  return kept;
}

}  // namespace

Prompter::Prompter(const Task& task, Templates templates) : templates_(std::move(templates)) {
  const std::string advice = block(beginning(trimmed(task.advice), kMostAdvice));
  constant_ = fmt::format("{}\n{}\n{}\n", language_card(),
                          filled(text_of("task"), {{"low", fmt::format("{:.0f}", task.budget_low)},
                                                   {"high", fmt::format("{:.0f}", task.budget_high)},
                                                   {"penalty", fmt::format("{:g}", task.knob_penalty)},
                                                   {"parsimony", fmt::format("{:g}", task.parsimony)},
                                                   {"advice", advice.empty() ? "" : "\n" + advice + "\n"}}),
                          text_of("rules"));
}

std::string Prompter::text_of(std::string_view name) const {
  const auto own = templates_.find(name);
  return block(own != templates_.end() && !own->second.empty() ? own->second : built_in_template(name));
}

Prompt Prompter::with(std::string rest) const { return {constant_, std::string(beginning(rest, kMostRest))}; }

Prompt Prompter::mutation(const evo::Individual& parent, const Scene& scene) const {
  return with(filled(text_of("mutate"), {{"parent", parent_text(parent, scene.archive)},
                                         {"observations", observations_text(scene.observations)},
                                         {"lessons", lessons_text(scene.lessons)}}));
}

Prompt Prompter::crossover(const evo::Individual& first, const evo::Individual& second,
                           const Scene& scene) const {
  return with(filled(text_of("cross"), {{"first", parent_text(first, scene.archive)},
                                        {"second", parent_text(second, scene.archive)},
                                        {"observations", observations_text(scene.observations)},
                                        {"lessons", lessons_text(scene.lessons)}}));
}

Prompt Prompter::invention(const Scene& scene) const {
  return with(filled(text_of("invent"),
                     {{"frontier", frontier_text(scene.archive)}, {"lessons", lessons_text(scene.lessons)}}));
}

Prompt Prompter::repair(const Prompt& prompt, std::string_view wrong, std::string_view faults) const {
  Prompt again = prompt;
  const std::string more = filled(text_of("repair"), {{"reply", quoted(wrong)}, {"faults", quoted(faults)}});
  again.rest += beginning(more, kMostRepair);
  return again;
}

}  // namespace llm_mutators
