// renaming.hpp: which names of two controllers mean the same although they are spelled otherwise.
// Why:      after a register was renamed every line that mentions it looks changed; called alike, only the
//           lines that did change do.
// Use:      for (const Renaming& r : renamings(a, b)) rename(b, r.to, r.from);
// Promises: only names of one role and kind are matched, each at most once, and only where `b` can be renamed
//           without touching any other name. A guess: names are matched by the lines they stand in.
// Threads:  pure function.
// Tests:    tests/genome/comparison/semantic_diff_test.cpp
#pragma once

#include <string>
#include <vector>

#include "genome/tree/ast.hpp"

namespace genome {

struct Renaming {
  std::string from;  // in a
  std::string to;    // in b
  friend bool operator==(const Renaming&, const Renaming&) = default;
};

// Both must check.
std::vector<Renaming> renamings(const Controller& a, const Controller& b);

}  // namespace genome
