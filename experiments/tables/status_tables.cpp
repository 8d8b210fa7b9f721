#include "experiments/tables/status_tables.hpp"

#include <cstdint>

#include "genome/base/digest.hpp"

namespace experiments {

Table curve_table(const evo::Individual& individual) {
  Table table({"beta", "accuracy", "tokens"});
  for (const evo::CurvePoint& p : individual.curve)
    table.add_row({Shortest{p.beta}, Decimal{p.accuracy}, Decimal{p.tokens}});
  return table;
}

Table frontier_table(const evo::Archive& archive, std::size_t digits) {
  Table table({"controller", "beta", "accuracy", "tokens"});
  for (const evo::ArchivePoint& p : archive.points())
    table.add_row({p.id.substr(0, digits), Shortest{p.beta}, Decimal{p.accuracy}, Decimal{p.tokens}});
  return table;
}

Table island_table(const evo::State& state) {
  Table table({"island", "population", "best", "score", "born_in", "born_on", "operator"});
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    const evo::Individual& fittest = state.islands[i].population.front();
    table.add_row(
        {static_cast<std::int64_t>(evo::island_number(state, i)),
         static_cast<std::int64_t>(state.islands[i].population.size()), genome::base::short_id(fittest.id),
         Decimal{fittest.score, 3}, static_cast<std::int64_t>(fittest.birth.generation),
         fittest.birth.island > 0 ? Cell{static_cast<std::int64_t>(fittest.birth.island)} : Cell{Missing{}},
         fittest.birth.operation});
  }
  return table;
}

}  // namespace experiments
