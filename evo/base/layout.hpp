// layout.hpp: the names of the files, folders and branches of a run.
// Why:      a name that its writer and its reader spell each for themselves is a file that one of them never
//           finds. Both take it from here. It is beside the repository because that needs some of them too.
// Use:      changes.put[kCheckpointFile] = bytes;
//           repository.read(population_path(id), revision)
// Format:   main            experiment.toml, held_out.json      set at the start, or by a fork
//                           preregistration.json   set at the start alone, where it was asked for
//                           generation.json, frontier.csv, best.ctl, checkpoint.bin      every generation
//                           limits.ctl          who was chosen for a service level, where there is one
//                           population/ID.ctl, archive/ID.ctl   who lives, and who holds the frontier
//                           population/2/ID.ctl                 who lives on an island, of several
//                           halves/1/ID.ctl                     who lives in a search on half of the data
//                           lineage/0012/012345.jsonl           the births of a generation
//                           journal/ab/abcdef....json           exchanges with language models
//           unsealed        unsealings/0001.json                looks at held-out environments
//           inherited-journal  journal/...                      replies that a fork took along
//           untracked       run.log, exchanges.log              wall-clock time, for people
// Promises: runs on disk have these names, so none of them ever changes.
// Threads:  pure functions.
// Tests:    tests/structure/vocabulary_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evo {

inline constexpr const char* kExperimentFile = "experiment.toml";
inline constexpr const char* kHeldOutFile = "held_out.json";
inline constexpr const char* kPreregistrationFile = "preregistration.json";
inline constexpr const char* kGenerationFile = "generation.json";
inline constexpr const char* kFrontierFile = "frontier.csv";
inline constexpr const char* kBestFile = "best.ctl";
inline constexpr const char* kLimitsFile = "limits.ctl";  // only where an experiment has limits
inline constexpr const char* kCheckpointFile = "checkpoint.bin";

inline constexpr const char* kPopulationFolder = "population";
inline constexpr const char* kHalvesFolder = "halves";
inline constexpr const char* kArchiveFolder = "archive";
inline constexpr const char* kLineageFolder = "lineage";
inline constexpr const char* kJournalFolder = "journal";
inline constexpr const char* kUnsealingsFolder = "unsealings";  // on its branch
inline constexpr std::string_view kControllerEnding = ".ctl";

// Beside the history, untracked: what took wall-clock time, generation by generation and call by call.
inline constexpr const char* kRunLogFile = "run.log";
inline constexpr const char* kExchangesLogFile = "exchanges.log";

inline constexpr const char* kMainBranch = "main";
inline constexpr const char* kUnsealedBranch = "unsealed";
inline constexpr const char* kInheritedBranch = "inherited-journal";
inline constexpr const char* kMainReference = "refs/heads/main";

// "refs/heads/main" of "main", and the other way round.
std::string reference_of(std::string_view branch);
std::string branch_of(std::string_view reference);

// `island` counts from 1; 0 is the only one, whose files are in no folder of their own.
std::string population_path(std::string_view id, int island = 0);
// `half` is 0 or 1, whose folders are called 1 and 2.
std::string half_path(std::string_view id, std::size_t half);
std::string archive_path(std::string_view id);
std::string lineage_path(int generation);
std::string journal_path(std::string_view digest);
std::string unsealing_path(int number);

// Whether a path lies in a folder of the run's root.
bool in_folder(std::string_view path, std::string_view folder);

}  // namespace evo
