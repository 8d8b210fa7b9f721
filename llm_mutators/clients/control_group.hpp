// control_group.hpp: a control group (cgroup v2) for one command, where this process may make one.
// Why:      the kernel kills a group whole, and also what starts new processes faster than they can be found.
// Use:      auto group = ControlGroup::made();  (in the child:) group.join();  group.kill();  group.remove();
// How:      a folder below the group that this process is in. Systemd lets services and users' own sessions
//           make one (Delegate=), and so do most containers; elsewhere nothing happens, and no call fails.
//           https://docs.kernel.org/admin-guide/cgroup-v2.html
// Promises: limits of the group above hold on, since no controller is enabled.
// Threads:  one thread an object.
// Tests:    tests/llm_mutators/clients/guard_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

namespace llm_mutators {

// The folder of a process's group, from /proc/PID/mountinfo and /proc/PID/cgroup; nothing when no mounted
// hierarchy of version 2 shows it.
std::optional<std::filesystem::path> control_group_folder(std::string_view mountinfo,
                                                          std::string_view cgroup);

class ControlGroup {
 public:
  // Of a folder that is there; an empty name stands for none.
  explicit ControlGroup(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // A new one, or none where none can be made.
  static ControlGroup made();

  const std::filesystem::path& folder() const { return folder_; }
  bool there() const { return !folder_.empty(); }
  void join() const;    // the calling process, and all that it will start
  void kill() const;    // kernels from 5.14
  void remove() const;  // once it is empty, with the groups that were made below it

 private:
  std::filesystem::path folder_;
};

}  // namespace llm_mutators
