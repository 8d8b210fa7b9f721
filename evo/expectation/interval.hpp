// interval.hpp: differences question by question -> the gain on new questions, and how sure that is.
// Why:      who was chosen on some questions looks too good on them. Differences on questions that the
//           chooser never saw have no such bias; how far they spread tells how far their mean can be trusted.
// Use:      const ExpectedGain expected = expected_gain({.halves = {on_b, on_a}, .own = of_champion});
// How:      cross-fitting (Chernozhukov et al. 2018) in two halves. The gain is the mean over all questions
//           of what each half's champion gains on the other half. Its variance has two parts: that of the
//           mean over questions, and how far the two searches came apart, which tells how far searches of one
//           kind differ. The interval has quantiles of Student's t with n - 2 degrees of freedom.
//           A half searches less: it has half of the questions and a quarter of the episodes. On its own
//           questions luck is with its champion, so where that of the search is ahead even there, by more
//           than kSureErrors of its standard errors, the lead is added, and its variance to the variance.
// Promises: the spread over questions is the larger of those of the halves and of the champion itself, so
//           that it does not vanish where both halves found nothing and the champion is another controller.
//           Arithmetic and roots alone: the same bits on every platform.
// Threads:  pure functions.
// Tests:    tests/evo/expectation/interval_test.cpp
#pragma once

#include <span>
#include <vector>

#include "evo/population/expected_gain.hpp"

namespace evo {

struct Differences {
  std::vector<double> halves[2];  // of the champion of each half, on the questions of the other, in points
  std::vector<double> own;        // of the search's champion, on all questions: only their spread counts
  std::vector<double> lead[2];    // of the search's champion over that of each half, on the half's own
                                  // questions; empty where the lead is not to count
};

// Fills all but the name of the known controller. REQUIRES: both halves have two questions at least.
ExpectedGain expected_gain(const Differences& differences);

// The mean of a - b over questions of which nobody was chosen, with its interval. Under two questions it is
// as wide as accuracies go. REQUIRES: as many of both, and one at least.
ExpectedGain mean_difference(std::span<const double> a, std::span<const double> b);

// The quantile of Student's t with so many degrees of freedom for a two-sided 95% interval; its error is
// below 1% from 4 degrees on.
double student_95(double degrees);

}  // namespace evo
