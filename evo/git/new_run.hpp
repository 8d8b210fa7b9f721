// new_run.hpp: a run in the making.
// Why:      a folder at the run's path must be a whole run; so it is built beside its place and renamed.
// Use:      NewRun made("runs/a");     // RunError if it exists
//           ... commit in made.folder(), close every handle ...
//           made.publish();
// Promises: without publish() nothing stays behind, unless the process is killed: then a hidden folder
//           `.NAME.new-PID` does. publish() never replaces a run that appeared meanwhile.
// Threads:  one thread.
// Tests:    tests/evo/git/run_repository_test.cpp
#pragma once

#include <filesystem>

#include "evo/objects/handles.hpp"

namespace evo {

class NewRun {
 public:
  explicit NewRun(const std::filesystem::path& path);
  ~NewRun();
  NewRun(const NewRun&) = delete;
  NewRun& operator=(const NewRun&) = delete;

  const std::filesystem::path& folder() const { return folder_; }  // Where it is built.
  const std::filesystem::path& target() const { return target_; }  // Where it will be.

  void publish();

 private:
  [[noreturn]] void refuse() const;

  std::filesystem::path target_;
  std::filesystem::path folder_;
  bool published_ = false;
};

// Whatever line ends and filters the user's own settings ask for, the files of a run are bytes; and no
// `git gc` of theirs starts by itself beside the writer.
void apply_settings(git_repository* repository, const std::filesystem::path& root);

// The path from the root of the file system, without a slash at its end.
std::filesystem::path tidy(const std::filesystem::path& path);

}  // namespace evo
