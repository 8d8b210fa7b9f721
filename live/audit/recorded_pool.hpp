// recorded_pool.hpp: the recorded branches of a question as what an audit measures with.
// Why:      what a branch shows is told by how it compares with the recorded ones; a recorded branch must not
//           be compared with itself, or the recording would look more like itself than its model does.
// Use:      const RecordedPool pool(question, environment.signals);
//           Tally replayed = pool.tally(log, ordering, result);
//           Tally live = pool.tally(episode);
// Promises: a recorded branch and one from elsewhere that shows the same have tallies of the same mean. Where
//           fewer than kFewest branches were recorded at a depth, looks are not compared.
// Threads:  immutable once made; the question outlives it.
// Tests:    tests/live/audit/recorded_pool_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "live/audit/checks.hpp"
#include "replay/environment/environment.hpp"
#include "replay/machine/action_log.hpp"
#include "replay/machine/machine.hpp"

namespace live {

class RecordedPool {
 public:
  static constexpr std::uint32_t kFewest = 4;

  RecordedPool(const replay::Question& question, const std::vector<std::string>& signals);

  // `ordering` may deal a branch more than once.
  Tally tally(const replay::ActionLog& log, std::span<const std::uint32_t> ordering,
              const replay::EpisodeResult& result) const;
  Tally tally(const SeenEpisode& episode) const;

 private:
  // Sums over the first intervals of a branch.
  struct Depth {
    float agree = 0, compared = 0, blank = 0;
    std::array<double, kAuditSignals.size()> signals{};
  };
  void count_branches();
  void sum_up_branches();
  void sum_up(const replay::Branch& branch);
  std::optional<double> agreement(replay::AnswerId answer, bool own) const;
  void add_end(Tally& tally, std::int64_t tokens, replay::AnswerId answer, bool blank, bool own) const;
  void add_recorded(Tally& tally, std::size_t branch, std::size_t depth, bool looked, bool finished) const;
  void add_seen(Tally& tally, const SeenBranch& branch) const;
  replay::AnswerId id_of(const std::string& answer) const;
  // The one that stands for it in counts: all that are blank are one.
  replay::AnswerId counted(replay::AnswerId answer) const;

  const replay::Question& question_;
  std::array<std::optional<std::size_t>, kAuditSignals.size()> columns_;
  std::unordered_map<std::string, replay::AnswerId> ids_;
  replay::AnswerId blank_ = replay::kNoAnswer;
  // How many recorded branches ended with which answer.
  std::unordered_map<replay::AnswerId, std::uint32_t> ended_;
  std::vector<Depth> depths_;       // of all branches: from depth 0 to their last
  std::vector<std::size_t> first_;  // by branch: where its begin
};

}  // namespace live
