#include "llm_mutators/journal/journal.hpp"

#include <map>
#include <set>

#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "tests/support/scripted_models.hpp"

namespace llm_mutators {
namespace {

namespace fs = std::filesystem;

class JournalTest : public ScriptedModels {
 protected:
  Journal journal() {
    return Journal({.spool = folder_ / "run" / "spool",
                    .committed = [this](const std::string& digest) -> std::optional<std::string> {
                      const auto at = committed_.find(digest);
                      return at == committed_.end() ? std::nullopt : std::optional(at->second);
                    },
                    .inherited = [this](const std::string& digest) -> std::optional<std::string> {
                      const auto at = inherited_.find(digest);
                      return at == inherited_.end() ? std::nullopt : std::optional(at->second);
                    },
                    .tell = [this](const std::string& message) { told_.push_back(message); }});
  }
  fs::path spooled(const RecordedReply& kept) const {
    return folder_ / "run" / "spool" / (kept.exchange.digest + ".json");
  }

  static Reply said(const std::string& text) { return {.outcome = Reply::Outcome::kAnswered, .text = text}; }

  const Question question_{"mutate", 3, 14, 0, "a prompt", {}};
  std::map<std::string, std::string> committed_, inherited_;
  std::vector<std::string> told_;
};

TEST_F(JournalTest, RemembersWhatWasReplied) {
  EXPECT_FALSE(journal().recall("m", question_));
  const RecordedReply kept =
      journal().record("m", question_, said("HYPOTHESIS: less is more\na reply"), 0.25);
  const auto again = journal().recall("m", question_);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->reply, kept.reply);
  EXPECT_EQ(again->exchange.json, kept.exchange.json);
  EXPECT_EQ(kept.exchange.digest.size(), 40U);
  EXPECT_NE(kept.exchange.json.find("\"hypothesis\": \"less is more\""), std::string::npos);
  EXPECT_EQ(content_of(spooled(kept)), kept.exchange.json);
  EXPECT_EQ(again->cost, 0.25);
  EXPECT_FALSE(again->entered);
}

TEST_F(JournalTest, EveryPartOfAQuestionTellsItFromOthers) {
  std::set<std::string> digests;
  const std::vector<Question> questions = {question_,
                                           {"cross", 3, 14, 0, "a prompt", {}},
                                           {"mutate", 4, 14, 0, "a prompt", {}},
                                           {"mutate", 3, 15, 0, "a prompt", {}},
                                           {"mutate", 3, 14, 1, "a prompt", {}},
                                           {"mutate", 3, 14, 0, "another prompt", {}},
                                           {"mutate", 31, 4, 0, "a prompt", {}}};
  for (const Question& q : questions) digests.insert(journal().record("m", q, said("r"), 0).exchange.digest);
  digests.insert(journal().record("n", question_, said("r"), 0).exchange.digest);
  EXPECT_EQ(digests.size(), questions.size() + 1);
}

TEST_F(JournalTest, AnyBytesAreUsedAsTheyAreKept) {
  const std::string hostile("\xFF\x00\"\\\x1b</script>\xC3(", 15);
  const Question asked{"mutate", 0, 0, 0, hostile, {}};
  const RecordedReply kept = journal().record("m\xFF", asked, said(hostile), 0);
  const auto again = journal().recall("m\xFF", asked);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->reply, kept.reply);
}

TEST_F(JournalTest, TheRunIsAskedAsWell) {
  const RecordedReply kept = journal().record("m", question_, said("r"), 0);
  committed_[kept.exchange.digest] = kept.exchange.json;
  fs::remove(spooled(kept));
  EXPECT_EQ(journal().recall("m", question_)->reply.text, "r");
  committed_[kept.exchange.digest] = "{}";
  EXPECT_FALSE(journal().recall("m", question_));
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(JournalTest, DamagedRecordsAreToldOfAndIgnored) {
  const RecordedReply kept = journal().record("m", question_, said("a reply of some length"), 0);
  const std::string whole = kept.exchange.json;
  for (std::size_t size = 0; size + 1 < whole.size();
       ++size) {  // without the last line end it is still whole
    std::ofstream(spooled(kept), std::ios::binary) << whole.substr(0, size);
    ASSERT_FALSE(journal().recall("m", question_)) << size;
  }
  std::string changed = whole;
  changed.replace(changed.find("of some"), 7, "of more");
  for (const std::string& bad : {changed, std::string("[]"), std::string("null"),
                                 std::string("{\"digest\": 3}"), std::string(100'000, '[')}) {
    told_.clear();
    std::ofstream(spooled(kept), std::ios::binary) << bad;
    EXPECT_FALSE(journal().recall("m", question_));
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_NE(told_[0].find("is damaged"), std::string::npos);
  }
  journal().record("m", question_, said("another"), 0);
  EXPECT_EQ(journal().recall("m", question_)->reply.text, "another");
}

TEST_F(JournalTest, WhatIsCommittedLeavesTheSpool) {
  const RecordedReply first = journal().record("m", question_, said("r"), 0);
  const RecordedReply second = journal().record("n", question_, said("r"), 0);
  const RecordedReply third = journal().record("o", question_, said("r"), 0);
  committed_[first.exchange.digest] = first.exchange.json;
  committed_[third.exchange.digest] = "not the same";
  journal().drop_committed();
  EXPECT_FALSE(fs::exists(spooled(first)));
  EXPECT_TRUE(fs::exists(spooled(second)));
  EXPECT_TRUE(fs::exists(spooled(third)));
}

TEST_F(JournalTest, UsageCostAndOutcomeComeBackAsTheyWere) {
  Reply reply{.outcome = Reply::Outcome::kTruncated,
              .text = "half",
              .error = "cut",
              .usage = {.input = 900, .cached_read = 0, .output = 80, .reasoning = 30},
              .parameters = "{\"max_tokens\":80}",
              .served_by = "small-2026",
              .left_out = {"temperature"},
              .lost = 2};
  const RecordedReply kept = Journal::entered(journal().record("m", question_, reply, 1.0 / 3), 9);
  committed_[kept.exchange.digest] = kept.exchange.json;
  journal().drop_committed();
  EXPECT_FALSE(fs::exists(spooled(kept)));
  const auto again = journal().recall("m", question_);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->reply.outcome, reply.outcome);
  EXPECT_EQ(again->reply.usage, reply.usage);
  EXPECT_EQ(again->reply.lost, 2);
  EXPECT_EQ(again->reply.left_out, reply.left_out);
  EXPECT_EQ(again->cost, 1.0 / 3);
  EXPECT_EQ(again->entered, 9);
  EXPECT_NE(kept.exchange.json.find("\"max_tokens\": 80"), std::string::npos);
  EXPECT_EQ(Journal::entered(*again, 9).exchange.json, kept.exchange.json);
}

TEST_F(JournalTest, FailuresAreNotSpooled) {
  const RecordedReply kept =
      journal().record("m", question_, {.outcome = Reply::Outcome::kTimedOut, .error = "late"}, 0);
  EXPECT_FALSE(fs::exists(spooled(kept)));
  EXPECT_FALSE(journal().recall("m", question_));
  committed_[kept.exchange.digest] = kept.exchange.json;
  EXPECT_EQ(journal().recall("m", question_)->reply.error, "late");
}

TEST_F(JournalTest, AQuestionUnderWayCanBeAskedAgainFromTheRun) {
  Question question{"cross", 3, 14, 0, {"card\n", "task", 0xFFFFFFFFFFFFFFFFULL}, {"0123456789ab"}};
  const evo::Exchange asked = journal().asked("m", question);
  EXPECT_FALSE(journal().known_to_run(asked.digest));
  committed_[asked.digest] = asked.json;
  EXPECT_TRUE(journal().known_to_run(asked.digest));
  const auto again = journal().asked_in_run(asked.digest);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->prompt.constant, "card\n");
  EXPECT_EQ(again->prompt.rest, "task");
  EXPECT_EQ(again->prompt.seed, question.prompt.seed);
  EXPECT_EQ(again->known, question.known);
  EXPECT_EQ(Journal::digest_of("m", *again), asked.digest);
  EXPECT_FALSE(journal().recall("m", question));  // it is no reply
  EXPECT_TRUE(told_.empty());
  for (const char* bad : {"", "[]", "{\"format\": 2}"}) {
    committed_[asked.digest] = bad;
    EXPECT_FALSE(journal().asked_in_run(asked.digest));
  }
}

TEST_F(JournalTest, CallsThatCameToNothingAreLost) {
  const std::string digest = Journal::digest_of("m", question_);
  const net::Amount worst{.money = 0.5, .input = 100, .output = 10};
  const auto lost = [&] { return journal().lost().calls; };
  EXPECT_EQ(lost(), 0);
  journal().sending(digest, worst);
  EXPECT_EQ(lost(), 1);  // to the next process
  journal().sending(digest, worst);
  journal().sending_again(digest);
  EXPECT_EQ(lost(), 3);
  EXPECT_EQ(journal().lost().amount, 3 * worst);
  // Of a failure, what may be charged is lost unless its record comes to be committed.
  const RecordedReply failed = journal().record("m", question_, {.error = "no", .lost = 1}, 0);
  EXPECT_EQ(lost(), 2);
  committed_[digest] = failed.exchange.json;
  EXPECT_EQ(lost(), 1);
  journal().drop_committed();
  committed_.clear();
  EXPECT_EQ(lost(), 1);
  // A reply says itself what it cost; what was lost on the way to it stays lost.
  journal().sending(digest, worst);
  EXPECT_EQ(lost(), 2);
  const RecordedReply kept = journal().record("m", question_, said("r"), 0);
  EXPECT_EQ(lost(), 1);
  committed_[digest] = kept.exchange.json;
  journal().drop_committed();
  EXPECT_EQ(lost(), 1);
  // One that is asked now, and one that was given up on the way.
  const std::string other = Journal::digest_of("n", question_);
  committed_[other] = journal().asked("n", question_).json;
  journal().sending(other, worst);
  EXPECT_EQ(lost(), 2);
  journal().given_up(other, {.outcome = Reply::Outcome::kStopped});
  EXPECT_EQ(lost(), 1);
}

TEST_F(JournalTest, AKillBetweenTheReplyAndTheEndOfItsIntentLosesNothing) {
  const std::string digest = Journal::digest_of("m", question_);
  const RecordedReply kept = journal().record("m", question_, said("r"), 0);
  journal().sending(digest, {.money = 1});  // as if it had not been taken back
  EXPECT_EQ(journal().lost().calls, 0);
  committed_[digest] = kept.exchange.json;
  journal().drop_committed();
  EXPECT_FALSE(fs::exists(folder_ / "run" / "spool" / (digest + ".sent")));
}

TEST_F(JournalTest, RepliesAreInheritedAndFailuresAreNot) {
  const RecordedReply kept = journal().record("m", question_, said("r"), 0.25);
  fs::remove(spooled(kept));
  inherited_[kept.exchange.digest] = Journal::entered(kept, 7).exchange.json;
  EXPECT_EQ(journal().recall_at_hand(kept.exchange.digest)->reply.text, "r");
  EXPECT_EQ(journal().recall("m", question_)->entered, 7);
  const RecordedReply failed = journal().record("n", question_, {.error = "no"}, 0);
  inherited_[failed.exchange.digest] = failed.exchange.json;
  EXPECT_FALSE(journal().recall("n", question_));
  inherited_[failed.exchange.digest] = "{}";
  EXPECT_FALSE(journal().recall("n", question_));
}

TEST_F(JournalTest, TheMomentOfAGenerationIsRemembered) {
  EXPECT_FALSE(journal().moment_of(3));
  journal().note_moment(3, {"a", "b"});
  EXPECT_EQ(journal().moment_of(3), (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(journal().moment_of(4));
  file("run/spool/moment", "[");
  EXPECT_FALSE(journal().moment_of(3));
  EXPECT_TRUE(spooled_records(folder_ / "run" / "spool").empty());
}

TEST_F(JournalTest, FailureToWriteNamesThePath) {
  file("run", "in the way");
  try {
    journal().record("m", question_, said("r"), 0);
    FAIL();
  } catch (const genome::base::StorageError& error) {
    EXPECT_NE(std::string(error.what()).find((folder_ / "run").string()), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace llm_mutators
