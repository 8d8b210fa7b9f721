// kept_translations.hpp: native code of programs that come again in the next evaluation.
// Why:      translating a program takes as long as interpreting a hundred episodes, and whoever evaluates a
//           program piece by piece would do it for each piece.
// Use:      replay::KeptTranslations kept;
//           evaluator.run(jobs, some_questions);       // translates
//           evaluator.run(jobs, other_questions);      // has it already
// Promises: while it lives, evaluations begun by this thread keep what they translate, and use what is kept.
//           A program that they evaluate must outlive it, or the next clear(): it is known by its address.
// Threads:  belongs to the thread that made it; the innermost counts.
// Tests:    tests/replay/native/kept_translations_test.cpp
#pragma once

#include <cstddef>
#include <unordered_map>

#include "replay/native/program.hpp"

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
  const NativeProgram* find(const genome::Program& program) const;
  void keep(const genome::Program& program, NativeProgram translated);

  // Notes that so many more episodes of a program are to be run; returns how many those are by now.
  std::size_t add_episodes(const genome::Program& program, std::size_t episodes) {
    return episodes_[&program] += episodes;
  }

  std::size_t size() const { return kept_.size(); }
  void clear() {
    kept_.clear();
    episodes_.clear();
  }

 private:
  std::unordered_map<const genome::Program*, NativeProgram> kept_;
  std::unordered_map<const genome::Program*, std::size_t> episodes_;
  KeptTranslations* outer_;
};

}  // namespace replay
