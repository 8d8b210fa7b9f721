#include "live/session/growing_question.hpp"

#include <algorithm>

#include "genome/base/check.hpp"
#include "replay/environment/limits.hpp"

namespace live {

using replay::AnswerId;

GrowingQuestion::GrowingQuestion(std::int64_t interval, std::size_t branches, std::size_t signals) {
  EVOTTS_CHECK(interval > 0 && branches > 0 && branches <= replay::kMaxOpened);
  question_.interval = interval;
  question_.branches.resize(branches);
  question_.signals.resize(signals);
  question_.add_answer("", true);  // kUnknown, which no text has
  branches_.resize(branches);
}

AnswerId GrowingQuestion::intern(std::string_view answer) {
  // Answers mostly repeat each other.
  if (latest_ != kUnknown && text_of(latest_) == answer) return latest_;
  if (const auto known = ids_.find(answer); known != ids_.end()) return latest_ = known->second;
  latest_ = question_.add_answer(answer, answer.empty() || answer == "ERR");
  ids_.emplace(answer, latest_);
  return latest_;
}

std::int64_t GrowingQuestion::last_tokens(std::size_t branch) const {
  return std::max<std::int64_t>(0, tokens(branch) - question_.interval * steps(branch));
}

std::int64_t GrowingQuestion::generated(std::size_t branch) const {
  return std::max(question_.interval * steps(branch), told_tokens(branch));
}

double GrowingQuestion::signal_at(std::size_t signal, std::size_t branch, std::int64_t step) const {
  return question_.signals[signal]
      .latest[question_.branches[branch].first_signal + static_cast<std::size_t>(step)];
}

std::int64_t GrowingQuestion::most_steps() const {
  return static_cast<std::int64_t>(question_.signals.empty() ? replay::kMaxProbes
                                                             : replay::kMaxProbesWithSignals);
}

// Branches lie one after another; one that has outgrown its place moves behind all others, to twice the room.
void GrowingQuestion::give_room(std::size_t branch, std::uint32_t steps) {
  Branch& grown = branches_[branch];
  if (steps <= grown.room) return;
  constexpr std::uint32_t kFew = 4;
  const std::uint32_t room = std::max({kFew, steps, 2 * grown.room});
  replay::Branch& recorded = question_.branches[branch];
  const auto move = [](auto& list, std::uint32_t& first, std::size_t used, std::size_t size) {
    const std::size_t to = list.size();
    list.resize(to + size);
    std::copy_n(list.begin() + first, used, list.begin() + static_cast<std::ptrdiff_t>(to));
    return static_cast<std::uint32_t>(to);
  };
  const std::size_t seen = grown.room == 0 ? 0 : recorded.probes + 1;
  std::uint32_t first_signal = 0;
  for (replay::SignalTable& table : question_.signals) {
    first_signal = move(table.latest, recorded.first_signal, seen, room + 2);
    move(table.mean, recorded.first_signal, seen, room + 2);
    move(table.least_step, recorded.first_signal, seen, room + 2);
  }
  recorded.first_signal = first_signal;
  recorded.first_probe = move(question_.probes, recorded.first_probe, recorded.probes, room);
  grown.room = room;
}

void GrowingQuestion::begin(std::size_t branch, std::size_t steps) {
  EVOTTS_CHECK(!begun(branch));
  give_room(branch, static_cast<std::uint32_t>(std::max<std::size_t>(steps, 1)));
  branches_[branch].summaries.resize(question_.signals.size());
}

void GrowingQuestion::see(std::size_t branch, std::size_t step, std::span<const double> signals,
                          std::int64_t tokens) {
  EVOTTS_CHECK(signals.size() == question_.signals.size());
  const std::size_t first = question_.branches[branch].first_signal;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    question_.signals[i].latest[first + step] = signals[i];
    branches_[branch].summaries[i].see(question_.signals[i], first, step, tokens);
  }
}

void GrowingQuestion::add_step(std::size_t branch, AnswerId answer, std::span<const double> signals) {
  EVOTTS_CHECK(begun(branch) && !ended(branch));
  replay::Branch& recorded = question_.branches[branch];
  give_room(branch, recorded.probes + 1);
  ++recorded.probes;
  show(branch, recorded.probes, answer);
  see(branch, recorded.probes, signals, question_.interval);
  if (recorded.probes == most_steps()) lose(branch, question_.interval * recorded.probes);
}

void GrowingQuestion::add_unseen(std::size_t branch, std::size_t steps) {
  EVOTTS_CHECK(begun(branch) && !ended(branch) && question_.signals.empty());
  replay::Branch& recorded = question_.branches[branch];
  give_room(branch, recorded.probes + static_cast<std::uint32_t>(steps));
  std::fill_n(question_.probes.begin() + recorded.first_probe + recorded.probes, steps, kUnknown);
  recorded.probes += static_cast<std::uint32_t>(steps);
  if (recorded.probes == most_steps()) lose(branch, question_.interval * recorded.probes);
}

void GrowingQuestion::finish(std::size_t branch, std::int64_t tokens, AnswerId answer,
                             std::span<const double> signals) {
  EVOTTS_CHECK(begun(branch) && !ended(branch));
  replay::Branch& recorded = question_.branches[branch];
  recorded.tokens = branches_[branch].told = tokens;
  recorded.final_answer = answer;
  branches_[branch].end = End::kFinished;
  see(branch, recorded.probes + 1, signals, last_tokens(branch));
}

void GrowingQuestion::lose(std::size_t branch, std::int64_t tokens) {
  EVOTTS_CHECK(begun(branch) && !ended(branch));
  tokens = std::min(tokens, replay::kMaxTokens);
  question_.branches[branch].tokens = branches_[branch].told = tokens;
  branches_[branch].end = End::kLost;
}

void GrowingQuestion::stop(std::size_t branch, std::int64_t tokens, std::int64_t beyond) {
  EVOTTS_CHECK(begun(branch) && !ended(branch));
  branches_[branch].told = tokens;
  question_.branches[branch].tokens = std::max(tokens, beyond);
  branches_[branch].end = End::kStopped;
}

}  // namespace live
