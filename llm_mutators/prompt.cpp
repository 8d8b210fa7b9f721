#include "llm_mutators/prompt.hpp"

#include <fmt/format.h>

#include "llm_mutators/foreign_text.hpp"
#include "llm_mutators/language_card.hpp"

namespace llm_mutators {
namespace {

constexpr std::size_t kMostQuoted = 16000;  // bytes of a wrong reply, and of its faults
constexpr std::size_t kMostAdvice = 8000;

constexpr std::string_view kTask = R"(# The task

You improve controllers. A controller is run on many questions at several settings of its one
knob beta, from 0 (cheap) to 1 (thorough). Each setting gives an accuracy (percent of questions
answered rightly) and a cost (mean tokens of a question). The score is the mean, over budgets from
{:.0f} to {:.0f} tokens (uniform in the logarithm), of the best accuracy reached within the budget,
interpolated between neighbouring settings; below the cheapest setting it is 0. So the settings
should span that range of tokens, the tokens should rise with beta (a setting that costs no more
than a lower one is lost and costs {:g} points), and at equal tokens the accuracy should be higher.
Each operation and operand of the text costs {:g} points, so what does not help should go. Nothing
can be fitted to single questions: a controller never sees their text.
)";

constexpr std::string_view kReplyRules = R"(# Your reply

Reply with one line `HYPOTHESIS: ...` that says in a sentence what you change and why it should
score higher, followed by exactly one whole controller in one fenced block:

```
controller evolved
...
```

Nothing else is read. Use no tools and write no files.
)";

constexpr std::string_view kRepair = R"({}
# An earlier reply

This was replied before, but it cannot be used:

<reply>
{}</reply>

What is wrong with it:

{}
Reply again in the form described, with the whole controller put right, keeping to the idea.
)";

std::string task_text(const Task& task) {
  std::string out = fmt::format(kTask, task.budget_low, task.budget_high, task.knob_penalty, task.parsimony);
  const std::string advice = block(beginning(trimmed(task.advice), kMostAdvice));
  if (!advice.empty()) out += fmt::format("\n{}\n", advice);
  return out;
}

std::string parent_text(std::string_view title, const evo::Individual& parent) {
  std::string out = fmt::format("# {}\n\n```\n{}```\n\n", title, parent.text);
  if (parent.curve.empty()) return out;
  out +=
      fmt::format("Its score is {:.3f}; it has {} operations and operands.\n\n", parent.score, parent.size);
  out += "| beta | accuracy | tokens |\n| --- | --- | --- |\n";
  for (const evo::CurvePoint& p : parent.curve) {
    out += fmt::format("| {:g} | {:.2f} | {:.0f} |\n", p.beta, p.accuracy, p.tokens);
  }
  return out + "\n";
}

std::string constant_part(const Task& task) {
  return fmt::format("{}\n{}\n{}\n", language_card(), task_text(task), kReplyRules);
}

std::string quoted(std::string_view text) {
  std::string kept = block(beginning(text, kMostQuoted));
  if (text.size() > kMostQuoted) kept += fmt::format("\n(and {} bytes more)", text.size() - kMostQuoted);
  if (!kept.ends_with('\n')) kept += '\n';
  return kept;
}

}  // namespace

std::string mutation_prompt(const Task& task, const evo::Individual& parent) {
  return constant_part(task) + parent_text("The controller to improve", parent) +
         "Write a better controller: change what you think holds this one back, and keep what is good.\n";
}

std::string crossover_prompt(const Task& task, const evo::Individual& first, const evo::Individual& second) {
  return constant_part(task) + parent_text("The first controller", first) +
         parent_text("The second controller", second) +
         "Write one controller that joins the strengths of both and is better than either: look at\n"
         "where along the range of tokens each is ahead, and why.\n";
}

std::string repair_prompt(const std::string& prompt, std::string_view wrong, std::string_view faults) {
  return fmt::format(kRepair, prompt, quoted(wrong), quoted(faults));
}

}  // namespace llm_mutators
