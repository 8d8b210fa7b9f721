// guard.hpp: the process between this one and a model's command, which ends all that the command started.
// Why:      a command may leave its process group or its session (setsid, a daemon), and a run that is killed
//           cannot kill anything; what is left behind goes on spending.
// Use:      posix_spawn(&pid, kGuardProgram, ..., guard_arguments({"my-model", "--quiet"}), environ)
//           with one end of a SOCK_SEQPACKET pair as descriptor kGuardControl; GuardReports come from the
//           other.
// How:      the guard is the running program, started anew: a constructor sees its name before main does. It
//           is a subreaper, so that orphans of the command become its children. When the command has ended it
//           kills until it has no child; so it does when the other end of the pair is closed: by us, or
//           because we are no more.
// Promises: kStarted or kNotStarted comes first, and one of the ends after it, when no process of the command
//           is left. After kGuardPatience those are left that may not be killed (another user's), and outside
//           a control group those that start new ones faster than they are found. When the guard is killed,
//           the command is, too; what it started ends with its control group, which is the caller's to kill.
// Threads:  any.
// Tests:    tests/llm_mutators/clients/guard_test.cpp
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace llm_mutators {

inline constexpr const char* kGuardProgram = "/proc/self/exe";
inline constexpr int kGuardControl = 3;
inline constexpr std::chrono::seconds kGuardPatience{5};

struct GuardReport {
  enum Kind : int { kStarted, kNotStarted, kExited, kEndedBySignal };
  int kind = kStarted;
  int value = 0;  // kNotStarted: an error of errno; kExited: the exit code; kEndedBySignal: the signal
};

// The command joins the control group in this folder; with an empty name it stays where it is.
std::vector<std::string> guard_arguments(const std::vector<std::string>& command, const std::string& group);

}  // namespace llm_mutators
