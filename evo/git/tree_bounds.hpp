// tree_bounds.hpp: whether the tree of a commit is of the kind and size that a run has.
// Why:      runs come from other people. A few kilobytes of trees that name one another many times spell out
//           to files without end, and folders in folders without end exhaust the stack of who walks them.
// Use:      TreeBounds bounds(repository, root);
//           bounds.expect(tree);     // before it is walked, compared or checked out
// Promises: each tree is read once, and folders no deeper than a run may have. What one object looks at is
//           remembered for the next commit of it.
// Throws:   RunError that names the run and what its commit holds; StorageError where a tree cannot be read.
// Threads:  one thread an object.
// Tests:    tests/evo/git/tree_bounds_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "evo/objects/handles.hpp"

namespace evo {

class TreeBounds {
 public:
  static constexpr int kDeepest = 8;                        // a run is two folders deep
  static constexpr std::uint64_t kMostEntries = 2'000'000;  // in all folders, as often as they stand there
  static constexpr std::uint64_t kMostRepeated = 100'000;   // of them in folders that stood there before

  TreeBounds(git_repository* repository, std::filesystem::path run)
      : repository_(repository), run_(std::move(run)) {}

  // That a tree holds nothing but files and folders, and no more than the bounds.
  void expect(const git_tree* tree);

 private:
  struct Size {
    int height = 0;  // folders in folders
    std::uint64_t entries = 0;
  };

  Size size_of(const git_tree* tree, int depth);
  Size size_of_entry(const git_tree_entry* entry, int depth);
  std::uint64_t distinct_entries(const git_tree* tree, std::unordered_set<std::string>& seen);
  GitTree folder_of(const git_tree_entry* entry) const;
  [[noreturn]] void refuse(const std::string& what) const;

  git_repository* repository_;
  std::filesystem::path run_;
  std::unordered_map<std::string, Size> sizes_;  // by the bytes of an id
};

}  // namespace evo
