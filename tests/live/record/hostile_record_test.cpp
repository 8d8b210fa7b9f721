// Lines that somebody else wrote: each is refused by a message that names what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "live/record/episode_json.hpp"
#include "tests/support/kept_episode.hpp"

namespace live {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::string changed(const std::string& path, const json& value) {
  json record = json::parse(line_of(tests::kept_episode("a", "1+1")));
  record[json::json_pointer(path)] = value;
  return record.dump();
}

TEST(HostileRecord, NamesTheMemberThatIsWrong) {
  const std::vector<std::tuple<std::string, json, std::string>> cases = {
      {"/evotts", "texts", "no record"},
      {"/version", 2, "another version"},
      {"/id", 3, "id must be a text"},
      {"/seed", -1, "seed must be"},
      {"/beta", "x", "beta must be a number"},
      {"/budget", 1e300, "budget must be"},
      {"/controller", json::array(), "controller must be an object"},
      {"/made", 3, "made must be an object"},
      {"/messages", json::array(), "messages must not be empty"},
      {"/messages/0", "x", "messages[0] must be an object"},
      {"/messages/0/content", nullptr, "messages[0].content"},
      {"/end", "well", "end must be one of answered, failed, cancelled"},
      {"/branch", 3, "branch must be one of the branches"},
      {"/votes/0/finished", 1000, "votes[0].finished"},
      {"/rounds", 1e18, "rounds"},
      {"/spent", 18446744073709551615U, "spent"},
      {"/branches/0/end", "x", "branches[0].end"},
      {"/branches/0/tokens", -1, "branches[0].tokens"},
      {"/branches/0/intervals", 1'000'001, "branches[0].intervals"},
      {"/branches/0/intervals", 0, "branches[0].looks"},
      {"/branches/0/answer", nullptr, "branches[0].answer"},
      {"/branches/0/looks/0/depth", 0, "branches[0].looks[0].depth"},
      {"/branches/0/looks/0/depth", 2, "branches[0].looks[0].depth"},
      {"/branches/0/signals/logprob", {1}, "branches[0].signals.logprob must be a list of 2"},
      {"/branches/0/signals/logprob", {1, 1e300}, "branches[0].signals.logprob"},
      {"/branches/0/signals/a b", {1, 2}, "branches[0].signals"},
      {"/branches/1/text", 3, "branches[1].text"},
      {"/actions/0", 3, "actions[0]"},
      {"/actions/0/1", "leap", "actions[0]"},
      {"/actions/0/2", 1, "actions[0]"},
      {"/actions/3/2", 2, "actions[3]"},
      {"/actions/3/2", 200, "actions[3]: branch"},
      {"/actions/3/4", "maybe", "actions[3]"},
      {"/actions/3/3", -5, "actions[3]: cost"},
      {"/actions/3/0", "x", "actions[3]: round"},
  };
  for (const auto& [path, value, message] : cases) {
    SCOPED_TRACE(path + " " + value.dump());
    EXPECT_THAT([&] { record_of(changed(path, value)); }, ThrowsMessage<std::exception>(HasSubstr(message)));
  }
}

TEST(HostileRecord, EachMemberMustBeThere) {
  const json whole = json::parse(line_of(tests::kept_episode("a", "1+1")));
  for (const auto& [name, value] : whole.items()) {
    json record = whole;
    record.erase(name);
    EXPECT_THROW(record_of(record.dump()), std::exception) << name;
    record[name] = {{"x", {nullptr, 1}}};
    if (name != "made") {
      EXPECT_THROW(record_of(record.dump()), std::exception) << name;
    }
  }
}

TEST(HostileRecord, AnyCutIsRefused) {
  const std::string line = line_of(tests::kept_episode("a", "1+1"));
  for (std::size_t size = 0; size < line.size(); ++size)
    ASSERT_THROW(record_of(line.substr(0, size)), std::exception) << size;
  EXPECT_THROW(record_of(std::string(100'000, '[')), std::exception);
  EXPECT_THROW(record_of("null"), std::exception);
}

}  // namespace
}  // namespace live
