#include "live/files/json_stream.hpp"

#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

#include "live/files/json_shape.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A text that comes some bytes at a time.
class Pieces : public ByteSource {
 public:
  Pieces(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  std::size_t read(char* to, std::size_t most) override {
    const std::size_t count = std::min({most, piece_, text_.size() - at_});
    std::memcpy(to, text_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t position() const override { return at_; }

 private:
  std::string text_;
  std::size_t piece_, at_ = 0;
};

struct Found {
  std::string text;
  std::size_t line;
  friend bool operator==(const Found&, const Found&) = default;
};

std::vector<Found> records_of(const std::string& text, JsonLayout layout, std::size_t piece = 1,
                              const std::function<Take(std::string_view)>& take = {}) {
  Pieces bytes(text, piece);
  TextWindow window(bytes, "x.json");
  JsonStream stream(window, layout, take);
  std::vector<Found> found;
  while (const auto record = stream.next()) found.push_back({std::string(record->text), record->line});
  return found;
}

std::string failure(const std::string& text, JsonLayout layout) {
  try {
    records_of(text, layout, 3);
  } catch (const replay::InputError& error) {
    return error.what();
  }
  return "";
}

JsonShape shape_of(const std::string& text) {
  Pieces bytes(text, 7);
  TextWindow window(bytes, "x.json");
  return json_shape(window);
}

TEST(JsonStream, ReadsLinesAndPassesOverBlankOnes) {
  const std::string text = "\xEF\xBB\xBF{\"a\":1}\r\n\n  \n{\"b\":2}";
  for (const std::size_t piece : {1U, 2U, 5U, 100U})
    EXPECT_THAT(records_of(text, JsonLayout::kLines, piece),
                ElementsAre(Found{"{\"a\":1}\r", 1}, Found{"{\"b\":2}", 4}));
}

TEST(JsonStream, ReadsElementsWhateverIsInTheirStrings) {
  const std::string text = "[\n {\"a\": \"]}\\\\\\\"[\"},\n [1, \"\\\\\"], 7 , \"x\"\n]\n";
  for (const std::size_t piece : {1U, 2U, 3U, 100U})
    EXPECT_THAT(records_of(text, JsonLayout::kArray, piece),
                ElementsAre(Found{"{\"a\": \"]}\\\\\\\"[\"}", 2}, Found{"[1, \"\\\\\"]", 3}, Found{"7", 3},
                            Found{"\"x\"", 3}));
  EXPECT_TRUE(records_of("[]", JsonLayout::kArray).empty());
}

TEST(JsonStream, GoesThroughMembersAsItIsTold) {
  const auto take = [](std::string_view member) {
    return member == "samples" ? Take::kElements : member == "eval" ? Take::kWhole : Take::kSkip;
  };
  const std::string text =
      "{\"x\": {\"samples\": [9, \"\\\"\"]}, \"eval\": {\"m\": 1}, \"samples\": [1, [2]], \"n\": NaN, "
      "\"samples\": 5}";
  for (const std::size_t piece : {1U, 4U, 100U})
    EXPECT_THAT(records_of(text, JsonLayout::kObject, piece, take),
                ElementsAre(Found{"{\"m\": 1}", 1}, Found{"1", 1}, Found{"[2]", 1}));
}

TEST(JsonStream, ReadsValuesOneBehindTheOther) {
  EXPECT_THAT(records_of("{\n\"a\": 1\n}\n\n{\"b\":2} 3", JsonLayout::kValues),
              ElementsAre(Found{"{\n\"a\": 1\n}", 1}, Found{"{\"b\":2}", 5}, Found{"3", 5}));
}

TEST(JsonStream, TellsWhatIsBrokenAroundRecords) {
  EXPECT_THAT(failure("[{\"a\":1},\n{\"b\"", JsonLayout::kArray),
              HasSubstr("x.json: line 2: the text ends too early"));
  EXPECT_THAT(failure("[1 2]", JsonLayout::kArray), HasSubstr("`,` is expected between two elements"));
  EXPECT_THAT(failure("[1,]", JsonLayout::kArray), HasSubstr("a value is expected, found `]`"));
  EXPECT_THAT(failure("[1]\n\x1b[2J", JsonLayout::kArray), HasSubstr("line 2: text follows behind the end"));
  EXPECT_THAT(failure("[", JsonLayout::kArray), HasSubstr("half a file?"));
  EXPECT_THAT(failure("{\"a\" 1}", JsonLayout::kObject), HasSubstr("`:` is expected behind the name"));
  EXPECT_THAT(failure("{\"a\": [1", JsonLayout::kObject), HasSubstr("half a file?"));
  EXPECT_THAT(failure("\xFF\xFE{", JsonLayout::kLines), HasSubstr("UTF-16"));
  EXPECT_EQ(failure("[1]", JsonLayout::kArray).find('\x1b'), std::string::npos);
}

TEST(JsonStream, ARecordHasALargestSize) {
  EXPECT_THAT(failure("[\"" + std::string(TextWindow::kMost, 'x') + "\"]", JsonLayout::kArray),
              HasSubstr("has more than 64 MiB"));
}

RC_GTEST_PROP(JsonStream, TakesAnyBytes, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("{}[]\",:\\ \n1atru\x80")));
  const auto layout =
      *rc::gen::element(JsonLayout::kLines, JsonLayout::kArray, JsonLayout::kObject, JsonLayout::kValues);
  const auto outcome = [&](std::size_t piece) {
    std::string all;
    try {
      Pieces bytes(text, piece);
      TextWindow window(bytes, "x");
      JsonStream stream(window, layout, [](std::string_view) { return Take::kElements; });
      while (const auto record = stream.next()) all += std::string(record->text) + "|";
    } catch (const replay::InputError& error) {
      all += error.what();
    }
    return all;
  };
  RC_ASSERT(outcome(1) == outcome(1000));
}

TEST(JsonShape, KnowsLinesArraysAndObjects) {
  EXPECT_EQ(shape_of("{\"a\": 1}\n{\"a\": 2}\n").layout, JsonLayout::kLines);
  EXPECT_EQ(shape_of("{\"a\": \"broken\n{\"a\": 2}\n").layout, JsonLayout::kLines);
  EXPECT_EQ(shape_of("{\n \"a\": [\n{\n}]\n}\n").layout, JsonLayout::kValues);
  EXPECT_EQ(shape_of("  [ {\"a\": 1}]").layout, JsonLayout::kArray);
  EXPECT_EQ(shape_of("id,question\n").layout, std::nullopt);
  EXPECT_EQ(shape_of("").layout, std::nullopt);
}

TEST(JsonShape, ListsTheMembersOfTheFirstRecord) {
  const JsonShape shape = shape_of("[{\"a\": {\"b\": [1]}, \"list\": [ \"x\"], \"n\": [], \"last\": \"cut o");
  EXPECT_TRUE(shape.has("a"));
  EXPECT_FALSE(shape.has("b"));
  EXPECT_TRUE(shape.has_list("list"));
  ASSERT_NE(shape.find("list"), nullptr);
  EXPECT_EQ(shape.find("list")->within, '"');
  EXPECT_EQ(shape.find("n")->within, ']');
  EXPECT_TRUE(shape.has("last"));
}

}  // namespace
}  // namespace live
