// child_process.hpp: a program started without a shell, with pipes to its three streams.
// Why:      a model's command may hang, flood or leave children behind; whatever it does, it must be
//           possible to end all of it and to go on.
// Use:      auto child = ChildProcess::start({"my-model", "--quiet"});
//           if (!child) report(child.error());
//           ... write(child->input()), read(child->output()) ...
// Promises: the program and its children are a process group, which is killed as a whole when the object
//           goes or this process ends, in whatever way; the program is waited for. Beside its three streams
//           it inherits no descriptor; environment and working folder are those of the caller. Our ends of
//           the pipes do not block.
// Threads:  one thread an object.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "genome/base/descriptor.hpp"
#include "llm_mutators/clients/process_group.hpp"

namespace llm_mutators {

class ChildProcess {
 public:
  struct Exit {
    bool by_signal = false;
    int code = 0;  // the exit code, or the signal's number
  };

  // argv[0] is looked up in PATH when it has no '/'. The error says why nothing was started.
  static std::expected<ChildProcess, std::string> start(const std::vector<std::string>& argv);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  genome::base::Descriptor& input() { return input_; }
  genome::base::Descriptor& output() { return output_; }
  genome::base::Descriptor& errors() { return errors_; }

  // How the program itself ended (its children may live on), or nothing while it runs.
  std::optional<Exit> ended() const;
  // Kills the whole group at once.
  void kill() const;

 private:
  explicit ChildProcess(ProcessGroup group) : group_(std::move(group)) {}

  ProcessGroup group_;
  pid_t pid_ = -1;
  genome::base::Descriptor input_, output_, errors_;
};

}  // namespace llm_mutators
