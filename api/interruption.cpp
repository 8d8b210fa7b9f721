#include "replay/parallel/interruption.hpp"

#include <evotts/interruption.hpp>
#include <utility>

namespace evotts {

struct Interruptible::Impl {
  replay::Interruptible work;
};

Interruptible::Interruptible(std::function<bool()> wanted)
    : impl_(new Impl{replay::Interruptible(std::move(wanted))}) {}

Interruptible::~Interruptible() = default;

}  // namespace evotts
