// operator_rates.hpp: which operators have been bringing gains, so that they are drawn more often.
// Why:      what helps differs by experiment and by how far a run is: early structure, later numbers.
// Use:      OperatorRates rates;
//           rates.credit("subtree+constants", gained);           // after a child was scored
//           std::size_t i = rates.draw(rng, {"subtree", "guard"});
// Promises: an operator's weight is kFloor plus its share of successes, both sides fading by kFade a
//           generation and starting from kPrior; with nothing credited all weights are equal. A success is a
//           child fitter than the parent it was made from that got a place in the population; of founders
//           too, where those made of nobody are successes when they live.
// Threads:  a value.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "genome/base/rng.hpp"

namespace evo {

class OperatorRates {
 public:
  static constexpr double kFade = 0.9;
  static constexpr double kFloor = 0.03;
  static constexpr double kPrior = 0.1;  // share of successes of an operator never tried
  static constexpr double kPriorTries = 4;

  struct Record {
    double tries = 0;
    double gains = 0;
    friend bool operator==(const Record&, const Record&) = default;
  };

  OperatorRates() = default;
  explicit OperatorRates(std::map<std::string, Record> records) : records_(std::move(records)) {}

  // `operation` as in a lineage: names joined by '+', each of which is credited.
  void credit(std::string_view operation, bool gained);
  void fade();

  double weight(std::string_view name) const;
  // An index into names.
  std::size_t draw(genome::base::Rng& rng, std::span<const std::string_view> names) const;

  const std::map<std::string, Record>& records() const { return records_; }

 private:
  std::map<std::string, Record> records_;
};

}  // namespace evo
