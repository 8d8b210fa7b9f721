// version.hpp: which evotts a program was compiled against, and which one it is linked to.
// Why:      headers and library are installed together but found apart; a mix of two releases is told here
//           instead of by a crash. CMakeLists.txt takes the project's version from this file.
// Use:      static_assert(EVOTTS_VERSION_NUMBER >= 100, "needs evotts 0.1");
//           if (evotts::library_version() != evotts::kHeaderVersion) return 1;
// Promises: releases with the same major and minor number have the same interface: what compiles against one
//           compiles against the other, and a program goes on working with the later shared library. This
//           holds for `include/evotts/` alone; everything else in the library may change at any time.
// Threads:  pure functions.
#pragma once

#define EVOTTS_VERSION_MAJOR 0
#define EVOTTS_VERSION_MINOR 1
#define EVOTTS_VERSION_PATCH 0

// 10000 * major + 100 * minor + patch, for comparisons by the preprocessor.
#define EVOTTS_VERSION_NUMBER \
  (EVOTTS_VERSION_MAJOR * 10000 + EVOTTS_VERSION_MINOR * 100 + EVOTTS_VERSION_PATCH)

namespace evotts {

struct Version {
  int major_number = 0;
  int minor_number = 0;
  int patch_number = 0;
  friend bool operator==(const Version&, const Version&) = default;
};

// That of the headers.
inline constexpr Version kHeaderVersion{EVOTTS_VERSION_MAJOR, EVOTTS_VERSION_MINOR, EVOTTS_VERSION_PATCH};

// That of the library this program is linked to.
Version library_version();

}  // namespace evotts
