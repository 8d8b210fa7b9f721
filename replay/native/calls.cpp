#include "replay/native/calls.hpp"

namespace replay {

void NativeCalls::advance(NativeFrame* f, Mask set, const double* key, const double* by) {
  f->machine->move({.set = set, .by = by, .probing = true, .opened = f->branches->opened_}, key);
}

void NativeCalls::advance_all(NativeFrame* f, Mask set, const double* key, double by) {
  f->machine->move({.set = set, .by_all = steps_from(by), .probing = true, .opened = f->branches->opened_},
                   key);
}

void NativeCalls::proceed(NativeFrame* f, Mask set, const double* key, const double* by) {
  f->machine->move({.set = set, .by = by, .probing = false, .opened = f->branches->opened_}, key);
}

void NativeCalls::proceed_all(NativeFrame* f, Mask set, const double* key, double by) {
  f->machine->move({.set = set, .by_all = steps_from(by), .probing = false, .opened = f->branches->opened_},
                   key);
}

void NativeCalls::votes_of_each(NativeFrame* f, const AnswerId* of, double* to) {
  const Tally& tally = f->machine->tally_;
  for (std::size_t i = 0, opened = f->machine->episode_.opened(); i < opened; ++i) to[i] = tally.votes(of[i]);
}

Mask NativeCalls::blank_lanes(NativeFrame* f, const AnswerId* of) {
  const std::uint8_t* const blank = f->machine->episode_.question().blank.data();
  Mask result = 0;
  for (std::size_t i = 0, opened = f->branches->opened_; i < opened; ++i)
    result |= of[i] != kNoAnswer && blank[of[i]] != 0 ? bit(i) : 0;
  return result;
}

}  // namespace replay
