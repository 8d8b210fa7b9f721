// objects_check.hpp: whether every object of a run can still be read, and is what its name says.
// Why:      disks lose and flip bytes in silence; git notices only when it happens to need the object.
// Use:      const ObjectsReport report = check_objects("runs/a", "runs/a/.git/objects");
//           for (const DamagedFile& each : report.files) fmt::print("{}: {}\n", each.path, each.problem);
// Promises: reads every byte of every pack and its index (their checksums), and every object (its SHA-1).
//           Changes nothing. Files that a killed writer left unfinished are no damage.
// Throws:   StorageError when the folder of objects cannot be looked at at all.
// Threads:  one thread.
// Tests:    tests/experiments/commands/verify_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace evo {

struct DamagedFile {
  std::string path;  // from the root of the run
  std::string problem;
};

struct ObjectsReport {
  std::size_t packs = 0;
  std::size_t objects = 0;           // that the packs and loose files list
  std::vector<DamagedFile> files;    // packs and indices
  std::vector<DamagedFile> orphans;  // indices without pack: what folding left, or else a pack is gone
  std::set<std::string> unreadable;  // ids of objects that are listed and cannot be read
  std::vector<std::string> commits;  // ids of those that can
};

// How much of how much is done; called now and then.
using CheckProgress = std::function<void(std::size_t done, std::size_t total)>;

// `run`: what paths are told from. `objects`: its folder of objects, wherever that is.
ObjectsReport check_objects(const std::filesystem::path& run, const std::filesystem::path& objects,
                            const CheckProgress& progress = {});

}  // namespace evo
