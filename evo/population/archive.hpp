// archive.hpp: the best points of tokens and accuracy ever seen in a run, with their controllers.
// Why:      selection forgets; the frontier of a run must not.
// Use:      int fresh = archive.offer(children, {50e3, 500e3});
// Promises: every kept point costs what the range of budgets allows; no point that was ever offered dominates
//           a kept one, by their exact means (see exact_means.hpp). Of points in the same cell of a grid of
//           kCell in log tokens, or in what the range charges, only the most accurate is kept, and the
//           cheapest of those (epsilon dominance, Laumanns et al. 2002), so the size is bounded by the range
//           of tokens, not by the length of the run. The order of offering does not matter beyond equal
//           points, of which the earlier stays. With rounded means it is the archive of an earlier program,
//           whose points may be dominated.
// Threads:  a value.
// Tests:    tests/evo/population/archive_test.cpp
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "evo/base/means.hpp"
#include "evo/population/budget_range.hpp"
#include "evo/population/individual.hpp"

namespace evo {

struct ArchivePoint {
  std::string id;
  double beta = 0;
  double accuracy = 0;  // percent, of the sums
  double tokens = 0;    // of an episode, of the sums
  std::vector<Sums>
      sums;  // by environment; none in an archive of an earlier program until it is scored again
  friend bool operator==(const ArchivePoint&, const ArchivePoint&) = default;
};

// Its figures, latency among them; that is 0 where there are no sums.
CurvePoint curve_point_of(const ArchivePoint& point);

class Archive {
 public:
  static constexpr double kCell = 0.02;  // 2% of tokens

  Archive() = default;
  Archive(std::vector<ArchivePoint> points, std::map<std::string, std::string> texts)
      : points_(std::move(points)), texts_(std::move(texts)) {}

  // Takes in what is better; how many points are new.
  int offer(std::span<const Individual> individuals, BudgetRange range, Means means = Means::kExact);

  const std::vector<ArchivePoint>& points() const { return points_; }  // by rising charge
  // Canonical texts of the individuals that have a point, by id.
  const std::map<std::string, std::string>& texts() const { return texts_; }
  double hypervolume(BudgetRange range) const;
  // How many points another archive, of before, has not.
  int new_since(const Archive& before) const;
  // Points that another one dominates. Never any, except in files that were not written by offer() with this
  // charge.
  std::vector<ArchivePoint> dominated(const Charge& charge = {}) const;

 private:
  std::vector<ArchivePoint> points_;
  std::map<std::string, std::string> texts_;
};

}  // namespace evo
