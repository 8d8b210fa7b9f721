// pack_joining.hpp: several packs become one, their objects taken over as they are packed.
// Why:      packing objects anew compresses each of them again, which holds a run up for seconds every fifty
//           generations; copying what is packed costs little more than reading it. What later generations
//           have in common with earlier ones then stays packed twice: `git gc` packs a run tighter, whenever
//           somebody wants that.
// How:      a pack is a head, its objects one after the other, and a checksum; so the objects of packs may
//           stand one pack after the other, and the new index is the old ones merged. Of an object that
//           several packs have, the copy in the smallest is taken. A pack that loses a copy is taken over
//           object by object: a difference that tells how far back its base lies names it by id instead.
// Use:      if (const auto name = join_packs(indices, root)) ...    // "pack-<hexadecimal digits>"
// Promises: the new pack and its index are whole and synced when they get their names; the old ones stay.
//           No object is in it twice, and no difference leads back to itself: it is taken from the smallest
//           pack that has it, and that pack has its base. Indices and every object's bytes are compared with
//           their checksums, so that damage is not passed on under a new one. Memory: less than two hundred
//           bytes an object.
// Returns:  nothing when one pack's objects are all there are.
// Source:   git's Documentation/gitformat-pack.txt.
// Throws:   StorageError for a damaged pack, and for failures of input and output.
// Threads:  one writer a repository.
// Tests:    tests/evo/objects/pack_joining_test.cpp, tests/durability/commit_faults_test.cpp
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
