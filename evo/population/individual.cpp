#include "evo/population/individual.hpp"

#include "genome/base/digest.hpp"
#include "genome/text/printer.hpp"

namespace evo {

Individual make_individual(const genome::CheckedController& controller, Birth birth) {
  std::string text = genome::print(controller.tree());
  std::string id = genome::base::git_blob_id(text);
  return {.id = std::move(id),
          .text = std::move(text),
          .controller = controller,
          .size = genome::size_of(controller.tree()),
          .birth = std::move(birth)};
}

Individual unscored(const Individual& individual) {
  return {.id = individual.id,
          .text = individual.text,
          .controller = individual.controller,
          .size = individual.size,
          .birth = individual.birth};
}

}  // namespace evo
