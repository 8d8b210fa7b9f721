#include "cluster/call.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/text/printer.hpp"

namespace cluster {
namespace {

// A step near the golden section of `count`, without a common divisor, so that it comes by all of them.
std::size_t golden_step(std::size_t count) {
  constexpr double kGolden = 0.6180339887498949;
  auto step =
      std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(kGolden * static_cast<double>(count))));
  while (std::gcd(step, count) > 1) ++step;
  return step;
}

// The places of the steps `first` to `first + count` in a set of `all` questions, in rising order.
std::vector<std::size_t> places_of(std::size_t all, std::size_t first, std::size_t count) {
  EVOTTS_CHECK(first + count <= all);
  std::vector<std::size_t> places(count);
  if (count == all) {
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
  }
  const std::size_t step = golden_step(all);
  for (std::size_t i = 0; i < count; ++i) places[i] = (first + i) * step % all;
  std::ranges::sort(places);
  return places;
}

}  // namespace

replay::QuestionSet part_of(const replay::QuestionSet& set, std::size_t first, std::size_t count) {
  replay::QuestionSet part;
  std::size_t before = 0;  // questions of earlier environments
  auto each = set.begin();
  for (const std::size_t place : places_of(replay::count_of(set), first, count)) {
    for (; place - before >= each->questions.size(); ++each) before += each->questions.size();
    if (part.empty() || part.back().environment != each->environment) part.push_back({each->environment, {}});
    part.back().questions.push_back(each->questions[place - before]);
  }
  return part;
}

// Neighbours are often alike (the candidates of one optimiser), and as costly as each other, so a piece of
// neighbours may take many times what it should. Golden steps through the list leave each stretch a mixture.
std::vector<Call::Grouped> Call::mixed(std::vector<Grouped> grouped) {
  const std::size_t count = grouped.size(), step = golden_step(count);
  std::vector<Grouped> mixed;
  for (std::size_t i = 0, at = 0; i < count; ++i, at = (at + step) % count)
    mixed.push_back(std::move(grouped[at]));
  return mixed;
}

Call::Call(std::span<const replay::EvaluationJob> jobs, evo::Controllers controllers,
           const replay::QuestionSet& questions)
    : jobs_(jobs), questions_(&questions), count_(replay::count_of(questions)) {
  std::map<const genome::Program*, std::size_t> places;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const auto [known, fresh] = places.emplace(jobs[j].bound->program, grouped_.size());
    if (fresh) grouped_.push_back({controllers[j], {}, {}, 0});
    Grouped& grouped = grouped_[known->second];
    grouped.jobs.push_back(j);
    grouped.episodes += jobs[j].count;
  }
  if (count_ == 0) grouped_.clear();
  grouped_ = mixed(std::move(grouped_));
  for (const Grouped& each : grouped_) left_ += each.episodes * count_;
  whole_ = left_;
  first_together_ = grouped_.size();
  missing_ = jobs.size() * count_;
  sums_.resize(missing_);
}

void Call::deal_together(double share) {
  EVOTTS_CHECK(next_controller_ == 0 && next_question_ == 0 && first_together_ == grouped_.size());
  const double wanted = share * static_cast<double>(left_);
  while (static_cast<double>(left_ - whole_) < wanted && first_together_ > 0)
    whole_ -= grouped_[--first_together_].episodes * count_;
}

// From the next controller on. Half a controller more or less is better than one that is cut.
Piece Call::whole_controllers(double episodes) const {
  const auto whole = [&](std::size_t c) { return static_cast<double>(grouped_[c].episodes * count_); };
  Piece piece{.controller = next_controller_, .controllers = 1, .question = 0, .questions = count_};
  double sum = whole(next_controller_);
  while (piece.controller + piece.controllers < first_together_) {
    const double next = whole(piece.controller + piece.controllers);
    if (sum + next / 2 > episodes) break;
    sum += next;
    ++piece.controllers;
  }
  return piece;
}

// The next questions of the next controllers, at either end.
Piece Call::some_questions(double episodes, std::size_t controllers, From from) const {
  Piece piece{.controller = next_controller_, .controllers = controllers, .question = next_question_};
  std::uint64_t each = 0;
  for (std::size_t c = piece.controller; c < piece.controller + controllers; ++c)
    each += grouped_[c].episodes;
  const double wanted = std::ceil(episodes / std::max<double>(1, static_cast<double>(each)));
  piece.questions = std::min(static_cast<std::size_t>(std::clamp(wanted, 1.0, static_cast<double>(count_))),
                             count_ - taken_back_ - next_question_);
  if (from == From::kBack) piece.question = count_ - taken_back_ - piece.questions;
  return piece;
}

Piece Call::take(double episodes, From from) {
  EVOTTS_CHECK(!all_given());
  const auto half = static_cast<double>(grouped_[next_controller_].episodes * count_) / 2;
  Piece piece = deals_together() ? some_questions(episodes, grouped_.size() - next_controller_, from)
                : next_question_ == 0 && episodes >= half ? whole_controllers(episodes)
                                                          : some_questions(episodes, 1, From::kFront);
  (deals_together() && from == From::kBack ? taken_back_ : next_question_) += piece.questions;
  if (next_question_ + taken_back_ == count_) {
    next_controller_ += piece.controllers;
    next_question_ = taken_back_ = 0;
  }
  for (std::size_t c = piece.controller; c < piece.controller + piece.controllers; ++c)
    piece.episodes += grouped_[c].episodes * piece.questions;
  left_ -= piece.episodes;
  return piece;
}

Unit Call::unit_of(const Piece& piece, bool controllers_known) {
  Unit unit{.first = static_cast<std::uint32_t>(piece.question),
            .count = static_cast<std::uint32_t>(piece.questions),
            .controllers = {}};
  if (controllers_known) return unit;
  for (std::size_t c = piece.controller; c < piece.controller + piece.controllers; ++c) {
    if (grouped_[c].text.empty()) grouped_[c].text = genome::print(*grouped_[c].controller);
    UnitController controller{grouped_[c].text, {}};
    for (const std::size_t j : grouped_[c].jobs)
      controller.jobs.push_back({jobs_[j].bound->beta, static_cast<std::uint32_t>(jobs_[j].first),
                                 static_cast<std::uint32_t>(jobs_[j].count)});
    unit.controllers.push_back(std::move(controller));
  }
  return unit;
}

std::vector<replay::EvaluationJob> Call::jobs_of(const Piece& piece) const {
  std::vector<replay::EvaluationJob> jobs;
  for (std::size_t c = piece.controller; c < piece.controller + piece.controllers; ++c) {
    for (const std::size_t j : grouped_[c].jobs) jobs.push_back(jobs_[j]);
  }
  return jobs;
}

replay::QuestionSet Call::questions_of(const Piece& piece) const {
  return part_of(*questions_, piece.question, piece.questions);
}

void Call::put(const Piece& piece, std::span<const replay::QuestionSums> sums) {
  std::size_t expected = 0;
  for (std::size_t c = piece.controller; c < piece.controller + piece.controllers; ++c)
    expected += grouped_[c].jobs.size() * piece.questions;
  if (sums.size() != expected) throw TransportError("another rank sent sums of other questions than asked");
  const std::vector<std::size_t> places = places_of(count_, piece.question, piece.questions);
  auto next = sums.begin();
  for (std::size_t c = piece.controller; c < piece.controller + piece.controllers; ++c) {
    for (const std::size_t j : grouped_[c].jobs) {
      for (const std::size_t place : places) sums_[j * count_ + place] = *next++;
    }
  }
  missing_ -= expected;
}

std::vector<replay::Cell> Call::cells() && {
  EVOTTS_CHECK(complete());
  return replay::cells_of(jobs_, *questions_, sums_);
}

}  // namespace cluster
