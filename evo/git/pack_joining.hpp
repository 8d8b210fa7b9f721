// pack_joining.hpp: several packs become one, their objects taken over as they are packed.
// Why:      packing objects anew compresses each of them again, which holds a run up for seconds every fifty
//           generations; copying what is packed costs little more than reading it. What later generations
//           have in common with earlier ones then stays packed twice: `git gc` packs a run tighter, whenever
//           somebody wants that.
// How:      a pack is a head, its objects one after the other, and a checksum; an object that is stored as
//           a difference names its base by id or by how far back it lies. So the objects of packs may stand
//           one pack after the other, and the new index is the old ones merged. (See git's
//           Documentation/gitformat-pack.)
// Use:      if (const auto name = join_packs(indices, root)) ...    // "pack-<hexadecimal digits>"
// Promises: the new pack and its index are whole and synced when they get their names; the old ones stay.
//           A pack whose objects are all in the others adds nothing. Indices and every object's bytes are
//           compared with their checksums, so that damage is not passed on under a new one. Memory: less
//           than a hundred bytes an object.
// Returns:  nothing when some, not all, of a pack's objects are in another one as well: no pack may hold an
//           object twice. The name of an old pack when it holds everything.
// Throws:   StorageError for a damaged pack, and for failures of input and output.
// Threads:  one writer a repository.
// Tests:    tests/evo/git/pack_joining_test.cpp, tests/durability/commit_faults_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace evo {

// `indices`: the .idx files of packs in the folder of packs of the run at `root`.
std::optional<std::string> join_packs(std::span<const std::filesystem::path> indices,
                                      const std::filesystem::path& root);

}  // namespace evo
