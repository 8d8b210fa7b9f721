// call.hpp: the jobs of one call of the evaluator, handed out in pieces and put together again.
// Why:      pieces are run anywhere and come back in any order; where their sums belong is known by index.
// Use:      Call call(jobs, controllers, questions);
//           while (!call.all_given()) { const Piece piece = call.take(5'000); ... call.put(piece, sums); }
//           std::vector<replay::Cell> cells = call.cells();
// How:      a piece is some whole controllers with all of their jobs, one of them on some questions, or the
//           last ones together on some questions. A program is compiled, and made native code, once on each
//           rank that has a part of it. What controllers cost is not known beforehand, and differs; what some
//           questions cost is a share of what all do. So those dealt out together, up to all of them, let a
//           call end everywhere at once.
// Promises: cells are those of Evaluator::run(), whatever the pieces were. The arguments must outlive it.
// Threads:  a value.
// Tests:    tests/cluster/call_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cluster/messages.hpp"
#include "evo/sharing/job_runner.hpp"

namespace cluster {

// Questions are counted in golden steps through the set: those of one environment are alike, so that some
// in a row may take many times what others do.
struct Piece {
  std::size_t controller = 0, controllers = 0;
  std::size_t question = 0, questions = 0;
  std::uint64_t episodes = 0;
};

// At which end of the questions a piece of controllers dealt out together is taken. Who keeps to an end meets
// the same questions in each call of as many, and may still have their recordings in a cache.
enum class From : std::uint8_t { kFront, kBack };

// The set's questions from the step `first` on, in the set's order. REQUIRES: it has as many.
replay::QuestionSet part_of(const replay::QuestionSet& set, std::size_t first, std::size_t count);

class Call {
 public:
  Call(std::span<const replay::EvaluationJob> jobs, evo::Controllers controllers,
       const replay::QuestionSet& questions);

  // As many of the last controllers are dealt out together as have at least this share of all episodes.
  // REQUIRES: nothing was taken yet.
  void deal_together(double share);

  bool all_given() const { return next_controller_ == grouped_.size(); }
  bool complete() const { return missing_ == 0; }
  std::uint64_t episodes_left() const { return left_; }    // that nobody was given
  std::uint64_t episodes_whole() const { return whole_; }  // of all controllers that are handed out whole
  // Whether the next piece is of those dealt out together. REQUIRES: not all_given()
  bool deals_together() const { return next_controller_ >= first_together_; }
  // Whether it is of whole controllers, with some that are dealt out together after these.
  bool evens_out_later() const { return !deals_together() && first_together_ < grouped_.size(); }
  std::size_t controllers() const { return grouped_.size(); }

  // About so many episodes; at least one question of one controller, or of those that are dealt out together.
  // REQUIRES: not all_given()
  Piece take(double episodes, From from = From::kFront);

  // The piece for another rank, but for its number and its set, and without controllers that are known there;
  // or what this process runs itself.
  Unit unit_of(const Piece& piece, bool controllers_known = false);
  std::vector<replay::EvaluationJob> jobs_of(const Piece& piece) const;
  replay::QuestionSet questions_of(const Piece& piece) const;

  // By controller, job and question of the piece. TransportError when they are not as many.
  void put(const Piece& piece, std::span<const replay::QuestionSums> sums);

  // REQUIRES: complete()
  std::vector<replay::Cell> cells() &&;

 private:
  struct Grouped {
    const genome::Controller* controller = nullptr;
    std::string text;  // empty until somebody is sent it
    std::vector<std::size_t> jobs;
    std::uint64_t episodes = 0;  // of one question
  };
  static std::vector<Grouped> mixed(std::vector<Grouped> grouped);
  Piece whole_controllers(double episodes) const;
  Piece some_questions(double episodes, std::size_t controllers, From from) const;

  std::span<const replay::EvaluationJob> jobs_;
  const replay::QuestionSet* questions_;
  std::size_t count_;               // of questions
  std::vector<Grouped> grouped_;    // by program, mixed
  std::size_t first_together_ = 0;  // controllers from here on are dealt out together
  std::size_t next_controller_ = 0, next_question_ = 0, taken_back_ = 0;
  std::uint64_t left_ = 0, whole_ = 0;
  std::size_t missing_ = 0;                 // sums that did not come yet
  std::vector<replay::QuestionSums> sums_;  // by job, then question
};

}  // namespace cluster
