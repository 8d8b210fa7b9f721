#include "live/session/session.hpp"

#include <algorithm>
#include <evotts/session.hpp>
#include <fmt/format.h>
#include <utility>

#include "api/boundary.hpp"
#include "api/data.hpp"
#include "experiments/console/options.hpp"
#include "live/session/saved_session.hpp"
#include "replay/environment/limits.hpp"

namespace evotts {
namespace {

using detail::Access;
using detail::expect_within;

live::SessionOptions checked(const SessionOptions& options) {
  expect_within("interval", options.interval, 1, replay::kMaxInterval);
  expect_within("branches", static_cast<std::int64_t>(std::min<std::size_t>(options.branches, 1U << 20U)), 1,
                replay::kMaxOpened);
  if (options.budget)
    expect_within("budget", *options.budget, experiments::kBudgets.low, experiments::kBudgets.high);
  expect_within("probe_cost", options.probe_cost, experiments::kProbeCosts.low,
                experiments::kProbeCosts.high);
  return {.interval = options.interval,
          .branches = options.branches,
          .budget = options.budget,
          .probe_cost = options.probe_cost,
          .look_always = options.look_always};
}

WantKind kind_of(live::Want::Kind kind) {
  switch (kind) {
    case live::Want::Kind::kOpen: return WantKind::kOpen;
    case live::Want::Kind::kAdvance: return WantKind::kAdvance;
    case live::Want::Kind::kLook: return WantKind::kLook;
    case live::Want::Kind::kRead: return WantKind::kRead;
    case live::Want::Kind::kPrune: return WantKind::kPrune;
  }
  std::unreachable();
}

live::Result internal(Result&& result) {
  live::Result moved{.branch = result.branch,
                     .finished = result.finished,
                     .answer = std::move(result.answer),
                     .signals = std::move(result.signals),
                     .tokens = result.tokens,
                     .lost = result.lost,
                     .look_tokens = result.look_tokens};
  moved.steps.reserve(result.steps.size());
  for (SeenStep& step : result.steps)
    moved.steps.push_back({std::move(step.answer), std::move(step.signals)});
  return moved;
}

}  // namespace

struct Session::Impl {
  Program program;
  genome::BoundProgram bound;
  live::Session session;
  std::vector<Want> wants;  // as the header tells them

  Impl(Program of, double beta, const live::SessionOptions& options)
      : program(std::move(of)),
        bound(genome::bind(Access::of(program).program, beta)),
        session(bound, options, nullptr, Access::of(program).reads) {}

  void tell_wants() {
    wants.clear();
    for (const live::Want& want : session.wants())
      wants.push_back(
          {kind_of(want.kind), want.branch, want.depth, want.intervals, want.look, want.most_tokens});
  }
};

Session::Session(Program program, double beta, const SessionOptions& options) {
  detail::expect_beta(beta);
  impl_ = std::make_unique<Impl>(std::move(program), beta, checked(options));
}
Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const std::vector<std::string>& Session::signals() const { return impl_->session.signals(); }

bool Session::next() {
  if (impl_->session.missing() > 0) return true;
  const bool more = impl_->session.next();
  impl_->tell_wants();
  return more;
}

const std::vector<Want>& Session::wants() const { return impl_->wants; }
std::size_t Session::missing() const { return impl_->session.missing(); }

void Session::give(Result result) {
  detail::translated([&] { impl_->session.give(internal(std::move(result))); });
}

void Session::give(std::vector<Result> results) {
  std::vector<live::Result> moved;
  moved.reserve(results.size());
  for (Result& result : results) moved.push_back(internal(std::move(result)));
  detail::translated([&] { impl_->session.give(moved); });
}

void Session::lose_missing() { impl_->session.lose_missing(); }

void Session::stop() {
  impl_->session.stop();
  impl_->tell_wants();
}

std::optional<std::string> Session::answer() const { return impl_->session.answer(); }
std::optional<std::size_t> Session::answer_branch() const { return impl_->session.answer_branch(); }

SessionUsage Session::usage() const {
  const live::SessionUsage usage = impl_->session.usage();
  return {.spent = usage.spent,
          .generated = usage.generated,
          .look_tokens = usage.look_tokens,
          .latency = usage.latency,
          .opened = usage.opened,
          .finished = usage.finished,
          .pruned = usage.pruned,
          .lost = usage.lost,
          .rounds = usage.rounds};
}

std::string Session::save() const {
  return live::save(impl_->session, impl_->program.controller().id(), impl_->bound.beta);
}

Session Session::restore(Program program, std::string_view saved) {
  return detail::translated([&] {
    const live::SavedSession read = live::read_saved(saved);
    if (read.controller != program.controller().id())
      detail::throw_input(fmt::format("this session is of the controller {}, not of {} ({})", read.controller,
                                      program.controller().id(), program.controller().name()));
    auto impl = std::make_unique<Impl>(std::move(program), read.beta, read.options);
    live::restore(impl->session, read);
    impl->tell_wants();
    return Session(std::move(impl));
  });
}

}  // namespace evotts
