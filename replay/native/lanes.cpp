#include "replay/native/lanes.hpp"

#include <algorithm>
#include <array>

namespace replay {

using genome::Code;
using genome::Instruction;
using genome::SlotRef;
using genome::Space;

namespace {

bool contains(const Accesses& accesses, SlotRef slot) {
  return std::ranges::find(accesses.read, slot) != accesses.read.end();
}

bool touches(const Accesses& accesses, SlotRef slot) {
  return slot.space != Space::kNone && (accesses.write == slot || contains(accesses, slot));
}

}  // namespace

NativeLanes::NativeLanes(x86::Compiler& cc, const genome::Program& program, const SectionFlow& flow,
                         NativeOperands& operands, Width width, Hooks hooks)
    : cc_(cc),
      program_(program),
      flow_(flow),
      operands_(operands),
      width_(width),
      hooks_(std::move(hooks)),
      vectors_(cc, width) {}

bool NativeLanes::takes(const Instruction& in) {
  const Code scalar = NativeVectors::scalar_form(in.code);
  if (scalar != in.code) return NativeVectors::knows(scalar) || NativeVectors::is_comparison(scalar);
  switch (in.code) {
    case Code::kBSameAnswer:
    case Code::kBExists:
    case Code::kBPickNumber:
    case Code::kBPickAnswer:
    case Code::kStoreNumbers:
    case Code::kStoreAnswers: return true;
    default: return is_for_all_lanes(in);
  }
}

bool NativeLanes::is_for_all_lanes(const Instruction& in) {
  switch (in.code) {
    case Code::kSnapshotNumber:
    case Code::kSnapshotAnswer:
    case Code::kSplatNumber:
    case Code::kClearNumbers:
    case Code::kClearAnswers: return true;
    default: return false;
  }
}

bool NativeLanes::is_on_sets(const Instruction& in) {
  switch (in.code) {
    case Code::kBAnd:
    case Code::kBOr:
    case Code::kBNot:
    case Code::kBSameTruth:
    case Code::kBPickTruth:
    case Code::kStoreTruths: return true;
    default: return false;
  }
}

void NativeLanes::add(std::size_t at) {
  const Instruction& in = program_.code[at];
  if (!items_.empty() && is_for_all_lanes(in) != is_for_all_lanes(*items_.front().in)) flush();
  items_.push_back({at, &in, accesses_of(in)});
}

bool NativeLanes::lets_pass(const Instruction& in) const {
  const Accesses accesses = accesses_of(in);
  return std::ranges::none_of(items_, [&](const Item& item) {
    return touches(accesses, item.accesses.write) || contains(item.accesses, accesses.write);
  });
}

// Instructions on sets whose results no instruction in the loop needs are cheaper after it, on whole words.
void NativeLanes::part() {
  looped_.clear();
  for (std::size_t i = items_.size(); i-- > 0;) {
    Item& item = items_[i];
    if (!is_on_sets(*item.in)) continue;
    item.in_loop = std::any_of(items_.begin() + static_cast<std::ptrdiff_t>(i) + 1, items_.end(),
                               [&](const Item& later) {
                                 return later.in_loop && (touches(item.accesses, later.accesses.write) ||
                                                          contains(later.accesses, item.accesses.write));
                               });
  }
  for (const Item& item : items_) {
    if (item.in_loop) looped_.push_back(item.at);
  }
}

// Nobody else knows it, and it has no value before the loop.
bool NativeLanes::is_private(SlotRef slot) const {
  if (!flow_.is_private_to(slot, looped_)) return false;
  for (const Item& item : items_) {
    if (!item.in_loop) continue;
    if (contains(item.accesses, slot)) return false;
    if (item.accesses.write == slot) return true;
  }
  return false;
}

// The truth of the question without which nobody learns what the instruction made of the latest answers: it
// compares them, and its only reader takes the result together with that truth. None: somebody may.
std::optional<NativeLanes::Slot> NativeLanes::condition_of(const Item& item) const {
  if (item.in->code != Code::kBSameAnswer && item.in->code != Code::kBExists) return std::nullopt;
  const SlotRef compared = item.accesses.write;
  const auto reader = std::ranges::find_if(
      items_, [&](const Item& later) { return later.at > item.at && contains(later.accesses, compared); });
  if (reader == items_.end() || reader->in->code != Code::kBAnd) return std::nullopt;
  const std::array both = {item.at, reader->at};
  if (!flow_.is_private_to(compared, both)) return std::nullopt;
  const SlotRef other{Space::kBT, reader->in->a == compared.slot ? reader->in->b : reader->in->a};
  if (!flow_.is_local(other) || !flow_.is_written_once(other)) return std::nullopt;
  const auto spread = std::ranges::find_if(
      program_.code, [&](const Instruction& in) { return accesses_of(in).write == other; });
  if (spread->code != Code::kSplatTruth) return std::nullopt;
  const SlotRef truth{Space::kT, spread->a};
  if (!flow_.is_local(truth) || !flow_.is_written_once(truth)) return std::nullopt;
  return truth.slot;
}

// Hidden answers are looked up if anything in the loop reads them; where one truth decides whether they
// matter, only when it holds.
void NativeLanes::show_answers() {
  bool read = false, conditional = true;
  std::optional<Slot> condition;
  for (const Item& item : items_) {
    if (!item.in_loop || !contains(item.accesses, {Space::kBA, genome::slots::kAnswer})) continue;
    const auto own = condition_of(item);
    conditional = conditional && own.has_value() && (!read || own == condition);
    condition = own;
    read = true;
  }
  if (!read) return;
  if (!conditional) return hooks_.show_hidden();
  const asmjit::Label nobody = cc_.newLabel();
  const x86::Gp truth = operands_.truth(*condition);
  cc_.test(truth, truth);
  cc_.jz(nobody);
  hooks_.show_hidden();
  cc_.bind(nobody);
}

// What has to be there when the loop begins.
void NativeLanes::prepare() {
  std::vector<SlotRef> written;
  const auto is_written = [&](SlotRef slot) { return std::ranges::find(written, slot) != written.end(); };
  show_answers();
  if (std::ranges::any_of(items_, [](const Item& i) { return i.in_loop && genome::reads_steps(*i.in); }))
    hooks_.catch_up();
  for (const Item& item : items_) {
    if (!item.in_loop) continue;
    for (const SlotRef& read : item.accesses.read) {
      if (read.space == Space::kN && !spread_numbers_.contains(read.slot))
        spread_numbers_[read.slot] = vectors_.spread(operands_.number(read.slot));
      if (read.space == Space::kA && !spread_answers_.contains(read.slot)) {
        const x86::Vec one = cc_.newXmm(), all = fresh_answers();
        cc_.vmovd(one.xmm(), operands_.answer(read.slot));
        cc_.vpbroadcastd(all, one.xmm());
        spread_answers_[read.slot] = all;
      }
      if (read.space == Space::kBT && !words_.contains(read.slot) && !is_written(read))
        words_[read.slot] = operands_.mask(read.slot);
    }
    const SlotRef write = item.accesses.write;
    written.push_back(write);
    if (write.space == Space::kBT && !results_.contains(write.slot) && !is_private(write)) {
      results_[write.slot] = cc_.newUInt64();
      cc_.xor_(results_[write.slot].r32(), results_[write.slot].r32());
    }
    if (item.in->code == Code::kBExists || item.in->code == Code::kSnapshotAnswer ||
        item.in->code == Code::kClearAnswers) {
      nothing_ = fresh_answers();
      cc_.vpcmpeqd(nothing_.xmm(), nothing_.xmm(), nothing_.xmm());
      cc_.vpbroadcastd(nothing_, nothing_.xmm());
    }
    if (item.in->code == Code::kSnapshotNumber || item.in->code == Code::kSnapshotAnswer) {
      const x86::Gp ones = cc_.newUInt64(), count = cc_.newUInt64();
      opened_ = cc_.newUInt64();
      cc_.mov(ones, -1);
      cc_.mov(count, operands_.in_branches(offsetof(SeenBranches, opened_)));
      cc_.bzhi(opened_, ones, count);
    }
  }
}

void NativeLanes::loop() {
  const asmjit::Label again = cc_.newLabel();
  index_ = cc_.newUInt64();
  cc_.xor_(index_.r32(), index_.r32());
  cc_.bind(again);
  for (const Item& item : items_) {
    if (item.in_loop) emit(item);
  }
  // Sets that others want to know are put together from the bits of each turn.
  for (const auto& [slot, result] : results_) {
    const x86::Gp bits = cc_.newUInt64();
    if (width_ == Width::kEight) {
      // Straight to a general register would have no encoding where the allocator left it on the stack.
      const x86::KReg here = cc_.newKb();
      cc_.kmovb(here, truths_.at(slot).as<x86::KReg>());
      cc_.kmovb(bits.r32(), here);
    } else {
      cc_.vmovmskpd(bits.r32(), truths_.at(slot).as<x86::Vec>());
    }
    cc_.shlx(bits, bits, index_);
    cc_.or_(result, bits);
  }
  cc_.add(index_, width());
  if (is_for_all_lanes(*items_.front().in))
    cc_.cmp(index_, kMaxOpened);
  else
    cc_.cmp(index_, operands_.in_branches(offsetof(SeenBranches, opened_)));
  cc_.jb(again);
  cc_.vzeroupper();
}

void NativeLanes::finish() {
  for (const auto& [slot, result] : results_) operands_.set_mask(slot, result);
  spread_numbers_.clear();
  spread_answers_.clear();
  words_.clear();
  results_.clear();
  numbers_.clear();
  answers_.clear();
  truths_.clear();
}

void NativeLanes::flush() {
  if (items_.empty()) return;
  part();
  if (!looped_.empty()) {
    prepare();
    loop();
    finish();
  }
  const std::vector<Item> items = std::exchange(items_, {});
  for (const Item& item : items) {
    if (!item.in_loop) hooks_.on_sets(*item.in);
  }
}

}  // namespace replay
