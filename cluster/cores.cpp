#include "cluster/cores.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <sched.h>
#include <unistd.h>

namespace cluster {
namespace {

// Large enough for any machine that OpenMPI runs on.
constexpr int kMostCores = 8192;

class CoreSet {
 public:
  CoreSet() : set_(CPU_ALLOC(kMostCores)) {}
  ~CoreSet() { CPU_FREE(set_); }
  CoreSet(const CoreSet&) = delete;
  CoreSet& operator=(const CoreSet&) = delete;

  bool read(pid_t process) { return sched_getaffinity(process, size(), set_) == 0; }
  bool use() const { return sched_setaffinity(0, size(), set_) == 0; }
  unsigned count() const { return static_cast<unsigned>(CPU_COUNT_S(size(), set_)); }

 private:
  static std::size_t size() { return CPU_ALLOC_SIZE(kMostCores); }
  cpu_set_t* set_;
};

}  // namespace

unsigned even_share(unsigned cores, int local_rank, int local_ranks) {
  const auto ranks = static_cast<unsigned>(local_ranks);
  const unsigned more = static_cast<unsigned>(local_rank) < cores % ranks ? 1 : 0;
  return std::max(1U, cores / ranks + more);
}

unsigned share_of_binding(unsigned bound, unsigned cores, int local_ranks) {
  const unsigned sets = std::max(1U, cores / bound), ranks = static_cast<unsigned>(local_ranks);
  return std::max(1U, bound / ((ranks + sets - 1) / sets));
}

unsigned usable_cores() {
  CoreSet own;
  return own.read(0) ? own.count() : std::max(1U, static_cast<unsigned>(sysconf(_SC_NPROCESSORS_ONLN)));
}

Cores share_of_cores(const Launch& launch) {
  CoreSet own, launcher;
  const unsigned bound = usable_cores();
  if (!own.read(0)) return {bound, ""};
  const auto counted = [](unsigned n) { return fmt::format("{} core{}", n, n == 1 ? "" : "s"); };
  if (launch.binds && launcher.read(getppid()) && launcher.count() > bound) {
    const unsigned threads = even_share(launcher.count(), launch.local_rank, launch.local_ranks);
    if (launcher.use()) {
      // Where its share is what it was bound to, nothing changes for the user.
      if (threads == bound) return {threads, ""};
      return {threads,
              fmt::format("mpirun bound it to {} of {}; it uses {} thread{} on all of them (--bind-to "
                          "says otherwise)",
                          counted(bound), launcher.count(), threads, threads == 1 ? "" : "s")};
    }
    return {bound, fmt::format("mpirun bound it to {}, and the binding cannot be lifted", counted(bound))};
  }
  const unsigned all = launcher.read(getppid()) ? std::max(bound, launcher.count()) : bound;
  if (all == bound) return {even_share(bound, launch.local_rank, launch.local_ranks), ""};
  return {share_of_binding(bound, all, launch.local_ranks),
          fmt::format("bound to {} by --bind-to or --cpu-set", counted(bound))};
}

}  // namespace cluster
