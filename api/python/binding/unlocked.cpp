#include "api/python/binding/unlocked.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <unistd.h>

namespace evotts::python {
namespace {

std::atomic<bool> closing{false};
std::atomic<std::thread::id> closer{};
pid_t made_in = 0;
std::atomic<int> at_work{0};  // threads without the lock, and those that are about to have it again

[[noreturn]] void wait_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

// Runs before the interpreter closes. Who is at work is waited for: what they use is destroyed soon. Work
// that takes longer than this is left to its luck, as the process is to end.
void close() {
  constexpr auto kPatience = std::chrono::seconds(2);
  closer = std::this_thread::get_id();
  closing = true;
  PyThreadState* const state = PyEval_SaveThread();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  // In a forked process the threads of its parent are counted, but not there.
  while (getpid() == made_in && at_work > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  PyEval_RestoreThread(state);
}

}  // namespace

Unlocked::Unlocked() : work_([this] { return is_wanted(); }) { unlock(); }

Unlocked::~Unlocked() { lock(); }

void Unlocked::unlock() {
  state_ = PyEval_SaveThread();
  ++at_work;
}

void Unlocked::lock() {
  if (closing && closer.load() != std::this_thread::get_id()) {
    --at_work;
    wait_for_ever();
  }
  PyEval_RestoreThread(state_);
  --at_work;
}

bool Unlocked::is_wanted() {
  lock();
  const bool wanted = PyErr_CheckSignals() == 0;
  unlock();
  return wanted;
}

void watch_for_the_end() {
  made_in = getpid();
  pybind11::module_::import("atexit").attr("register")(pybind11::cpp_function(&close));
}

}  // namespace evotts::python
