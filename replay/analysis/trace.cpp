#include "replay/analysis/trace.hpp"

#include <algorithm>

#include "genome/program/compiler.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "replay/analysis/playback.hpp"
#include "replay/machine/signal_columns.hpp"

namespace replay {
namespace {

using genome::Controller;
using genome::Statement;

// One episode, run again with variants of its controller that differ in what they answer alone.
struct Rerun {
  double beta;
  const Question& question;
  std::span<const std::uint32_t> ordering;
  const EpisodeOptions& options;
  std::span<const std::string> signals;

  EpisodeResult run(const genome::CheckedController& controller, ActionLog* log = nullptr) const {
    const genome::Program program = genome::compile(controller);
    const SignalColumns columns = signal_columns(program, signals);
    Machine machine;
    return machine.run(genome::bind(program, beta), question, ordering,
                       {.episode = options, .log = log, .columns = columns});
  }
  // Whether the variant gives an answer; a variant that does not check gives none.
  bool answers(const Controller& variant) const {
    const genome::CheckResult checked = genome::check(variant);
    return checked.controller && run(*checked.controller).answer != kNoAnswer;
  }
};

// The controller that remembers whether the stop at this place was reached with its guard true, and answers
// only then, with whatever was revealed. The register changes nothing else, so the episode is the same.
Controller watching(const Controller& tree, std::vector<Statement> Controller::*section, std::size_t at) {
  Controller variant = tree;
  const std::string flag = genome::fresh_name(tree, "stopped_here");
  variant.memory.push_back({.name = flag, .initial = genome::truth(false)});
  std::vector<Statement>& statements = variant.*section;
  statements.insert(statements.begin() + static_cast<std::ptrdiff_t>(at), {.verb = genome::Verb::kAssign,
                                                                           .target = flag,
                                                                           .value = genome::truth(true),
                                                                           .guard = statements[at].guard});
  const genome::Expr everyone =
      genome::apply(genome::Op::kGreaterEqual, {genome::name("depth"), genome::number(0)});
  variant.answer = {genome::apply(
      genome::Op::kIf, {genome::name(flag), genome::apply(genome::Op::kTop, {everyone}), genome::none()})};
  return variant;
}

std::optional<std::string> find_stop(const Controller& tree, const Rerun& rerun) {
  for (const auto section : {&Controller::start, &Controller::round}) {
    const std::vector<Statement>& statements = tree.*section;
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (statements[i].verb != genome::Verb::kStop) continue;
      if (rerun.answers(watching(tree, section, i))) return genome::print(statements[i]);
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_answer_line(const Controller& tree, const Rerun& rerun) {
  for (const genome::Expr& line : tree.answer) {
    Controller variant = tree;
    variant.answer = {line};
    if (rerun.answers(variant)) return genome::print(line);
  }
  return std::nullopt;
}

// How an episode ended that no stop statement is known to have ended.
Ending ending_of(const Controller& tree, const Trace& trace, const Rerun& rerun) {
  if (trace.result.rounds == 0) return Ending::kStop;  // only a stop can keep the first round from beginning
  Playback playback;
  playback.begin(rerun.question, rerun.ordering);
  bool moved = false;
  for (const Action& action : trace.actions) {
    playback.take(action);
    const bool moves = action.kind != ActionKind::kProbe && action.kind != ActionKind::kPrune;
    if (moves && action.round == trace.result.rounds - 1) moved = true;
  }
  const std::vector<BranchState>& branches = playback.branches();
  const bool active = std::any_of(branches.begin(), branches.end(),
                                  [](const BranchState& b) { return !b.finished && !b.pruned; });
  if (rerun.options.budget) {
    const std::int64_t left = *rerun.options.budget - playback.spent();
    const auto cheapest = playback.cheapest_step();
    const bool spent =
        rerun.options.foresight ? cheapest.value_or(left + 1) > left : left < rerun.question.interval;
    // Where no step was left at any price, it was not the budget that kept the episode from going on.
    const bool wanting = cheapest || std::ranges::any_of(trace.actions, &Action::cut);
    if (spent) return wanting ? Ending::kBudget : Ending::kIdle;
  }
  if (!moved && !active) return Ending::kIdle;
  return trace.result.rounds == tree.rounds ? Ending::kRounds : Ending::kStop;
}

}  // namespace

std::string_view name_of(Ending ending) {
  switch (ending) {
    case Ending::kStop: return "stop";
    case Ending::kBudget: return "budget";
    case Ending::kIdle: return "idle";
    case Ending::kRounds: return "rounds";
  }
  return "";
}

Trace trace_episode(const genome::CheckedController& controller, double beta, const Question& question,
                    std::span<const std::uint32_t> ordering, const EpisodeOptions& options,
                    std::span<const std::string> signals) {
  const Rerun rerun{beta, question, ordering, options, signals};
  const Controller& tree = controller.tree();
  Trace trace;
  trace.result = rerun.run(controller, &trace.actions);
  trace.stop_line = find_stop(tree, rerun);
  trace.ending = trace.stop_line ? Ending::kStop : ending_of(tree, trace, rerun);
  if (trace.result.answer != kNoAnswer) trace.answer_line = find_answer_line(tree, rerun);
  return trace;
}

}  // namespace replay
