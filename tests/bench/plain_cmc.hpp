// plain_cmc.hpp: cmc written by hand in C++ the plain way: action by action, as it would drive live branches.
// Why:      SpecialisedCmc shows what is possible when answers that nobody judges are never looked at; this
//           is the code that an engineer would write who plays by the rules of the replay environment one
//           action at a time: every BRANCH and CONTINUE is charged, every PROBE reveals its answer.
// Use:      PlainCmc cmc(0.5);
//           replay::EpisodeResult r = cmc.run(CompactQuestion(question), ordering);
// Promises: the result equals that of replay::Machine::run for the program of cmc at that beta.
// Threads:  one thread at a time; its buffers are used again.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "tests/bench/specialised_cmc.hpp"

namespace bench {

class PlainCmc {
 public:
  static constexpr std::string_view kController = "cmc";  // in the library

  explicit PlainCmc(double beta) : schedule_(beta) {}
  replay::EpisodeResult run(const CompactQuestion& question, std::span<const std::uint32_t> ordering);
  std::int64_t probes() const { return probes_; }  // in the last episode

 private:
  struct Branch {
    const std::uint16_t* rows = nullptr;  // p1 .. pL
    std::int32_t length = 0, depth = 0;
    std::int32_t answer = -1, deviance = 0;
    std::int64_t last_cost = 0, stage_tokens = 0;
    std::int32_t final_answer = -1;
    bool pruned = false;
  };

  void open(int count, std::span<const std::uint32_t> ordering);
  void advance(std::size_t branch);
  void judge(std::int32_t leader);
  void sort_active(std::int32_t Branch::*key);
  void count_votes();
  std::int32_t answer_at_the_end();

  SpecialisedCmc::Schedule schedule_;
  const CompactQuestion* question_ = nullptr;
  std::array<Branch, replay::kMaxOpened> branches_;
  std::size_t opened_ = 0;
  std::array<std::uint8_t, replay::kMaxOpened> active_{}, finished_{};  // the latter in order of finishing
  std::size_t active_count_ = 0, finished_count_ = 0, counted_ = 0;
  std::vector<std::int32_t> votes_;  // by answer
  std::int32_t leader_ = -1, support_ = 0, runner_up_ = 0;
  std::int64_t spent_ = 0, longest_ = 0, probes_ = 0;
  std::vector<double> history_;
};

}  // namespace bench
