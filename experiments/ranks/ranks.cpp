#include "experiments/ranks/ranks.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fmt/format.h>
#include <string_view>
#include <tbb/task_arena.h>
#include <thread>
#include <unistd.h>

#include "cluster/coordinator.hpp"
#include "cluster/cores.hpp"
#include "cluster/launch.hpp"
#include "cluster/team.hpp"
#include "cluster/worker.hpp"
#include "evo/base/program_version.hpp"
#include "evo/sharing/job_runner.hpp"
#include "experiments/console/exit_codes.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/c_library.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

// What there is under mpirun, for as long as on_ranks() runs.
struct Job {
  cluster::Launch launch;
  cluster::Cores cores;
  std::unique_ptr<cluster::Transport> transport;  // none when the rank is alone
  std::unique_ptr<cluster::Team> team;            // of rank 0
  const cluster::Coordinator* coordinator = nullptr;
  bool ends_in_order = false;  // although the work is not done
};
Job* job = nullptr;

constexpr unsigned kMostThreads = 1024;  // that --threads takes

struct ForgetsJob {
  ~ForgetsJob() { job = nullptr; }
};

std::atomic<bool> terminated{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_terminate(int) { terminated = true; }

// The gentle signal goes to all ranks, and only rank 0 knows what it means; before it knows, it waits.
void set_signals(int rank) {
  std::signal(SIGUSR1, SIG_IGN);
  if (rank == 0) return;
  struct sigaction action {};
  action.sa_handler = on_terminate;
  sigemptyset(&action.sa_mask);
  sigaction(SIGTERM, &action, nullptr);
}

bool is_shared(const std::vector<std::string>& arguments) {
  return !arguments.empty() && (arguments.front() == "run" || arguments.front() == "resume");
}

// Of --threads, which every rank gets. A mistake in it is told by rank 0, which reads all of the options.
std::optional<std::string> asked_threads(const std::vector<std::string>& arguments) {
  constexpr std::string_view kOption = "--threads";
  std::optional<std::string> asked;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == kOption && i + 1 < arguments.size()) asked = arguments[i + 1];
    if (arguments[i].starts_with(std::string(kOption) + "=")) asked = arguments[i].substr(kOption.size() + 1);
  }
  try {
    const ThreadLimit tried(asked);
  } catch (const UsageError&) {
    return std::nullopt;
  }
  return asked;
}

cluster::Cores cores_of(const cluster::Launch& launch, const std::vector<std::string>& arguments) {
  cluster::Cores cores = cluster::share_of_cores(launch);
  cores.threads = std::min(cores.threads, kMostThreads);
  const auto asked = asked_threads(arguments);
  if (asked) cores = {static_cast<unsigned>(std::stoul(*asked)), ""};
  return cores;
}

cluster::Hello hello() {
  return {.program = std::string(evo::program_trailer()),
          .c_library = genome::base::c_library(),
          .host = job->transport->host(),
          .threads = job->cores.threads,
          .cores = job->cores.remark};
}

// Long enough for mpirun to pass on what was said.
[[noreturn]] void abort_job(int code) {
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  job->transport->abort(code);
  std::_Exit(code);  // not reached, which compilers do not see of a virtual function
}

[[noreturn]] void fail(const char* cause) {
  report(fmt::format("rank {} on host {}: {}; the job ends", job->transport->rank(),
                     genome::base::visible(job->transport->host()), genome::base::visible(cause)));
  abort_job(kWorkFailed);
}

int work() {
  try {
    const ThreadLimit threads(std::to_string(job->cores.threads));
    cluster::serve(*job->transport, hello(),
                   {.prepare = cluster::evaluator_of, .ended = [] { return terminated.load(); }});
    return kGood;
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("failed in an unknown way");
  }
}

// Without MPI no other rank can be told. Where rank 0 fails alike, mpirun ends this one, and its message does
// for all.
int ended_without_mpi(const cluster::Launch& launch, const std::string& cause) {
  if (launch.rank == 0) {
    report(cause);
    return kBadInput;
  }
  for (int waited = 0; waited < 80 && !terminated; ++waited)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  if (terminated) return kBadInput;
  std::array<char, HOST_NAME_MAX + 1> host{};
  gethostname(host.data(), host.size() - 1);
  report(fmt::format("rank {} on host {}: {}", launch.rank, genome::base::visible(host.data()), cause));
  return kBadInput;
}

// Whether all fit together; otherwise it is told why not.
bool gather() {
  try {
    job->team = std::make_unique<cluster::Team>(*job->transport, hello());
    return true;
  } catch (const cluster::RankError& error) {
    for (const std::string& message : error.messages()) report(message);
    return false;
  }
}

int lead(const std::function<int()>& program) {
  try {
    const int code = gather() ? program() : kBadInput;
    if (code == kWorkFailed && !job->ends_in_order) {
      report(fmt::format("rank 0 on host {} failed; the job ends",
                         genome::base::visible(job->transport->host())));
      abort_job(code);
    }
    cluster::end_all(*job->transport);
    return code;
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

}  // namespace

int on_ranks(const std::vector<std::string>& arguments, const std::function<int()>& program) {
  const auto launch = cluster::launch_in(cluster::variable_here);
  if (!launch || !is_shared(arguments)) return program();
  set_signals(launch->rank);
  Job here{.launch = *launch, .cores = cores_of(*launch, arguments)};
  job = &here;
  const ForgetsJob forgets{};
  if (launch->ranks == 1) return program();
  try {
    here.transport = cluster::loaded_transport();
  } catch (const std::exception& error) {
    return ended_without_mpi(*launch, error.what());
  }
  return here.transport->rank() == 0 ? lead(program) : work();
}

void end_ranks_in_order() {
  if (job != nullptr) job->ends_in_order = true;
}

bool is_under_mpirun() { return job != nullptr; }

std::optional<std::string> threads_of_rank(const std::optional<std::string>& asked) {
  if (job == nullptr) return asked;
  if (asked) {
    const ThreadLimit checked(asked);
  }
  const unsigned own = job->cores.threads;
  const unsigned here = job->team ? std::min(job->team->threads_here(), cluster::usable_cores()) : own;
  return std::to_string(std::clamp(here, own, kMostThreads));
}

struct RankSharing::Shared {
  tbb::task_arena beside_others;  // whose cores are theirs while they work
  cluster::Coordinator coordinator;
  evo::JobSharing sharing;

  Shared(cluster::Team& team, const evo::Experiment& experiment, const replay::Evaluator& evaluator)
      : beside_others(static_cast<int>(team.own().threads)),
        coordinator(team, cluster::setting_of(evaluator, experiment.reweightings),
                    [&](std::span<const replay::EvaluationJob> jobs, const replay::QuestionSet& questions,
                        const replay::Evaluator::Progress& done) {
                      return beside_others.execute([&] { return evaluator.sums(jobs, questions, done); });
                    }),
        sharing(evaluator, coordinator) {}
};

RankSharing::RankSharing(const evo::Experiment& experiment, const replay::Evaluator& evaluator) {
  if (job == nullptr) return;
  if (!job->team) {
    if (!job->cores.remark.empty()) report(job->cores.remark);
    return;
  }
  tell_on_the_way(job->team->text() + "\n");
  for (const std::string& remark : job->team->remarks()) report(remark);
  shared_ = std::make_unique<Shared>(*job->team, experiment, evaluator);
  job->coordinator = &shared_->coordinator;
}

RankSharing::~RankSharing() {
  if (shared_) job->coordinator = nullptr;
}

std::uint64_t episodes_elsewhere() {
  return job == nullptr || job->coordinator == nullptr ? 0 : job->coordinator->episodes_elsewhere();
}

}  // namespace experiments
