// journal.hpp: what was asked of a model and what it replied, kept so that nothing is asked twice.
// Why:      replies cost money and time and cannot be had again the same. A generation that was killed half
//           way is made again from its journal, and so comes out the same.
// Use:      Journal journal({.spool = run / ".git" / "evotts-spool", .committed = lookup, .tell = print});
//           auto kept = journal.recall("my-agent", question);
//           if (!kept) {
//             journal.sending(digest, worst);
//             kept = journal.record("my-agent", question, ask(), cost);
//           }
//           use(kept->reply);
// Life:     before a call is made, it is noted (pending_calls.hpp). A question under way is
//           committed as `asked`, with all that is needed to ask it again. When there is a reply, its record
//           is written to the spool at once; when the reply takes effect, the record is committed with the
//           generation that it enters, in the place of the first. A fork inherits the replies that its source
//           had after the fork.
// Promises: a record of a reply is whole and on the disk before record() returns; what is used is what was
//           written (replies are made valid UTF-8 first), so the first use and every later one see the same
//           bytes. Failures are committed, but not spooled: a generation made again asks again.
//           Records depend on question and reply alone: no clock, no host, nothing of the environment.
//           A record that is damaged or about something else is told of and taken for none.
// Throws:   genome::base::StorageError, naming path and operation, when a record cannot be written.
// Threads:  record(), recall_at_hand() and what is said of calls from any thread, also at the same time; all
//           else, which looks into the run, from one.
// Tests:    tests/llm_mutators/journal/journal_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evo/proposal/proposer.hpp"
#include "genome/base/file.hpp"
#include "llm_mutators/clients/llm_client.hpp"
#include "llm_mutators/journal/pending_calls.hpp"

namespace llm_mutators {

// One question of a model. All but `known`, with the model's identity, is what its digest is of.
struct Question {
  std::string purpose;  // e.g. "mutate"
  int generation = 0;
  std::size_t index = 0;  // of the request within the generation
  int attempt = 0;        // 0, then the repairs
  Prompt prompt;
  std::vector<std::string> known;  // fingerprints of controllers that are no news (see conversation.hpp)
  std::size_t island = 0;          // that a child would live on; not recorded, the memory knows it
};

// A reply with its record.
struct RecordedReply {
  evo::Exchange exchange;
  Reply reply;
  double cost = 0;             // money
  std::optional<int> entered;  // the generation in which it took effect, once it did
};

struct JournalOptions {
  std::filesystem::path spool;  // a folder for what is not yet committed; made when it is needed
  // The record that the run already holds under this digest, or nothing. May be empty.
  std::function<std::optional<std::string>(const std::string& digest)> committed;
  // The same of what a fork inherited; called from any thread. May be empty.
  std::function<std::optional<std::string>(const std::string& digest)> inherited;
  std::function<void(const std::string& message)> tell;  // may be empty
};

// Whether another process writes the run at the moment.
enum class OtherWriter : std::uint8_t { kNone, kAtWork };

class Journal {
 public:
  explicit Journal(JournalOptions options) : options_(std::move(options)), pending_calls_(options_.spool) {}

  static std::string digest_of(std::string_view client, const Question& question);

  // What was replied before, or nothing: at hand is what is spooled or inherited; the first looks into the
  // run as well.
  std::optional<RecordedReply> recall(std::string_view client, const Question& question) const;
  std::optional<RecordedReply> recall_at_hand(const std::string& digest) const;
  std::optional<RecordedReply> inherited(const std::string& digest) const;
  // The generation in which a reply took effect in the run that this one was forked from, or the first in
  // which it can have done so (see not_before()), whether it is inherited or not.
  std::optional<int> entered_in_source(const std::string& digest) const;

  // The reply that the run holds under this digest, or nothing.
  std::optional<RecordedReply> in_run(const std::string& digest) const;

  RecordedReply record(std::string_view client, const Question& question, Reply reply, double cost) const;

  // A call is about to be made; another one of the same exchange, after one that may be charged; nothing
  // comes of it, as the process is to stop.
  void sending(const std::string& digest, const net::Amount& worst) const;
  void sending_again(const std::string& digest) const;
  void given_up(const std::string& digest, const Reply& reply) const;
  // While this process has no call under way: what others lost. What another process has under way is not
  // lost.
  LostCalls lost(OtherWriter other = OtherWriter::kNone) const;

  // Which replies took effect before the first question of a generation was asked, noted before it is: made
  // again, the generation must ask the same.
  void note_moment(int generation, const std::vector<std::string>& entered) const;
  std::optional<std::vector<std::string>> moment_of(int generation) const;

  // The record of a question under way, and the question in such a record of the run.
  evo::Exchange asked(std::string_view client, const Question& question) const;
  std::optional<Question> asked_in_run(const std::string& digest) const;
  // Whether the run holds anything under this digest.
  bool known_to_run(const std::string& digest) const;

  // The record as it is committed with the generation in which the reply takes effect.
  static RecordedReply entered(RecordedReply recorded, int generation);
  // A record for a fork: where it has not taken effect, it says that this was not before that generation.
  static std::string not_before(const std::string& record, int generation);
  // Whether it is the whole record of a reply.
  static double cost_in(const std::string& record);  // 0 where there is none
  static bool has_reply(const std::string& record, const std::string& digest);

  // Removes from the spool what the run holds.
  void drop_committed() const;

 private:
  std::filesystem::path path_of(const std::string& digest) const;
  std::optional<RecordedReply> spooled(const std::string& digest) const;
  bool has_outcome(const std::string& digest) const;
  void tell(const std::string& message) const;
  JournalOptions options_;
  PendingCalls pending_calls_;
};

// Whole records of replies in the spool of a run, by digest.
std::map<std::string, std::string> spooled_records(const std::filesystem::path& spool);

}  // namespace llm_mutators
