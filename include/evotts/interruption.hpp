// interruption.hpp: long calls of the library that can be ended early, by Ctrl-C or for any other reason.
// Why:      reading large recordings and scoring on many orderings takes seconds to minutes, and no thread
//           can be ended from outside.
// Use:      const evotts::Interruptible work([] { return true; });  // or a flag that a handler clears
//           try {
//             evotts::Environment::synthetic("seed=3,questions=500");
//           } catch (const evotts::Interrupted&) {
//             std::printf("given up\n");
//           }
// Promises: while it lives, calls of the library by the thread that made it ask `wanted` every 20 ms or so,
//           in that thread. Once it says no, the call throws Interrupted as soon as its threads have ended
//           their step, and everything is as before the call. A Search is the exception: its calls are done
//           to their end. No result depends on whether somebody asks.
// Throws:   nothing of its own; `wanted` must not throw.
// Threads:  each belongs to the thread that made it, and goes before those that were there when it was
//           made.
#pragma once

#include <exception>
#include <functional>
#include <memory>

namespace evotts {

class Interrupted : public std::exception {
 public:
  ~Interrupted() override;
  const char* what() const noexcept override;
};

class Interruptible {
 public:
  explicit Interruptible(std::function<bool()> wanted);
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace evotts
