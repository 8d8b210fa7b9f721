// process_group.hpp: a process group that ends when this process does, however that ends.
// Why:      a run that is killed cannot kill its model's command; one left behind goes on spending. The
//           kernel's own signal to orphans (PR_SET_PDEATHSIG) comes when the thread that forked ends, and
//           never reaches the children of the command.
// Use:      auto group = ProcessGroup::start();
//           ... posix_spawn(..., setpgroup(group->id())) ...;  group->name_leader(pid);
// How:      a guard leads the group: a shell that waits for the end of a pipe whose other end only this
//           process has, and then kills the group, itself included.
// Promises: the group is gone soon after this process, by exit, signal or SIGKILL; so is the process named,
//           even in a group of its own. As long as the object lives the group's number is nobody else's.
// Threads:  one thread an object.
// Tests:    tests/llm_mutators/clients/command_client_test.cpp
#pragma once

#include <expected>
#include <sys/types.h>

#include "genome/base/descriptor.hpp"

namespace llm_mutators {

class ProcessGroup {
 public:
  // The error is one of errno.
  static std::expected<ProcessGroup, int> start();

  ProcessGroup(ProcessGroup&& other) noexcept;
  ProcessGroup& operator=(ProcessGroup&&) = delete;
  ~ProcessGroup();

  pid_t id() const { return guard_; }

  // The process that is killed by its number as well, should it have left the group.
  void name_leader(pid_t pid) const;

  // Kills all of the group at once.
  void kill() const;

 private:
  ProcessGroup(pid_t guard, genome::base::Descriptor lifeline);

  pid_t guard_ = -1;
  genome::base::Descriptor lifeline_;  // the guard reads its other end
};

}  // namespace llm_mutators
