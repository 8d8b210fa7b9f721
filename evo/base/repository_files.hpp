// repository_files.hpp: what lies in the git folders of a run, before git's library opens any of it.
// Why:      runs come from other people. A pipe in the place of a file is waited for in vain, a device never
//           ends, and a link has a writer change what it points at.
// Use:      for (const auto& folder : repository_folders("runs/a")) ...   // .git, or where its file leads
//           expect_regular_files("runs/a");      // before it is opened, even to read
//           expect_no_links_in_repository("runs/a");   // before it is written to
//           expect_regular_rules("runs/a");      // before its files are compared or put right
// Promises: reads, and changes nothing; opens regular files and folders alone. What goes meanwhile is no
//           failure. What lies in the folder of hooks is not looked at, as nothing of it is run.
// Throws:   RunError that names the file and what it is.
// Threads:  any.
// Tests:    tests/evo/base/repository_files_test.cpp, tests/evo/git/own_folder_test.cpp
#pragma once

#include <filesystem>
#include <vector>

namespace evo {

// The folder that has the settings and objects of a run: its own, or that which its file .git names, as in a
// worktree or a submodule; with that which it shares with other worktrees.
std::vector<std::filesystem::path> repository_folders(const std::filesystem::path& run);

// That they hold no pipes and devices, nor links to such, and the folders that lend it objects neither.
void expect_regular_files(const std::filesystem::path& run);

// That the folder .git can be looked at as a whole, and that nothing in it, nor itself, is a link.
void expect_no_links_in_repository(const std::filesystem::path& run);

// That .gitignore and .gitattributes beside the files of a run are regular files, or lead to such.
void expect_regular_rules(const std::filesystem::path& run);

[[noreturn]] void refuse_link(const std::filesystem::path& run, const std::filesystem::path& link);

}  // namespace evo
