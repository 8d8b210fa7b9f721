#include "evo/base/program_version.hpp"

#include <fmt/format.h>

namespace evo {

std::string program_version() {
  const std::string_view commit = program_commit();
  const auto blank = commit.find(' ');
  return fmt::format("evotts {} (commit {}{})", EVOTTS_VERSION, commit.substr(0, blank),
                     blank == commit.npos ? "" : ", modified");
}

std::string program_trailer() { return fmt::format("evotts {} {}", EVOTTS_VERSION, program_commit()); }

}  // namespace evo
