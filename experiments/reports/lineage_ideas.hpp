// lineage_ideas.hpp: the steps of a lineage that a language model thought of: which one, and why.
// Why:      months later the question is not only by which operator a step came, but whose idea it was.
// Use:      const LineageIdeas ideas(at);
//           if (const auto idea = ideas.of(born)) ... idea->hypothesis
// Promises: texts are lines fit for any terminal and any format (genome/base/text.hpp), whatever the
//           model said. A record that is gone or damaged leaves the model unknown.
// Threads:  one thread; what it was made from must outlive it.
// Tests:    tests/experiments/session/model_lineage_test.cpp
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evo/record/lineage.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {

struct Idea {
  std::string model;       // its name in the experiment, or what was asked; empty: unknown
  std::string hypothesis;  // may be empty
  std::string exchange;    // the digest of its record
};

class LineageIdeas {
 public:
  explicit LineageIdeas(const RunAt& at);

  // Nothing when no model took part.
  std::optional<Idea> of(const evo::Born& born) const;

 private:
  std::string model_in(const std::string& exchange) const;

  const RunAt& at_;
  std::vector<std::string> names_;  // of the experiment's models
};

}  // namespace experiments
