// world.hpp: the episode: one question under one ordering, and what each action costs and reveals.
// Why:      the rules of the environment, kept apart from the language that acts in it.
// Use:      World world(question, ordering, std::nullopt, 0);
//           world.begin_stage(0);
//           if (world.branch()) world.probe(0);
// Promises: an action that is not allowed, or that the budget does not admit, changes nothing and
//           returns false; one that the budget ends within cuts its branch. Branches stand in opening order.
// Threads:  an object belongs to one thread; the question must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "replay/environment/environment.hpp"

namespace oracle {

inline constexpr std::size_t kMaxBranches = 64;

// One opened branch.
struct BranchState {
  const replay::Branch* recorded = nullptr;
  std::int64_t opened_in = 0;  // the round
  std::int64_t depth = 0;      // intervals
  bool finished = false;
  bool pruned = false;
  bool probed = false;                          // at this depth, since it finished, or cut
  replay::AnswerId answer = replay::kNoAnswer;  // the latest revealed
  std::int64_t tokens = 0;                      // spent on it, without probe costs
  std::int64_t stage_tokens = 0;                // of these, in this stage
  std::int64_t streak = 0;
  std::int64_t changes = 0;

  bool active() const { return !finished && !pruned; }
  // Steps taken: intervals, and the last one.
  std::int64_t steps() const { return depth + (finished ? 1 : 0); }
};

// What the step onward from `depth` costs.
std::int64_t step_cost(const replay::Question& question, const replay::Branch& recorded, std::int64_t depth);

class World {
 public:
  World(const replay::Question& question, std::span<const std::uint32_t> ordering,
        std::optional<std::int64_t> budget, std::int64_t probe_cost);

  // A stage is `start` or one round.
  void begin_stage(std::int64_t round);
  void end_stage();

  bool branch();                   // BRANCH
  bool read();                     // READ
  bool advance(std::size_t lane);  // CONTINUE
  bool probe(std::size_t lane);    // PROBE
  bool prune(std::size_t lane);    // PRUNE

  const replay::Question& question() const { return *question_; }
  const std::vector<BranchState>& branches() const { return branches_; }
  std::size_t opened() const { return branches_.size(); }
  // Lanes in the order in which they finished.
  const std::vector<std::size_t>& finish_order() const { return finish_order_; }
  std::int64_t active_count() const;
  std::int64_t round() const { return round_; }
  std::int64_t spent() const { return spent_; }
  std::int64_t latency() const { return latency_; }
  double remaining() const;  // infinite without a budget
  // Whether anything was opened or advanced in this stage.
  bool acted() const { return acted_; }
  // Whether the budget, if there is one, admits another CONTINUE, BRANCH or READ.
  bool anything_fits() const;

 private:
  bool may_open() const;
  bool fits(std::int64_t cost) const;
  void cut(BranchState& state);
  const replay::Branch& next_recorded() const;
  BranchState& open_next();
  void pay(BranchState& state, std::int64_t cost);
  void step(std::size_t lane);
  void finish(std::size_t lane);
  void reveal(BranchState& state);

  const replay::Question* question_;
  std::span<const std::uint32_t> ordering_;
  std::optional<std::int64_t> budget_;
  std::int64_t probe_cost_;

  std::vector<BranchState> branches_;
  std::vector<std::size_t> finish_order_;
  std::int64_t round_ = 0;
  std::int64_t spent_ = 0;
  std::int64_t latency_ = 0;
  bool acted_ = false;
};

}  // namespace oracle
