#include "live/audit/recorded_pool.hpp"

#include <algorithm>

#include "genome/base/check.hpp"
#include "replay/analysis/playback.hpp"

namespace live {
namespace {

// Of an answer that no recorded branch ever gave.
constexpr replay::AnswerId kNew = -2;

bool is_blank(const std::string& answer) { return answer.empty() || answer == "ERR"; }

}  // namespace

RecordedPool::RecordedPool(const replay::Question& question, const std::vector<std::string>& signals)
    : question_(question) {
  for (std::size_t i = 0; i < kAuditSignals.size(); ++i) {
    const auto found = std::ranges::find(signals, kAuditSignals[i]);
    if (found != signals.end()) columns_[i] = static_cast<std::size_t>(found - signals.begin());
  }
  for (std::size_t i = 0; i < question.answers.size(); ++i)
    ids_.emplace(question.answers[i], static_cast<replay::AnswerId>(i));
  for (const char* blank : {"", "ERR"}) {  // one is as good as the other
    if (blank_ == replay::kNoAnswer && ids_.contains(blank)) blank_ = ids_.at(blank);
  }
  count_branches();
  sum_up_branches();
}

void RecordedPool::count_branches() {
  for (const replay::Branch& branch : question_.branches) ++ended_[counted(branch.final_answer)];
}

void RecordedPool::sum_up_branches() {
  for (const replay::Branch& branch : question_.branches) {
    first_.push_back(depths_.size());
    sum_up(branch);
  }
}

// A look is held against the end of its own branch, and not against recorded looks: an answer that is not yet
// decided is chosen by the last digit of a logit, which other hardware rounds otherwise.
void RecordedPool::sum_up(const replay::Branch& branch) {
  const replay::AnswerId end = branch.final_answer;
  const bool told = end >= 0 && question_.blank[static_cast<std::size_t>(end)] == 0;
  Depth sums;
  depths_.push_back(sums);
  for (std::uint32_t d = 1; d <= branch.probes; ++d) {
    const replay::AnswerId answer = question_.probes[branch.first_probe + d - 1];
    sums.agree += told && answer == end ? 1.F : 0.F;
    sums.compared += told ? 1.F : 0.F;
    sums.blank += question_.blank[static_cast<std::size_t>(answer)] != 0 ? 1.F : 0.F;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i]) sums.signals[i] += question_.signals[*columns_[i]].latest[branch.first_signal + d];
    depths_.push_back(sums);
  }
}

// The chance that another recorded branch, drawn at random, ends with this answer.
std::optional<double> RecordedPool::agreement(replay::AnswerId answer, bool own) const {
  const auto all = static_cast<std::uint32_t>(question_.branches.size());
  if (all < kFewest + (own ? 1 : 0)) return std::nullopt;
  const auto found = ended_.find(counted(answer));
  const double same = (found == ended_.end() ? 0 : found->second) - (own ? 1 : 0);
  return same / (all - (own ? 1 : 0));
}

replay::AnswerId RecordedPool::counted(replay::AnswerId answer) const {
  const bool blank = answer >= 0 && question_.blank[static_cast<std::size_t>(answer)] != 0;
  return blank ? blank_ : answer;
}

replay::AnswerId RecordedPool::id_of(const std::string& answer) const {
  if (is_blank(answer)) return blank_;
  const auto found = ids_.find(answer);
  return found == ids_.end() ? kNew : found->second;
}

void RecordedPool::add_end(Tally& tally, std::int64_t tokens, replay::AnswerId answer, bool blank,
                           bool own) const {
  tally[place_of(Check::kEnds)] += {1, 1};
  tally[place_of(Check::kLengths)] += {static_cast<double>(tokens), 1};
  const bool right = answer >= 0 && answer == question_.gold_id;
  tally[place_of(Check::kFinalsRight)] += {right ? 1.0 : 0.0, 1};
  tally[place_of(Check::kFinalsBlank)] += {blank ? 1.0 : 0.0, 1};
  if (const auto chance = agreement(answer, own)) tally[place_of(Check::kFinalsAgree)] += {*chance, 1};
}

// ---- in replay

Tally RecordedPool::tally(const replay::ActionLog& log, std::span<const std::uint32_t> ordering,
                          const replay::EpisodeResult& result) const {
  Tally tally{};
  tally[place_of(Check::kAccuracy)] = {result.right ? 1.0 : 0.0, 1};
  tally[place_of(Check::kTokens)] = {static_cast<double>(result.tokens), 1};
  replay::Playback playback;
  playback.begin(question_, ordering);
  replay::Mask whole = 0;
  for (const replay::Action& action : log) {
    playback.take(action);
    if (action.kind == replay::ActionKind::kRead) whole |= replay::bit(action.lane);
  }
  for (std::size_t lane = 0; lane < playback.branches().size(); ++lane) {
    const replay::BranchState& branch = playback.branches()[lane];
    const bool looked = (whole & replay::bit(lane)) == 0;
    add_recorded(tally, branch.recorded, branch.depth, looked, branch.finished);
  }
  return tally;
}

void RecordedPool::add_recorded(Tally& tally, std::size_t branch, std::size_t depth, bool looked,
                                bool finished) const {
  const replay::Branch& recorded = question_.branches[branch];
  EVOTTS_CHECK(depth <= recorded.probes);
  const Depth& sums = depths_[first_[branch] + depth];
  const auto intervals = static_cast<double>(depth);
  tally[place_of(Check::kEnds)] += {0, intervals};
  if (looked) {
    if (finished) tally[place_of(Check::kLooksAgree)] += {sums.agree, sums.compared};
    tally[place_of(Check::kLooksBlank)] += {sums.blank, intervals};
  }
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i]) tally[place_of(check_of_signal(i))] += {sums.signals[i], intervals};
  if (!finished) return;
  const replay::AnswerId answer = recorded.final_answer;
  const bool blank = answer < 0 || question_.blank[static_cast<std::size_t>(answer)] != 0;
  add_end(tally, recorded.tokens, answer, blank, true);
}

// ---- at a server

Tally RecordedPool::tally(const SeenEpisode& episode) const {
  Tally tally{};
  const bool right = !episode.answer.empty() && episode.answer == question_.gold;
  tally[place_of(Check::kAccuracy)] = {right ? 1.0 : 0.0, 1};
  tally[place_of(Check::kTokens)] = {static_cast<double>(episode.tokens), 1};
  for (const SeenBranch& branch : episode.branches) add_seen(tally, branch);
  return tally;
}

void RecordedPool::add_seen(Tally& tally, const SeenBranch& branch) const {
  tally[place_of(Check::kEnds)] += {0, static_cast<double>(branch.intervals)};
  for (std::size_t i = 0; !branch.whole && i < branch.looks.size(); ++i) {
    const std::string& answer = branch.looks[i];
    if (answer.empty()) continue;
    tally[place_of(Check::kLooksBlank)] += {is_blank(answer) ? 1.0 : 0.0, 1};
    if (branch.finished && !is_blank(branch.answer))
      tally[place_of(Check::kLooksAgree)] += {answer == branch.answer ? 1.0 : 0.0, 1};
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i]) continue;
    for (const double number : branch.signals[i]) tally[place_of(check_of_signal(i))] += {number, 1};
  }
  if (branch.finished) add_end(tally, branch.tokens, id_of(branch.answer), is_blank(branch.answer), false);
}

}  // namespace live
