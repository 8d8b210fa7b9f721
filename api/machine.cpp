#include "replay/machine/machine.hpp"

#include <evotts/machine.hpp>
#include <fmt/format.h>
#include <utility>

#include "api/boundary.hpp"
#include "api/data.hpp"
#include "experiments/console/options.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/signal_columns.hpp"

namespace evotts {
namespace {

using detail::Access;

void expect_in_range(const EpisodeOptions& options) {
  if (options.budget)
    detail::expect_within("budget", *options.budget, experiments::kBudgets.low, experiments::kBudgets.high);
  detail::expect_within("probe_cost", options.probe_cost, experiments::kProbeCosts.low,
                        experiments::kProbeCosts.high);
}

std::optional<std::string> text_of(const replay::Question& question, replay::AnswerId id) {
  if (id == replay::kNoAnswer) return std::nullopt;
  return question.answers[static_cast<std::size_t>(id)];
}

ActionKind kind_of(replay::ActionKind kind) {
  switch (kind) {
    case replay::ActionKind::kBranch: return ActionKind::kBranch;
    case replay::ActionKind::kRead: return ActionKind::kRead;
    case replay::ActionKind::kContinue: return ActionKind::kContinue;
    case replay::ActionKind::kProbe: return ActionKind::kProbe;
    case replay::ActionKind::kPrune: return ActionKind::kPrune;
  }
  std::unreachable();
}

std::vector<Action> shown(const replay::Question& question, const replay::ActionLog& log) {
  std::vector<Action> actions;
  for (const replay::Action& each : log)
    actions.push_back({kind_of(each.kind), each.lane, each.round, each.cost, each.finished, each.cut,
                       text_of(question, each.answer)});
  return actions;
}

}  // namespace

struct Machine::Impl {
  replay::Machine machine;
  // What ran last: the next episode is mostly of the same program at the same beta.
  std::shared_ptr<const detail::ProgramData> program;
  genome::BoundProgram bound;

  const genome::BoundProgram& bind(const Program& asked, double beta) {
    if (program != Access::shared(asked) || bound.beta != beta) {
      program = Access::shared(asked);
      bound = genome::bind(program->program, beta);
    }
    return bound;
  }
};

Machine::Machine() : impl_(std::make_unique<Impl>()) {}
Machine::~Machine() = default;
Machine::Machine(Machine&&) noexcept = default;
Machine& Machine::operator=(Machine&&) noexcept = default;

EpisodeResult Machine::run(const Program& program, double beta, const Environment& environment,
                           std::size_t question, std::uint64_t ordering, const EpisodeOptions& options) {
  const replay::Environment& recorded = Access::of(environment);
  detail::expect_beta(beta);
  expect_in_range(options);
  detail::expect_not_held_out(program.controller(), recorded);
  const std::vector<std::uint32_t> dealt = replay::ordering(ordering, environment.branches(question));
  const replay::Question& asked = recorded.questions[question];
  const replay::SignalColumns columns =
      detail::translated([&] { return replay::signal_columns(Access::of(program).program, recorded); });
  replay::ActionLog log;
  const replay::EpisodeResult result =
      impl_->machine.run(impl_->bind(program, beta), asked, dealt,
                         {.episode = {.budget = options.budget, .probe_cost = options.probe_cost},
                          .log = options.record_actions ? &log : nullptr,
                          .native = Access::of(program).native.sections(),
                          .columns = columns});
  return {.answer = text_of(asked, result.answer),
          .right = result.right,
          .tokens = result.tokens,
          .latency_tokens = result.latency_tokens,
          .rounds = result.rounds,
          .actions = shown(asked, log)};
}

}  // namespace evotts
