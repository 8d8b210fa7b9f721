// kept_translations.hpp: native code of programs that come again in the next evaluation.
// Why:      translating a program takes as long as interpreting a hundred episodes, and whoever evaluates a
//           program piece by piece, or many with other numbers, would do it each time.
// Use:      replay::KeptTranslations kept;
//           evaluator.run(jobs, some_questions);       // translates
//           evaluator.run(jobs, other_questions);      // has it already
// Promises: while it lives, evaluations begun by this thread keep what they translate, and use what is kept,
//           for every program with the same key. Whoever has found one has it for as long as it wants.
// Threads:  belongs to the thread that made it; the innermost counts.
// Tests:    tests/replay/native/kept_translations_test.cpp
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>

#include "replay/native/program.hpp"
#include "replay/native/translation_key.hpp"

namespace replay {

class KeptTranslations {
 public:
  KeptTranslations();
  ~KeptTranslations();
  KeptTranslations(const KeptTranslations&) = delete;
  KeptTranslations& operator=(const KeptTranslations&) = delete;

  // The innermost of this thread; null where there is none.
  static KeptTranslations* here();

  // Null where it is not kept.
  std::shared_ptr<const NativeProgram> find(const TranslationKey& key) const;

  // Notes that so many more episodes of such programs are to be run; returns how many those are by now.
  std::size_t add_episodes(const TranslationKey& key, std::size_t episodes);

  // Beyond kMost all others are forgotten: each translation has pages of its own, of which a process may have
  // some 60,000, and a program beside them.
  void keep(const TranslationKey& key, std::shared_ptr<const NativeProgram> translated);
  static constexpr std::size_t kMost = 1'000;

  std::size_t size() const { return kept_.size(); }
  void clear() {
    kept_.clear();
    episodes_.clear();
  }

 private:
  std::unordered_map<TranslationKey, std::shared_ptr<const NativeProgram>> kept_;
  std::unordered_map<TranslationKey, std::size_t> episodes_;
  KeptTranslations* outer_;
};

}  // namespace replay
