#include "api/boundary.hpp"

#include <fmt/format.h>

namespace evotts {

Error::Error(Fault fault, std::vector<std::string> messages)
    : std::runtime_error(fmt::format("{}", fmt::join(messages, "\n"))),
      fault_(fault),
      messages_(std::move(messages)) {}

Error::~Error() = default;

Interrupted::~Interrupted() = default;
const char* Interrupted::what() const noexcept { return "interrupted"; }

namespace detail {

void rethrow(const genome::base::Error& error) {
  const bool input = error.fault() == genome::base::Fault::kInput;
  throw Error(input ? Fault::kInput : Fault::kSystem, error.messages());
}

void throw_input(std::string message) { throw Error(Fault::kInput, {std::move(message)}); }

void expect_within(std::string_view what, std::int64_t number, std::int64_t low, std::int64_t high) {
  if (number < low || number > high)
    throw_input(fmt::format("{} must be a whole number from {} to {}, found {}", what, low, high, number));
}

void expect_beta(double beta) {
  if (!(beta >= 0 && beta <= 1))  // nan is not either
    throw_input(fmt::format("beta must be a number from 0 to 1, found {}", beta));
}

}  // namespace detail
}  // namespace evotts
