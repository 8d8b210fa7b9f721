// cross_fitting.hpp: two searches beside the search, each on half of the questions, judged on the other.
// Why:      what a search finds looks better on the questions it was found on than on new ones, and with few
//           questions much better. A search like it that never saw the questions it is judged on says by
//           how much, without a look at held-out environments.
// Use:      std::unique_ptr<CrossFitting> crossed = cross_fitting(experiment, evaluator);   // null: none
//           Step first = found(scorer);
//           if (crossed) crossed->found(first.state, scorer);
//           Step next = advance(state, scorer, proposer);
//           if (crossed) crossed->advance(state, next.state, scorer);
// How:      distinct questions, with all their models and reweighted variants, are dealt to two halves by
//           the seed. Each half has a search of its own (half_plans in evo/experiment/islands.hpp), by
//           genetic operators alone: a language model would be told what the other half is like. After
//           every generation in which a champion changed, the champions of both halves, and the search's,
//           meet the best known controller (known.hpp) on the recorded environments: in each half the one
//           chosen in the other. Known controllers are chosen likewise.
// Promises: the search never looks at any of it, so it goes as it would without; language models are told the
//           figures that came out, and nothing else of it. Depends on state and
//           experiment alone, on any number of threads. A state without halves, as after a fork to other
//           questions, gets them in the next generation. Episodes are counted with those of the search.
// Threads:  one call at a time; it uses the threads of the calling TBB arena. The experiment and the
//           evaluator must outlive it.
// Tests:    tests/evo/expectation/cross_fitting_test.cpp
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "evo/expectation/known.hpp"
#include "evo/population/state.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

inline constexpr std::size_t kFewestQuestions = 8;  // distinct ones that are worth halving

class CrossFitting {
 public:
  // REQUIRES: kFewestQuestions distinct questions, and a known controller.
  CrossFitting(const Experiment& experiment, const replay::Evaluator& evaluator);

  // Founds the halves of a state, and estimates.
  void found(State& state, Scorer& scorer);

  // Makes the halves of `after` out of those of `before`, and estimates. `scorer` is that of the search.
  void advance(const State& before, State& after, Scorer& scorer);

  // The expected gain and the recommendation of a state with halves, made anew.
  void estimate(State& state, Scorer& scorer, Work& work);

  Scorer& half(std::size_t place) { return *halves_[place]->scorer; }

 private:
  // Shares of the area under a curve by distinct question, in the half of each.
  using Shares = std::array<std::vector<double>, 2>;

  struct Half {
    Half(const Experiment& experiment, const Experiment& judging, const replay::Evaluator& evaluator,
         std::size_t place);

    std::unique_ptr<Scorer> scorer;
    GeneticProposer proposer;
    QuestionScorer judge;  // on the recorded questions of this half
  };

  // On the recorded questions of a half.
  std::vector<double> judged(const genome::CheckedController& controller, std::size_t half, Work& work);
  const std::vector<Shares>& shares_of_known();

  const Experiment* experiment_;
  Experiment judging_;  // likewise, of which only areas are asked
  std::vector<Known> known_;
  std::array<std::unique_ptr<Half>, 2> halves_;
  std::vector<Shares> shares_of_known_;  // empty before they are asked for
};

// None where the experiment wants none, or where questions or known controllers are too few.
std::unique_ptr<CrossFitting> cross_fitting(const Experiment& experiment, const replay::Evaluator& evaluator);

}  // namespace evo
