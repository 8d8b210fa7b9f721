// votes.hpp: what a set of branches says about the answer.
// Why:      ties, missing answers and weights are where two evaluators most easily differ, so the
//           oracle counts votes in plain steps.
// Use:      Tally tally = count_votes({{3, 1.0}, {5, 1.0}, {3, 1.0}});
//           AnswerId winner = top(tally);  // 3
// Promises: answers stand in the order in which the voters first gave them; a voter without an answer
//           does not vote; weights may be negative and are added in voter order, by the + of the
//           language, so that they are never NaN.
// Threads:  pure functions.
#pragma once

#include <vector>

#include "replay/environment/environment.hpp"

namespace oracle {

struct Ballot {
  replay::AnswerId answer = replay::kNoAnswer;
  double weight = 1;
};

// One answer and the weight of all who gave it.
struct Share {
  replay::AnswerId answer = replay::kNoAnswer;
  double weight = 0;
};

using Tally = std::vector<Share>;

Tally count_votes(const std::vector<Ballot>& ballots);

// The answer with the largest weight, of equal ones the first; none when nobody votes.
replay::AnswerId top(const Tally& tally);
// The weight of top; 0 when nobody votes.
double support(const Tally& tally);
// The largest weight among the other answers; 0 when there is none.
double runner_up(const Tally& tally);
double votes_for(const Tally& tally, replay::AnswerId answer);
double distinct(const Tally& tally);
double entropy(const Tally& tally);
double confidence(const Tally& tally);

}  // namespace oracle
