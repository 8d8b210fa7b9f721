// session.hpp: a controller at work on a live question: it says what it wants, and is told what came.
// Why:      a program that has a model of its own runs a winner inside its own loop, one question or
//           thousands at a time, as the recordings were run in replay.
// Use:      const evotts::Program program(evotts::known_controller("asc"));
//           evotts::Session session(program, 0.5, {.interval = 500});
//           while (session.next()) {
//             for (const evotts::Want& want : session.wants())
//               if (want.kind != evotts::WantKind::kPrune) session.give(generate(want));
//           }
//           std::cout << session.answer().value_or("none") << "\n";
// Promises: everything that one statement of the controller wants is wanted at once, and results may come in
//           any order: the statement is carried out when the last one is there. Given what a recording holds,
//           a session takes the actions of machine.hpp, with its costs, rounds and answer, to the last bit.
//           It ends for every program, whatever comes and whatever is lost. The program is interpreted. No
//           clock, thread, file or network inside.
// Throws:   Error (kInput) for a number out of range, for a result that nobody wants or that does not fit
//           what was wanted, and for bytes that are not a saved session of this program; all is as before
//           then.
// Threads:  one thread at a time for each session; sessions are independent. One that was moved from may only
//           be assigned to or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <evotts/program.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evotts {

enum class WantKind {
  kOpen,     // begin a branch and generate its first interval
  kAdvance,  // generate `intervals` more of a branch
  kLook,     // read the answer that a branch would give at `depth`; nothing of that enters the branch
  kRead,     // begin a branch and generate it to its end
  kPrune,    // nothing more is generated of this branch: cancel what runs ahead. Takes no result; a look at
             // what there is of it may follow, as at a branch that was lost
};

// Of one branch. An interval is SessionOptions::interval tokens of the thought.
struct Want {
  WantKind kind = WantKind::kOpen;
  std::size_t branch = 0;      // from 0 in the order of opening
  std::int64_t depth = 0;      // intervals of the branch that were generated before; kLook: where to look
  std::int64_t intervals = 0;  // kOpen: 1, kAdvance: at least 1, others: 0
  bool look = false;           // kOpen, kAdvance: look after each interval
  std::optional<std::int64_t> most_tokens = std::nullopt;  // kRead: what the budget has left, if there is one
  friend bool operator==(const Want&, const Want&) = default;
};

// What is seen after an interval of a branch, or by a look.
struct SeenStep {
  std::optional<std::string> answer = std::nullopt;  // by a look; none: no answer could be read, or no look
  std::vector<double> signals = {};  // of this interval, a number for each of Session::signals()
  friend bool operator==(const SeenStep&, const SeenStep&) = default;
};

// What came of a want.
struct Result {
  std::size_t branch = 0;
  // Of kOpen and kAdvance the whole intervals that came, as many as were wanted unless the branch ended or
  // was lost; of kRead those of the thought; of kLook the one look.
  std::vector<SeenStep> steps = {};
  // The branch came to its end in the interval after them (which runs to the end of the reply), with this
  // answer; "ERR" when none can be read.
  bool finished = false;
  std::string answer = {};
  std::vector<double> signals = {};  // of what follows the whole intervals
  std::int64_t tokens = 0;           // finished, lost, or stopped at most_tokens: of the whole branch
  bool lost = false;                 // it failed for good. Of a look: no answer can be had
  std::int64_t look_tokens = 0;      // that looks of this want really took
  friend bool operator==(const Result&, const Result&) = default;
};

struct SessionOptions {
  std::int64_t interval = 500;                        // tokens, 1 to 10^9
  std::size_t branches = 64;                          // that may be opened, 1 to 64
  std::optional<std::int64_t> budget = std::nullopt;  // tokens, from 0 to 10^12; none: without limit
  std::int64_t probe_cost = 0;  // that the program is charged for a look, 0 to 10^6 tokens
  bool look_always = false;     // after each interval that is probed, not only where the program reads it
};

// Tokens by what became of them.
struct SessionUsage {
  std::int64_t spent = 0;        // as the program counts: branches and `probe_cost` for each probe
  std::int64_t generated = 0;    // of branches, all that came
  std::int64_t look_tokens = 0;  // that looks took
  std::int64_t latency = 0;      // with branches side by side: the longest advance of each round
  std::size_t opened = 0;        // branches
  std::size_t finished = 0;      // branches that came to their end
  std::size_t pruned = 0;        // by the program or the budget
  std::size_t lost = 0;          // branches
  int rounds = 0;                // begun
  friend bool operator==(const SessionUsage&, const SessionUsage&) = default;
};

class Session {
 public:
  Session(Program program, double beta, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Names of the signals that the program reads: results bring a number for each, in this order.
  const std::vector<std::string>& signals() const;

  // Runs the program on until it wants something; false: it has ended. Does nothing while results are
  // missing.
  bool next();
  // What is wanted now, in the order of the statement. After the end: branches to be cancelled, if any.
  const std::vector<Want>& wants() const;
  // How many of the wants have no result yet.
  std::size_t missing() const;
  // The result of one want, or of several. Each want has one.
  void give(Result result);
  void give(std::vector<Result> results);
  // What is missing is lost: a deadline has passed, or a server is gone.
  void lose_missing();
  // No more rounds: what is missing is lost, the statement is carried out, and next() goes on with the
  // program's answer. Changes wants().
  void stop();

  // Of a session that has ended; none: the program gives no answer.
  std::optional<std::string> answer() const;
  // A branch that ended with that answer, the earliest; else the one furthest along that shows it; none
  // when no branch does.
  std::optional<std::size_t> answer_branch() const;
  SessionUsage usage() const;

  // All of the session as text, which restore() takes up with the same program, in this process or another.
  // The form has a version; restore() knows those of earlier releases.
  std::string save() const;
  static Session restore(Program program, std::string_view saved);

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace evotts
