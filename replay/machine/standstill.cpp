// Rounds in which nothing can happen any more.
// A round that moves no branch leaves the episode as it was, but for branches that it prunes or probes. What
// the next round does depends on that and on the registers alone, unless the program looks at the time (see
// Program::timeless). So where an idle round ends as it began, all rounds that are left do the same, and
// need not be run.
//   after 1, 2, 4, 8, ... idle rounds in a row   the state is put down
//   after the idle round that follows            it is compared. Registers of many programs go on changing
//                                                for ever; those are asked too rarely for it to cost much.
#include <bit>

#include "replay/machine/machine.hpp"

namespace replay {

using genome::Kind;

void Machine::write_state(std::vector<std::uint64_t>& to) const {
  const std::size_t opened = episode_.opened();
  to.assign({episode_.active, episode_.pruned, episode_.probed()});
  for (const genome::RegisterSlot& r : program_->memory)
    to.push_back(std::bit_cast<std::uint64_t>(present(r)));
  for (const genome::RegisterSlot& r : program_->branch) {
    if (r.kind == Kind::kTruth) {
      to.push_back(*masks_[r.slot] & opened_mask());
      continue;
    }
    for (std::size_t lane = 0; lane < opened; ++lane) {
      to.push_back(r.kind == Kind::kNumber ? std::bit_cast<std::uint64_t>(number_lanes_[r.slot][lane])
                                           : static_cast<std::uint64_t>(answer_lanes_[r.slot][lane]));
    }
  }
}

// Asked after each idle round. True: all that are left would be as the one that has just been.
bool Machine::stands_still() {
  idle_rounds_ = last_idle_ == rounds_ - 1 ? idle_rounds_ + 1 : 1;
  last_idle_ = rounds_;
  const auto is_put_down = [](int idle) { return std::has_single_bit(static_cast<unsigned>(idle)); };
  if (idle_rounds_ > 1 && is_put_down(idle_rounds_ - 1)) {
    write_state(state_);
    if (state_ == state_before_) return true;
  }
  if (is_put_down(idle_rounds_)) write_state(state_before_);
  return false;
}

}  // namespace replay
