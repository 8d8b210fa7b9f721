// inherited_journal.hpp: what models replied in the run that a fork came from, after the point it came from.
// Why:      a fork often asks what its source asked; those replies are paid for and need not be had again.
// Use:      request.inherited = exchanges_after(source, revision);       // then fork_run()
//           auto lookup = inherited_journal("runs/fork");                // empty when nothing was inherited
//           if (lookup) if (auto record = lookup(digest)) ...
// How:      fork_run() puts the records on a branch of their own beside main, so the fork's trees are those
//           of a run that had asked itself, and the records are packed with all else. A fork of a fork has
//           those of both.
// Throws:   RunError, StorageError (see run_repository.hpp).
// Threads:  the lookup may be called from any thread; all else from one.
// Tests:    tests/experiments/session/model_fork_test.cpp
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "evo/base/layout.hpp"
#include "evo/git/run_repository.hpp"

namespace evo {

// Records of the newest generation that the revision has not, or not so far, by their paths.
std::map<std::string, std::string> exchanges_after(const RunRepository& source, std::string_view revision);

using RecordLookup = std::function<std::optional<std::string>(const std::string& digest)>;
RecordLookup inherited_journal(const std::filesystem::path& run);

}  // namespace evo
