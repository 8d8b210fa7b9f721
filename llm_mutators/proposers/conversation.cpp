#include "llm_mutators/proposers/conversation.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "genome/base/text.hpp"
#include "genome/comparison/equivalence.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"
#include "llm_mutators/text/first_reply.hpp"
#include "llm_mutators/text/reply.hpp"
#include "llm_mutators/text/thinking.hpp"

namespace llm_mutators {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = Reply::Outcome;

constexpr std::size_t kFingerprint = 12;  // digits
constexpr std::size_t kMostReason = 240;  // bytes

// Without figures that differ each time, so that failures of a kind are counted as one.
std::string reason_of(const Reply& reply) {
  const std::string_view error = reply.error;
  switch (reply.outcome) {
    case Outcome::kTimedOut:
      // Where the time went by in tries that failed, their failure is the reason.
      if (const std::size_t waited = error.find("; waiting "); waited != error.npos)
        return genome::base::one_line(genome::base::beginning(error.substr(0, waited), kMostReason));
      return "no whole reply in time";
    case Outcome::kRefused: return "declined";
    case Outcome::kTooLong: return "a reply that is too long";
    case Outcome::kSkipped: return "";
    default: break;
  }
  return genome::base::one_line(
      genome::base::beginning(error.substr(0, error.find(" (after ")), kMostReason));
}

class Conversation {
 public:
  Conversation(Endpoint& endpoint, const Journal& journal, const Prompter& prompter, Question question,
               net::Ledger& ledger, const Reporter& reporter, const ConversationOptions& options)
      : endpoint_(endpoint),
        journal_(journal),
        prompter_(prompter),
        first_(question.prompt),
        question_(std::move(question)),
        ledger_(ledger),
        reporter_(reporter),
        options_(options) {}

  ConversationResult run() {
    for (; question_.attempt <= options_.most_repairs; ++question_.attempt) {
      const auto recorded = exchange();
      if (!recorded || result_.stopped) break;
      if (recorded->reply.outcome != Outcome::kAnswered && recorded->reply.outcome != Outcome::kTruncated) {
        result_.problem = recorded->reply.error;
        result_.reasons.push_back(reason_of(recorded->reply));
        break;
      }
      ReadReply read = read_for(recorded->reply);
      result_.hypothesis = read.hypothesis;
      result_.reasons.push_back(read.reason);
      if (only_thought(recorded->reply)) {
        result_.problem = recorded->reply.error;
        break;
      }
      if (read.controller) {
        result_.child = std::move(read.controller);
        result_.repaired = question_.attempt > 0;
        break;
      }
      // The first programs kept the end of the line as well.
      const std::string_view faults =
          options_.prompt_version == 1 ? std::string_view(read.faults) : genome::base::trimmed(read.faults);
      result_.problem =
          "no usable controller: " + genome::base::one_line(genome::base::beginning(faults, 200));
      question_.prompt = prompter_.repair(first_, read.quoted, read.faults);
    }
    return std::move(result_);
  }

 private:
  // Of what was cut short before a reply began. The first programs asked again all the same.
  bool only_thought(const Reply& reply) const {
    return options_.prompt_version > 1 && reply.outcome == Outcome::kTruncated &&
           genome::base::trimmed(without_thinking(reply.text).text).empty();
  }

  std::optional<RecordedReply> exchange() {
    digest_ = Journal::digest_of(endpoint_.identity(), question_);
    const bool replay = options_.source == ReplySource::kJournal;
    auto recorded =
        replay ? journal_.recall(endpoint_.identity(), question_) : journal_.recall_at_hand(digest_);
    if (!recorded && replay) {
      result_.problem = "it is not in the journal";
      return std::nullopt;
    }
    if (recorded)
      endpoint_.client().leave_out(recorded->reply.left_out);
    else
      recorded = ask();
    if (result_.stopped) return std::nullopt;
    result_.exchanges.push_back(*recorded);
    result_.amounts.push_back(endpoint_.model().used(question_.prompt.size(), recorded->reply));
    return recorded;
  }

  std::optional<RecordedReply> ask() {
    if (reporter_.stop_requested()) {
      result_.stopped = true;
      return std::nullopt;
    }
    Reply reply;
    const auto start = Clock::now();
    if (endpoint_.failing(options_.failures_in_a_row)) {
      reply = {.outcome = Outcome::kSkipped, .error = "the model is left alone after failures"};
    } else if (options_.source != ReplySource::kModel) {
      reply = {.outcome = Outcome::kSkipped, .error = "the budget allows no further call"};
    } else {
      reply = sent();
      endpoint_.note(reply, options_.failures_in_a_row);
      if (reply.outcome == Outcome::kStopped ||
          (reply.outcome != Outcome::kAnswered && reporter_.stop_requested())) {
        journal_.given_up(digest_, reply);
        result_.stopped = true;
        return std::nullopt;
      }
    }
    const double money = endpoint_.model().used(question_.prompt.size(), reply).money;
    RecordedReply recorded = journal_.record(endpoint_.identity(), question_, std::move(reply), money);
    reporter_.log(std::chrono::duration<double>(Clock::now() - start).count(), question_, recorded,
                  endpoint_.client().name());
    return recorded;
  }

  Reply sent() {
    const net::Amount worst = endpoint_.model().worst(question_.prompt.size());
    journal_.sending(digest_, worst);
    return endpoint_.client().ask(question_.prompt, [&] {
      if (!ledger_.reserve(worst)) return false;
      result_.reserved += worst;
      journal_.sending_again(digest_);
      return true;
    });
  }

  // Those that the controller looks at and that not every environment records.
  std::string missing_signals(const ReadReply& read) const {
    if (!read.controller) return {};
    std::vector<std::string> needed = genome::signals_of(read.controller->tree());
    std::erase_if(needed, [&](const std::string& name) {
      return std::ranges::find(prompter_.signals(), name) != prompter_.signals().end();
    });
    return fmt::format("{}", fmt::join(needed, ", "));
  }

  std::string no_signal(const std::string& missing) const {
    const std::string there =
        prompter_.signals().empty() ? "none" : fmt::format("{}", fmt::join(prompter_.signals(), ", "));
    return fmt::format(fmt::runtime(prompter_.words().no_signal), fmt::arg("missing", missing),
                       fmt::arg("there", there));
  }

  // Truncated replies, known controllers and those that could not be run are rejected.
  ReadReply read_for(const Reply& reply) const {
    ReadReply read = options_.prompt_version == 1 ? read_first_reply(reply.text)
                                                  : read_reply(reply.text, {.whole = is_whole(reply)});
    if (reply.outcome == Outcome::kTruncated) {
      read.controller.reset();
      read.quoted = genome::base::ending(reply.text, 2000);
      read.faults = prompter_.words().cut_short;
      read.reason = only_thought(reply) ? "thinking used up output_tokens (raise it, or set effort or "
                                          "thinking_tokens to ask for less thinking)"
                                        : "cut short by output_tokens";
    } else if (const std::string missing = missing_signals(read); !missing.empty()) {
      read.controller.reset();
      read.quoted = reply.text;
      read.reason = "a signal that is not in all environments";
      read.faults = no_signal(missing);
    } else if (read.controller && std::find(question_.known.begin(), question_.known.end(),
                                            fingerprint(*read.controller)) != question_.known.end()) {
      read.controller.reset();
      read.quoted = reply.text;
      read.reason = kKnownAlready;
      read.faults = prompter_.words().known;
    }
    return read;
  }

  Endpoint& endpoint_;
  const Journal& journal_;
  const Prompter& prompter_;
  const Prompt first_;
  Question question_;
  std::string digest_;  // of the exchange that is made
  net::Ledger& ledger_;
  const Reporter& reporter_;
  const ConversationOptions& options_;
  ConversationResult result_;
};

}  // namespace

ConversationResult converse(Endpoint& endpoint, const Journal& journal, const Prompter& prompter,
                            Question question, net::Ledger& ledger, const Reporter& reporter,
                            const ConversationOptions& options) {
  return Conversation(endpoint, journal, prompter, std::move(question), ledger, reporter, options).run();
}

net::Amount worst_of(const Model& model, std::size_t prompt_bytes, int most_repairs) {
  net::Amount sum = model.worst(prompt_bytes);
  sum += most_repairs * model.worst(prompt_bytes + kMostRepair);
  return sum;
}

std::string fingerprint(const genome::CheckedController& controller) {
  genome::Controller tree = genome::normal_form(controller.tree());
  tree.name = "evolved";
  return genome::identity(tree).substr(0, kFingerprint);
}

}  // namespace llm_mutators
