// divergence_text.hpp: the point at which two controllers' episodes part, with what came before and after.
// Why:      a difference of means is understood by looking at one episode where it comes about.
// Use:      print(divergence_text({name, question, dealt, trace_a, trace_b}, options));
// Promises: a few actions before, and a few of each side after; both ends and answers.
// Threads:  pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "experiments/reports/trace_text.hpp"
#include "replay/analysis/trace.hpp"

namespace experiments {

struct DivergingEpisodes {
  const EpisodeName& name;  // its controller is not told
  const replay::Question& question;
  std::span<const std::uint32_t> ordering;
  const replay::Trace& a;
  const replay::Trace& b;
};

std::string divergence_text(const DivergingEpisodes& episodes, const replay::EpisodeOptions& options);
std::string divergence_json(const DivergingEpisodes& episodes);

}  // namespace experiments
