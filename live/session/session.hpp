// session.hpp: a controller at work on one question whose branches are generated meanwhile.
// Why:      a winner is put to work by the rules, and the code, that it was scored by.
// Use:      Session session(bound, {.interval = 500});
//           while (session.next())
//             for (const Want& want : session.wants()) session.give(generate(want));
// Promises: as include/evotts/session.hpp. Each statement waits for all that it wants; results are applied in
//           the order of the wants, whatever their order of arrival, so that this order changes nothing.
// Throws:   replay::InputError for a result that does not fit; all is as before then.
// Threads:  one thread at a time. Nothing inside knows a clock, a thread, a file or a network.
// Tests:    tests/live/session/session_test.cpp, tests/live/session/same_as_replay_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "genome/program/program.hpp"
#include "live/session/growing_question.hpp"
#include "live/session/planner.hpp"
#include "live/session/want.hpp"
#include "replay/stepping/stepper.hpp"

namespace live {

struct SessionOptions {
  std::int64_t interval = 500;
  std::size_t branches = replay::kMaxOpened;
  std::optional<std::int64_t> budget = std::nullopt;
  std::int64_t probe_cost = 0;
  bool look_always = false;
  friend bool operator==(const SessionOptions&, const SessionOptions&) = default;
};

// The result of a want, once it is there.
struct Given {
  bool there = false;
  Result result;
};

inline constexpr std::int64_t kMostLookTokens = 1'000'000'000'000'000'000;  // told of all looks together

struct SessionUsage {
  std::int64_t spent = 0, generated = 0, look_tokens = 0, latency = 0;
  std::size_t opened = 0, finished = 0, pruned = 0, lost = 0;
  int rounds = 0;
  friend bool operator==(const SessionUsage&, const SessionUsage&) = default;
};

class Session {
 public:
  // `bound` and its program outlive the session, as does `log`, which takes every action when given; answers
  // in it are ids of question(). Who begins many sessions of one program finds out once what it reads.
  // REQUIRES: the options are in range; `reads` is answer_reads() of the program.
  Session(const genome::BoundProgram& bound, const SessionOptions& options, replay::ActionLog* log,
          std::vector<genome::AnswerReads> reads);
  Session(const genome::BoundProgram& bound, const SessionOptions& options, replay::ActionLog* log = nullptr)
      : Session(bound, options, log, genome::answer_reads(*bound.program)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const std::vector<std::string>& signals() const { return bound_.program->signals; }
  const SessionOptions& options() const { return options_; }

  bool next();
  const std::vector<Want>& wants() const { return wants_; }
  std::size_t missing() const { return missing_; }
  bool ended() const { return ended_; }
  void give(Result result);
  // All of them, or none when one does not fit; those given are moved from.
  void give(std::span<Result> results);
  void lose_missing();
  void stop();

  std::optional<std::string> answer() const;
  std::optional<std::size_t> answer_branch() const;
  SessionUsage usage() const;
  replay::EpisodeResult result() const { return stepper_.result(); }

  // ---- what a saved session tells

  const GrowingQuestion& question() const { return table_; }
  // Sets of wants whose results were all applied, and how many there were when stop() was called.
  std::size_t applied() const { return applied_; }
  std::optional<std::size_t> stopped_after() const { return stopped_after_; }
  // By want: what was given of those whose results are not applied yet.
  const std::vector<Given>& given() const { return given_; }
  std::int64_t look_tokens() const { return look_tokens_; }
  void set_look_tokens(std::int64_t tokens) { look_tokens_ = tokens; }

 private:
  static constexpr std::uint8_t kNoWant = 0xFF;

  std::size_t place_of(const Result& result) const;
  void apply_given();
  void apply(const Want& want, const Result& result);
  void apply_look(const Want& want, const Result& result);
  void want_what_is_lacking();
  void tell_pruned();
  void cancel_rest();

  const genome::BoundProgram& bound_;
  SessionOptions options_;
  GrowingQuestion table_;
  std::vector<std::uint32_t> ordering_;        // 0, 1, 2, ...: branches are dealt as they are begun
  std::vector<std::uint16_t> signal_columns_;  // likewise
  replay::Stepper stepper_;
  std::vector<Want> wants_;
  std::vector<Given> given_;  // by want
  std::array<std::uint8_t, replay::kMaxOpened>
      want_of_{};  // by branch: its want that takes a result, or kNoWant
  std::size_t missing_ = 0;
  bool stands_ = false;  // before a statement that is not carried out yet
  bool ended_ = false;
  replay::Mask told_ = 0;  // branches that were pruned and told so
  std::int64_t look_tokens_ = 0;
  std::size_t applied_ = 0;
  std::optional<std::size_t> stopped_after_;
};

}  // namespace live
