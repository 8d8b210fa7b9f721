// json_fields.hpp: the members of a record, with messages that name what is wrong.
// Why:      records of others lack members, or have them of another type; each reader of a format says so
//           alike.
// Use:      JsonParser parser;
//           const JsonElement record = parser.parse(text);  // with TextWindow::kPadding behind it
//           const JsonObject object = object_in(record, "a record");
//           const std::int64_t tokens = whole_number(expect(object, "usage"), "usage");
// Promises: a member that is null counts as one that is not there. What other programs write and JSON does
//           not know becomes a string where it stands: NaN and infinity, and whole numbers that 64 bits do
//           not hold; half a surrogate pair becomes U+FFFD. Who needs such a number finds a string, and says
//           so.
// Throws:   BadRecord.
// Threads:  one thread a parser, whose results live until it parses again.
// Tests:    tests/live/formats/hostile_formats_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <vector>

#include "live/samples/sample.hpp"

namespace live {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

class JsonParser {
 public:
  JsonParser();
  ~JsonParser();
  JsonParser(const JsonParser&) = delete;
  JsonParser& operator=(const JsonParser&) = delete;

  JsonElement parse(std::string_view padded);

 private:
  struct State;  // apart, since the size of simdjson's parser depends on a macro of whoever compiles it
  std::unique_ptr<State> state_;
};

std::optional<JsonElement> find(JsonObject object, std::string_view name);
JsonElement expect(JsonObject object, std::string_view name);
// By a path: a member's own name, or names with points between. at_path() finds null too.
std::optional<JsonElement> at_path(JsonObject object, std::string_view path);
std::optional<JsonElement> find_path(JsonObject object, std::string_view path);

// Something of another type is a BadRecord that calls it `what`.
JsonObject object_in(JsonElement element, std::string_view what);
JsonArray array_in(JsonElement element, std::string_view what);
std::string_view text_in(JsonElement element, std::string_view what);
std::int64_t whole_number(JsonElement element, std::string_view what);  // not negative; also "12" and 12.0
double number_in(JsonElement element, std::string_view what);

std::optional<JsonObject> as_object(JsonElement element);
std::optional<JsonArray> as_array(JsonElement element);
std::optional<std::string_view> as_text(JsonElement element);
std::optional<double> as_number(JsonElement element);  // also "0.5"

// All entries at once: to ask simdjson for one by its number is to walk there.
std::vector<JsonElement> entries_in(JsonArray array);

// "1 row", "2 rows": for remarks.
std::string counted(std::size_t number, std::string_view what);

// The id of a question that its file counts: another file may give it to another question.
std::string_view id_within(std::size_t file, std::string_view id, Samples& keeper);

// An answer: a string, or a number or truth value as it is written. Lists are taken as "a, b".
std::string_view answer_in(JsonElement element, std::string_view what, Samples& keeper);

// Whether it says right or wrong: true, 1, "correct", "C" and their opposites; nothing for anything else.
std::optional<bool> verdict_in(JsonElement element);

// Whether a reason for the end of a sample is that it met a limit: "length", "max_tokens" ...
bool is_limit(std::string_view reason);

// The content of a message: a string, or parts of which some are thought. Both are put to the sample.
void take_content(JsonElement content, Sample& sample, Samples& keeper, std::string_view what = "content");

// The last message of that role, of a list of messages.
std::optional<JsonObject> last_message(JsonArray messages, std::string_view role);

}  // namespace live
