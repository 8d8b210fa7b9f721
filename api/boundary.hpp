// boundary.hpp: where exceptions of the program become those of the public headers.
// Why:      a caller of the library knows evotts::Error alone; the types of the folders below are no part of
//           the interface, and none of them may get past it.
// Use:      return translated([&] { return replay::read_environment(file); });
// Promises: messages and fault stay what they were. Other exceptions (std::bad_alloc) pass as they are.
// Threads:  pure functions.
// Tests:    tests/api/controller_test.cpp, tests/api/run_test.cpp
#pragma once

#include <cstdint>
#include <evotts/error.hpp>
#include <evotts/interruption.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "genome/base/error.hpp"
#include "replay/parallel/interruption.hpp"

namespace evotts::detail {

[[noreturn]] void rethrow(const genome::base::Error& error);
[[noreturn]] void throw_input(std::string message);

template <typename Function>
decltype(auto) translated(Function&& function) {
  try {
    return std::forward<Function>(function)();
  } catch (const genome::base::Error& error) {
    rethrow(error);
  } catch (const replay::Interrupted&) {
    throw Interrupted();
  }
}

// Throws unless the number is in the range; `what` names it.
void expect_within(std::string_view what, std::int64_t number, std::int64_t low, std::int64_t high);
void expect_beta(double beta);

}  // namespace evotts::detail
