#include "live/formats/json_fields.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "genome/base/text.hpp"
#include "live/files/json_records.hpp"
#include "live/formats/json_repair.hpp"

namespace live {
namespace {

using genome::base::trimmed;
using genome::base::visible;
using simdjson::dom::element_type;

std::string told(JsonElement element) {
  switch (element.type()) {
    case element_type::OBJECT: return "an object";
    case element_type::ARRAY: return "an array";
    case element_type::NULL_VALUE: return "null";
    case element_type::STRING:
      return fmt::format("\"{}\"", visible(std::string_view(element.get_string().value_unsafe()), 40));
    default: return visible(simdjson::minify(element), 40);
  }
}

[[noreturn]] void refuse(std::string_view what, std::string_view expected, JsonElement found) {
  throw BadRecord(fmt::format("\"{}\" must be {}, found {}", visible(what, 60), expected, told(found)));
}

std::string malformed(std::string_view text, simdjson::error_code error) {
  const auto before = [&](std::size_t at) {
    return visible(text.substr(0, at).substr(at < 20 ? 0 : at - 20));
  };
  if (const auto wrong = genome::base::first_not_utf8(text))
    return fmt::format("is no text in UTF-8, after `{}`", before(*wrong));
  if (const auto wrong = malformed_at(text)) {
    if (*wrong >= text.size()) return "not valid JSON: the text ends too early";
    return fmt::format("not valid JSON: byte {} of the record, after `{}`", *wrong + 1, before(*wrong));
  }
  return fmt::format("cannot be read as JSON: {}", simdjson::error_message(error));
}

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view each) { return same_but_for_case(each, word); });
}

}  // namespace

struct JsonParser::State {
  simdjson::dom::parser parser;
  std::string repaired;
};

JsonParser::JsonParser() : state_(std::make_unique<State>()) {}
JsonParser::~JsonParser() = default;

JsonElement JsonParser::parse(std::string_view padded) {
  JsonElement element;
  // The text has room behind it; the parser need not copy it.
  auto error = state_->parser.parse(padded.data(), padded.size(), false).get(element);
  if (error != simdjson::SUCCESS && repair_json(padded, state_->repaired)) {
    const std::size_t size = state_->repaired.size();
    state_->repaired.append(simdjson::SIMDJSON_PADDING, '\0');
    error = state_->parser.parse(state_->repaired.data(), size, false).get(element);
  }
  if (error != simdjson::SUCCESS) throw BadRecord(malformed(padded, error));
  return element;
}

std::optional<JsonElement> find(JsonObject object, std::string_view name) {
  JsonElement element;
  if (object.at_key(name).get(element) != simdjson::SUCCESS || element.is_null()) return std::nullopt;
  return element;
}

JsonElement expect(JsonObject object, std::string_view name) {
  if (const auto found = find(object, name)) return *found;
  throw BadRecord(fmt::format("the field \"{}\" is missing", visible(name, 60)));
}

std::optional<JsonElement> at_path(JsonObject object, std::string_view path) {
  JsonElement element;
  if (object.at_key(path).get(element) == simdjson::SUCCESS) return element;
  const std::size_t point = path.find('.');
  if (point == path.npos) return std::nullopt;
  const auto inner = find(object, path.substr(0, point));
  const auto within = inner ? as_object(*inner) : std::nullopt;
  return within ? at_path(*within, path.substr(point + 1)) : std::nullopt;
}

std::optional<JsonElement> find_path(JsonObject object, std::string_view path) {
  const auto found = at_path(object, path);
  return found && !found->is_null() ? found : std::nullopt;
}

std::optional<JsonObject> as_object(JsonElement element) {
  return element.is_object() ? std::optional(JsonObject(element.get_object().value_unsafe())) : std::nullopt;
}
std::optional<JsonArray> as_array(JsonElement element) {
  return element.is_array() ? std::optional(JsonArray(element.get_array().value_unsafe())) : std::nullopt;
}
std::optional<std::string_view> as_text(JsonElement element) {
  return element.is_string() ? std::optional(std::string_view(element.get_string().value_unsafe()))
                             : std::nullopt;
}

std::optional<double> as_number(JsonElement element) {
  double number = 0;
  if (element.is_number() && element.get_double().get(number) == simdjson::SUCCESS) return number;
  const auto text = as_text(element);
  if (!text) return std::nullopt;
  const std::string_view digits = trimmed(*text);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

JsonObject object_in(JsonElement element, std::string_view what) {
  if (const auto object = as_object(element)) return *object;
  refuse(what, "an object", element);
}
JsonArray array_in(JsonElement element, std::string_view what) {
  if (const auto array = as_array(element)) return *array;
  refuse(what, "an array", element);
}
std::string_view text_in(JsonElement element, std::string_view what) {
  if (const auto text = as_text(element)) return *text;
  refuse(what, "a string", element);
}

std::vector<JsonElement> entries_in(JsonArray array) { return {array.begin(), array.end()}; }

std::int64_t whole_number(JsonElement element, std::string_view what) {
  const auto number = as_number(element);
  if (!number || !(*number >= 0) || *number != std::floor(*number) || *number > 9e15)
    refuse(what, "a whole number, 0 or more", element);
  return static_cast<std::int64_t>(*number);
}

double number_in(JsonElement element, std::string_view what) {
  const auto number = as_number(element);
  if (!number || !std::isfinite(*number)) refuse(what, "a finite number", element);
  return *number;
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string_view id_within(std::size_t file, std::string_view id, Samples& keeper) {
  return keeper.keep(fmt::format("{} {}", file, id));
}

std::string_view answer_in(JsonElement element, std::string_view what, Samples& keeper) {
  switch (element.type()) {
    case element_type::STRING: return *as_text(element);
    case element_type::NULL_VALUE: return {};
    case element_type::OBJECT: refuse(what, "an answer", element);
    case element_type::ARRAY: {
      std::string all;
      for (const JsonElement each : array_in(element, what)) {
        if (each.is_array())
          refuse(what, "an answer", each);  // copied at each level, a deep one takes all memory
        all += fmt::format("{}{}", all.empty() ? "" : ", ", answer_in(each, what, keeper));
      }
      return keeper.keep(std::move(all));
    }
    default: return keeper.keep(simdjson::minify(element));
  }
}

std::optional<bool> verdict_in(JsonElement element) {
  if (element.is_bool()) return bool(element.get_bool().value_unsafe());
  if (const auto number = as_number(element))
    return *number == 1 ? std::optional(true) : *number == 0 ? std::optional(false) : std::nullopt;
  const auto text = as_text(element);
  if (!text) return std::nullopt;
  if (is_one_of(*text, {"true", "correct", "right", "c", "yes"})) return true;
  if (is_one_of(*text, {"false", "incorrect", "wrong", "i", "no"})) return false;
  return std::nullopt;
}

bool is_limit(std::string_view reason) {
  return is_one_of(reason, {"length", "max_tokens", "max_length", "model_length", "max_output_tokens",
                            "max_new_tokens", "token_limit", "truncated", "abort", "content_filter"});
}

void take_content(JsonElement content, Sample& sample, Samples& keeper, std::string_view what) {
  if (const auto text = as_text(content)) {
    sample.text = *text;
    return;
  }
  std::string text, thought;
  if (!content.is_array()) refuse(what, "a text, or a list of its parts", content);
  for (const JsonElement part : array_in(content, what)) {
    if (const auto plain = as_text(part)) {
      text += *plain;
      continue;
    }
    const JsonObject object = object_in(part, "a part of the content");
    for (const std::string_view name : {"text", "reasoning", "thinking", "content"}) {
      const auto found = find(object, name);
      const auto said = found ? as_text(*found) : std::nullopt;
      if (said) (name == "text" || name == "content" ? text : thought) += *said;
    }
  }
  sample.text = keeper.keep(std::move(text));
  sample.thought = keeper.keep(std::move(thought));
}

std::optional<JsonObject> last_message(JsonArray messages, std::string_view role) {
  std::optional<JsonObject> last;
  for (const JsonElement each : messages) {
    const auto message = as_object(each);
    const auto of = message ? find(*message, "role") : std::nullopt;
    if (of && as_text(*of) == role) last = message;
  }
  return last;
}

}  // namespace live
