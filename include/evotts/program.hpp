// program.hpp: a controller compiled, ready to be run many times.
// Why:      what can be decided once, before any episode, is decided here; machines run programs only.
// Use:      const evotts::Program program(evotts::known_controller("cmc"));
//           evotts::Machine machine;
//           machine.run(program, 0.5, environment, 0, 0);
// Promises: compiling cannot fail. Where the processor can and the build allows it, the program is translated
//           into native code too; results are the same with it and without.
// Threads:  values that any number of threads may use at once. One that was moved from may only be assigned
//           to or destroyed.
#pragma once

#include <evotts/controller.hpp>
#include <memory>
#include <string>

namespace evotts {

namespace detail {
struct ProgramData;
}  // namespace detail

class Program {
 public:
  explicit Program(const Controller& controller);

  const Controller& controller() const;
  // Rounds after which every episode ends, at the latest.
  int rounds() const;
  // Whether it is run as native code.
  bool is_native() const;
  // The instructions as text, for people; its form may change with any release.
  std::string listing() const;

 private:
  friend struct detail::Access;
  std::shared_ptr<const detail::ProgramData> data_;
};

}  // namespace evotts
