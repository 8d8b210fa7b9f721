#include "cluster/coordinator.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <thread>
#include <utility>

#include "cluster/patience.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/native/kept_translations.hpp"
#include "replay/parallel/interruption.hpp"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kShortest = 0.0003, kLongest = 0.1;  // seconds of a piece
constexpr double kLongestHere = 0.05;                 // of rank 0; it is in nobody's way, as it looks
constexpr double kBetweenLooks = 0.0005;              // at messages, while rank 0 works
constexpr std::size_t kPiecesAhead = 2;
// Every rank compiles the controllers that are dealt out together. It takes so many seconds each, and all of
// them may take such a share of what the call does. Less than kFewest of a call would even out too little.
constexpr double kCompiling = 0.0002, kMostCompiling = 0.15, kFewest = 0.25;
constexpr std::size_t kQuestionsForEach = 16;  // thread, so that the last piece is a small part of its work
constexpr double kPart = 1.0 / 3;              // of what is left for each thread, that a piece has
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

// Episodes of the next piece. Before the controllers that are dealt out together, which even out what takes
// longer than thought, each rank has its part of the whole ones at once: a piece goes through the recordings
// of all questions, and fewer pieces read them less often.
double Coordinator::share(const Call& call, unsigned threads, double longest) const {
  const double episodes = call.evens_out_later() ? static_cast<double>(call.episodes_whole())
                                                 : kPart * static_cast<double>(call.episodes_left());
  const double per_thread = episodes / team_->threads();
  return std::clamp(per_thread, kShortest / episode_seconds_,
                    std::max(kShortest, longest) / episode_seconds_) *
         threads;
}

// Which share of the call's episodes is worth being dealt out together; 0: none.
double Coordinator::share_together(const Call& call, std::size_t questions) const {
  const std::size_t ranks = team_->others().size() + 1;
  if (ranks == 1 || !learned_ || call.controllers() == 0) return 0;
  if (questions < kQuestionsForEach * team_->threads()) return 0;
  const double controller =
      static_cast<double>(call.episodes_left()) * episode_seconds_ / static_cast<double>(call.controllers());
  const double cheap = kMostCompiling * controller / (kCompiling * static_cast<double>(ranks));
  // Of more than these, each piece would translate some anew.
  const double kept =
      static_cast<double>(replay::KeptTranslations::kMost) / static_cast<double>(call.controllers());
  const double share = std::min({cheap, kept, 1.0});
  return share < kFewest ? 0 : share;
}

double Coordinator::seconds_ahead(const Member& member) const {
  const Load& load = loads_[static_cast<std::size_t>(member.rank - 1)];
  return static_cast<double>(load.episodes) * episode_seconds_ / std::max(1U, member.hello.threads);
}

// From now on, where all work to the end; the answers of others travel meanwhile.
double Coordinator::seconds_to_end(const Call& call) const {
  double work = (static_cast<double>(call.episodes_left()) + left_here_) * episode_seconds_;
  for (const Member& each : team_->others())
    work += (seconds_ahead(each) + each.round_trip) * std::max(1U, each.hello.threads);
  return work / team_->threads();
}

// How long a piece may take that the rank is given now; nothing where it is to have none.
std::optional<double> Coordinator::room_of(const Member& member, const Call& call, double end) const {
  if (call.all_given()) return std::nullopt;
  const double alone = (static_cast<double>(call.episodes_left()) + left_here_) * episode_seconds_ /
                       std::max(1U, team_->own().threads);
  if (alone < member.round_trip + kShortest) return std::nullopt;
  const double ahead = seconds_ahead(member);
  const std::size_t pieces = loads_[static_cast<std::size_t>(member.rank - 1)].pieces;
  if (pieces >= kPiecesAhead && ahead >= kShortest + 1.5 * member.round_trip) return std::nullopt;
  if (call.evens_out_later() && left_here_ == 0 && pieces > 0 && ahead >= kShortest + 1.5 * member.round_trip)
    return std::nullopt;  // rank 0 has its part first
  // What it is given beyond that would be awaited by everybody.
  const double room = std::max(end - member.round_trip, kShortest) - ahead;
  return room < kShortest ? std::nullopt : std::optional(std::min(room, kLongest));
}

// One piece each, round and round, until nobody is to have another.
void Coordinator::give_out(Call& call, std::uint32_t questions) {
  const double end = seconds_to_end(call);  // the same, whoever has the work
  for (bool given = true; given;) {
    given = false;
    for (const Member& each : team_->others()) {
      const auto room = room_of(each, call, end);
      if (!room) continue;
      const Piece piece = call.take(share(call, each.hello.threads, *room), From::kBack);
      Load& load = loads_[static_cast<std::size_t>(each.rank - 1)];
      const std::pair controllers(piece.controller, piece.controllers);
      const bool known = std::exchange(load.controllers, controllers) == controllers;
      if (!known) load.brought_by = next_number_;
      Unit unit = call.unit_of(piece, known);
      unit.number = next_number_;
      unit.brought_by = load.brought_by;
      unit.questions = questions;
      team_->transport().send(each.rank, Tag::kUnit, to_bytes(unit));
      given_.emplace(next_number_++, Given{each.rank, piece});
      ++load.pieces;
      load.episodes += piece.episodes;
      given = true;
    }
  }
}

// Meanwhile others are heard and get more to do, whenever this thread is through with a question.
void Coordinator::run_here(Call& call, std::uint32_t questions) {
  const Piece piece = call.take(share(call, team_->own().threads, kLongestHere));
  left_here_ = static_cast<double>(piece.episodes);
  const auto begun = Clock::now();
  auto looked = begun;
  double looking = 0;
  const auto look = [&, here = std::this_thread::get_id()](std::size_t done, std::size_t total) {
    if (std::this_thread::get_id() != here || seconds_since(looked) < kBetweenLooks) return;
    const auto at = Clock::now();
    left_here_ = static_cast<double>(piece.episodes) *
                 (1 - static_cast<double>(done) / static_cast<double>(std::max(done, total)));
    take_messages(call);
    give_out(call, questions);
    looked = Clock::now();
    looking += std::chrono::duration<double>(looked - at).count();
  };
  const auto jobs = call.jobs_of(piece);
  call.put(piece, run_here_(jobs, call.questions_of(piece), look));
  left_here_ = 0;
  learn(piece.episodes, seconds_since(begun) - looking, team_->own().threads);
}

void Coordinator::learn(std::uint64_t episodes, double seconds, unsigned threads) {
  if (episodes == 0) return;
  const double news = learned_ ? 0.1 : 1;
  const double latest = seconds * threads / static_cast<double>(episodes);
  episode_seconds_ = std::clamp((1 - news) * episode_seconds_ + news * latest, 1e-9, 1.0);
  learned_ = true;
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
          fmt::format("{} {}", name_of(team_->other(message->from)),
                      message->tag == Tag::kEnd ? "has ended" : "sent something else than sums"));
    }
  }
  return any;
}

std::vector<replay::Cell> Coordinator::run(std::span<const replay::EvaluationJob> jobs,
                                           evo::Controllers controllers,
                                           const replay::QuestionSet& questions) {
  Call call(jobs, controllers, questions);
  call.deal_together(share_together(call, replay::count_of(questions)));
  first_of_call_ = next_number_;
  left_here_ = 0;
  for (Load& load : loads_) load.controllers = {};  // were of another call
  const std::uint32_t id = id_of(questions);
  std::optional<replay::KeptTranslations> native;  // of the call's programs, which come in pieces
  if (replay::KeptTranslations::here() == nullptr) native.emplace();
  Patience patience;
  while (!call.complete()) {
    replay::take_breath();
    const bool heard = take_messages(call);
    give_out(call, id);
    if (!call.all_given())
      run_here(call, id);
    else if (!heard)
      patience.wait();
    else
      patience.forget();
  }
  return std::move(call).cells();
}

}  // namespace cluster
