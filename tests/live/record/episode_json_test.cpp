// Episodes come back from their lines as they were.
#include "live/record/episode_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/kept_episode.hpp"

namespace live {
namespace {

using testing::StartsWith;

TEST(EpisodeJson, ComesBackAsItWas) {
  EpisodeRecord record = tests::kept_episode("a", "1+1 \x1b \xff");
  record.seed = 0xFFFF'FFFF'FFFF'FFFF;
  const std::string line = line_of(record);
  EXPECT_THAT(line, StartsWith(kRecordHead));
  EXPECT_EQ(line.find('\n'), line.npos);
  const EpisodeRecord same = record_of(line);
  EXPECT_EQ(line_of(same), line);
  EXPECT_EQ(same.head, record.head);
  EXPECT_EQ(same.seed, record.seed);
  EXPECT_EQ(same.budget, 500);
  EXPECT_EQ(same.ceiling, std::nullopt);
  EXPECT_EQ(same.messages[0].content, "1+1 \x1b \xEF\xBF\xBD");
  EXPECT_EQ(same.outcome.votes, record.outcome.votes);
  EXPECT_EQ(same.outcome.session, record.outcome.session);
  EXPECT_EQ(same.outcome.tokens, record.outcome.tokens);
  EpisodeTrail expected = *record.outcome.trail;
  expected.branches[1].text = "hm \xEF\xBF\xBD";
  EXPECT_EQ(*same.outcome.trail, expected);
}

TEST(EpisodeJson, TellsFailedAndCancelledEpisodes) {
  for (const auto how : {EpisodeOutcome::How::kFailed, EpisodeOutcome::How::kCancelled}) {
    EpisodeRecord record = tests::kept_episode("a", "1+1");
    record.outcome = {.how = how, .error = "the server is away"};
    const EpisodeRecord same = record_of(line_of(record));
    EXPECT_EQ(same.outcome.how, how);
    EXPECT_EQ(same.outcome.error, "the server is away");
    EXPECT_EQ(same.outcome.answer, std::nullopt);
    EXPECT_TRUE(same.outcome.trail->branches.empty());
  }
}

TEST(EpisodeJson, LeavesOutTextsThatAreTooLong) {
  EpisodeRecord record = tests::kept_episode("a", "1+1");
  auto trail = tests::kept_trail();
  trail->branches[0].text = std::string(std::size_t{65} << 20U, 'x');
  record.outcome.trail = trail;
  const EpisodeRecord same = record_of(line_of(record));
  EXPECT_EQ(same.outcome.trail->branches[0].text, std::nullopt);
  EXPECT_EQ(same.outcome.trail->branches[0].answer, "2");
  record.messages[0].content = std::string(std::size_t{65} << 20U, 'x');
  EXPECT_THROW(line_of(record), std::exception);
}

}  // namespace
}  // namespace live
