// known_controllers.hpp: the controllers that ship with the project, by name.
// Why:      they are the baselines of every comparison and the founders of a seeded population.
// Use:      if (auto text = known_controller("cmc")) check_text(*text);
// Promises: every text checks without warnings; names are sorted. The texts are library/*.ctl.
// Threads:  constant data.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "genome/text/edition.hpp"

namespace genome {

struct KnownController {
  std::string_view name;
  std::string_view text;
};

std::span<const KnownController> known_controllers();
std::optional<std::string_view> known_controller(std::string_view name);

// The edition that a known controller came with (see edition.hpp): a run of an earlier one does without it.
int edition_of(std::string_view name);

// The questions that a known controller was found on, as the name of a data set: among them it is no better
// known than what a search finds there. Empty of the others, which were designed on paper.
std::string_view found_on(std::string_view name);

}  // namespace genome
