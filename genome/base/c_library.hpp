// c_library.hpp: which C library computes exp, log, pow and their kind, and by which variant.
// Why:      the C library picks other functions for processors without fused multiply-add; of some arguments
//           they give another last bit, and a run that goes on there may differ in its last digits.
// Use:      const std::string& here = c_library();   // "glibc 2.36 fma"
// Promises: the variant is found by calling the functions, so whatever chose it counts (the processor,
//           GLIBC_TUNABLES, another libm). "fma" and "no-fma" are those of glibc since 2.28; any other set of
//           results is named by a digest of them, as "digits-" and eight hexadecimal digits. The same all
//           through a process.
// Threads:  any.
// Tests:    tests/genome/base/c_library_test.cpp
#pragma once

#include <string>

namespace genome::base {

const std::string& c_library();

}  // namespace genome::base
