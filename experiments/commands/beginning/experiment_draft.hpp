// experiment_draft.hpp: the text of an experiment that fits some recordings, with comments that say why.
// Why:      a first experiment is to be read and changed by its owner, not only run.
// Use:      write(folder / "experiment.toml", draft_text({.name = "mine", .search = files}, facts));
// Promises: a file that `evotts run` takes; each key has a reason beside it. Pure.
// Threads:  a pure function.
// Tests:    tests/experiments/commands/new_test.cpp
#pragma once

#include <string>
#include <vector>

#include "experiments/commands/beginning/data_facts.hpp"

namespace experiments {

struct DraftSources {
  std::string name;
  std::vector<std::string> search, held_out;  // files or specifications
};

std::string draft_text(const DraftSources& sources, const DataFacts& facts);

}  // namespace experiments
