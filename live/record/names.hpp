// names.hpp: what the ends, sources and actions of an episode are called in a record.
// Why:      what is written and what is read back must be the same words.
// Use:      json["end"] = kEndNames.name_of(branch.end);   const auto end = kEndNames.value_of("pruned");
// Promises: constants.
// Threads:  pure functions.
// Tests:    tests/live/record/episode_json_test.cpp
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "live/episode/outcome.hpp"

namespace live {

inline constexpr int kRecordVersion = 1;

template <typename T, std::size_t N>
struct Names {
  std::array<std::pair<T, const char*>, N> names;

  constexpr const char* name_of(T value) const {
    for (const auto& [each, name] : names)
      if (each == value) return name;
    return "";
  }
  constexpr std::optional<T> value_of(std::string_view text) const {
    for (const auto& [each, name] : names)
      if (text == name) return each;
    return std::nullopt;
  }
};

inline constexpr Names<EpisodeOutcome::How, 3> kHowNames{{{{EpisodeOutcome::How::kAnswered, "answered"},
                                                           {EpisodeOutcome::How::kFailed, "failed"},
                                                           {EpisodeOutcome::How::kCancelled, "cancelled"}}}};

inline constexpr Names<EpisodeOutcome::Text, 4> kSourceNames{{{{EpisodeOutcome::Text::kNone, "none"},
                                                               {EpisodeOutcome::Text::kBranch, "branch"},
                                                               {EpisodeOutcome::Text::kFinished, "finished"},
                                                               {EpisodeOutcome::Text::kAnswer, "answer"}}}};

inline constexpr Names<TrailBranch::End, 4> kEndNames{{{{TrailBranch::End::kUnfinished, "unfinished"},
                                                        {TrailBranch::End::kFinished, "finished"},
                                                        {TrailBranch::End::kPruned, "pruned"},
                                                        {TrailBranch::End::kLost, "lost"}}}};

inline constexpr Names<replay::ActionKind, 5> kActionNames{{{{replay::ActionKind::kBranch, "branch"},
                                                             {replay::ActionKind::kRead, "read"},
                                                             {replay::ActionKind::kContinue, "continue"},
                                                             {replay::ActionKind::kProbe, "probe"},
                                                             {replay::ActionKind::kPrune, "prune"}}}};

}  // namespace live
