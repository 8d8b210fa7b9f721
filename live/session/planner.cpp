#include "live/session/planner.hpp"

#include <algorithm>
#include <limits>

namespace live {
namespace {

using replay::Statement;

// What is left of the budget while a statement is gone through, by the rule of replay/machine/episode.hpp.
class Ration {
 public:
  Ration(const replay::Episode& episode, const PlanningLimits& limits)
      : limited_(limits.budget.has_value()),
        left_(limited_ ? *limits.budget - episode.spent() : 0),
        interval_(episode.question().interval),
        probe_cost_(limits.probe_cost) {}

  bool admits_step() const { return !limited_ || left_ >= interval_; }
  bool admits_probe() const { return !limited_ || left_ >= probe_cost_; }
  // False when it is more than is left: the branch is cut.
  bool pay(std::int64_t tokens) {
    if (!limited_) return true;
    const bool whole = tokens <= left_;
    left_ -= std::min(tokens, left_);
    return whole;
  }
  void probe() {
    if (limited_ && admits_probe()) left_ -= probe_cost_;
  }
  // How many of so many steps fit when each costs an interval and, while there is enough for it, a probe;
  // they are paid for.
  std::int64_t take(std::int64_t steps, bool probing) {
    if (!limited_) return steps;
    const std::int64_t cost = interval_ + (probing ? probe_cost_ : 0);
    const std::int64_t probed = std::min(steps, left_ / cost);
    left_ -= probed * cost;
    const std::int64_t others = std::min(steps - probed, left_ / interval_);
    left_ -= others * interval_;
    return probed + others;
  }
  std::int64_t interval() const { return interval_; }
  std::optional<std::int64_t> left() const { return limited_ ? std::optional(left_) : std::nullopt; }

 private:
  bool limited_;
  std::int64_t left_, interval_, probe_cost_;
};

class Planner {
 public:
  Planner(const replay::Episode& episode, const GrowingQuestion& table, const PlanningLimits& limits,
          std::vector<Want>& wants)
      : episode_(episode),
        table_(table),
        ration_(episode, limits),
        looks_(limits.look_always || episode.watches_answers()),
        wants_(wants) {}

  void go_through(const Statement& statement) {
    switch (statement.kind) {
      case Statement::Kind::kOpen: open(statement.count); break;
      case Statement::Kind::kRead: read(statement.count); break;
      case Statement::Kind::kMove: move(statement); break;
      case Statement::Kind::kProbe: probe(statement.set); break;
      case Statement::Kind::kReads: read_answers(statement.set); break;
    }
  }

 private:
  // The branches that a statement opens, one after another, while the budget admits them.
  template <typename Begin>
  void begin_branches(std::int64_t count, Begin begin) {
    const std::size_t end = table_.question().branches.size();
    for (std::size_t branch = episode_.opened(); count > 0 && branch < end && ration_.admits_step();
         ++branch, --count)
      begin(branch);
  }

  void open(std::int64_t count) {
    begin_branches(count, [this](std::size_t branch) {
      const bool known = table_.begun(branch);
      if (!known)
        wants_.push_back({.kind = Want::Kind::kOpen, .branch = branch, .intervals = 1, .look = looks_});
      const bool stands = !known || table_.steps(branch) > 0;
      if (ration_.pay(stands ? ration_.interval() : table_.last_tokens(branch)) &&
          (stands || table_.end(branch) == GrowingQuestion::End::kFinished))
        ration_.probe();
    });
  }

  // What is known to be spent bounds a branch that is read; the others before it may turn out to be short.
  void read(std::int64_t count) {
    Ration known_costs = ration_;
    begin_branches(count, [&](std::size_t branch) {
      const bool known = table_.begun(branch);
      if (!known)
        wants_.push_back({.kind = Want::Kind::kRead, .branch = branch, .most_tokens = known_costs.left()});
      if (known) known_costs.pay(table_.tokens(branch));
      ration_.pay(known ? table_.tokens(branch) : ration_.interval());
    });
  }

  void move(const Statement& statement) {
    for (std::size_t i = 0; i < statement.lane_count; ++i)
      move(statement.lanes[i], statement.steps[i], statement.probing);
  }

  void move(std::size_t branch, std::int64_t steps, bool probing) {
    std::int64_t depth = episode_.steps_taken(branch);
    for (; steps > 0 && depth < table_.steps(branch) && ration_.admits_step(); --steps, ++depth) {
      ration_.pay(ration_.interval());
      if (probing) ration_.probe();
    }
    if (steps == 0 || !ration_.admits_step() || depth < table_.steps(branch)) return;
    if (table_.ended(branch)) {
      const bool whole = ration_.pay(table_.last_tokens(branch));
      if (whole && probing && table_.end(branch) == GrowingQuestion::End::kFinished) ration_.probe();
      return;
    }
    const std::int64_t wanted = ration_.take(std::min(steps, table_.most_steps() - depth), probing);
    wants_.push_back({.kind = Want::Kind::kAdvance,
                      .branch = branch,
                      .depth = depth,
                      .intervals = wanted,
                      .look = probing && looks_});
  }

  void probe(replay::Mask set) {
    replay::for_each_lane(set & ~episode_.probed(), [this](std::size_t branch) {
      if (!ration_.admits_probe()) return;
      ration_.probe();
      if (looks_ && (episode_.finished & replay::bit(branch)) == 0)
        look(branch, episode_.steps_taken(branch));
    });
  }

  void read_answers(replay::Mask set) {
    replay::for_each_lane(set, [this](std::size_t branch) {
      if (episode_.answer[branch] == GrowingQuestion::kUnknown) look(branch, episode_.steps_at_probe(branch));
    });
  }

  void look(std::size_t branch, std::int64_t depth) {
    if (table_.answer_at(branch, depth) != GrowingQuestion::kUnknown) return;
    wants_.push_back({.kind = Want::Kind::kLook, .branch = branch, .depth = depth});
  }

  const replay::Episode& episode_;
  const GrowingQuestion& table_;
  Ration ration_;
  bool looks_;  // every interval that is probed is looked at
  std::vector<Want>& wants_;
};

}  // namespace

void plan(const Statement& statement, const replay::Episode& episode, const GrowingQuestion& table,
          const PlanningLimits& limits, std::vector<Want>& wants) {
  Planner(episode, table, limits, wants).go_through(statement);
}

}  // namespace live
