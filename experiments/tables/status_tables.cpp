#include "experiments/tables/status_tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "genome/base/digest.hpp"

namespace experiments {

namespace {

// With four digits at least, whatever the unit.
Decimal charged(double value) {
  constexpr int kDigits = 4, kBehindPoint = 2, kMostBehindPoint = 15;
  const double exponent = value > 0 ? std::floor(std::log10(value)) : 0;
  return {value, std::clamp(kDigits - 1 - static_cast<int>(exponent), kBehindPoint, kMostBehindPoint)};
}

// Behind tokens: what is charged beside them, or in their place.
std::vector<std::string> with_charge(std::vector<std::string> columns, const evo::Charge& charge) {
  if (!charge.is_tokens()) columns.emplace_back("latency_tokens");
  if (!charge.is_tokens() && !charge.is_latency()) columns.emplace_back("charge");
  return columns;
}

std::vector<Cell> with_charge(std::vector<Cell> row, const evo::CurvePoint& p, const evo::Charge& charge) {
  if (!charge.is_tokens()) row.emplace_back(Decimal{p.latency_tokens});
  if (!charge.is_tokens() && !charge.is_latency()) row.emplace_back(charged(charge.of(p)));
  return row;
}

}  // namespace

Table curve_table(const evo::Individual& individual, const evo::Charge& charge) {
  Table table(with_charge({"beta", "accuracy", "tokens"}, charge));
  for (const evo::CurvePoint& p : individual.curve)
    table.add_row(with_charge({Shortest{p.beta}, Decimal{p.accuracy}, Decimal{p.tokens}}, p, charge));
  return table;
}

Table limits_table(const evo::LimitsChoice& choice) {
  Table table({"beta", "accuracy", "tokens", "latency_tokens", "latency_p95"});
  const evo::ServiceFigures& f = choice.result.figures;
  table.add_row({Shortest{choice.result.beta}, Decimal{f.accuracy}, Decimal{f.tokens},
                 Decimal{f.latency_tokens}, Decimal{f.latency_p95}});
  return table;
}

Table frontier_table(const evo::State& state, std::size_t digits) {
  const evo::Charge& charge = state.charge;
  Table table(with_charge({"controller", "beta", "accuracy", "tokens"}, charge));
  for (const evo::ArchivePoint& p : state.archive.points()) {
    std::vector<Cell> row = {p.id.substr(0, digits), Shortest{p.beta}, Decimal{p.accuracy},
                             Decimal{p.tokens}};
    table.add_row(charge.is_tokens() ? std::move(row)
                                     : with_charge(std::move(row), evo::curve_point_of(p), charge));
  }
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
