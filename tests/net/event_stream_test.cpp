#include "net/event_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace net {
namespace {

using testing::ElementsAre;
using Texts = std::vector<std::string>;

// "name|data" of each event.
Texts events_of(const Texts& pieces, EventStream& stream) {
  Texts events;
  for (const std::string& piece : pieces)
    EXPECT_TRUE(stream.take(piece, [&](const Event& e) { events.push_back(e.name + "|" + e.data); }));
  return events;
}

Texts events_of(const Texts& pieces) {
  EventStream stream;
  return events_of(pieces, stream);
}

TEST(EventStream, EventsEndWithAnEmptyLine) {
  EXPECT_THAT(events_of({"data: one\n\ndata:two\n\ndata: lost\n"}), ElementsAre("|one", "|two"));
  EXPECT_THAT(events_of({"\n\n\nevent: error\ndata: x\n\ndata: y\n\n"}), ElementsAre("error|x", "|y"));
  EXPECT_THAT(events_of({"data: first\ndata:  second\ndata\n\n"}), ElementsAre("|first\n second\n"));
  EXPECT_THAT(events_of({"event: nothing\n\ndata: x\n\n"}), ElementsAre("|x")) << "its name is no other's";
  EXPECT_THAT(events_of({"data:\n\n"}), ElementsAre("|"));
}

TEST(EventStream, CommentsAndOtherFieldsAreNone) {
  EventStream stream;
  EXPECT_THAT(events_of({": PROCESSING\n\n:\n\nid: 4\nretry: 10\ndatas: no\ndata: x\n: within\n\n"}, stream),
              ElementsAre("|x"));
  EXPECT_EQ(stream.comments(), 3);
}

TEST(EventStream, AMarkOfByteOrderIsSkippedAtTheBeginningAlone) {
  EXPECT_THAT(events_of({"\xEF\xBB\xBF"
                         "data: x\n\n\xEF\xBB\xBF"
                         "data: y\n\n"}),
              ElementsAre("|x"));
}

// Every way to cut it in three, with each kind of line end: events and what is left over are the same.
TEST(EventStream, CutsChangeNothing) {
  const std::string form =
      "\xEF\xBB\xBF: hello~data: {\"text\": \"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"}~~event: e~data: a~data:"
      "~data: b~~~data: [DONE]~~data: rest~";
  const auto expected =
      ElementsAre("|{\"text\": \"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"}", "e|a\n\nb", "|[DONE]");
  for (const std::string_view line_end : {"\n", "\r", "\r\n"}) {
    std::string text;
    for (const char c : form) text += c == '~' ? std::string(line_end) : std::string(1, c);
    for (std::size_t first = 0; first <= text.size(); ++first) {
      for (std::size_t second = first; second <= text.size(); ++second) {
        EventStream stream;
        ASSERT_THAT(
            events_of({text.substr(0, first), text.substr(first, second - first), text.substr(second)},
                      stream),
            expected)
            << first << " " << second;
        ASSERT_TRUE(stream.within_event());
        ASSERT_EQ(stream.comments(), 1);
      }
    }
  }
}

TEST(EventStream, AnEventThatIsTooLongEndsIt) {
  const auto nothing = [](const Event&) {};
  EventStream line(100), lines(100), many(100);
  EXPECT_FALSE(line.take("data: " + std::string(100, 'x'), nothing));
  EXPECT_FALSE(line.take("\n\ndata: y\n\n", [](const Event&) { FAIL() << "it is over"; }));
  bool fine = true;
  for (int i = 0; i < 60; ++i) fine = lines.take("data: x\n", nothing);
  EXPECT_FALSE(fine) << "60 lines of an event";
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(many.take("data: x\n\n", nothing)) << "of 60 events";
}

TEST(EventStream, TheWordOfTheEndIsKnown) {
  EXPECT_TRUE(ends_replies({.data = "[DONE]"}));
  EXPECT_TRUE(ends_replies({.data = " [DONE] "}));
  EXPECT_FALSE(ends_replies({.data = "{\"text\": \"[DONE]\"}"}));
}

}  // namespace
}  // namespace net
