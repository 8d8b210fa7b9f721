// unlocked.hpp: work without the interpreter's lock, which Ctrl-C ends, in threads that may outlive the
//           interpreter.
// Why:      Python ends a daemon thread that asks for the lock while the interpreter is closed, by unwinding
//           its stack; in the middle of C++ that ends the process. And it runs the handlers of signals only
//           between its own instructions, which may be minutes apart.
// Use:      const Unlocked unlocked;   // the lock is back when it goes out of scope
// Promises: once the interpreter is about to close, a thread that would take the lock again waits for ever
//           instead, which is until the process ends. The thread that closes it is none of them. Calls of the
//           library let handlers of signals run now and then; when one raises, the call throws
//           evotts::Interrupted, and the exception is set in the interpreter.
// Threads:  each object belongs to the thread that made it. Handlers run in Python's main thread alone.
// Tests:    tests/python/test_processes.py, tests/python/test_interrupts.py
#pragma once

#include <evotts/interruption.hpp>
#include <pybind11/pybind11.h>

namespace evotts::python {

class Unlocked {
 public:
  Unlocked();
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  void unlock();
  void lock();
  bool is_wanted();

  PyThreadState* state_;
  Interruptible work_;
};

// Has the interpreter tell when it is about to close. Once, when the module is made.
void watch_for_the_end();

}  // namespace evotts::python
