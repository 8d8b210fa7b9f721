#include "replay/native/kept_translations.hpp"

#include <utility>

namespace replay {
namespace {

thread_local KeptTranslations* innermost = nullptr;

}  // namespace

KeptTranslations::KeptTranslations() : outer_(std::exchange(innermost, this)) {}

KeptTranslations::~KeptTranslations() { innermost = outer_; }

KeptTranslations* KeptTranslations::here() { return innermost; }

const NativeProgram* KeptTranslations::find(const genome::Program& program) const {
  const auto at = kept_.find(&program);
  return at == kept_.end() ? nullptr : &at->second;
}

void KeptTranslations::keep(const genome::Program& program, NativeProgram translated) {
  kept_.insert_or_assign(&program, std::move(translated));
}

}  // namespace replay
