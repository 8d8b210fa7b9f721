#include "experiments/sources/given_founders.hpp"

#include <string>

#include "experiments/sources/controller_source.hpp"
#include "genome/text/printer.hpp"

namespace experiments {

void freeze_given_founders(evo::Experiment& experiment) {
  for (std::string& each : experiment.given_founders) {
    if (each.find('\n') == each.npos) each = genome::print(resolve_controller(each).controller.tree());
  }
  for (evo::Experiment& island : experiment.island_tables) freeze_given_founders(island);
}

}  // namespace experiments
