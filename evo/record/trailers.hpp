// trailers.hpp: the `Key: value` lines that end the messages of a run's commits.
// Why:      people read a history with git, and programs read it by its trailers. Writer and readers take a
//           key from one table, so that none of them can misspell it.
// Use:      message += trailer_lines({{Trailer::kGeneration, "12"}});
//           if (has(commit, Trailer::kForkPoint)) ...
//           std::optional<double> best = number_in(commit, Trailer::kBestScore);
// Adding:   a line in the enumeration, one in kTrailers, and its value: for a generation in
//           generation_trailers() of run_files.cpp, or commit_message() there when the state does not tell
//           it. `evotts log` and `evotts verify` follow the table.
// Promises: keys of runs on disk never change. A trailer that is missing or malformed reads as nothing. Those
//           of a message that was amended, so that git no longer takes them for trailers, are found as long
//           as two of them follow each other.
// Threads:  pure functions.
// Tests:    tests/evo/record/trailers_test.cpp, tests/structure/vocabulary_test.cpp
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evo/git/commit_info.hpp"

namespace evo {

enum class Trailer : std::size_t {
  // of a generation, in the order of its message
  kGeneration,
  kBestId,
  kBestScore,
  kBestFitness,
  kHypervolume,
  kFrontierNew,
  kScored,
  kEvaluations,
  kEpisodes,
  kBestIsland,  // where the best was born, in a run with islands
  kIsland,      // one line an island: see IslandFigures
  kProgramVersion,
  kCLibrary,         // that computed the digits; of a fork too
  kPreregistration,  // SHA-256 of preregistration.json; of generation 0 alone
  // of a fork
  kForkPoint,
  kForkGeneration,
  kForkRescored,
  // of a look at held-out environments
  kUnsealing,
  kOpenedGeneration,
  kOpenedCommit,
};

struct TrailerInfo {
  Trailer trailer;
  std::string_view key;
  // Where a trailer is a number that `evotts log` shows: the heading of its column, and how many digits
  // follow the point.
  std::string_view column = {};
  int digits = 0;
};

inline constexpr std::array kTrailers = {
    TrailerInfo{Trailer::kGeneration, "Generation"},
    TrailerInfo{Trailer::kBestId, "Best-Id"},
    TrailerInfo{Trailer::kBestScore, "Best-Score"},
    TrailerInfo{Trailer::kBestFitness, "Best-Fitness"},
    TrailerInfo{Trailer::kHypervolume, "Hypervolume", "hypervolume", 3},
    TrailerInfo{Trailer::kFrontierNew, "Frontier-New", "frontier_new"},
    TrailerInfo{Trailer::kScored, "Scored", "scored"},
    TrailerInfo{Trailer::kEvaluations, "Evaluations", "evaluations"},
    TrailerInfo{Trailer::kEpisodes, "Episodes", "episodes"},
    TrailerInfo{Trailer::kBestIsland, "Best-Island"},
    TrailerInfo{Trailer::kIsland, "Island"},
    TrailerInfo{Trailer::kProgramVersion, "Program-Version"},
    TrailerInfo{Trailer::kCLibrary, "C-Library"},
    TrailerInfo{Trailer::kPreregistration, "Preregistration"},
    TrailerInfo{Trailer::kForkPoint, "Fork-Point"},
    TrailerInfo{Trailer::kForkGeneration, "Fork-Generation"},
    TrailerInfo{Trailer::kForkRescored, "Fork-Rescored"},
    TrailerInfo{Trailer::kUnsealing, "Unsealing"},
    TrailerInfo{Trailer::kOpenedGeneration, "Opened-Generation"},
    TrailerInfo{Trailer::kOpenedCommit, "Opened-Commit"},
};

constexpr std::string_view key_of(Trailer trailer) {
  return kTrailers[static_cast<std::size_t>(trailer)].key;
}

static_assert(
    [] {
      for (std::size_t i = 0; i < kTrailers.size(); ++i) {
        if (static_cast<std::size_t>(kTrailers[i].trailer) != i) return false;
      }
      return kTrailers.back().trailer == Trailer::kOpenedCommit;
    }(),
    "the table has the trailers in the order of their enumeration");

// What a commit says, in the order of its lines.
using TrailerValues = std::vector<std::pair<Trailer, std::string>>;
std::string trailer_lines(const TrailerValues& values);

bool has(const CommitInfo& commit, Trailer trailer);
std::optional<std::string> text_in(const CommitInfo& commit, Trailer trailer);
std::optional<double> number_in(const CommitInfo& commit, Trailer trailer);
// Of a key that stands on several lines, each, in their order.
std::vector<std::string> texts_in(const CommitInfo& commit, Trailer trailer);
// Digits alone, at most nine.
std::optional<int> whole_number_in(const CommitInfo& commit, Trailer trailer);

// What a generation says of an island: "2 best ID score 70.123456 living 15 scored 12".
struct IslandFigures {
  int island = 0;       // from 1 on
  std::string best_id;  // the fittest
  double best_score = 0;
  std::size_t living = 0;
  std::size_t scored = 0;  // born in the generation
};
std::string shown_island(const IslandFigures& figures);
// Of the islands, in their order; what is malformed is left out.
std::vector<IslandFigures> islands_in(const CommitInfo& commit);

}  // namespace evo
