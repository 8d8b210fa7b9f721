// edition.hpp: the edition of what a search builds with: parts of controllers, and the library.
// Why:      a run goes on as it began, whatever later programs know beside: parts, known controllers and ways
//           to draw that came later are of a later edition, and a run draws as one of its own edition did.
// Use:      const genome::Material material(signals, experiment.edition);
//           if (genome::edition_of("plurality") <= experiment.edition) ...
// Promises: a number is never given another meaning.
// Threads:  constants.
// Tests:    tests/genome/variation/material_test.cpp, same_everywhere_test.cpp
#pragma once

namespace genome {

inline constexpr int kFirstEdition = 1;
// With what compares branches: by their answers at the same depth, by length, and by steps of a signal.
inline constexpr int kComparingEdition = 2;
// With plurality in waves.
inline constexpr int kWavesEdition = 3;
// With random controllers of which three of four are whole designs (genome/variation/designs.hpp).
inline constexpr int kDesignsEdition = 4;
// With limits for giving up from 30 to 64 intervals, and designs that have one more often.
inline constexpr int kGivingUpEdition = 5;
inline constexpr int kLatestEdition = kGivingUpEdition;

}  // namespace genome
