#include "experiments/terminal/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

#include "genome/base/file.hpp"

namespace experiments {
namespace {

constexpr std::size_t kUsualWidth = 80, kNarrowest = 20, kWidest = 1000;

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::size_t terminal_width(int descriptor) {
  std::size_t width = kUsualWidth;
  struct winsize size {};
  const std::string_view columns = variable("COLUMNS");
  if (::isatty(descriptor) != 0 && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    width = size.ws_col;
  else
    std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return std::clamp(width, kNarrowest, kWidest);
}

bool shows_colour(int descriptor) {
  return ::isatty(descriptor) != 0 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

bool writes_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value(variable(name));
    if (value.empty()) continue;
    std::ranges::transform(value, value.begin(), [](unsigned char c) { return std::tolower(c); });
    return value.contains("utf-8") || value.contains("utf8");
  }
  return false;
}

void print_coloured(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    genome::base::fail_at("write", "standard output");
}

}  // namespace experiments
