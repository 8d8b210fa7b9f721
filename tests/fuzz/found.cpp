#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/targets.hpp"

namespace fuzz {

void found(std::string_view what) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace fuzz
