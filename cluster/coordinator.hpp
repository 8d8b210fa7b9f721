// coordinator.hpp: rank 0 hands out the evaluator's jobs, runs some itself, and puts the sums together.
// Why:      the search asks for episodes call by call, and a call is over when its slowest rank is; so pieces
//           are small towards its end, and nobody waits for messages.
// Use:      Coordinator coordinator(team, setting, run_here);
//           const evo::JobSharing sharing(evaluator, coordinator);
// How:      whoever is about to run out of work gets a share of what is left, by its threads (guided
//           self-scheduling, Polychronopoulos and Kuck 1987), of 0.3 to 100 ms where one question of one
//           controller does not take longer. A rank has two pieces or more under way, so that it works while
//           messages travel, but nothing whose answer would come later than the call could end. What rank 0
//           would finish by itself before an answer could come stays here. In its own work rank 0 pauses to
//           hear the others and to give them more. As many controllers as are cheap to compile on every rank
//           are dealt out together, last (call.hpp): their texts go to each rank once, and pieces are some
//           questions, rank 0's from one end and the others' from the other.
// Promises: cells depend on the jobs alone, not on who ran them, when and in what order: they are written by
//           index. Work that was given up is dropped when it comes; the next call begins at once.
// Throws:   replay::InputError when a rank cannot have the environments, naming it; TransportError.
// Threads:  that of the transport, which is that of the search.
// Tests:    tests/cluster/coordinator_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "cluster/call.hpp"
#include "cluster/environments.hpp"
#include "cluster/team.hpp"
#include "evo/sharing/job_runner.hpp"

namespace cluster {

// As Evaluator::sums(); a benchmark has others.
using RunJobs = std::function<std::vector<replay::QuestionSums>(
    std::span<const replay::EvaluationJob>, const replay::QuestionSet&, const replay::Evaluator::Progress&)>;

class Coordinator : public evo::JobRunner {
 public:
  // Returns when every rank has the environments. The team must outlive it.
  Coordinator(Team& team, const Setting& setting, RunJobs run_here);

  std::vector<replay::Cell> run(std::span<const replay::EvaluationJob> jobs, evo::Controllers controllers,
                                const replay::QuestionSet& questions) override;

  // Run by others since it was made: for progress.
  std::uint64_t episodes_elsewhere() const { return elsewhere_; }

 private:
  struct Given {
    int rank = 0;
    Piece piece;
  };
  struct Load {
    std::size_t pieces = 0;
    std::uint64_t episodes = 0;
    // Of this call, what it was sent last: which controllers, how many from there on, and by which unit.
    std::pair<std::size_t, std::size_t> controllers{0, 0};
    std::uint64_t brought_by = 0;
  };

  void set_up(const Setting& setting);
  std::uint32_t id_of(const replay::QuestionSet& questions);
  double share(const Call& call, unsigned threads, double longest) const;  // episodes
  double share_together(const Call& call, std::size_t questions) const;
  double seconds_ahead(const Member& member) const;
  double seconds_to_end(const Call& call) const;
  std::optional<double> room_of(const Member& member, const Call& call, double end) const;
  void give_out(Call& call, std::uint32_t questions);
  void run_here(Call& call, std::uint32_t questions);
  bool take_messages(Call& call);
  void take_sums(Call& call, const Message& message);
  void learn(std::uint64_t episodes, double seconds, unsigned threads);

  Team* team_;
  RunJobs run_here_;
  std::vector<replay::QuestionSet> known_sets_;  // by all ranks
  std::map<std::uint64_t, Given> given_;         // by number of the unit
  std::vector<Load> loads_;                      // by place in Team::others()
  std::uint64_t next_number_ = 0, first_of_call_ = 0;
  double episode_seconds_ = 1e-6;  // of one thread, as lately
  bool learned_ = false;           // or guessed
  double left_here_ = 0;           // episodes of the piece that rank 0 is at
  std::uint64_t elsewhere_ = 0;
};

}  // namespace cluster
