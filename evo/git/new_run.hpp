// new_run.hpp: a run in the making.
// Why:      a folder at the run's path must be a whole run; so it is built beside its place and renamed.
// Use:      NewRun made("runs/a");     // RunError if it exists
//           ... commit in made.folder(), close every handle ...
//           made.publish();
// Promises: without publish() nothing stays behind, not even of a constructor that throws, unless the process
//           is killed: then a hidden folder `.NAME.new-PID` does, which the next run of that name removes. A
//           lock tells that nobody works on it, whatever process has its number now or here. publish() never
//           replaces a run that appeared meanwhile.
// Threads:  one thread.
// Tests:    tests/evo/git/new_run_test.cpp, tests/evo/git/run_repository_test.cpp
#pragma once

#include <filesystem>

#include "evo/objects/handles.hpp"
#include "genome/base/descriptor.hpp"

namespace evo {

class NewRun {
 public:
  explicit NewRun(const std::filesystem::path& path);
  NewRun(const NewRun&) = delete;
  NewRun& operator=(const NewRun&) = delete;

  const std::filesystem::path& folder() const { return folder_.path; }  // Where it is built.
  const std::filesystem::path& target() const { return target_; }       // Where it will be.

  void publish();

 private:
  // Removed when it goes, unless it was renamed; locked, so that nobody else removes it.
  struct Folder {
    std::filesystem::path path;
    genome::base::Descriptor lock;
    ~Folder();
  };

  void make_folder();
  [[noreturn]] void refuse() const;

  std::filesystem::path target_;
  Folder folder_;
};

// Whatever line ends and filters the user's own settings ask for, the files of a run are bytes; and no
// `git gc` of theirs starts by itself beside the writer.
void apply_settings(git_repository* repository, const std::filesystem::path& root);

// The path from the root of the file system, without a slash at its end.
std::filesystem::path tidy(const std::filesystem::path& path);

}  // namespace evo
