// diff_text.hpp: a semantic difference written for people, or as JSON.
// Why:      it is read in terminals, in pages about lineages and by language models, in the same words.
// Use:      print(diff_text({label_a, id_a}, {label_b, id_b}, genome::semantic_diff(a, b)));
// Promises: says only what changed, with a line of context; nothing changed but words is said in one line.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/diff_test.cpp
#pragma once

#include <string>

#include "genome/comparison/semantic_diff.hpp"

namespace experiments {

// One of the two controllers.
struct DiffSide {
  std::string label;
  std::string id;
};

std::string diff_text(const DiffSide& a, const DiffSide& b, const genome::SemanticDiff& diff);
std::string diff_json(const DiffSide& a, const DiffSide& b, const genome::SemanticDiff& diff);

}  // namespace experiments
