// prompt.hpp: what a language model is asked.
// Why:      providers charge less for a beginning they have seen before, so a prompt goes from what never
//           changes (card, task, form of the reply) to what always does (parents, and the faults of a reply).
// Use:      const Prompter prompter(task, {});
//           Prompt prompt = prompter.mutation(parent, scene);
//           Prompt again = prompter.repair(prompt, reply.text, faults);
// Promises: pure functions of their arguments; valid UTF-8 without control characters other than line
//           ends. All prompts share their `constant`. `rest` has at most kMostRest bytes, and that of a
//           repair is at most kMostRepair longer than that of the question it is about.
// Threads:  any.
// Tests:    tests/llm_mutators/prompts/prompt_test.cpp
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "evo/proposal/proposer.hpp"
#include "llm_mutators/clients/llm_client.hpp"
#include "llm_mutators/journal/memory.hpp"
#include "llm_mutators/prompts/task_text.hpp"
#include "llm_mutators/prompts/wording.hpp"

namespace llm_mutators {

// What is known beside the parents.
struct Scene {
  const evo::Archive* archive = nullptr;  // may be null
  const evo::Individual* best = nullptr;  // of the run so far; may be null
  std::span<const Lesson> lessons;
  std::int64_t proposals = 0, kept = 0;  // of all models so far: those scored, and those better than parents
  std::string observations;              // of the first parent: why it fails, and traces; may be empty
  const evo::ExpectedGain* expected = nullptr;  // on new questions; may be null
};

inline constexpr std::size_t kMostRest = 60'000;
inline constexpr std::size_t kMostRepair = 33'000;

class Prompter {
 public:
  // Templates by name; those left out are the built-in ones (see templates.hpp).
  using Templates = std::map<std::string, std::string, std::less<>>;
  Prompter(const Task& task, Templates templates);

  const std::string& constant() const { return constant_; }
  // The signals that a controller may look at.
  std::span<const std::string> signals() const { return task_.signals; }
  const Wording& words() const { return *words_; }
  Prompt mutation(const evo::Individual& parent, const Scene& scene) const;
  Prompt crossover(const evo::Individual& first, const evo::Individual& second, const Scene& scene) const;
  Prompt invention(const Scene& scene) const;
  // `wrong` is what was replied (or the controller found in it), `faults` what is wrong with that.
  Prompt repair(const Prompt& prompt, std::string_view wrong, std::string_view faults) const;

 private:
  std::string text_of(std::string_view name) const;
  Prompt with(std::string rest) const;
  std::string shown(const evo::Individual& parent, const Scene& scene) const;
  Templates templates_;
  Task task_;
  const Wording* words_;
  std::string constant_;
};

}  // namespace llm_mutators
