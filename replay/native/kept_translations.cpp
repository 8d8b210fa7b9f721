#include "replay/native/kept_translations.hpp"

#include <utility>

namespace replay {
namespace {

thread_local KeptTranslations* innermost = nullptr;

}  // namespace

KeptTranslations::KeptTranslations() : outer_(std::exchange(innermost, this)) {}

KeptTranslations::~KeptTranslations() { innermost = outer_; }

KeptTranslations* KeptTranslations::here() { return innermost; }

std::shared_ptr<const NativeProgram> KeptTranslations::find(const TranslationKey& key) const {
  const auto at = kept_.find(key);
  return at == kept_.end() ? nullptr : at->second;
}

std::size_t KeptTranslations::add_episodes(const TranslationKey& key, std::size_t episodes) {
  if (episodes_.size() >= 4 * kMost) episodes_.clear();
  return episodes_[key] += episodes;
}

void KeptTranslations::keep(const TranslationKey& key, std::shared_ptr<const NativeProgram> translated) {
  if (kept_.size() >= kMost) clear();
  kept_.insert_or_assign(key, std::move(translated));
}

}  // namespace replay
