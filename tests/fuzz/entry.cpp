// What libFuzzer calls; the build says which target it is for.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::EVOTTS_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
