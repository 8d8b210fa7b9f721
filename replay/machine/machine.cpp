#include "replay/machine/machine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "genome/base/arithmetic.hpp"
#include "genome/base/check.hpp"

namespace replay {

using genome::Code;
using genome::kNoSlot;
namespace slots = genome::slots;

namespace {

// Other kinds of slots have the same numbers, so that some are said to that do not.
bool may_read_steps(const genome::Instruction& in) {
  const auto is_steps = [](genome::Slot slot) { return slot == slots::kDepth || slot == slots::kTokens; };
  return is_steps(in.a) || is_steps(in.b) || is_steps(in.c);
}

}  // namespace

EpisodeResult Machine::run(const genome::BoundProgram& bound, const Question& question,
                           std::span<const std::uint32_t> ordering, const RunOptions& options) {
  begin(bound, question, ordering, options);
  const auto run_section = [&](NativeSection translated, std::size_t from) {
    translated != nullptr ? translated(&frame_) : static_cast<void>(execute<false>(from));
  };
  run_section(options.native.start, program_->start);
  episode_.end_stage();
  while (begin_round()) {
    run_section(options.native.round, program_->round);
    end_round();
    if (may_stand_still() && stands_still()) rounds_ = program_->rounds;
  }
  run_section(options.native.answer, program_->answer);
  return result();
}

void Machine::begin(const genome::BoundProgram& bound, const Question& question,
                    std::span<const std::uint32_t> ordering, const RunOptions& options) {
  prepare(bound);
  EVOTTS_CHECK(options.columns.size() == program_->signals.size());
  columns_ = options.columns;
  native_ = options.native.round != nullptr;
  rounds_ = 0;
  over_ = false;
  begun_counts_ = 0;
  last_idle_ = idle_rounds_ = 0;
  episode_.begin(question, ordering, options.episode, options.log, program_->watched);
  numbers_[slots::kInterval] = static_cast<double>(question.interval);
  refresh_all();
  episode_.begin_stage(0);
}

bool Machine::begin_round() {
  if (over_ || frame_.stopped != 0 || rounds_ >= program_->rounds) return false;
  numbers_[slots::kRound] = rounds_;
  frame_.round = rounds_;
  episode_.begin_stage(rounds_++);
  return true;
}

void Machine::end_round() {
  episode_.end_stage();
  if (!native_) remember();
  over_ = (!episode_.moved() && episode_.active == 0) || episode_.exhausted();
}

EpisodeResult Machine::result() const {
  const AnswerId answer = frame_.final_answer;
  return {answer, answer != kNoAnswer && answer == episode_.question().gold_id, episode_.spent(),
          episode_.latency_tokens(), rounds_};
}

void Machine::fit(const genome::Program& program) {
  layout_ = SlotLayout(program);
  block_.resize(std::max(block_.size(), (layout_.size + sizeof(Line) - 1) / sizeof(Line)));
  frame_.slots = reinterpret_cast<std::byte*>(block_.data());
  frame_.branches = &episode_.branches();
  frame_.machine = this;
  numbers_ = reinterpret_cast<double*>(frame_.slots + layout_.numbers);
  truths_ = reinterpret_cast<std::uint8_t*>(frame_.slots + layout_.truths);
  answers_ = reinterpret_cast<AnswerId*>(frame_.slots + layout_.answers);
  // Programs of the same layout may hold fewer slots than there is room for.
  const auto list = [this]<typename T>(std::vector<T*>& places, std::uint32_t first, std::uint32_t end,
                                       std::size_t lanes) {
    places.resize((end - first) / (lanes * sizeof(T)));
    for (std::size_t i = 0; i < places.size(); ++i)
      places[i] = reinterpret_cast<T*>(frame_.slots + first) + i * lanes;
  };
  list(masks_, layout_.masks, layout_.answer_lanes, 1);
  list(answer_lanes_, layout_.answer_lanes, layout_.number_lanes, kMaxOpened);
  list(number_lanes_, layout_.number_lanes, layout_.size, kMaxOpened);
#define BRANCH_NUMBER(identifier, name, ...) number_lanes_[slots::k##identifier] = episode_.name.at.data();
#define BRANCH_TRUTH(identifier, name, ...) masks_[slots::k##identifier] = &episode_.name;
#define BRANCH_ANSWER(identifier, name, ...) answer_lanes_[slots::k##identifier] = episode_.name.at.data();
#include "genome/tree/observed.def"
}

void Machine::prepare(const genome::BoundProgram& bound) {
  bound_ = &bound;
  program_ = bound.program;
  if (frame_.machine != this || layout_ != SlotLayout(*program_)) fit(*program_);
  std::copy(bound.numbers.begin(), bound.numbers.end(), numbers_);
  std::copy(bound.truths.begin(), bound.truths.end(), truths_);
  std::copy(bound.answers.begin(), bound.answers.end(), answers_);
  const std::size_t values = program_->memory.size() * static_cast<std::size_t>(program_->rounds);
  if (history_size_ < values) {
    history_ = std::make_unique_for_overwrite<double[]>(values);
    history_size_ = values;
    frame_.history = history_.get();
  }
  frame_.round = 0;
  frame_.counted = NativeFrame::kUncounted;
  frame_.final_answer = kNoAnswer;
  frame_.stopped = 0;
}

void Machine::refresh() {
  if (!native_) return refresh_all();
  if (episode_.is_limited()) numbers_[slots::kRemaining] = episode_.remaining();
}

void Machine::refresh_all() {
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
    if (program_->memory[i].remembered) past(i, frame_.round) = present(program_->memory[i]);
  }
}

double Machine::look_back(Slot memory_register, double rounds_back) const {
  const std::int64_t back = genome::whole(rounds_back, frame_.round);
  return back == 0 ? present(program_->memory[memory_register]) : past(memory_register, frame_.round - back);
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

std::size_t Machine::in_falling_order(Mask set, const double* key) {
  std::size_t count = 0;
  for_each_lane(set, [&](std::size_t lane) { queue_[count++] = static_cast<std::uint8_t>(lane); });
  if (key == nullptr) return count;
  // Insertion keeps ties in opening order, and keys are nearly sorted most of the time.
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint8_t lane = queue_[i];
    std::size_t at = i;
    for (; at > 0 && key[queue_[at - 1]] < key[lane]; --at) queue_[at] = queue_[at - 1];
    queue_[at] = lane;
  }
  return count;
}

void Machine::move_one_by_one(const Advance& asked, const double* key) {
  const std::size_t count = in_falling_order(asked.set, key);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t lane = queue_[i];
    for (auto left = asked.by != nullptr ? steps_from(asked.by[lane]) : asked.by_all;
         left > 0 && episode_.advance(lane); --left) {
      if (asked.probing) episode_.probe(lane);
    }
  }
}

void Machine::probe(Mask set) {
  for_each_lane(set & opened_mask(), [&](std::size_t lane) { episode_.probe(lane); });
  refresh();
}

void Machine::prune(Mask set, const double* key, double keep_active) {
  set &= episode_.active;
  if (set == 0) return;
  episode_.catch_up();  // the key may be where they stand
  const auto keep = genome::whole(keep_active, kMaxOpened);
  std::int64_t alive = std::popcount(episode_.active);
  if (alive - std::popcount(set) >= keep && !episode_.is_told()) return episode_.prune_freely(set);
  const std::size_t count = in_falling_order(set, key);
  for (std::size_t i = 0; i < count && alive > keep; ++i, --alive) episode_.prune(queue_[i]);
}

// ---- the dispatch

template <bool kPausing>
const Machine::Instruction* Machine::execute(std::size_t at, bool resumed) {
  double* const n = numbers_;
  std::uint8_t* const t = truths_;
  AnswerId* const a = answers_;
  Mask* const* const masks = masks_.data();
  const Instruction* const code = program_->code.data();
  const auto lanes_or_none = [&](Slot slot) { return slot == kNoSlot ? nullptr : number_lanes_[slot]; };
  for (const Instruction* in = code + at;; ++in) {
    if constexpr (kPausing) {
      if (pauses_[static_cast<std::size_t>(in - code)] && !std::exchange(resumed, false)) return in;
    }
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
#include "genome/program/codes.def"
      case Code::kEnd: return nullptr;
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
      case Code::kTop: a[in->to] = last_tally().top(); break;
      case Code::kSupport: n[in->to] = last_tally().support(); break;
      case Code::kRunnerUp: n[in->to] = last_tally().runner_up(); break;
      case Code::kDistinct: n[in->to] = last_tally().distinct(); break;
      case Code::kEntropy: n[in->to] = last_tally().entropy(); break;
      case Code::kConfidence: n[in->to] = last_tally().confidence(); break;
      case Code::kVotes: n[in->to] = last_tally().votes(a[in->a]); break;
      case Code::kAgoNumber: n[in->to] = look_back(in->a, n[in->b]); break;
      case Code::kAgoTruth: t[in->to] = look_back(in->a, n[in->b]) != 0; break;
      case Code::kAgoAnswer: a[in->to] = static_cast<AnswerId>(look_back(in->a, n[in->b])); break;
      case Code::kOpen: open(n[in->a]); break;
      case Code::kRead: read(n[in->a]); break;
      case Code::kAdvance:
      case Code::kContinue: {
        Advance asked = asked_by(*in);
        move(asked, lanes_or_none(in->c));
        refresh();
        break;
      }
      case Code::kProbe: probe(*masks[in->a]); break;
      case Code::kPrune: prune(*masks[in->a], lanes_or_none(in->b), in->c == kNoSlot ? 0 : n[in->c]); break;
      case Code::kStop: frame_.stopped = 1; return nullptr;
      case Code::kAnswer:
        if (a[in->a] == kNoAnswer) break;
        frame_.final_answer = a[in->a];
        return nullptr;
      default: execute_lanes(*in);
    }
  }
}

template const Machine::Instruction* Machine::execute<false>(std::size_t, bool);
template const Machine::Instruction* Machine::execute<true>(std::size_t, bool);

Advance Machine::asked_by(const Instruction& in) const {
  const bool by_each = (in.each & genome::kEachB) != 0;
  return {.set = *masks_[in.a] & episode_.active,
          .by = by_each ? number_lanes_[in.b] : nullptr,
          .by_all = by_each ? 0 : steps_from(numbers_[in.b]),
          .probing = in.code == Code::kAdvance,
          .opened = episode_.opened()};
}

LaneFrame Machine::frame() const {
  return {number_lanes_.data(),        answer_lanes_.data(), masks_.data(), numbers_, answers_,
          &episode_.question().blanks, episode_.opened()};
}

void Machine::tally(const Instruction& in) {
  Weights weights;
  if (in.b != kNoSlot) {
    weights.equal = false;
    if ((in.each & genome::kEachB) != 0)
      weights.lanes = number_lanes_[in.b];
    else
      weights.all = numbers_[in.b];
    if (may_read_steps(in)) episode_.catch_up();
  }
  tally(*masks_[in.a], in.c != 0, weights, count_of(in));
}

// What needs the tally, the past or the latest answers; all else on lanes is the kernel's alone.
void Machine::execute_lanes(const Instruction& in) {
  const std::size_t opened = episode_.opened();
  if (may_read_steps(in)) episode_.catch_up();
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
      last_tally().votes_of_each(answer_lanes_[in.a], ~Mask{0}, opened, number_lanes_[in.to]);
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
    case Code::kGather: gather(in); break;
    default: kernels_->run(in, frame());
  }
}

Machine::SlowValues& Machine::slow_values(const Instruction& in) {
  if (slow_values_.size() <= in.to) slow_values_.resize(std::size_t{in.to} + 1);
  std::unique_ptr<SlowValues>& values = slow_values_[in.to];
  if (values && values->code == in.code) return *values;
  if (!values) values = std::make_unique<SlowValues>();
  values->code = in.code;
  values->x.fill(std::numeric_limits<double>::quiet_NaN());  // no number that is read
  return *values;
}

void Machine::gather(const Instruction& in) {
  episode_.catch_up();
  const SignalTable& table = episode_.question().signals[columns_[in.a]];
  double* const to = number_lanes_[in.to];
  switch (static_cast<genome::SignalMeasure>(in.b)) {
    case genome::SignalMeasure::kLatest:
      return episode_.gather(to, [&](std::size_t first, std::size_t d) { return table.latest[first + d]; });
    case genome::SignalMeasure::kMean:
      return episode_.gather(to, [&](std::size_t first, std::size_t d) { return table.mean[first + d]; });
    case genome::SignalMeasure::kLeast:
      return episode_.gather(to, [&](std::size_t first, std::size_t d) { return table.least(first, d); });
  }
}

}  // namespace replay
