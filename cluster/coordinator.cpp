#include "cluster/coordinator.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "cluster/patience.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/native/kept_translations.hpp"
#include "replay/parallel/interruption.hpp"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kShortest = 0.0002, kLongest = 0.1;  // seconds of a piece
constexpr double kShortestInRoundTrips = 2;           // of a piece for another rank
constexpr double kLongestHere = 0.01;                 // rank 0 looks at its messages between
constexpr std::size_t kPiecesAhead = 2;
constexpr std::size_t kMostSets = 1'000;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Coordinator::Coordinator(Team& team, const Setting& setting, RunJobs run_here)
    : team_(&team), run_here_(std::move(run_here)), loads_(team.others().size()) {
  set_up(setting);
}

void Coordinator::set_up(const Setting& setting) {
  Transport& transport = team_->transport();
  const std::string bytes = to_bytes(setting);
  for (const Member& each : team_->others()) transport.send(each.rank, Tag::kSetting, bytes);
  Patience patience;
  for (std::size_t ready = 0; ready < team_->others().size();) {
    replay::take_breath();
    const auto message = transport.receive();
    if (!message) {
      patience.wait();
      continue;
    }
    patience.forget();
    if (message->tag == Tag::kReady) {
      ++ready;
    } else if (message->tag == Tag::kMissing) {
      for (const std::uint32_t place : from_bytes<Missing>(message->bytes).recorded)
        send_file(transport, message->from, setting, place);
    } else if (message->tag == Tag::kFailed) {
      throw replay::InputError(
          fmt::format("{}: {}", name_of(team_->other(message->from)), genome::base::visible(message->bytes)));
    }
    // Sums of an earlier setting, which nobody waits for any more, may still come.
  }
}

std::uint32_t Coordinator::id_of(const replay::QuestionSet& questions) {
  const auto at = std::ranges::find(known_sets_, questions);
  if (at != known_sets_.end()) return static_cast<std::uint32_t>(at - known_sets_.begin());
  if (known_sets_.size() == kMostSets) known_sets_.clear();  // ids are used anew
  known_sets_.push_back(questions);
  const auto id = static_cast<std::uint32_t>(known_sets_.size() - 1);
  const std::string bytes = to_bytes(Questions{id, questions});
  for (const Member& each : team_->others()) team_->transport().send(each.rank, Tag::kQuestions, bytes);
  return id;
}

double Coordinator::share(const Call& call, unsigned threads, double shortest, double longest) const {
  const double per_thread = static_cast<double>(call.episodes_left()) / (2.0 * team_->threads());
  return std::clamp(per_thread, shortest / episode_seconds_, longest / episode_seconds_) * threads;
}

bool Coordinator::wants(const Member& member, const Call& call) const {
  if (call.all_given()) return false;
  const double alone =
      static_cast<double>(call.episodes_left()) * episode_seconds_ / std::max(1U, team_->own().threads);
  if (alone < member.round_trip) return false;
  const Load& load = loads_[static_cast<std::size_t>(member.rank - 1)];
  const double ahead =
      static_cast<double>(load.episodes) * episode_seconds_ / std::max(1U, member.hello.threads);
  return load.pieces < kPiecesAhead || ahead < shortest_for(member) + 1.5 * member.round_trip;
}

// A piece is worth its messages.
double Coordinator::shortest_for(const Member& member) {
  return std::clamp(kShortestInRoundTrips * member.round_trip, kShortest, kLongest);
}

// One piece each, round and round, until nobody wants another.
void Coordinator::give_out(Call& call, std::uint32_t questions) {
  for (bool given = true; given;) {
    given = false;
    for (const Member& each : team_->others()) {
      if (!wants(each, call)) continue;
      const Piece piece = call.take(share(call, each.hello.threads, shortest_for(each), kLongest));
      Unit unit = call.unit_of(piece);
      unit.number = next_number_;
      unit.questions = questions;
      team_->transport().send(each.rank, Tag::kUnit, to_bytes(unit));
      given_.emplace(next_number_++, Given{each.rank, piece});
      Load& load = loads_[static_cast<std::size_t>(each.rank - 1)];
      ++load.pieces;
      load.episodes += piece.episodes;
      given = true;
    }
  }
}

void Coordinator::run_here(Call& call) {
  const Piece piece = call.take(share(call, team_->own().threads, kShortest, kLongestHere));
  const auto begun = Clock::now();
  const auto jobs = call.jobs_of(piece);
  call.put(piece, sums_in(run_here_(jobs, call.questions_of(piece))));
  learn(piece.episodes, seconds_since(begun), team_->own().threads);
}

void Coordinator::learn(std::uint64_t episodes, double seconds, unsigned threads) {
  constexpr double kNews = 0.1;
  if (episodes == 0) return;
  const double latest = seconds * threads / static_cast<double>(episodes);
  episode_seconds_ = std::clamp((1 - kNews) * episode_seconds_ + kNews * latest, 1e-9, 1.0);
}

void Coordinator::take_sums(Call& call, const Message& message) {
  const auto sums = from_bytes<Sums>(message.bytes);
  const auto given = given_.find(sums.number);
  if (given == given_.end() || given->second.rank != message.from)
    throw TransportError(
        fmt::format("{} sent sums that it was not asked for", name_of(team_->other(message.from))));
  const Piece piece = given->second.piece;
  given_.erase(given);
  Load& load = loads_[static_cast<std::size_t>(message.from - 1)];
  --load.pieces;
  load.episodes -= piece.episodes;
  elsewhere_ += piece.episodes;
  if (sums.number < first_of_call_) return;  // of a call that was given up
  call.put(piece, sums.sums);
  learn(piece.episodes, sums.seconds, team_->other(message.from).hello.threads);
}

bool Coordinator::take_messages(Call& call) {
  bool any = false;
  while (const auto message = team_->transport().receive()) {
    any = true;
    if (message->tag == Tag::kSums) {
      take_sums(call, *message);
    } else {
      throw TransportError(
          fmt::format("{} sent something else than sums", name_of(team_->other(message->from))));
    }
  }
  return any;
}

std::vector<replay::Cell> Coordinator::run(std::span<const replay::EvaluationJob> jobs,
                                           evo::Controllers controllers,
                                           const replay::QuestionSet& questions) {
  Call call(jobs, controllers, questions);
  first_of_call_ = next_number_;
  const std::uint32_t id = id_of(questions);
  const replay::KeptTranslations native;  // of the call's programs, which come in pieces
  Patience patience;
  while (!call.complete()) {
    replay::take_breath();
    const bool heard = take_messages(call);
    give_out(call, id);
    if (!call.all_given())
      run_here(call);
    else if (!heard)
      patience.wait();
    else
      patience.forget();
  }
  return std::move(call).cells();
}

}  // namespace cluster
