// known_controllers.hpp: the controllers that ship with the project, by name.
// Why:      they are the baselines of every comparison and the founders of a seeded population.
// Use:      if (auto text = known_controller("cmc")) check_text(*text);
// Promises: every text checks without warnings; names are sorted. The texts are library/*.ctl.
// Threads:  constant data.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace genome {

struct KnownController {
  std::string_view name;
  std::string_view text;
};

std::span<const KnownController> known_controllers();
std::optional<std::string_view> known_controller(std::string_view name);

}  // namespace genome
