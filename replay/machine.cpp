#include "replay/machine.hpp"

#include <algorithm>
#include <cmath>

#include "genome/arithmetic.hpp"
#include "genome/base/check.hpp"

namespace replay {

using genome::Code;
using genome::kNoSlot;
namespace slots = genome::slots;

EpisodeResult Machine::run(const genome::BoundProgram& bound, const Question& question,
                           std::span<const std::uint32_t> ordering, const EpisodeOptions& options,
                           ActionLog* log) {
  prepare(bound);
  tally_.fit(question.answers.size());
  counted_.known = false;
  episode_.begin(question, ordering, options, log, program_->watched);
  numbers_[slots::kInterval] = static_cast<double>(question.interval);
  refresh();

  episode_.begin_stage(0);
  execute(program_->start);
  episode_.end_stage();

  int rounds = 0;
  while (!stopped_ && rounds < program_->rounds) {
    numbers_[slots::kRound] = rounds;
    episode_.begin_stage(rounds++);
    execute(program_->round);
    episode_.end_stage();
    remember();
    if ((!episode_.moved() && episode_.active == 0) || episode_.exhausted()) break;
  }
  execute(program_->answer);
  return {final_answer_, final_answer_ != kNoAnswer && final_answer_ == question.gold_id, episode_.spent(),
          episode_.latency_tokens(), rounds};
}

void Machine::refit(const genome::Program& program) {
  own_numbers_.resize(std::max<std::size_t>(own_numbers_.size(), program.branch_numbers));
  own_truths_.resize(std::max<std::size_t>(own_truths_.size(), program.branch_truths));
  own_answers_.resize(std::max<std::size_t>(own_answers_.size(), program.branch_answers));
  number_lanes_.clear();
  masks_.clear();
  answer_lanes_.clear();
  for (NumberLanes& each : own_numbers_) number_lanes_.push_back(each.at.data());
  for (Mask& each : own_truths_) masks_.push_back(&each);
  for (AnswerLanes& each : own_answers_) answer_lanes_.push_back(each.at.data());
  number_lanes_[slots::kDepth] = episode_.depth.at.data();
  number_lanes_[slots::kTokens] = episode_.tokens.at.data();
  number_lanes_[slots::kAge] = episode_.age.at.data();
  number_lanes_[slots::kStreak] = episode_.streak.at.data();
  number_lanes_[slots::kChanges] = episode_.changes.at.data();
  masks_[slots::kActive] = &episode_.active;
  masks_[slots::kFinished] = &episode_.finished;
  masks_[slots::kPruned] = &episode_.pruned;
  answer_lanes_[slots::kAnswer] = episode_.answer.at.data();
}

void Machine::prepare(const genome::BoundProgram& bound) {
  bound_ = &bound;
  program_ = bound.program;
  if (own_numbers_.size() < program_->branch_numbers || own_truths_.size() < program_->branch_truths ||
      own_answers_.size() < program_->branch_answers) {
    refit(*program_);
  }
  numbers_ = bound.numbers;
  truths_ = bound.truths;
  answers_ = bound.answers;
  history_.resize(std::max(history_.size(), program_->memory.size()));
  for (auto& values : history_) values.clear();
  stopped_ = false;
  final_answer_ = kNoAnswer;
}

void Machine::refresh() {
  numbers_[slots::kOpened] = static_cast<double>(episode_.opened());
  numbers_[slots::kSpent] = static_cast<double>(episode_.spent());
  numbers_[slots::kRemaining] = episode_.remaining();
}

// ---- registers and their past

void Machine::initialise_registers(std::size_t from_lane) {
  for (std::size_t i = 0; i < program_->branch.size(); ++i) {
    const genome::RegisterSlot& r = program_->branch[i];
    const double value = bound_->branch_initial[i];
    for (std::size_t lane = from_lane; lane < episode_.opened(); ++lane) {
      switch (r.kind) {
        case genome::Kind::kNumber: number_lanes_[r.slot][lane] = value; break;
        case genome::Kind::kTruth:
          *masks_[r.slot] = value != 0 ? *masks_[r.slot] | bit(lane) : *masks_[r.slot] & ~bit(lane);
          break;
        default: answer_lanes_[r.slot][lane] = static_cast<AnswerId>(value); break;
      }
    }
  }
}

double Machine::present(const genome::RegisterSlot& r) const {
  switch (r.kind) {
    case genome::Kind::kNumber: return numbers_[r.slot];
    case genome::Kind::kTruth: return truths_[r.slot];
    default: return answers_[r.slot];
  }
}

void Machine::remember() {
  for (std::size_t i = 0; i < program_->memory.size(); ++i) {
    if (program_->memory[i].remembered) history_[i].push_back(present(program_->memory[i]));
  }
}

double Machine::look_back(Slot memory_register, double rounds_back) const {
  const auto round = static_cast<std::int64_t>(numbers_[slots::kRound]);
  const std::int64_t back = genome::whole(rounds_back, round);
  // history_[register][r] is the value at the end of round r
  return back == 0 ? present(program_->memory[memory_register])
                   : history_[memory_register][static_cast<std::size_t>(round - back)];
}

// ---- actions

void Machine::open(double count) {
  const std::size_t before = episode_.opened();
  const auto most = genome::whole(count, kMaxOpened);
  if (episode_.is_free()) {
    episode_.open_freely(static_cast<std::size_t>(most));
  } else {
    for (auto left = most; left > 0 && episode_.branch(); --left) episode_.probe(episode_.opened() - 1);
  }
  initialise_registers(before);
  refresh();
}

void Machine::read(double count) {
  const std::size_t before = episode_.opened();
  for (auto left = genome::whole(count, kMaxOpened); left > 0 && episode_.read(); --left) {
  }
  initialise_registers(before);
  refresh();
}

std::size_t Machine::in_falling_order(Mask set, Slot order) {
  std::size_t count = 0;
  for_each_lane(set, [&](std::size_t lane) { queue_[count++] = static_cast<std::uint8_t>(lane); });
  if (order == kNoSlot) return count;
  // Insertion keeps ties in opening order, and keys are nearly sorted most of the time.
  const double* key = number_lanes_[order];
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint8_t lane = queue_[i];
    std::size_t at = i;
    for (; at > 0 && key[queue_[at - 1]] < key[lane]; --at) queue_[at] = queue_[at - 1];
    queue_[at] = lane;
  }
  return count;
}

void Machine::move(const Instruction& in, bool probing) {
  const Mask set = *masks_[in.a] & episode_.active;
  if (set == 0) return;
  const bool by_each = (in.each & genome::kEachB) != 0;
  const Advance asked{.set = set,
                      .by = by_each ? number_lanes_[in.b] : nullptr,
                      .by_all = by_each ? 0 : steps_from(numbers_[in.b]),
                      .probing = probing};
  if (episode_.is_free()) {
    episode_.advance_freely(asked, in.c == kNoSlot ? nullptr : number_lanes_[in.c]);
  } else {
    const std::size_t count = in_falling_order(set, in.c);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t lane = queue_[i];
      for (auto left = by_each ? steps_from(asked.by[lane]) : asked.by_all;
           left > 0 && episode_.advance(lane); --left) {
        if (probing) episode_.probe(lane);
      }
    }
  }
  refresh();
}

void Machine::probe(Mask set) {
  for_each_lane(set & opened_mask(), [&](std::size_t lane) { episode_.probe(lane); });
  refresh();
}

void Machine::prune(const Instruction& in) {
  const Mask set = *masks_[in.a] & episode_.active;
  if (set == 0) return;
  const auto keep = in.c == kNoSlot ? 0 : genome::whole(numbers_[in.c], kMaxOpened);
  std::int64_t alive = std::popcount(episode_.active);
  if (alive - std::popcount(set) >= keep && !episode_.is_told()) return episode_.prune_freely(set);
  const std::size_t count = in_falling_order(set, in.b);
  for (std::size_t i = 0; i < count && alive > keep; ++i, --alive) episode_.prune(queue_[i]);
}

// ---- reductions and votes

double Machine::reduce(const Instruction& in) const {
  const double* value = number_lanes_[in.a];
  const Mask set = *masks_[in.b] & opened_mask();
  if (set == 0) return 0;
  const auto fold = [&](auto&& join) {
    double result = value[std::countr_zero(set)];
    for_each_lane(set & (set - 1), [&](std::size_t lane) { result = join(result, value[lane]); });
    return result;
  };
  switch (in.code) {
    case Code::kSmallest: return fold(genome::smaller);
    case Code::kLargest: return fold(genome::larger);
    case Code::kSum: return fold(genome::add);
    default: return genome::divide(fold(genome::add), std::popcount(set));
  }
}

void Machine::tally(const Instruction& in) {
  const Mask set = *masks_[in.a] & opened_mask();
  const bool as_finished = in.c != 0;
  const bool weighed = in.b != kNoSlot;
  if ((episode_.hidden() & set) != 0) episode_.show();
  // The same voters with the same answers: their votes are counted already. (Their order is the same, too:
  // who has finished keeps the place.)
  if (!weighed && counted_.known && counted_.set == set && counted_.as_finished == as_finished &&
      (episode_.revised & set) == 0) {
    return;
  }
  counted_ = {!weighed, as_finished, set};
  episode_.revised &= ~set;
  tally_.clear();
  if (weighed) {
    const bool each = (in.each & genome::kEachB) != 0;
    const double* weight = each ? number_lanes_[in.b] : &numbers_[in.b];
    vote(set, as_finished,
         [&](std::size_t lane) { tally_.add(episode_.answer[lane], each ? weight[lane] : *weight); });
  } else {
    vote(set, as_finished, [&](std::size_t lane) { tally_.add_one(episode_.answer[lane]); });
  }
  tally_.close();
}

template <typename Vote>
void Machine::vote(Mask set, bool as_finished, Vote vote) {
  if (!as_finished) return for_each_lane(set, vote);
  for (const std::uint8_t lane : episode_.finish_order()) {
    if ((set & bit(lane)) != 0) vote(lane);
  }
}

// ---- the dispatch

void Machine::execute(std::size_t at) {
  double* const n = numbers_.data();
  std::uint8_t* const t = truths_.data();
  AnswerId* const a = answers_.data();
  Mask* const* const masks = masks_.data();
  const Instruction* const code = program_->code.data();
  for (const Instruction* in = code + at;; ++in) {
    switch (in->code) {
#define NUMBER1(name, op, function) \
  case Code::k##name:               \
    n[in->to] = function(n[in->a]); \
    break;
#define NUMBER2(name, op, function)           \
  case Code::k##name:                         \
    n[in->to] = function(n[in->a], n[in->b]); \
    break;
#define NUMBER3(name, op, function)                     \
  case Code::k##name:                                   \
    n[in->to] = function(n[in->a], n[in->b], n[in->c]); \
    break;
#define COMPARE(name, op, symbol)                                  \
  case Code::k##name: t[in->to] = n[in->a] symbol n[in->b]; break; \
  case Code::kJumpUnless##name:                                    \
    if (!(n[in->a] symbol n[in->b])) in = code + in->to - 1;       \
    break;
#include "genome/codes.def"
      case Code::kEnd: return;
      case Code::kJump: in = code + in->to - 1; break;
      case Code::kJumpIf:
        if (t[in->a]) in = code + in->to - 1;
        break;
      case Code::kJumpUnless:
        if (!t[in->a]) in = code + in->to - 1;
        break;
      case Code::kJumpUnlessBoth:
        if (!(t[in->a] & t[in->b])) in = code + in->to - 1;
        break;
      case Code::kJumpUnlessAny:
        if ((*masks[in->a] & opened_mask()) == 0) in = code + in->to - 1;
        break;
      case Code::kJumpIfAny:
        if ((*masks[in->a] & opened_mask()) != 0) in = code + in->to - 1;
        break;
      case Code::kAnd: t[in->to] = t[in->a] & t[in->b]; break;
      case Code::kOr: t[in->to] = t[in->a] | t[in->b]; break;
      case Code::kNot: t[in->to] = !t[in->a]; break;
      case Code::kSameTruth: t[in->to] = t[in->a] == t[in->b]; break;
      case Code::kSameAnswer: t[in->to] = a[in->a] == a[in->b]; break;
      case Code::kExists: t[in->to] = a[in->a] != kNoAnswer; break;
      case Code::kBlank: t[in->to] = is_blank(a[in->a]); break;
      case Code::kPickNumber: n[in->to] = t[in->a] ? n[in->b] : n[in->c]; break;
      case Code::kPickTruth: t[in->to] = t[in->a] ? t[in->b] : t[in->c]; break;
      case Code::kPickAnswer: a[in->to] = t[in->a] ? a[in->b] : a[in->c]; break;
      case Code::kMoveNumber: n[in->to] = n[in->a]; break;
      case Code::kMoveTruth: t[in->to] = t[in->a]; break;
      case Code::kMoveAnswer: a[in->to] = a[in->a]; break;
      case Code::kCount: n[in->to] = std::popcount(*masks[in->a] & opened_mask()); break;
      case Code::kAny: t[in->to] = (*masks[in->a] & opened_mask()) != 0; break;
      case Code::kAll: t[in->to] = (*masks[in->b] & opened_mask() & ~*masks[in->a]) == 0; break;
      case Code::kBAnd: *masks[in->to] = *masks[in->a] & *masks[in->b]; break;
      case Code::kBOr: *masks[in->to] = *masks[in->a] | *masks[in->b]; break;
      case Code::kBNot: *masks[in->to] = ~*masks[in->a]; break;
      case Code::kBSameTruth: *masks[in->to] = ~(*masks[in->a] ^ *masks[in->b]); break;
      case Code::kBPickTruth:
        *masks[in->to] = (*masks[in->a] & *masks[in->b]) | (~*masks[in->a] & *masks[in->c]);
        break;
      case Code::kSplatTruth: *masks[in->to] = t[in->a] ? ~Mask{0} : 0; break;
      case Code::kSnapshotTruth: *masks[in->to] = *masks[in->a] & opened_mask(); break;
      case Code::kClearTruths: *masks[in->to] = 0; break;
      case Code::kStoreTruths:
        *masks[in->to] = (*masks[in->to] & ~*masks[in->b]) | (*masks[in->a] & *masks[in->b]);
        break;
      case Code::kSum:
      case Code::kMean:
      case Code::kSmallest:
      case Code::kLargest: n[in->to] = reduce(*in); break;
      case Code::kTally: tally(*in); break;
      case Code::kTop: a[in->to] = tally_.top(); break;
      case Code::kSupport: n[in->to] = tally_.support(); break;
      case Code::kRunnerUp: n[in->to] = tally_.runner_up(); break;
      case Code::kDistinct: n[in->to] = tally_.distinct(); break;
      case Code::kEntropy: n[in->to] = tally_.entropy(); break;
      case Code::kConfidence: n[in->to] = tally_.confidence(); break;
      case Code::kVotes: n[in->to] = tally_.votes(a[in->a]); break;
      case Code::kAgoNumber: n[in->to] = look_back(in->a, n[in->b]); break;
      case Code::kAgoTruth: t[in->to] = look_back(in->a, n[in->b]) != 0; break;
      case Code::kAgoAnswer: a[in->to] = static_cast<AnswerId>(look_back(in->a, n[in->b])); break;
      case Code::kOpen: open(n[in->a]); break;
      case Code::kRead: read(n[in->a]); break;
      case Code::kAdvance: move(*in, true); break;
      case Code::kContinue: move(*in, false); break;
      case Code::kProbe: probe(*masks[in->a]); break;
      case Code::kPrune: prune(*in); break;
      case Code::kStop: stopped_ = true; return;
      case Code::kAnswer:
        if (a[in->a] == kNoAnswer) break;
        final_answer_ = a[in->a];
        return;
      default: execute_lanes(*in);
    }
  }
}

LaneFrame Machine::frame() const {
  return {number_lanes_.data(), answer_lanes_.data(), masks_.data(),
          numbers_.data(),      answers_.data(),      episode_.question().blank.data(),
          episode_.opened()};
}

// What needs the tally, the past or the latest answers; all else on lanes is the kernel's alone.
void Machine::execute_lanes(const Instruction& in) {
  const std::size_t opened = episode_.opened();
  switch (in.code) {
    case Code::kBSameAnswer:
    case Code::kBExists:
    case Code::kBBlank:
    case Code::kBPickAnswer:
    case Code::kStoreAnswers:
    case Code::kSnapshotAnswer:
      if (episode_.hidden() != 0) episode_.show();
      kernels_->run(in, frame());
      break;
    case Code::kBVotes: {
      if (episode_.hidden() != 0) episode_.show();
      const AnswerId* of = answer_lanes_[in.a];
      double* to = number_lanes_[in.to];
      for (std::size_t i = 0; i < opened; ++i) to[i] = tally_.votes(of[i]);
      break;
    }
    case Code::kBAgoNumber: {
      const double* back = number_lanes_[in.b];
      double* to = number_lanes_[in.to];
      for (std::size_t i = 0; i < opened; ++i) to[i] = look_back(in.a, back[i]);
      break;
    }
    case Code::kBAgoTruth: {
      const double* back = number_lanes_[in.b];
      Mask result = 0;
      for (std::size_t i = 0; i < opened; ++i) result |= look_back(in.a, back[i]) != 0 ? bit(i) : 0;
      *masks_[in.to] = result;
      break;
    }
    case Code::kBAgoAnswer: {
      const double* back = number_lanes_[in.b];
      AnswerId* to = answer_lanes_[in.to];
      for (std::size_t i = 0; i < opened; ++i) to[i] = static_cast<AnswerId>(look_back(in.a, back[i]));
      break;
    }
    default: kernels_->run(in, frame());
  }
}

}  // namespace replay
