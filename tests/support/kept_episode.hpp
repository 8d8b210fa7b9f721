// kept_episode.hpp: a record of an episode as a server writes it, small enough to be read.
// Use:      live::EpisodeRecord record = tests::kept_episode("a", "1+1");
// Promises: interval 10; branch 0 ended with 2 behind a look, branch 1 was pruned behind two intervals,
//           branch 2 was lost. The seed is that of the id's first letter.
// Threads:  pure functions.
#pragma once

#include <memory>
#include <string>

#include "live/serve/episode_record.hpp"

namespace tests {

inline constexpr const char* kMade =
    R"({"end_of_thought":"","grade":"exact","interval":10,"look_suffix":"!","look_task":"number",)"
    R"("look_tokens":8,"max_tokens":100,"model":"small","prompt":"{question}","raw":false,)"
    R"("sampling":{"logit_bias":{},"min_p":0.0,"stop":[],"temperature":1.0,"top_k":0,"top_p":1.0},)"
    R"("system":"","task":"number"})";

inline std::shared_ptr<live::EpisodeTrail> kept_trail() {
  using End = live::TrailBranch::End;
  using Kind = replay::ActionKind;
  auto trail = std::make_shared<live::EpisodeTrail>();
  trail->branches = {
      {.end = End::kFinished,
       .tokens = 17,
       .intervals = 1,
       .answer = "2",
       .looks = {{.depth = 1, .answer = "3", .said = "3\n"}},
       .signals = {{"logprob", {-0.5, -0.25}}},
       .text = "so it is 2"},
      {.end = End::kPruned,
       .tokens = 20,
       .intervals = 2,
       .looks = {{.depth = 2, .answer = "ERR", .said = std::nullopt}},
       .signals = {{"logprob", {-1, -2}}},
       .text = "hm \xff"},
      {.end = End::kLost, .tokens = 0, .error = "gone", .signals = {{"logprob", {}}}, .text = ""}};
  trail->actions = {{.kind = Kind::kBranch, .lane = 0, .round = -1, .cost = 10},
                    {.kind = Kind::kProbe, .lane = 0, .round = -1},
                    {.kind = Kind::kBranch, .lane = 1, .round = -1, .cost = 10},
                    {.kind = Kind::kContinue, .lane = 0, .finished = true, .round = 0, .cost = 7},
                    {.kind = Kind::kProbe, .lane = 0, .round = 0},
                    {.kind = Kind::kContinue, .lane = 1, .round = 0, .cost = 10},
                    {.kind = Kind::kProbe, .lane = 1, .round = 0},
                    {.kind = Kind::kPrune, .lane = 1, .round = 1}};
  return trail;
}

inline live::EpisodeRecord kept_episode(const std::string& id, const std::string& question) {
  live::EpisodeRecord record{
      .head = {.program = "evotts 1", .controller = "cmc", .digest = "ab12", .made = kMade},
      .id = id,
      .time = "2026-01-31T12:00:00Z",
      .model = "small@0.25",
      .messages = {{"user", question}},
      .beta = 0.25,
      .seed = static_cast<unsigned char>(id.front()),
      .budget = 500,
      .seconds = 1.5};
  record.outcome = {
      .answer = "2",
      .branch = 0,
      .from = live::EpisodeOutcome::Text::kBranch,
      .votes = {{.answer = "2", .finished = 1, .others = 0}},
      .session =
          {.spent = 37, .latency = 17, .opened = 3, .finished = 1, .pruned = 1, .lost = 1, .rounds = 2},
      .tokens = {.branches = 37, .looks = 10, .prompt = 99, .requests = 6},
      .trail = kept_trail()};
  return record;
}

}  // namespace tests
