#include "replay/machine/frame.hpp"

namespace replay {

SlotLayout::SlotLayout(const genome::Program& program) {
  constexpr std::uint32_t line = 64;
  const auto take = [this](std::size_t bytes) {
    const std::uint32_t at = size;
    size += (static_cast<std::uint32_t>(bytes) + line - 1) / line * line;
    return at;
  };
  numbers = take(program.numbers * sizeof(double));
  truths = take(program.truths);
  answers = take(program.answers * sizeof(AnswerId));
  masks = take(program.branch_truths * sizeof(Mask));
  answer_lanes = take(program.branch_answers * sizeof(AnswerLanes));
  number_lanes = take(program.branch_numbers * sizeof(NumberLanes));
}

}  // namespace replay
