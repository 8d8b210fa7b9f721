// What a front hands on of an episode that has ended, to be kept.
#include <ctime>
#include <fmt/chrono.h>

#include "live/serve/front.hpp"

namespace live {

void Front::keep(const Job& job, const EpisodeOutcome& outcome) const {
  const std::time_t created = job.told.created;
  options_.record({.head = options_.head,
                   .id = job.told.id,
                   .time = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(created)),
                   .model = job.told.model,
                   .messages = job.asked.messages,
                   .beta = job.told.beta,
                   .seed = job.seed,
                   .budget = job.asked.budget ? job.asked.budget : options_.session.budget,
                   .ceiling = job.asked.ceiling,
                   .deadline = options_.seconds,
                   .seconds = job.told.seconds,
                   .outcome = outcome});
}

}  // namespace live
