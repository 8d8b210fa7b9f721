#include "tests/oracle/world.hpp"

#include <algorithm>
#include <limits>

#include "genome/base/check.hpp"

namespace oracle {

std::int64_t step_cost(const replay::Question& question, const replay::Branch& recorded, std::int64_t depth) {
  if (depth < recorded.probes) return question.interval;
  return std::max<std::int64_t>(0, recorded.tokens - question.interval * recorded.probes);
}

World::World(const replay::Question& question, std::span<const std::uint32_t> ordering,
             std::optional<std::int64_t> budget, std::int64_t probe_cost)
    : question_(&question), ordering_(ordering), budget_(budget), probe_cost_(probe_cost) {
  EVOTTS_CHECK(ordering.size() == question.branches.size());
  EVOTTS_CHECK(probe_cost >= 0);
}

void World::begin_stage(std::int64_t round) {
  round_ = round;
  acted_ = false;
  for (BranchState& state : branches_) state.stage_tokens = 0;
}

void World::end_stage() {
  std::int64_t longest = 0;
  for (const BranchState& state : branches_) longest = std::max(longest, state.stage_tokens);
  latency_ += longest;
}

bool World::branch() {
  if (!may_open() || !anything_fits()) return false;
  open_next();
  step(opened() - 1);
  return true;
}

bool World::read() {
  if (!may_open() || !anything_fits()) return false;
  BranchState& state = open_next();
  if (!fits(state.recorded->tokens)) {
    cut(state);
    return true;
  }
  pay(state, state.recorded->tokens);
  state.depth = state.recorded->probes;
  finish(opened() - 1);
  reveal(state);
  return true;
}

bool World::advance(std::size_t lane) {
  const BranchState& state = branches_.at(lane);
  if (!state.active() || !anything_fits()) return false;
  step(lane);
  return true;
}

bool World::probe(std::size_t lane) {
  BranchState& state = branches_.at(lane);
  if (state.probed || !fits(probe_cost_)) return false;
  spent_ += probe_cost_;
  reveal(state);
  return true;
}

bool World::prune(std::size_t lane) {
  BranchState& state = branches_.at(lane);
  if (!state.active()) return false;
  state.pruned = true;
  return true;
}

std::int64_t World::active_count() const {
  return std::ranges::count_if(branches_, [](const BranchState& state) { return state.active(); });
}

double World::remaining() const {
  if (!budget_) return std::numeric_limits<double>::infinity();
  return static_cast<double>(*budget_ - spent_);
}

// What a step will cost is not known before it is taken, but for the interval that it usually is.
bool World::anything_fits() const { return fits(question_->interval); }

bool World::may_open() const { return branches_.size() < std::min(kMaxBranches, question_->branches.size()); }

bool World::fits(std::int64_t cost) const { return !budget_ || spent_ + cost <= *budget_; }

const replay::Branch& World::next_recorded() const {
  return question_->branches.at(ordering_[branches_.size()]);
}

BranchState& World::open_next() {
  const replay::Branch& recorded = next_recorded();
  acted_ = true;
  return branches_.emplace_back(BranchState{.recorded = &recorded, .opened_in = round_});
}

void World::pay(BranchState& state, std::int64_t cost) {
  spent_ += cost;
  state.tokens += cost;
  state.stage_tokens += cost;
}

void World::step(std::size_t lane) {
  BranchState& state = branches_.at(lane);
  acted_ = true;
  const std::int64_t cost = step_cost(*question_, *state.recorded, state.depth);
  if (!fits(cost)) return cut(state);
  pay(state, cost);
  state.probed = false;
  if (state.depth < state.recorded->probes) {
    ++state.depth;
  } else {
    finish(lane);
  }
}

void World::cut(BranchState& state) {
  pay(state, *budget_ - spent_);
  state.pruned = true;
  state.probed = true;
}

void World::finish(std::size_t lane) {
  branches_.at(lane).finished = true;
  finish_order_.push_back(lane);
}

void World::reveal(BranchState& state) {
  const replay::Branch& recorded = *state.recorded;
  const auto depth = static_cast<std::size_t>(state.depth);
  const replay::AnswerId now =
      state.finished ? recorded.final_answer : question_->probes.at(recorded.first_probe + depth - 1);
  EVOTTS_CHECK(now != replay::kNoAnswer);
  const bool first = state.answer == replay::kNoAnswer;
  const bool same = state.answer == now;
  state.changes += !first && !same ? 1 : 0;
  state.streak = same ? state.streak + 1 : 1;
  state.answer = now;
  state.probed = true;
}

}  // namespace oracle
