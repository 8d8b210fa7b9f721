#include "llm_mutators/proposers/inbox.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <fmt/format.h>
#include <functional>
#include <mutex>

namespace llm_mutators {
namespace {

constexpr auto kGlance = std::chrono::milliseconds(50);
constexpr const char* kStopped = "stopped while a language model was asked";

}  // namespace

struct Inbox::RunningConversation {
  ModelChoice choice;
  Question question;
  net::Amount reserved;
  std::mutex mutex;
  std::condition_variable ended;
  std::optional<ConversationResult> result;  // once it is over
  std::exception_ptr error;                  // or what it threw

  bool over_locked() const { return result.has_value() || error != nullptr; }
  bool over() {
    const std::scoped_lock lock(mutex);
    return over_locked();
  }
  void finish(const std::function<ConversationResult()>& work) {
    std::optional<ConversationResult> made;
    std::exception_ptr thrown;
    try {
      made = work();
    } catch (...) {
      thrown = std::current_exception();
    }
    const std::scoped_lock lock(mutex);
    result = std::move(made);
    error = thrown;
    ended.notify_all();
  }
};

Inbox::Inbox(const Endpoints& endpoints, const Journal& journal, const std::vector<Prompter>& prompters,
             net::Ledger& ledger, const Reporter& reporter, Options options)
    : endpoints_(endpoints),
      journal_(journal),
      prompters_(prompters),
      ledger_(ledger),
      reporter_(reporter),
      options_(options) {}

Inbox::~Inbox() = default;

void Inbox::ask(const ModelChoice& choice, const std::string& digest, Question question) {
  start(choice, digest, std::move(question));
}

Inbox::RunningConversation& Inbox::start(const ModelChoice& choice, const std::string& digest,
                                         Question question) {
  Endpoint& endpoint = *endpoints_[choice.model];
  const net::Amount worst = worst_of(endpoint.model(), question.prompt.size(), options_.most_repairs);
  if (choice.source != ReplySource::kModel) ledger_.hold(worst);
  auto& conversation = running_[digest];
  if (conversation) return *conversation;
  conversation = std::make_shared<RunningConversation>();
  conversation->choice = choice;
  conversation->question = std::move(question);
  conversation->reserved = worst;
  const auto work = [this, conversation] { conversation->finish([&] { return run(*conversation); }); };
  if (choice.source == ReplySource::kJournal)
    work();
  else
    endpoint.submit(work);
  return *conversation;
}

ConversationResult Inbox::run(const RunningConversation& conversation) const {
  const ConversationOptions how{.most_repairs = options_.most_repairs,
                                .failures_in_a_row = options_.failures_in_a_row,
                                .source = conversation.choice.source,
                                .prompt_version = options_.prompt_version};
  const Prompter& prompter = prompters_[conversation.question.island];
  ConversationResult result = converse(*endpoints_[conversation.choice.model], journal_, prompter,
                                       conversation.question, ledger_, reporter_, how);
  result.reserved += conversation.reserved;
  return result;
}

Inbox::RunningConversation* Inbox::find_or_resume(const PendingQuestion& asked) {
  const auto found = running_.find(asked.digest);
  if (found != running_.end()) return found->second.get();
  // Asked by a process that has ended since.
  ModelChoice choice;
  while (choice.model < endpoints_.size() && endpoints_[choice.model]->name() != asked.model) ++choice.model;
  auto question = journal_.asked_in_run(asked.digest);
  if (choice.model == endpoints_.size() || !question) return nullptr;
  question->island = std::min(asked.island, prompters_.size() - 1);
  const Model& model = endpoints_[choice.model]->model();
  if (options_.replay)
    choice.source = ReplySource::kJournal;
  else if (!ledger_.reserve(worst_of(model, question->prompt.size(), options_.most_repairs)))
    choice.source = ReplySource::kAtHand;
  return &start(choice, asked.digest, std::move(*question));
}

std::optional<bool> Inbox::was_due(const PendingQuestion& asked, int generation) const {
  if (const auto entered = journal_.moment_of(generation))
    return std::find(entered->begin(), entered->end(), asked.digest) != entered->end();
  const auto entered = journal_.entered_in_source(asked.digest);
  return entered ? std::optional(*entered <= generation) : std::nullopt;
}

bool Inbox::is_due(const PendingQuestion& asked, int generation) {
  RunningConversation* const conversation = find_or_resume(asked);
  if (conversation == nullptr) return true;
  if (options_.replay) {
    const auto recorded = journal_.in_run(asked.digest);
    return recorded && recorded->entered == generation;
  }
  if (generation - asked.generation < options_.patience) {
    const auto before = was_due(asked, generation);
    if (!before.value_or(conversation->over())) return false;
  }
  wait_for(*conversation);
  return true;
}

void Inbox::wait_for(RunningConversation& conversation) const {
  std::unique_lock lock(conversation.mutex);
  while (!conversation.over_locked()) {
    conversation.ended.wait_for(lock, kGlance);
    if (!conversation.over_locked() && reporter_.stop_requested()) throw Stopped(kStopped);
  }
}

std::optional<ConversationResult> Inbox::take(const PendingQuestion& asked) {
  RunningConversation* const conversation = find_or_resume(asked);
  if (conversation == nullptr) {
    reporter_.tell(
        fmt::format("the question {} cannot be asked again: its model or its record is gone", asked.digest));
    return std::nullopt;
  }
  wait_for(*conversation);
  if (conversation->error) std::rethrow_exception(conversation->error);
  if (conversation->result->stopped) throw Stopped(kStopped);
  ConversationResult result = std::move(*conversation->result);
  running_.erase(asked.digest);
  return result;
}

evo::Exchange Inbox::record_of(const PendingQuestion& asked) const {
  const RunningConversation& conversation = *running_.at(asked.digest);
  return journal_.asked(endpoints_[conversation.choice.model]->identity(), conversation.question);
}

void Inbox::note_moment(int generation, const std::vector<std::string>& entered) const {
  if (!journal_.moment_of(generation)) journal_.note_moment(generation, entered);
}

}  // namespace llm_mutators
