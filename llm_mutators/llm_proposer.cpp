#include "llm_mutators/llm_proposer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "genome/base/rng.hpp"
#include "llm_mutators/foreign_text.hpp"
#include "llm_mutators/reply.hpp"

namespace llm_mutators {
namespace {

namespace base = genome::base;

constexpr std::uint64_t kTaskStream =
    2;  // beside those of genetic_proposer.cpp (0) and mixed_proposer.cpp (1)

bool joins_two(const evo::ProposalRequest& request, double chance) {
  if (request.parents.size() < 2 || request.parents[0]->id == request.parents[1]->id) return false;
  auto rng = base::keyed_stream(request.seed, base::Purpose::kProposal,
                                static_cast<std::uint64_t>(request.generation), request.index, kTaskStream);
  return base::chance(rng, chance);
}

bool is_a_parent(const genome::CheckedController& child, const std::vector<const evo::Individual*>& parents) {
  return std::any_of(parents.begin(), parents.end(), [&](const evo::Individual* parent) {
    genome::Controller tree = parent->controller.tree();
    tree.name = child.tree().name;
    return tree == child.tree();
  });
}

// A reply read with the eyes of this request: a child that is its parent is none.
ReadReply read_for(const std::string& reply, const std::vector<const evo::Individual*>& parents) {
  ReadReply read = read_reply(reply);
  if (read.controller && is_a_parent(*read.controller, parents)) {
    read.controller.reset();
    read.quoted = reply;
    read.faults = "reply: error: the controller is the one it was to improve, unchanged\n";
  }
  return read;
}

}  // namespace

LlmProposer::LlmProposer(std::unique_ptr<LlmClient> client, Journal journal, LlmOptions options)
    : client_(std::move(client)), journal_(std::move(journal)), options_(std::move(options)) {}

std::vector<std::optional<evo::Proposal>> LlmProposer::propose(
    std::span<const evo::ProposalRequest> requests) {
  journal_.drop_committed();
  exchanges_.clear();  // of a generation that was given up
  failures_ = 0;
  std::vector<std::optional<evo::Proposal>> proposals;
  for (const evo::ProposalRequest& request : requests) proposals.push_back(one(request));
  return proposals;
}

std::vector<evo::Exchange> LlmProposer::take_exchanges() { return std::exchange(exchanges_, {}); }

std::optional<evo::Proposal> LlmProposer::one(const evo::ProposalRequest& request) {
  const bool joins = joins_two(request, options_.crossover);
  std::vector<const evo::Individual*> parents = {request.parents[0]};
  if (joins) parents.push_back(request.parents[1]);
  const std::string prompt = joins ? crossover_prompt(options_.task, *parents[0], *parents[1])
                                   : mutation_prompt(options_.task, *parents[0]);

  Question question{joins ? "cross" : "mutate", request.generation, request.index, 0, prompt};
  for (; question.attempt <= options_.most_repairs; ++question.attempt) {
    const auto kept = ask(question);
    if (!kept) return std::nullopt;
    ReadReply read = read_for(kept->reply, parents);
    if (read.controller) {
      evo::Proposal proposal{.child = std::move(*read.controller), .exchange = kept->exchange.digest};
      proposal.operation =
          fmt::format("model_{}{}", joins ? "cross" : "mutate", question.attempt > 0 ? "+repair" : "");
      for (const evo::Individual* parent : parents) proposal.parents.push_back(parent->id);
      return proposal;
    }
    question.prompt = repair_prompt(prompt, read.quoted, read.faults);
  }
  return std::nullopt;
}

std::optional<Kept> LlmProposer::ask(const Question& question) {
  auto kept = journal_.recall(client_->name(), question);
  if (!kept) {
    if (failures_ >= options_.failures_in_a_row) return std::nullopt;
    if (options_.stop && options_.stop()) throw Stopped("stopped before a language model was asked");
    const Reply reply = client_->ask(question.prompt);
    if (reply.outcome != Reply::Outcome::kAnswered) {
      if (options_.stop && options_.stop()) throw Stopped("stopped while a language model was asked");
      note_failure(question, reply);
      return std::nullopt;
    }
    failures_ = 0;
    kept = journal_.record(client_->name(), question, reply.text);
  }
  exchanges_.push_back(kept->exchange);
  return kept;
}

void LlmProposer::note_failure(const Question& question, const Reply& reply) {
  ++failures_;
  std::string message =
      fmt::format("{} gave no reply (generation {}, child {}): {}", one_line(client_->name()),
                  question.generation, question.index, one_line(reply.error));
  if (failures_ == options_.failures_in_a_row)
    message += fmt::format("; after {} failures in a row it is left alone for this generation", failures_);
  tell(message);
}

void LlmProposer::tell(const std::string& message) const {
  if (options_.tell) options_.tell(message);
}

}  // namespace llm_mutators
