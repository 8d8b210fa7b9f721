// asmjit of the distribution is a static library that was compiled for programs: it reaches for `stderr` in
// a way that no shared library can be linked with. By --wrap=stderr (api/CMakeLists.txt) it finds this one.
#include <cstdio>

// NOLINTBEGIN(readability-identifier-naming): the names are the linker's
extern "C" {
extern FILE* __real_stderr;
__attribute__((visibility("hidden"))) FILE* __wrap_stderr = __real_stderr;
}
// NOLINTEND(readability-identifier-naming)
