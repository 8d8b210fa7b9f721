// own_folder.hpp: whether a run keeps to its own folder.
// Why:      runs come from other people. Links and settings in one can lead a writer to files anywhere:
//           core.worktree has the files of a run put over those of another folder, and a link in the place of
//           a log appends to what it points at.
// Use:      expect_no_links("runs/a");                    // before anything of it is written
//           expect_own_reading("runs/a");                 // before libgit2 opens it, even to read
//           expect_own_settings("runs/a");
// Promises: reads, and changes nothing. Links to objects that a clone borrows (info/alternates) are no links:
//           nothing is written there. What lies in .git/hooks is not looked at, as nothing of it is run.
// Throws:   RunError that names the file or the setting, and what to do.
// Threads:  any.
// Tests:    tests/evo/git/own_folder_test.cpp
#pragma once

#include <filesystem>

namespace evo {

// That no file or folder of the repository, nor one that the program writes beside it, is a link.
void expect_no_links(const std::filesystem::path& run);

// That its settings have no files elsewhere read: they include none, which git and libgit2 would read as if
// they stood there, and name none of attributes or of files to ignore; and that its repository is not in
// another folder. The settings are those of the repository that a file .git leads to, too.
void expect_own_reading(const std::filesystem::path& run);

// That its settings name no other folder for its files.
void expect_own_settings(const std::filesystem::path& run);

}  // namespace evo
