#include "llm_mutators/proposers/model_chooser.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "genome/base/text.hpp"

namespace llm_mutators {

net::Amount ModelChooser::worst(std::size_t model, std::size_t prompt_bytes) const {
  return worst_of(endpoints_[model]->model(), prompt_bytes, options_.most_repairs);
}

std::vector<std::size_t> ModelChooser::available(const Memory& memory, int generation) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    const std::string name = endpoints_[i]->name();
    const auto record = std::find_if(memory.models.begin(), memory.models.end(),
                                     [&](const ModelRecord& each) { return each.name == name; });
    const Circuit circuit = record == memory.models.end() ? Circuit{} : record->circuit;
    if (!circuit.closed_at(generation)) continue;
    const auto asked = static_cast<std::size_t>(std::count_if(
        memory.pending.begin(), memory.pending.end(), [&](const auto& each) { return each.model == name; }));
    // A model that is tried again after failures gets a single question.
    const bool queues = options_.queues && !circuit.probing();
    const auto most = circuit.probing() ? 1 : static_cast<std::size_t>(endpoints_[i]->model().concurrency);
    if (queues || asked < most) found.push_back(i);
  }
  return found;
}

std::optional<ModelChoice> ModelChooser::choose(Memory& memory, const std::vector<std::size_t>& models,
                                                const Question& question) {
  if (const auto model = answered_before(models, question)) {
    const bool allowed = ledger_.reserve(worst(*model, question.prompt.size()));
    return ModelChoice{*model, allowed ? ReplySource::kModel : ReplySource::kAtHand};
  }
  const auto model = favourite(memory, models, question.prompt.size());
  return model ? std::optional(ModelChoice{*model, ReplySource::kModel}) : std::nullopt;
}

std::optional<ModelChoice> ModelChooser::choice_in_run(const Question& question) const {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (journal_.known_to_run(Journal::digest_of(endpoints_[i]->identity(), question)))
      return ModelChoice{i, ReplySource::kJournal};
  }
  return std::nullopt;
}

// A reply is at hand, paid for, where a process was killed or the run forked.
std::optional<std::size_t> ModelChooser::answered_before(const std::vector<std::size_t>& models,
                                                         const Question& question) const {
  for (const std::size_t i : models) {
    if (journal_.recall_at_hand(Journal::digest_of(endpoints_[i]->identity(), question))) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> ModelChooser::favourite(Memory& memory, std::vector<std::size_t> models,
                                                   std::size_t prompt_bytes) {
  while (!models.empty()) {
    std::vector<Arm> arms;
    for (const std::size_t i : models) arms.push_back(memory.of(endpoints_[i]->name()).arm());
    const std::size_t best = llm_mutators::choose(arms);
    if (ledger_.reserve(worst(models[best], prompt_bytes))) return models[best];
    models.erase(models.begin() + static_cast<std::ptrdiff_t>(best));
  }
  // While questions are under way, the budget may yet turn out to allow more.
  if (!told_budget_ && memory.pending.empty()) {
    reporter_.tell(
        "the budget for models allows no further question at its worst; the genetic operators go on alone");
    told_budget_ = true;
  }
  return std::nullopt;
}

void ModelChooser::account(Memory& memory, const PendingQuestion& asked, const ConversationResult& result,
                           int generation) {
  ModelRecord& record = memory.of(asked.model);
  net::Amount spent;
  for (std::size_t i = 0; i < result.exchanges.size(); ++i) {
    spent += result.amounts[i];
    count(record, asked, result.exchanges[i].reply, generation);
    if (options_.keeps_reasons && i < result.reasons.size()) record.note_reason(result.reasons[i]);
  }
  record.input += spent.input, record.cached += spent.cached, record.output += spent.output;
  record.money += spent.money;
  const bool all_priced = std::all_of(endpoints_.begin(), endpoints_.end(),
                                      [](const auto& each) { return each->model().price.has_value(); });
  record.cost += all_priced ? spent.money : 1;
  ledger_.settle(result.reserved, spent);
}

void ModelChooser::count(ModelRecord& record, const PendingQuestion& asked, const Reply& reply,
                         int generation) const {
  if (!reply.left_out.empty()) record.left_out = reply.left_out;
  if (reply.outcome == Reply::Outcome::kSkipped) return;
  record.asked += 1;
  record.unreported += was_had(reply.outcome) && !reply.usage.known() ? 1 : 0;
  if (reply.usage.reasoning) record.reasoning = record.reasoning.value_or(0) + *reply.usage.reasoning;
  if (was_had(reply.outcome)) {
    record.answered += 1;
    record.circuit.note_reply();
  } else {
    const bool opened = record.circuit.note_failure(generation, options_.failures_in_a_row, reply.hopeless);
    tell_failure(asked, reply, record.circuit, opened);
  }
}

void ModelChooser::tell_failure(const PendingQuestion& asked, const Reply& reply, const Circuit& circuit,
                                bool opened) const {
  std::string message =
      fmt::format("{} gave no reply (generation {}, child {}): {}", genome::base::one_line(asked.model),
                  asked.generation, asked.index, genome::base::one_line(reply.error));
  if (!reply.said.empty()) message += fmt::format("; it said: {}", genome::base::one_line(reply.said));
  if (opened) {
    message += reply.hopeless       ? "; asking again now would not help, so"
               : circuit.pause == 1 ? fmt::format("; after {} failures in a row", options_.failures_in_a_row)
                                    : "; it was tried again to no avail, so";
    message += circuit.pause == 1 ? " it is left alone for this generation"
                                  : fmt::format(" it is left alone for {} generations", circuit.pause);
    message += "; the genetic operators go on";
  }
  reporter_.tell(message);
}

}  // namespace llm_mutators
