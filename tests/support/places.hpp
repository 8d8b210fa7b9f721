// places.hpp: where the sources and the program under test are.
// Why:      constants of a linked object and no macros: what compiles a test then names no folder, so that a
//           compiler cache knows it again in every checkout.
// Use:      tests::run_process({tests::kEvotts, "help"});
// Promises: absolute paths.
// Threads:  any.
#pragma once

namespace tests {

extern const char* const kSourceDir;
extern const char* const kEvotts;  // the executable

}  // namespace tests
