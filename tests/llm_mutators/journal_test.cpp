#include "llm_mutators/journal.hpp"

#include <map>
#include <set>

#include "tests/llm_mutators/scripted_models.hpp"

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
                    .tell = [this](const std::string& message) { told_.push_back(message); }});
  }
  fs::path spooled(const Kept& kept) const {
    return folder_ / "run" / "spool" / (kept.exchange.digest + ".json");
  }

  const Question question_{"mutate", 3, 14, 0, "a prompt"};
  std::map<std::string, std::string> committed_;
  std::vector<std::string> told_;
};

TEST_F(JournalTest, RemembersWhatWasReplied) {
  EXPECT_FALSE(journal().recall("m", question_));
  const Kept kept = journal().record("m", question_, "HYPOTHESIS: less is more\na reply");
  const auto again = journal().recall("m", question_);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->reply, kept.reply);
  EXPECT_EQ(again->exchange.json, kept.exchange.json);
  EXPECT_EQ(kept.exchange.digest.size(), 40U);
  EXPECT_NE(kept.exchange.json.find("\"hypothesis\": \"less is more\""), std::string::npos);
  EXPECT_EQ(content_of(spooled(kept)), kept.exchange.json);
}

TEST_F(JournalTest, EveryPartOfAQuestionTellsItFromOthers) {
  std::set<std::string> digests;
  const std::vector<Question> questions = {question_,
                                           {"cross", 3, 14, 0, "a prompt"},
                                           {"mutate", 4, 14, 0, "a prompt"},
                                           {"mutate", 3, 15, 0, "a prompt"},
                                           {"mutate", 3, 14, 1, "a prompt"},
                                           {"mutate", 3, 14, 0, "another prompt"},
                                           {"mutate", 31, 4, 0, "a prompt"}};
  for (const Question& q : questions) digests.insert(journal().record("m", q, "r").exchange.digest);
  digests.insert(journal().record("n", question_, "r").exchange.digest);
  EXPECT_EQ(digests.size(), questions.size() + 1);
}

TEST_F(JournalTest, AnyBytesAreUsedAsTheyAreKept) {
  const std::string hostile("\xFF\x00\"\\\x1b</script>\xC3(", 15);
  const Kept kept = journal().record("m\xFF", {"mutate", 0, 0, 0, hostile}, hostile);
  const auto again = journal().recall("m\xFF", {"mutate", 0, 0, 0, hostile});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->reply, kept.reply);
}

TEST_F(JournalTest, TheRunIsAskedAsWell) {
  const Kept kept = journal().record("m", question_, "r");
  committed_[kept.exchange.digest] = kept.exchange.json;
  fs::remove(spooled(kept));
  EXPECT_EQ(journal().recall("m", question_)->reply, "r");
  committed_[kept.exchange.digest] = "{}";
  EXPECT_FALSE(journal().recall("m", question_));
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(JournalTest, DamagedRecordsAreToldOfAndIgnored) {
  const Kept kept = journal().record("m", question_, "a reply of some length");
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
  journal().record("m", question_, "another");
  EXPECT_EQ(journal().recall("m", question_)->reply, "another");
}

TEST_F(JournalTest, WhatIsCommittedLeavesTheSpool) {
  const Kept first = journal().record("m", question_, "r");
  const Kept second = journal().record("n", question_, "r");
  const Kept third = journal().record("o", question_, "r");
  committed_[first.exchange.digest] = first.exchange.json;
  committed_[third.exchange.digest] = "not the same";
  journal().drop_committed();
  EXPECT_FALSE(fs::exists(spooled(first)));
  EXPECT_TRUE(fs::exists(spooled(second)));
  EXPECT_TRUE(fs::exists(spooled(third)));
}

TEST_F(JournalTest, FailureToWriteNamesThePath) {
  file("run", "in the way");
  try {
    journal().record("m", question_, "r");
    FAIL();
  } catch (const JournalError& error) {
    EXPECT_NE(std::string(error.what()).find((folder_ / "run").string()), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace llm_mutators
