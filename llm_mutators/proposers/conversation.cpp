#include "llm_mutators/proposers/conversation.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "genome/comparison/equivalence.hpp"
#include "genome/text/printer.hpp"
#include "llm_mutators/text/reply.hpp"

namespace llm_mutators {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = Reply::Outcome;

constexpr std::size_t kFingerprint = 12;  // digits

class Conversation {
 public:
  Conversation(Endpoint& endpoint, const Journal& journal, const Prompter& prompter, Question question,
               const ConversationOptions& options)
      : endpoint_(endpoint),
        journal_(journal),
        prompter_(prompter),
        first_(question.prompt),
        question_(std::move(question)),
        options_(options) {}

  Talk run() {
    for (; question_.attempt <= options_.most_repairs; ++question_.attempt) {
      const auto kept = exchange();
      if (!kept || talk_.stopped) break;
      if (kept->reply.outcome != Outcome::kAnswered && kept->reply.outcome != Outcome::kTruncated) {
        talk_.problem = kept->reply.error;
        break;
      }
      ReadReply read = read_for(kept->reply);
      talk_.hypothesis = read.hypothesis;
      if (read.controller) {
        talk_.child = std::move(read.controller);
        talk_.repaired = question_.attempt > 0;
        break;
      }
      talk_.problem =
          "no usable controller: " + genome::base::one_line(genome::base::beginning(read.faults, 200));
      question_.prompt = prompter_.repair(first_, read.quoted, read.faults);
    }
    return std::move(talk_);
  }

 private:
  std::optional<Kept> exchange() {
    digest_ = Journal::digest_of(endpoint_.identity(), question_);
    auto kept = options_.only_recalled ? journal_.recall(endpoint_.identity(), question_)
                                       : journal_.recall_at_hand(digest_);
    if (!kept && options_.only_recalled) {
      talk_.problem = "it is not in the journal";
      return std::nullopt;
    }
    if (kept)
      endpoint_.client().leave_out(kept->reply.left_out);
    else
      kept = ask();
    if (talk_.stopped) return std::nullopt;
    talk_.exchanges.push_back(*kept);
    talk_.amounts.push_back(endpoint_.model().used(question_.prompt.size(), kept->reply));
    return kept;
  }

  std::optional<Kept> ask() {
    if (options_.stop && options_.stop()) {
      talk_.stopped = true;
      return std::nullopt;
    }
    Reply reply;
    const auto start = Clock::now();
    if (endpoint_.failing(options_.failures_in_a_row)) {
      reply = {.outcome = Outcome::kSkipped, .error = "the model is left alone after failures"};
    } else if (!options_.may_ask) {
      reply = {.outcome = Outcome::kSkipped, .error = "the budget allows no further call"};
    } else {
      reply = sent();
      endpoint_.note(reply, options_.failures_in_a_row);
      if (reply.outcome == Outcome::kStopped ||
          (reply.outcome != Outcome::kAnswered && options_.stop && options_.stop())) {
        journal_.given_up(digest_, reply);
        talk_.stopped = true;
        return std::nullopt;
      }
    }
    const double money = endpoint_.model().used(question_.prompt.size(), reply).money;
    Kept kept = journal_.record(endpoint_.identity(), question_, std::move(reply), money);
    if (options_.log)
      options_.log(std::chrono::duration<double>(Clock::now() - start).count(), question_, kept);
    return kept;
  }

  Reply sent() {
    const net::Amount worst = endpoint_.model().worst(question_.prompt.size());
    journal_.sending(digest_, worst);
    return endpoint_.client().ask(question_.prompt, [&] {
      if (options_.ledger != nullptr && !options_.ledger->reserve(worst)) return false;
      if (options_.ledger != nullptr) talk_.extra += worst;
      journal_.sending_again(digest_);
      return true;
    });
  }

  // A reply read with the eyes of this question: what was cut short is not whole, and what is known no news.
  ReadReply read_for(const Reply& reply) const {
    ReadReply read = read_reply(reply.text);
    if (reply.outcome == Outcome::kTruncated) {
      read.controller.reset();
      read.quoted = genome::base::ending(reply.text, 2000);
      read.faults = "reply: error: it was cut short by the limit on its length; be brief\n";
    } else if (read.controller && std::find(question_.known.begin(), question_.known.end(),
                                            fingerprint(*read.controller)) != question_.known.end()) {
      read.controller.reset();
      read.quoted = reply.text;
      read.faults =
          "reply: error: the controller is one that is known already, the same or in other words; it was not "
          "scored again\n";
    }
    return read;
  }

  Endpoint& endpoint_;
  const Journal& journal_;
  const Prompter& prompter_;
  const Prompt first_;
  Question question_;
  std::string digest_;  // of the exchange that is made
  const ConversationOptions& options_;
  Talk talk_;
};

}  // namespace

Talk converse(Endpoint& endpoint, const Journal& journal, const Prompter& prompter, Question question,
              const ConversationOptions& options) {
  return Conversation(endpoint, journal, prompter, std::move(question), options).run();
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
