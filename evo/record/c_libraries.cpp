#include "evo/record/c_libraries.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "evo/record/trailers.hpp"
#include "genome/base/c_library.hpp"
#include "genome/base/text.hpp"

namespace evo {

std::optional<std::string> other_c_library(const CommitInfo& commit) {
  const auto said = text_in(commit, Trailer::kCLibrary);
  if (!said || *said == genome::base::c_library()) return std::nullopt;
  constexpr std::size_t kMostShown = 60;
  return genome::base::visible(*said, kMostShown);
}

std::vector<std::string> other_c_libraries(const RunRepository& repository, std::string_view revision) {
  std::vector<std::string> others;
  for (const CommitInfo& commit : repository.log(std::numeric_limits<std::size_t>::max(), revision)) {
    const auto other = other_c_library(commit);
    if (other && std::ranges::find(others, *other) == others.end()) others.push_back(*other);
  }
  return others;
}

std::string shown_c_library(const std::string& other) {
  return fmt::format(
      "it was made with {}, here is {}: their exp, log and pow differ in the last digit of some results",
      other, genome::base::c_library());
}

}  // namespace evo
