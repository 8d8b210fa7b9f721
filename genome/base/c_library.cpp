#include "genome/base/c_library.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <string_view>

#include "genome/base/digest.hpp"
#if __has_include(<gnu/libc-version.h>)
#include <gnu/libc-version.h>
#endif

namespace genome::base {
namespace {

double power(double x) { return std::pow(x, 1.7); }

// An argument of which the two variants of glibc give neighbouring doubles.
struct Probe {
  double (*function)(double);
  double argument;
  double fused, plain;
};

// clang-format off
constexpr std::array kProbes = {
    Probe{std::exp,   0x1.089da756fac78p+0,  0x1.67d978597f4afp+1,  0x1.67d978597f4aep+1},
    Probe{std::exp,  -0x1.ed6a7d6eb53p-2,    0x1.3c3b256f447a9p-1,  0x1.3c3b256f447aap-1},
    Probe{std::log,   0x1.0c0949b037d8cp+17, 0x1.7a8ad4604672bp+3,  0x1.7a8ad4604672ap+3},
    Probe{std::log,   0x1.6d649ae878482p+18, 0x1.9aa3643ea9d2dp+3,  0x1.9aa3643ea9d2cp+3},
    Probe{std::sin,  -0x1.0ddcccbd6318p-3,  -0x1.0d150d9c97701p-3, -0x1.0d150d9c97702p-3},
    Probe{std::sin,   0x1.a642144f97928p+2,  0x1.3cdc4a2e3caccp-2,  0x1.3cdc4a2e3cacbp-2},
    Probe{std::cos,   0x1.14e6778f586c8p+0,  0x1.e1282fff4263dp-2,  0x1.e1282fff4263ep-2},
    Probe{std::cos,   0x1.cefb4d96d6facp+2,  0x1.29720f146aef4p-1,  0x1.29720f146aef5p-1},
    Probe{power,      0x1.db13db372b30dp+5,  0x1.02eebe3cb6889p+10, 0x1.02eebe3cb6888p+10},
    Probe{power,      0x1.a08cd0f1ba40ap+1,  0x1.dbb9f6d76e487p+2,  0x1.dbb9f6d76e486p+2},
};
// clang-format on

std::string name_and_version() {
#if defined(__GLIBC__)
  return fmt::format("glibc {}", gnu_get_libc_version());
#else
  return "another";
#endif
}

std::string variant() {
  std::array<double, kProbes.size()> values{};
  for (std::size_t i = 0; i < kProbes.size(); ++i) {
    const volatile double argument = kProbes[i].argument;  // or the compiler would know the value
    values[i] = kProbes[i].function(argument);
  }
  if (std::ranges::equal(values, kProbes, {}, {}, &Probe::fused)) return "fma";
  if (std::ranges::equal(values, kProbes, {}, {}, &Probe::plain)) return "no-fma";
  std::string bits;
  for (const double value : values) bits += fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value));
  return "digits-" + sha1_hex(bits).substr(0, 8);
}

}  // namespace

const std::string& c_library() {
  static const std::string known = fmt::format("{} {}", name_and_version(), variant());
  return known;
}

}  // namespace genome::base
