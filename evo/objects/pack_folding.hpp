// pack_folding.hpp: the many packs of generations become few, now and then.
// Why:      a loose object each would be thousands of small synced files; one pack of a generation's objects
//           costs two. Folding keeps the number of packs small, since git looks through all of them.
// Use:      if (const auto due = packs_to_fold(root, 50); !due.empty()) fold_packs(due, root);
// Promises: the packs replaced go only when the new one is whole and synced; so a reader, or a crash at any
//           instant, loses nothing. Which packs are folded follows their sizes (each pack that stays holds at
//           least twice the objects of all smaller ones, and a large one is left alone), so an object is
//           copied a few times only. Packs that mean something to git stay as they are: kept ones, those
//           with what a partial clone was given, and those of what nothing refers to.
// Throws:   StorageError for a damaged pack, and for failures of input and output. Packs that another process
//           deletes meanwhile end the folding without a word: it has folded them itself.
// Threads:  one writer a repository.
// Tests:    tests/evo/git/run_repository_test.cpp, tests/evo/git/other_writers_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace evo {

// The index files of packs that are due for folding; empty while fewer than `at` packs are small.
std::vector<std::filesystem::path> packs_to_fold(const std::filesystem::path& root, std::size_t at);

// Puts the objects of these packs into one new pack, then removes them. False when nothing was done. Handles
// opened earlier may still look for the removed files: open the repository anew afterwards.
bool fold_packs(const std::vector<std::filesystem::path>& indices, const std::filesystem::path& root);

}  // namespace evo
