// How a statement is carried out.
//
//  1. The stepper runs the program on to the next statement that acts or reads answers, and stands before it.
//  2. The planner goes through the statement as the episode will, over what the table knows by now. What is
//     unknown becomes wants: of a move the steps of each branch, of a reading the looks that nobody has made.
//  3. No wants: the stepper carries the statement out, by the code of replay, over the table. Go on at 1.
//  4. Otherwise the caller fetches results. When the last one is there, all go into the table in the order of
//     the wants, whatever their order of arrival. Go on at 2: under a budget, branches that ended early leave
//     tokens for others.
//
// An interval that was probed but not looked at shows kUnknown. Nothing reads that: before a statement that
// would, step 2 wants the look, and its answer takes the place of kUnknown in table and episode. Where the
// program counts reveals (streak, changes) each probed interval is looked at instead.
#include "live/session/session.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <string_view>
#include <utility>

#include "genome/base/check.hpp"
#include "live/session/results.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

template <typename T>
std::vector<T> counted(std::size_t count) {
  std::vector<T> numbers(count);
  std::iota(numbers.begin(), numbers.end(), T{0});
  return numbers;
}

// What a caller may have filled in, and nobody checked or needs.
void leave_out_unused(const Want& want, Result& result) {
  if (want.kind == Want::Kind::kLook && result.lost) result.steps.clear();
  if (!want.look && want.kind != Want::Kind::kLook) {
    for (SeenStep& step : result.steps) step.answer.reset();
  }
  if (result.finished) return;
  result.answer.clear();
  result.signals.clear();
}

}  // namespace

Session::Session(const genome::BoundProgram& bound, const SessionOptions& options, replay::ActionLog* log,
                 std::vector<genome::AnswerReads> reads)
    : bound_(bound),
      options_(options),
      table_(options.interval, options.branches, bound.program->signals.size()),
      ordering_(counted<std::uint32_t>(options.branches)),
      signal_columns_(counted<std::uint16_t>(bound.program->signals.size())),
      stepper_(bound, table_.question(), ordering_,
               {.episode = {.budget = options.budget, .probe_cost = options.probe_cost},
                .log = log,
                .native = {},
                .columns = signal_columns_},
               std::move(reads)) {
  want_of_.fill(kNoWant);
}

bool Session::next() {
  if (missing_ > 0) return true;
  if (ended_) return false;
  apply_given();
  for (;;) {
    if (!stands_ && !stepper_.next()) {
      ended_ = true;
      tell_pruned();
      cancel_rest();
      return false;
    }
    stands_ = true;
    tell_pruned();
    want_what_is_lacking();
    if (missing_ > 0) return true;
    stepper_.carry_out();
    stands_ = false;
  }
}

void Session::want_what_is_lacking() {
  const std::size_t before = wants_.size();
  plan(stepper_.statement(), stepper_.episode(), table_,
       {.budget = options_.budget, .probe_cost = options_.probe_cost, .look_always = options_.look_always},
       wants_);
  missing_ = wants_.size() - before;
  if (missing_ == 0) return;
  given_.resize(wants_.size());
  for (std::size_t i = before; i < wants_.size(); ++i)
    want_of_[wants_[i].branch] = static_cast<std::uint8_t>(i);
}

void Session::tell_pruned() {
  const replay::Mask news = stepper_.episode().pruned & ~told_;
  told_ |= news;
  replay::for_each_lane(news, [this](std::size_t branch) {
    if (!table_.ended(branch))
      wants_.push_back({.kind = Want::Kind::kPrune, .branch = branch, .depth = table_.steps(branch)});
  });
}

void Session::cancel_rest() {
  for (std::size_t branch = 0; branch < options_.branches; ++branch) {
    if (table_.begun(branch) && !table_.ended(branch) && (told_ & replay::bit(branch)) == 0)
      wants_.push_back({.kind = Want::Kind::kPrune, .branch = branch, .depth = table_.steps(branch)});
  }
}

// ---- results

void Session::give(Result result) { give(std::span(&result, 1)); }

void Session::give(std::span<Result> results) {
  replay::Mask seen = 0;
  for (const Result& result : results) {
    expect_fitting(wants_[place_of(result)], result, signals().size());
    if ((seen & replay::bit(result.branch)) != 0)
      throw replay::InputError(fmt::format("there are two results of branch {}", result.branch));
    seen |= replay::bit(result.branch);
  }
  for (Result& result : results) {
    const std::size_t at = want_of_[result.branch];
    given_[at] = {true, std::move(result)};
    leave_out_unused(wants_[at], given_[at].result);
  }
  missing_ -= results.size();
}

std::size_t Session::place_of(const Result& result) const {
  const std::size_t at = result.branch < want_of_.size() ? want_of_[result.branch] : kNoWant;
  if (at == kNoWant)
    throw replay::InputError(fmt::format("nothing is wanted of branch {} now", result.branch));
  if (given_[at].there)
    throw replay::InputError(fmt::format("the result of branch {} was given already", result.branch));
  return at;
}

void Session::lose_missing() {
  for (const std::uint8_t at : want_of_) {
    if (at == kNoWant || given_[at].there) continue;
    const Want& want = wants_[at];
    const std::int64_t tokens = std::min(want.depth * options_.interval, replay::kMaxTokens);
    given_[at] = {true, {.branch = want.branch, .tokens = tokens, .lost = true}};
  }
  missing_ = 0;
}

void Session::apply_given() {
  bool any = false;
  for (std::size_t i = 0; i < wants_.size(); ++i) {
    const Want& want = wants_[i];
    if (want.kind == Want::Kind::kPrune) continue;
    any = true;
    const Result& result = given_[i].result;
    look_tokens_ = std::min(look_tokens_ + result.look_tokens, kMostLookTokens);
    want.kind == Want::Kind::kLook ? apply_look(want, result) : apply(want, result);
  }
  wants_.clear();
  given_.clear();
  want_of_.fill(kNoWant);
  applied_ += any ? 1 : 0;
  stepper_.fit_answers(table_.question().answers.size());
}

void Session::apply(const Want& want, const Result& result) {
  const std::size_t branch = want.branch;
  if (want.depth == 0) table_.begin(branch, result.steps.size());
  if (!want.look && signals().empty()) {
    table_.add_unseen(branch, result.steps.size());
  } else {
    for (const SeenStep& step : result.steps) {
      const auto answer = want.look ? table_.intern(step.answer ? std::string_view(*step.answer) : "ERR")
                                    : GrowingQuestion::kUnknown;
      table_.add_step(branch, answer, step.signals);
    }
  }
  if (result.finished) {
    table_.finish(branch, result.tokens, table_.intern(result.answer), result.signals);
  } else if (result.lost && !table_.ended(branch)) {
    table_.lose(branch, result.tokens);
  } else if (want.kind == Want::Kind::kRead) {
    table_.stop(branch, result.tokens, *want.most_tokens + 1);
  }
  replay::Episode& episode = stepper_.episode();
  if (table_.end(branch) == GrowingQuestion::End::kLost) episode.lose_at_end(replay::bit(branch));
  if (branch < episode.opened()) episode.reread(branch);
}

void Session::apply_look(const Want& want, const Result& result) {
  const bool read = !result.lost && result.steps[0].answer;
  const replay::AnswerId answer = table_.intern(read ? *result.steps[0].answer : "ERR");
  table_.show(want.branch, want.depth, answer);
  replay::Episode& episode = stepper_.episode();
  if (episode.answer[want.branch] == GrowingQuestion::kUnknown &&
      episode.steps_at_probe(want.branch) == want.depth)
    episode.correct(want.branch, answer);
}

void Session::stop() {
  lose_missing();
  if (ended_ || stopped_after_) return;
  apply_given();
  stopped_after_ = applied_;
  // The statement is carried out with what came. What it would still want, under a budget, is lost as well.
  if (stands_) {
    for (want_what_is_lacking(); missing_ > 0; want_what_is_lacking()) {
      lose_missing();
      apply_given();
    }
    stepper_.carry_out();
    stands_ = false;
  }
  stepper_.leave();
}

// ---- what it came to

std::optional<std::string> Session::answer() const {
  const replay::AnswerId answer = result().answer;
  if (!ended_ || answer == replay::kNoAnswer) return std::nullopt;
  return table_.text_of(answer);
}

std::optional<std::size_t> Session::answer_branch() const {
  const replay::AnswerId answer = result().answer;
  if (!ended_ || answer == replay::kNoAnswer) return std::nullopt;
  const replay::Episode& episode = stepper_.episode();
  for (const std::uint8_t branch : episode.finish_order()) {
    if (table_.question().branches[branch].final_answer == answer) return branch;
  }
  std::optional<std::size_t> furthest;
  for (std::size_t branch = 0; branch < episode.opened(); ++branch) {
    if (episode.answer[branch] != answer) continue;
    if (!furthest || episode.steps_taken(branch) > episode.steps_taken(*furthest)) furthest = branch;
  }
  return furthest;
}

SessionUsage Session::usage() const {
  const replay::Episode& episode = stepper_.episode();
  SessionUsage usage{.spent = episode.spent(),
                     .look_tokens = look_tokens_,
                     .latency = episode.latency_tokens(),
                     .opened = episode.opened(),
                     .finished = episode.finish_order().size(),
                     .rounds = stepper_.result().rounds};
  for (std::size_t branch = 0; branch < options_.branches; ++branch) {
    if (!table_.begun(branch)) continue;
    usage.generated += table_.generated(branch);
    if (table_.end(branch) == GrowingQuestion::End::kLost)
      ++usage.lost;
    else if ((episode.pruned >> branch & 1) != 0)
      ++usage.pruned;
  }
  return usage;
}

}  // namespace live
