// known.hpp: the controllers that a search is to beat on its questions.
// Why:      anybody has the library without a search, so a gain is one over the best of it. A controller
//           that was itself found on these questions is no yardstick there: it has seen them.
// Use:      for (const Known& each : known_on(evaluator.environments(), experiment.edition)) ...
// Promises: the library's controllers that read no signals but those recorded, in the order of their names,
//           less those found on a data set (genome::found_on) of which a question is here. Questions are
//           the same when their texts are, but for white space. Controllers of later editions than the one
//           given are left out. Depends on its arguments alone.
// Threads:  pure function.
// Tests:    tests/evo/expectation/known_test.cpp
#pragma once

#include <span>
#include <string>
#include <vector>

#include "genome/text/checker.hpp"
#include "genome/text/edition.hpp"
#include "replay/environment/environment.hpp"

namespace evo {

struct Known {
  std::string name, id;
  genome::CheckedController controller;
};

std::vector<Known> known_on(std::span<const replay::Environment> environments,
                            int edition = genome::kLatestEdition);

// The names of those that known_on() leaves out because they were found on a question that is here.
std::vector<std::string> found_here(std::span<const replay::Environment> environments,
                                    int edition = genome::kLatestEdition);

}  // namespace evo
