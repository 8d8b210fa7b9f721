#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

#include "live/session/session.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "tests/bench/benches.hpp"
#include "tests/support/recorded_upstream.hpp"

namespace bench {
namespace {

// A question of the workload with what a session asks of it, recorded once.
struct Served {
  const replay::Question* question = nullptr;
  std::vector<std::uint32_t> ordering;
  std::vector<std::vector<live::Result>> results;  // of each set of wants
};

std::vector<live::Result> answers(const tests::RecordedUpstream& upstream, const live::Session& session) {
  std::vector<live::Result> results;
  for (const live::Want& want : session.wants())
    if (want.kind != live::Want::Kind::kPrune) results.push_back(upstream.answer(want));
  return results;
}

std::vector<Served> served(const replay::Environment& environment, const genome::BoundProgram& bound) {
  std::vector<Served> all;
  for (const replay::Question& question : environment.questions) {
    Served each{&question, replay::ordering(all.size(), question.branches.size()), {}};
    const tests::RecordedUpstream upstream(question, each.ordering);
    live::Session session(bound, {.interval = question.interval});
    while (session.next()) {
      each.results.push_back(answers(upstream, session));
      std::vector<live::Result> copy = each.results.back();
      session.give(std::span(copy));
    }
    all.push_back(std::move(each));
  }
  return all;
}

struct Work {
  explicit Work(const replay::Environment& environment, std::string_view controller)
      : program(known_program(controller)),
        bound(genome::bind(program, 0.5)),
        reads(genome::answer_reads(program)),
        questions(served(environment, bound)) {}
  Work(const Work&) = delete;

  std::int64_t statements() const {
    std::int64_t sum = 0;
    for (const Served& each : questions) sum += static_cast<std::int64_t>(each.results.size());
    return sum;
  }
  genome::Program program;
  genome::BoundProgram bound;
  std::vector<genome::AnswerReads> reads;
  std::vector<Served> questions;
};

void machine(benchmark::State& state, const Work& work) {
  replay::Machine machine;
  replay::ActionLog log;
  for (auto _ : state) {
    for (const Served& each : work.questions) {
      log.clear();
      benchmark::DoNotOptimize(machine.run(work.bound, *each.question, each.ordering, {.log = &log}));
    }
  }
  things(state, work.questions.size());
}

void session(benchmark::State& state, const Work& work) {
  for (auto _ : state) {
    for (const Served& each : work.questions) {
      live::Session session(work.bound, {.interval = each.question->interval}, nullptr, work.reads);
      for (const std::vector<live::Result>& results : each.results) {
        session.next();
        std::vector<live::Result> copy = results;
        session.give(std::span(copy));
      }
      session.next();
      benchmark::DoNotOptimize(session.result());
    }
  }
  things(state, work.questions.size());
  state.counters["statements"] =
      static_cast<double>(work.statements()) / static_cast<double>(work.questions.size());
}

}  // namespace

void add_session_benches(const Workload& work, Table& table) {
  table.section("sessions on one thread, " + work.one().name);
  for (const char* const controller : {"asc", "cmc", "esc", "sc", "two_stage"}) {
    const auto shared = std::make_shared<const Work>(work.one(), controller);
    const std::string yardstick = fmt::format("session/{}/machine", controller);
    table.add({.name = yardstick, .what = fmt::format("{}, beta 0.5, machine, action by action", controller)},
              [=](benchmark::State& state) { machine(state, *shared); });
    table.add({.name = fmt::format("session/{}/session", controller),
               .what = fmt::format("{}, beta 0.5, session, its results at hand", controller),
               .against = yardstick,
               .ratio_words = "times the machine",
               .notes =
                   [](const Figures& figures) {
                     return fmt::format("{} a statement", shown_seconds(figures.seconds_each() /
                                                                        figures.counter("statements")));
                   }},
              [=](benchmark::State& state) { session(state, *shared); });
  }
}

}  // namespace bench
