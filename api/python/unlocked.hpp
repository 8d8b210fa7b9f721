// unlocked.hpp: work without the interpreter's lock, in threads that may outlive the interpreter.
// Why:      Python ends a daemon thread that asks for the lock while the interpreter is closed, by unwinding
//           its stack; in the middle of C++ that ends the process.
// Use:      const Unlocked unlocked;   // the lock is back when it goes out of scope
// Promises: once the interpreter is about to close, a thread that would take the lock again waits for ever
//           instead, which is until the process ends. The thread that closes it is none of them.
// Threads:  each object belongs to the thread that made it.
// Tests:    tests/python/test_processes.py
#pragma once

#include <pybind11/pybind11.h>

namespace evotts::python {

class Unlocked {
 public:
  Unlocked();
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* state_;
};

// Has the interpreter tell when it is about to close. Once, when the module is made.
void watch_for_the_end();

}  // namespace evotts::python
