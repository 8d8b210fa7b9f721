#include "replay/native/calls.hpp"

#include <bit>
#include <cstdint>
#include <utility>

namespace replay {

void NativeCalls::advance(NativeFrame* f, Mask set, const double* key, const double* by) {
  Advance asked{.set = set, .by = by, .probing = true, .opened = f->branches->opened_};
  f->machine->move(asked, key);
}

void NativeCalls::advance_all(NativeFrame* f, Mask set, const double* key, double by) {
  const std::int32_t steps = steps_from(by);
  if (f->machine->episode_.advance_together(set, steps)) return;
  Advance asked{.set = set, .by_all = steps, .probing = true, .opened = f->branches->opened_};
  f->machine->move(asked, key);
}

void NativeCalls::proceed(NativeFrame* f, Mask set, const double* key, const double* by) {
  Advance asked{.set = set, .by = by, .probing = false, .opened = f->branches->opened_};
  f->machine->move(asked, key);
}

void NativeCalls::proceed_all(NativeFrame* f, Mask set, const double* key, double by) {
  Advance asked{.set = set, .by_all = steps_from(by), .probing = false, .opened = f->branches->opened_};
  f->machine->move(asked, key);
}

void NativeCalls::slow_function(NativeFrame* f, const genome::Instruction* in, Mask set) {
  using genome::Code;
  Machine& machine = *f->machine;
  machine.refresh_all();
  const auto operand = [&](std::uint8_t which, genome::Slot slot) {
    const bool each = (in->each & which) != 0;
    return std::pair(each ? machine.number_lanes_[slot] : &machine.numbers_[slot], std::size_t{each});
  };
  const auto is_same = [](double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  };
  double* const to = machine.number_lanes_[in->to];
  Machine::SlowValues& last = machine.slow_values(*in);
  set &= machine.opened_mask();
  const auto one = [&](auto function) {
    const auto [x, dx] = operand(genome::kEachA, in->a);
    for (; set != 0; set &= set - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(set));
      const double at = x[i * dx];
      if (!is_same(last.x[i], at)) {
        last.x[i] = at;
        last.value[i] = function(at);
      }
      to[i] = last.value[i];
    }
  };
  const auto two = [&](auto function) {
    const auto [x, dx] = operand(genome::kEachA, in->a);
    const auto [y, dy] = operand(genome::kEachB, in->b);
    for (; set != 0; set &= set - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(set));
      const double at_x = x[i * dx], at_y = y[i * dy];
      if (!is_same(last.x[i], at_x) || !is_same(last.y[i], at_y)) {
        last.x[i] = at_x;
        last.y[i] = at_y;
        last.value[i] = function(at_x, at_y);
      }
      to[i] = last.value[i];
    }
  };
  switch (in->code) {
    case Code::kBExp: return one(genome::exponential);
    case Code::kBLog: return one(genome::logarithm);
    case Code::kBPower: return two(genome::power);
    case Code::kBMod: return two(genome::modulo);
    case Code::kBRounded: return two(genome::rounded);
    default: return two(genome::beta_confidence);
  }
}

}  // namespace replay
