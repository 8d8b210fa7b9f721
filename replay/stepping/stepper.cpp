#include "replay/stepping/stepper.hpp"

#include <utility>

#include "genome/base/arithmetic.hpp"
#include "genome/base/check.hpp"

namespace replay {

using genome::Code;
using genome::kNoSlot;

namespace {

bool acts(Code code) {
  switch (code) {
    case Code::kOpen:
    case Code::kRead:
    case Code::kAdvance:
    case Code::kContinue:
    case Code::kProbe: return true;
    default: return false;
  }
}

RunOptions one_by_one(RunOptions options) {
  options.episode.one_by_one = true;
  options.native = {};
  return options;
}

}  // namespace

Stepper::Stepper(const genome::BoundProgram& bound, const Question& question,
                 std::span<const std::uint32_t> ordering, const RunOptions& options,
                 std::vector<genome::AnswerReads> reads)
    : program_(*bound.program), at_(bound.program->start), reads_(std::move(reads)) {
  EVOTTS_CHECK(reads_.size() == program_.code.size());
  for (std::size_t i = 0; i < program_.code.size(); ++i)
    machine_.pauses_.push_back(acts(program_.code[i].code) || reads_[i] != genome::AnswerReads::kNone);
  machine_.begin(bound, question, ordering, one_by_one(options));
}

bool Stepper::next() {
  while (section_ != Section::kNone) {
    const auto* const found = machine_.execute<true>(at_, std::exchange(resumed_, false));
    if (found != nullptr) {
      at_ = static_cast<std::size_t>(found - program_.code.data());
      return true;
    }
    end_section();
  }
  return false;
}

void Stepper::end_section() {
  switch (section_) {
    case Section::kStart: machine_.episode_.end_stage(); return begin_round_or_answer();
    case Section::kRound: machine_.end_round(); return begin_round_or_answer();
    default: section_ = Section::kNone;
  }
}

void Stepper::begin_round_or_answer() {
  const bool another = machine_.begin_round();
  section_ = another ? Section::kRound : Section::kAnswer;
  at_ = another ? program_.round : program_.answer;
}

void Stepper::leave() {
  if (section_ == Section::kNone || section_ == Section::kAnswer) return;
  if (std::exchange(resumed_, false)) machine_.execute<true>(at_, true);
  machine_.episode_.end_stage();
  section_ = Section::kAnswer;
  at_ = program_.answer;
}

Statement Stepper::statement() {
  const genome::Instruction& in = program_.code[at_];
  const Episode& seen = machine_.episode_;
  const Mask opened = first_lanes(seen.opened());
  Statement statement;
  switch (in.code) {
    case Code::kOpen:
    case Code::kRead:
      statement.kind = in.code == Code::kOpen ? Statement::Kind::kOpen : Statement::Kind::kRead;
      statement.count = genome::whole(machine_.numbers_[in.a], kMaxOpened);
      break;
    case Code::kAdvance:
    case Code::kContinue: {
      const Advance asked = machine_.asked_by(in);
      statement.kind = Statement::Kind::kMove;
      statement.probing = asked.probing;
      statement.set = asked.set;
      statement.lane_count =
          machine_.in_falling_order(asked.set, in.c == kNoSlot ? nullptr : machine_.number_lanes_[in.c]);
      for (std::size_t i = 0; i < statement.lane_count; ++i) {
        const std::uint8_t lane = machine_.queue_[i];
        statement.lanes[i] = lane;
        statement.steps[i] = asked.by != nullptr ? steps_from(asked.by[lane]) : asked.by_all;
      }
      break;
    }
    case Code::kProbe:
      statement.kind = Statement::Kind::kProbe;
      statement.set = *machine_.masks_[in.a] & opened;
      break;
    case Code::kTally:
      statement.kind = Statement::Kind::kReads;
      statement.set = *machine_.masks_[in.a] & opened;
      break;
    default:
      statement.kind = Statement::Kind::kReads;
      statement.set = reads_[at_] == genome::AnswerReads::kFinished ? seen.finished : opened;
  }
  return statement;
}

}  // namespace replay
