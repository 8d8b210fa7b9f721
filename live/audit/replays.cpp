#include "live/audit/replays.hpp"

#include "genome/base/rng.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"

namespace live {
namespace {

using genome::base::Rng;

constexpr std::uint64_t kRedealt = 2;  // among streams of this purpose

void count_branches(Replays& replays, const replay::ActionLog& log, const replay::Question& question,
                    std::span<const std::uint32_t> dealt) {
  for (const replay::Action& action : log) {
    const bool opens = action.kind == replay::ActionKind::kBranch || action.kind == replay::ActionKind::kRead;
    replays.opened += opens ? 1 : 0;
    if (action.finished) ++replays.lengths[question.branches[dealt[action.lane]].tokens];
  }
}

std::vector<std::uint32_t> redealt(Rng& rng, std::size_t branches) {
  std::vector<std::uint32_t> dealt(branches);
  for (std::uint32_t& each : dealt)
    each = static_cast<std::uint32_t>(genome::base::uniform_index(rng, branches));
  return dealt;
}

}  // namespace

Replays replay_question(const RecordedPool& pool, const replay::Question& question, const ReplayTask& task,
                        std::uint64_t number) {
  Replays replays{.count = task.episodes};
  replay::Machine machine;
  replay::ActionLog log;
  const auto play = [&](std::span<const std::uint32_t> dealt) {
    log.clear();
    const replay::EpisodeResult result =
        machine.run(task.program, question, dealt,
                    {.episode = task.options, .log = &log, .native = {}, .columns = task.columns});
    return pool.tally(log, dealt, result);
  };
  for (std::size_t i = 0; i < task.episodes; ++i) {
    const std::vector<std::uint32_t> dealt = replay::ordering(i, question.branches.size());
    replays.sum += play(dealt);
    count_branches(replays, log, question, dealt);
  }
  replays.opened /= static_cast<double>(task.episodes);
  Rng rng = genome::base::keyed_stream(task.seed, genome::base::Purpose::kBootstrap, number, 0, kRedealt);
  for (std::size_t i = 0; i < task.episodes; ++i)
    replays.episodes.push_back(play(redealt(rng, question.branches.size())));
  return replays;
}

}  // namespace live
