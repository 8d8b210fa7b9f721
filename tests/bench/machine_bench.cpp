#include <fmt/format.h>
#include <memory>

#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/native/program.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/plain_cmc.hpp"
#include "tests/bench/specialised_cmc.hpp"
#include "tests/bench/specialised_parallel_probe.hpp"
#include "tests/bench/specialised_two_stage.hpp"

namespace bench {
namespace {

constexpr std::size_t kOrderings = 100;

// One environment with its orderings, and what the specialised code makes of it beforehand.
struct Episodes {
  explicit Episodes(const replay::Environment& environment_) : environment(environment_) {
    std::vector<std::size_t> sizes;
    for (const replay::Question& question : environment.questions) {
      sizes.push_back(question.branches.size());
      compact.emplace_back(question);
    }
    orderings = std::make_unique<replay::Orderings>(0, kOrderings, sizes);
  }
  std::size_t count() const { return environment.questions.size() * kOrderings; }

  // visit(question index, ordering), question by question as the evaluator does it.
  template <typename Visit>
  void each(Visit visit) const {
    for (std::size_t q = 0; q < environment.questions.size(); ++q) {
      const std::size_t branches = environment.questions[q].branches.size();
      for (std::size_t s = 0; s < kOrderings; ++s) visit(q, orderings->at(s, branches));
    }
  }

  const replay::Environment& environment;
  std::vector<CompactQuestion> compact;
  std::unique_ptr<replay::Orderings> orderings;
};

// Runs every episode; the result is how many probes the last pass took.
template <typename Specialised>
std::int64_t pass(Specialised& controller, const Episodes& episodes) {
  std::int64_t probes = 0;
  episodes.each([&](std::size_t q, std::span<const std::uint32_t> ordering) {
    benchmark::DoNotOptimize(controller.run(episodes.compact[q], ordering));
    probes += controller.probes();
  });
  return probes;
}

template <typename Specialised>
void specialised(benchmark::State& state, const Episodes& episodes, double beta) {
  Specialised controller(beta);
  std::int64_t probes = 0;
  for (auto _ : state) probes = pass(controller, episodes);
  things(state, episodes.count());
  state.counters["probes"] = static_cast<double>(probes);
}

enum class How { kNative, kInterpreted };

void machine(benchmark::State& state, const Episodes& episodes, std::string_view controller, double beta,
             How how) {
  const genome::Program program = known_program(controller);
  const replay::NativeProgram native(program, how == How::kNative ? replay::native_target() : std::nullopt);
  const genome::BoundProgram bound = genome::bind(program, beta);
  const auto machine = std::make_unique<replay::Machine>();
  for (auto _ : state) {
    episodes.each([&](std::size_t q, std::span<const std::uint32_t> ordering) {
      benchmark::DoNotOptimize(
          machine->run(bound, episodes.environment.questions[q], ordering, {.native = native.sections()}));
    });
  }
  things(state, episodes.count());
}

// How this machine can run controllers, the best first.
std::vector<std::pair<How, std::string>> machines() {
  if (!replay::native_target()) return {{How::kInterpreted, "interpreted"}};
  return {{How::kNative, "native code"}, {How::kInterpreted, "interpreted"}};
}

// The two side by side. They take the same steps, and only the specialised one counts them.
template <typename Specialised>
void add_pair(Table& table, const std::shared_ptr<const Episodes>& episodes, double beta) {
  const std::string controller(Specialised::kController);
  const std::string yardstick = fmt::format("episode/{}/{}/specialised", controller, beta);
  const auto a_probe = [](const Figures& figures) {
    return fmt::format("{} a probe", shown_seconds(figures.seconds / figures.counter("probes")));
  };
  table.add({.name = yardstick,
             .what = fmt::format("{}, beta {}, specialised C++", controller, beta),
             .notes = a_probe},
            [=](benchmark::State& state) { specialised<Specialised>(state, *episodes, beta); });
  for (const auto& [how, called] : machines()) {
    table.add({.name = fmt::format("episode/{}/{}/{}", controller, beta, called),
               .what = fmt::format("{}, beta {}, machine, {}", controller, beta, called),
               .against = yardstick,
               .ratio_words = "times specialised",
               .notes = a_probe},
              [=](benchmark::State& state) {
                machine(state, *episodes, controller, beta, how);
                Specialised same(beta);
                state.counters["probes"] = static_cast<double>(pass(same, *episodes));
              });
  }
}

// The plain code beside the machine.
void add_plain(Table& table, const std::shared_ptr<const Episodes>& episodes, double beta) {
  table.add({.name = fmt::format("episode/cmc/{}/plain", beta),
             .what = fmt::format("cmc, beta {}, plain C++, action by action", beta),
             .against = fmt::format("episode/cmc/{}/{}", beta, machines().front().second),
             .ratio_words = fmt::format("times the machine, {}", machines().front().second)},
            [=](benchmark::State& state) { specialised<PlainCmc>(state, *episodes, beta); });
}

}  // namespace

void add_machine_benches(const Workload& work, Table& table) {
  const auto episodes = std::make_shared<const Episodes>(work.one());
  table.section("episodes on one thread, " + work.one().name);
  for (const double beta : {0.0, 0.5, 1.0}) {
    add_pair<SpecialisedCmc>(table, episodes, beta);
    add_plain(table, episodes, beta);
  }
  add_pair<SpecialisedParallelProbe>(table, episodes, 1);
  for (const double beta : {0.0, 0.5, 1.0}) add_pair<SpecialisedTwoStage>(table, episodes, beta);
  for (const char* const controller : {"asc", "esc", "sc"}) {
    for (const auto& [how, called] : machines()) {
      table.add({.name = fmt::format("episode/{}/1/{}", controller, called),
                 .what = fmt::format("{}, beta 1, machine, {}", controller, called)},
                [=](benchmark::State& state) { machine(state, *episodes, controller, 1, how); });
    }
  }
}

}  // namespace bench
