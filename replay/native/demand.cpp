#include "replay/native/demand.hpp"

#include <algorithm>
#include <set>

#include "genome/program/instruction_flow.hpp"

namespace replay {
namespace {

using genome::Code;
using genome::Instruction;
using genome::Slot;
using genome::SlotRef;
using genome::Space;
namespace slots = genome::slots;

// Numbers or truths of lanes, each from those of the same lane.
bool makes_each_of_the_same(Code code) {
  switch (code) {
#define NUMBER1(name, op, function) case Code::kB##name:
#define NUMBER2(name, op, function) case Code::kB##name:
#define NUMBER3(name, op, function) case Code::kB##name:
#define COMPARE(name, op, symbol) case Code::kB##name:
#include "genome/program/codes.def"
    case Code::kBAnd:
    case Code::kBOr:
    case Code::kBNot:
    case Code::kBSameTruth:
    case Code::kBPickNumber:
    case Code::kBPickTruth:
    // Lets. Branches opened after it have nothing there, and those that are read were opened before.
    case Code::kSnapshotNumber:
    case Code::kSnapshotTruth: return true;
    default: return false;
  }
}

// Readers are followed from lanes to the lanes made of them, until each way ends at something that reads the
// lanes of one set, such as a count of votes, or at something that may read any lane.
class Demand {
 public:
  Demand(const genome::Program& program, std::size_t end, std::size_t at)
      : program_(program), end_(end), at_(at) {}

  bool follow(SlotRef lanes) {
    if (!followed_.insert(lanes).second) return true;
    if (is_kept(lanes)) return false;
    for (std::size_t at = 0; at < program_.code.size(); ++at) {
      const genome::Flow flow = genome::flow_of(program_.code[at]);
      if (std::ranges::find(flow.read, lanes) == flow.read.end()) continue;
      // Jumps go forward, so what is read before is the lanes of another instruction or another round.
      if (at <= at_ || at >= end_ || !takes(program_.code[at], at, lanes)) return false;
    }
    return true;
  }
  // None where the slot of one of the sets is written from the lanes themselves, before or after it is read.
  std::optional<std::vector<Slot>> sets() const {
    const auto is_followed = [this](Slot set) { return followed_.contains({Space::kBT, set}); };
    if (std::ranges::any_of(sets_, is_followed)) return std::nullopt;
    return std::vector<Slot>(sets_.begin(), sets_.end());
  }

 private:
  bool is_kept(SlotRef lanes) const {
    const bool number = lanes.space == Space::kBN;
    return lanes.slot < (number ? slots::kFirstBranchNumber : slots::kFirstBranchTruth) ||
           std::ranges::any_of(program_.branch, [&](const genome::RegisterSlot& r) {
             return r.kind == (number ? genome::Kind::kNumber : genome::Kind::kTruth) && r.slot == lanes.slot;
           });
  }

  // Whether what the instruction reads of the lanes is known: they are followed further, or belong to a set.
  bool takes(const Instruction& in, std::size_t at, SlotRef lanes) {
    const bool reads_a = genome::flow_of(in).read[0] == lanes;
    switch (in.code) {
      case Code::kTally:
      case Code::kAdvance:
      case Code::kContinue:
      case Code::kPrune: return !reads_a && takes_set(in.a, at);
      case Code::kSum:
      case Code::kMean:
      case Code::kSmallest:
      case Code::kLargest:
      case Code::kStoreNumbers:
      case Code::kStoreTruths: return reads_a && takes_set(in.b, at);
      case Code::kBAnd:
        if (takes_set(reads_a ? in.b : in.a, at)) return true;
        break;
      default: break;
    }
    return makes_each_of_the_same(in.code) && follow(genome::flow_of(in).write);
  }

  // Whether the set is the same before the instruction as where it is read. What acts changes those of the
  // episode; to others it adds newly opened branches at most, and nobody reads a number of theirs but as 0.
  bool takes_set(Slot set, std::size_t reader) {
    for (std::size_t at = at_; at < reader; ++at) {
      const Instruction& in = program_.code[at];
      const genome::Flow flow = genome::flow_of(in);
      const bool acts = flow.has_effect && in.code != Code::kTally && !genome::is_jump(in.code);
      if (flow.write == SlotRef{Space::kBT, set} || (acts && set < slots::kFirstBranchTruth)) return false;
    }
    sets_.insert(set);
    return true;
  }

  const genome::Program& program_;
  const std::size_t end_, at_;
  std::set<SlotRef> followed_;
  std::set<Slot> sets_;
};

}  // namespace

std::optional<std::vector<Slot>> demanded_sets(const genome::Program& program, std::size_t end,
                                               std::size_t at) {
  Demand demand(program, end, at);
  if (!demand.follow(genome::flow_of(program.code[at]).write)) return std::nullopt;
  return demand.sets();
}

}  // namespace replay
