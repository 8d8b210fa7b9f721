#include "api/python/unlocked.hpp"

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

Unlocked::Unlocked() : state_(PyEval_SaveThread()) { ++at_work; }

Unlocked::~Unlocked() {
  if (closing && closer.load() != std::this_thread::get_id()) {
    --at_work;
    wait_for_ever();
  }
  PyEval_RestoreThread(state_);
  --at_work;
}

void watch_for_the_end() {
  made_in = getpid();
  pybind11::module_::import("atexit").attr("register")(pybind11::cpp_function(&close));
}

}  // namespace evotts::python
