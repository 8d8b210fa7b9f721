// lineage_report.hpp: the steps of a lineage written for people, for programs and for Graphviz.
// Why:      lineage and blame tell of the same steps in the same words.
// Use:      const LineageReport report{lineage, &gains, ideas};
//           print(report.line_text(line, LineageReport::Detail::kChanges));
// Promises: without gains (the environments are not at hand) a step has what both scored at birth alone. A
//           step that a language model thought of has the model and its hypothesis.
// Threads:  one thread.
// Tests:    tests/experiments/commands/lineage_blame_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evo/record/lineage.hpp"
#include "experiments/reports/blame.hpp"
#include "experiments/reports/lineage_ideas.hpp"
#include "experiments/reports/step_gains.hpp"

namespace experiments {

// What one controller has that another has not, as `evotts diff` says it, a line each; none where either does
// not check.
std::vector<std::string> changes_between(const NamedText& before, const NamedText& after);

class LineageReport {
 public:
  LineageReport(const evo::Lineage& lineage, const StepGains* gains, const LineageIdeas& ideas)
      : lineage_(lineage), gains_(gains), ideas_(ideas) {}

  // Whether a step is followed by what it changed.
  enum class Detail : std::uint8_t { kStepsOnly, kChanges };

  // The steps from the individual back along first parents.
  std::string line_text(const std::vector<const evo::Born*>& line, Detail detail) const;
  // All ancestors: first parents go down, the other parents branch off; nobody is shown twice.
  std::string tree_text(const evo::Born& of, Detail detail) const;
  std::string json(const std::vector<const evo::Born*>& steps) const;
  std::string dot(const std::vector<const evo::Born*>& steps) const;

  std::string blame_text(const std::vector<BlamedLine>& lines) const;
  std::string blame_json(const std::vector<BlamedLine>& lines) const;

  // What a step gained over its first parent, in words: nothing where that is not known.
  std::string accuracy_gain(const evo::Born& born) const;
  std::string tokens_gain(const evo::Born& born) const;
  // What the step changed.
  std::vector<std::string> changes_of(const evo::Born& born) const;

 private:
  std::string step_line(const evo::Born& born) const;
  std::string gain_words(const evo::Born& born) const;
  // Whose idea the step was, in a line, or nothing.
  std::string idea_line(const evo::Born& born, const std::string& margin) const;

  const evo::Lineage& lineage_;
  const StepGains* gains_;
  const LineageIdeas& ideas_;
};

}  // namespace experiments
