#include "llm_mutators/proposers/observer.hpp"

#include <chrono>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genome/base/text.hpp"

namespace llm_mutators {

std::string Reporter::observations(const evo::Individual& parent) const {
  return observer_ != nullptr ? observer_->observations(parent) : std::string();
}

void Reporter::tell(const std::string& message) const {
  const std::scoped_lock lock(mutex_);
  if (observer_ != nullptr) observer_->tell(message);
}

void Reporter::log(double seconds, const Question& question, const RecordedReply& recorded,
                   std::string_view model) const {
  if (observer_ == nullptr) return;
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const Reply& reply = recorded.reply;
  const nlohmann::ordered_json json = {
      {"ended", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)))},
      {"model", genome::base::one_line(model)},
      {"purpose", question.purpose},
      {"generation", question.generation},
      {"index", question.index},
      {"attempt", question.attempt},
      {"seconds", seconds},
      {"tries", reply.tries},
      {"outcome", name_of(reply.outcome)},
      {"error", reply.error},
      {"input", reply.usage.input.value_or(-1)},  // -1: not reported
      {"cached", reply.usage.cached_read.value_or(-1)},
      {"output", reply.usage.output.value_or(-1)},
      {"reasoning", reply.usage.reasoning.value_or(-1)},  // of the output
      {"cost", recorded.cost},
      {"exchange", recorded.exchange.digest}};
  const std::scoped_lock lock(mutex_);
  observer_->log(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace llm_mutators
