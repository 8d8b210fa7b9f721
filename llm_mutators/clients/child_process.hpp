// child_process.hpp: a program started without a shell, with pipes to its three streams.
// Why:      a model's command may hang, flood or leave children behind; whatever it does, it must be
//           possible to end all of it and to go on.
// Use:      auto child = ChildProcess::start({"my-model", "--quiet"});
//           if (!child) report(child.error());
//           ... write(child->input()), read(child->output()) ...
// How:      a guard starts the program and ends what it leaves behind (guard.hpp).
// Promises: the program and all that it started are killed when the program ends, when the object goes and
//           when this process ends, in whatever way. Beside its three streams it inherits no descriptor;
//           environment and working folder are those of the caller. Our ends of the pipes do not block.
// Threads:  one thread an object.
// Tests:    tests/llm_mutators/clients/command_client_test.cpp, tests/llm_mutators/clients/guard_test.cpp
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "genome/base/descriptor.hpp"
#include "llm_mutators/clients/control_group.hpp"

namespace llm_mutators {

class ChildProcess {
 public:
  struct Exit {
    bool by_signal = false;
    int code = 0;  // the exit code, or the signal's number
  };

  struct Failure {
    std::string what;
    bool passing = false;  // for want of memory, processes or open files; it may go another time
  };

  // argv[0] is looked up in PATH when it has no '/'. The error says why nothing was started.
  static std::expected<ChildProcess, Failure> start(const std::vector<std::string>& argv);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  genome::base::Descriptor& input() { return input_; }
  genome::base::Descriptor& output() { return output_; }
  genome::base::Descriptor& errors() { return errors_; }

  // How the program itself ended, once nothing that it started is left; nothing before.
  std::optional<Exit> ended();

 private:
  ChildProcess(pid_t guard, genome::base::Descriptor control, ControlGroup group)
      : guard_(guard), control_(std::move(control)), group_(std::move(group)) {}

  pid_t guard_ = -1;
  genome::base::Descriptor control_;  // reports come from it, and its closing is the guard's order to end
  ControlGroup group_;
  std::optional<Exit> ended_;
  genome::base::Descriptor input_, output_, errors_;
};

}  // namespace llm_mutators
