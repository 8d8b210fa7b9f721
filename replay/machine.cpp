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
  episode_.begin(question, ordering, options, log);
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
  lanes_.clear();
  masks_.clear();
  answer_lanes_.clear();
  for (NumberLanes& each : own_numbers_) lanes_.push_back(&each);
  for (Mask& each : own_truths_) masks_.push_back(&each);
  for (AnswerLanes& each : own_answers_) answer_lanes_.push_back(&each);
  lanes_[slots::kDepth] = &episode_.depth;
  lanes_[slots::kTokens] = &episode_.tokens;
  lanes_[slots::kAge] = &episode_.age;
  lanes_[slots::kStreak] = &episode_.streak;
  lanes_[slots::kChanges] = &episode_.changes;
  masks_[slots::kActive] = &episode_.active;
  masks_[slots::kFinished] = &episode_.finished;
  masks_[slots::kPruned] = &episode_.pruned;
  answer_lanes_[slots::kAnswer] = &episode_.answer;
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
        case genome::Kind::kNumber: (*lanes_[r.slot])[lane] = value; break;
        case genome::Kind::kTruth:
          *masks_[r.slot] = value != 0 ? *masks_[r.slot] | bit(lane) : *masks_[r.slot] & ~bit(lane);
          break;
        default: (*answer_lanes_[r.slot])[lane] = static_cast<AnswerId>(value); break;
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
  for (auto left = genome::whole(count, kMaxOpened); left > 0 && episode_.branch(); --left)
    episode_.probe(episode_.opened() - 1);
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
  const NumberLanes& key = *lanes_[order];
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint8_t lane = queue_[i];
    std::size_t at = i;
    for (; at > 0 && key[queue_[at - 1]] < key[lane]; --at) queue_[at] = queue_[at - 1];
    queue_[at] = lane;
  }
  return count;
}

void Machine::move(const Instruction& in, bool probing) {
  const std::size_t count = in_falling_order(*masks_[in.a] & episode_.active, in.c);
  const NumberLanes& by = *lanes_[in.b];
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t lane = queue_[i];
    for (auto left = genome::whole(by[lane], std::numeric_limits<std::int32_t>::max());
         left > 0 && episode_.advance(lane); --left) {
      if (probing) episode_.probe(lane);
    }
  }
  refresh();
}

void Machine::probe(Mask set) {
  for_each_lane(set & opened_mask(), [&](std::size_t lane) { episode_.probe(lane); });
  refresh();
}

void Machine::prune(const Instruction& in) {
  const std::size_t count = in_falling_order(*masks_[in.a] & episode_.active, in.b);
  const auto keep = in.c == kNoSlot ? 0 : genome::whole(numbers_[in.c], kMaxOpened);
  std::int64_t alive = std::popcount(episode_.active);
  for (std::size_t i = 0; i < count && alive > keep; ++i, --alive) episode_.prune(queue_[i]);
}

// ---- reductions and votes

double Machine::reduce(const Instruction& in) const {
  const NumberLanes& value = *lanes_[in.a];
  const Mask set = *masks_[in.b] & opened_mask();
  double result = 0;
  bool first = true;
  for_each_lane(set, [&](std::size_t lane) {
    const double x = value[lane];
    if (first)
      result = x;
    else if (in.code == Code::kSmallest)
      result = genome::smaller(result, x);
    else if (in.code == Code::kLargest)
      result = genome::larger(result, x);
    else
      result = genome::add(result, x);
    first = false;
  });
  return in.code == Code::kMean ? genome::divide(result, std::popcount(set)) : result;
}

void Machine::tally(const Instruction& in) {
  const Mask set = *masks_[in.a] & opened_mask();
  const NumberLanes* weight = in.b == kNoSlot ? nullptr : lanes_[in.b];
  tally_.clear();
  const auto vote = [&](std::size_t lane) {
    tally_.add(episode_.answer[lane], weight == nullptr ? 1.0 : (*weight)[lane]);
  };
  if (in.c == 0) {
    for_each_lane(set, vote);
  } else {
    for (const std::uint8_t lane : episode_.finish_order()) {
      if ((set & bit(lane)) != 0) vote(lane);
    }
  }
  tally_.close();
}

// ---- the dispatch

void Machine::execute(std::size_t at) {
  auto& n = numbers_;
  auto& t = truths_;
  auto& a = answers_;
  for (const Instruction* in = &program_->code[at];; ++in) {
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
#define COMPARE(name, op, symbol)         \
  case Code::k##name:                     \
    t[in->to] = n[in->a] symbol n[in->b]; \
    break;
#include "genome/codes.def"
      case Code::kEnd: return;
      case Code::kJump: in = &program_->code[in->to] - 1; break;
      case Code::kJumpIf:
        if (t[in->a]) in = &program_->code[in->to] - 1;
        break;
      case Code::kJumpUnless:
        if (!t[in->a]) in = &program_->code[in->to] - 1;
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
      case Code::kCount: n[in->to] = std::popcount(*masks_[in->a] & opened_mask()); break;
      case Code::kAny: t[in->to] = (*masks_[in->a] & opened_mask()) != 0; break;
      case Code::kAll: t[in->to] = (*masks_[in->b] & opened_mask() & ~*masks_[in->a]) == 0; break;
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
      case Code::kProbe: probe(*masks_[in->a]); break;
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

void Machine::execute_lanes(const Instruction& in) {
  const std::size_t opened = episode_.opened();
  const auto each = [&](auto&& assign) {
    for (std::size_t i = 0; i < opened; ++i) assign(i);
  };
  const auto gather = [&](auto&& truth) {
    Mask result = 0;
    for (std::size_t i = 0; i < opened; ++i) result |= static_cast<Mask>(truth(i) ? 1 : 0) << i;
    return result;
  };
  const auto n = [&](Slot slot) -> NumberLanes& { return *lanes_[slot]; };
  const auto t = [&](Slot slot) -> Mask& { return *masks_[slot]; };
  const auto a = [&](Slot slot) -> AnswerLanes& { return *answer_lanes_[slot]; };
  const auto has = [](Mask set, std::size_t lane) { return (set >> lane & 1) != 0; };
  switch (in.code) {
#define NUMBER1(name, op, function)                       \
  case Code::kB##name: {                                  \
    const NumberLanes& x = n(in.a);                       \
    NumberLanes& to = n(in.to);                           \
    each([&](std::size_t i) { to[i] = function(x[i]); }); \
    break;                                                \
  }
#define NUMBER2(name, op, function)                             \
  case Code::kB##name: {                                        \
    const NumberLanes &x = n(in.a), &y = n(in.b);               \
    NumberLanes& to = n(in.to);                                 \
    each([&](std::size_t i) { to[i] = function(x[i], y[i]); }); \
    break;                                                      \
  }
#define NUMBER3(name, op, function)                                   \
  case Code::kB##name: {                                              \
    const NumberLanes &x = n(in.a), &y = n(in.b), &z = n(in.c);       \
    NumberLanes& to = n(in.to);                                       \
    each([&](std::size_t i) { to[i] = function(x[i], y[i], z[i]); }); \
    break;                                                            \
  }
#define COMPARE(name, op, symbol)                                       \
  case Code::kB##name: {                                                \
    const NumberLanes &x = n(in.a), &y = n(in.b);                       \
    t(in.to) = gather([&](std::size_t i) { return x[i] symbol y[i]; }); \
    break;                                                              \
  }
#include "genome/codes.def"
    case Code::kBAnd: t(in.to) = t(in.a) & t(in.b); break;
    case Code::kBOr: t(in.to) = t(in.a) | t(in.b); break;
    case Code::kBNot: t(in.to) = ~t(in.a); break;
    case Code::kBSameTruth: t(in.to) = ~(t(in.a) ^ t(in.b)); break;
    case Code::kBSameAnswer:
      t(in.to) = gather([&x = a(in.a), &y = a(in.b)](std::size_t i) { return x[i] == y[i]; });
      break;
    case Code::kBExists:
      t(in.to) = gather([&x = a(in.a)](std::size_t i) { return x[i] != kNoAnswer; });
      break;
    case Code::kBBlank: t(in.to) = gather([&, &x = a(in.a)](std::size_t i) { return is_blank(x[i]); }); break;
    case Code::kBPickNumber:
      each([&, &to = n(in.to), set = t(in.a)](std::size_t i) {
        to[i] = has(set, i) ? n(in.b)[i] : n(in.c)[i];
      });
      break;
    case Code::kBPickTruth: t(in.to) = (t(in.a) & t(in.b)) | (~t(in.a) & t(in.c)); break;
    case Code::kBPickAnswer:
      each([&, &to = a(in.to), set = t(in.a)](std::size_t i) {
        to[i] = has(set, i) ? a(in.b)[i] : a(in.c)[i];
      });
      break;
    case Code::kSplatNumber: each([&to = n(in.to), x = numbers_[in.a]](std::size_t i) { to[i] = x; }); break;
    case Code::kSplatTruth: t(in.to) = truths_[in.a] ? ~Mask{0} : 0; break;
    case Code::kSplatAnswer: each([&to = a(in.to), x = answers_[in.a]](std::size_t i) { to[i] = x; }); break;
    case Code::kSnapshotNumber:
      for (std::size_t i = 0; i < kMaxOpened; ++i) n(in.to)[i] = i < opened ? n(in.a)[i] : 0.0;
      break;
    case Code::kSnapshotTruth: t(in.to) = t(in.a) & opened_mask(); break;
    case Code::kSnapshotAnswer:
      for (std::size_t i = 0; i < kMaxOpened; ++i) a(in.to)[i] = i < opened ? a(in.a)[i] : kNoAnswer;
      break;
    case Code::kClearNumbers: n(in.to).at.fill(0.0); break;
    case Code::kClearTruths: t(in.to) = 0; break;
    case Code::kClearAnswers: a(in.to).at.fill(kNoAnswer); break;
    case Code::kStoreNumbers:
      each([&, &to = n(in.to), set = t(in.b)](std::size_t i) {
        if (has(set, i)) to[i] = n(in.a)[i];
      });
      break;
    case Code::kStoreTruths: t(in.to) = (t(in.to) & ~t(in.b)) | (t(in.a) & t(in.b)); break;
    case Code::kStoreAnswers:
      each([&, &to = a(in.to), set = t(in.b)](std::size_t i) {
        if (has(set, i)) to[i] = a(in.a)[i];
      });
      break;
    case Code::kBVotes: each([&, &to = n(in.to)](std::size_t i) { to[i] = tally_.votes(a(in.a)[i]); }); break;
    case Code::kBAgoNumber:
      each([&, &to = n(in.to)](std::size_t i) { to[i] = look_back(in.a, n(in.b)[i]); });
      break;
    case Code::kBAgoTruth:
      t(in.to) = gather([&](std::size_t i) { return look_back(in.a, n(in.b)[i]) != 0; });
      break;
    case Code::kBAgoAnswer:
      each(
          [&, &to = a(in.to)](std::size_t i) { to[i] = static_cast<AnswerId>(look_back(in.a, n(in.b)[i])); });
      break;
    default: EVOTTS_CHECK(!"an instruction of the branch");
  }
}

}  // namespace replay
