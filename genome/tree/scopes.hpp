// scopes.hpp: which names are visible at each place of a controller, and with which types.
// Why:      the checker, the compiler and the genetic operators walk a controller's places alike.
// Use:      Scopes scopes(controller);
//           scopes.for_schedule(i); scopes.in_round(i); scopes.for_answer();
// Promises: total: what does not type has kind kUnknown. A let is visible from the line after it to the
//           end of its section, and is never a constant.
// Threads:  immutable after construction.
#pragma once

#include <cstddef>
#include <vector>

#include "genome/tree/typing.hpp"

namespace genome {

class Scopes {
 public:
  explicit Scopes(const Controller& controller);

  // Before schedule entry `index`: beta and the entries above it.
  const Scope& for_schedule(std::size_t index) const { return schedule_[index]; }
  // For initial values of registers: beta and the whole schedule.
  const Scope& for_registers() const { return schedule_.back(); }
  // Before statement `index`; `index` = number of statements gives the scope after the last.
  const Scope& in_start(std::size_t index) const { return start_.before(index); }
  const Scope& in_round(std::size_t index) const { return round_.before(index); }
  const Scope& for_answer() const { return base_; }

 private:
  // Only a let changes what is visible: the statements between two of them share a scope.
  struct Section {
    std::vector<Scope> different;
    std::vector<std::size_t> places;  // in these, by statement; one more for the end

    const Scope& before(std::size_t index) const { return different[places[index]]; }
  };
  Section walk(const std::vector<Statement>& statements) const;

  std::vector<Scope> schedule_;
  Scope base_;
  Section start_, round_;
};

}  // namespace genome
