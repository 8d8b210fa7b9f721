#include "live/files/json_records.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "genome/base/text.hpp"

namespace live {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Takes every event and keeps only where reading stopped.
struct PlaceOfError : nlohmann::json_sax<nlohmann::json> {
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    place = position == 0 ? 0 : position - 1;
    return false;
  }
  std::size_t place = 0;
};

// A walk along well-formed JSON.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) { skip_blanks(); }

  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  void step() {
    ++at_;
    skip_blanks();
  }

  // The value that begins here, with all that is within it.
  std::string_view value() {
    const std::size_t begin = at_;
    std::size_t depth = 0;
    do {
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
      } else if (c == '[' || c == '{') {
        ++depth;
        ++at_;
      } else if (c == ']' || c == '}') {
        --depth;
        ++at_;
      } else {
        const std::size_t end = text_.find_first_of(" \t\r\n,]}:\"[{", at_);
        at_ = end == at_ ? at_ + 1 : end == text_.npos ? text_.size() : end;
      }
      if (depth > 0) skip_blanks();
    } while (depth > 0 && at_ < text_.size());
    const std::string_view found = text_.substr(begin, at_ - begin);
    skip_blanks();
    return found;
  }

 private:
  void skip_blanks() {
    const std::size_t next = text_.find_first_not_of(kBlanks, at_);
    at_ = next == text_.npos ? text_.size() : next;
  }
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

[[noreturn]] void too_many(std::string_view what, std::size_t most) {
  throw std::length_error(fmt::format("has more than {} {}", most, what));
}

}  // namespace

std::optional<std::size_t> malformed_at(std::string_view text) {
  PlaceOfError events;
  if (nlohmann::json::sax_parse(text, &events)) return std::nullopt;
  return std::min(events.place, text.size());
}

JsonKind kind_of(std::string_view value) {
  switch (value[value.find_first_not_of(kBlanks)]) {
    case '{': return JsonKind::kObject;
    case '[': return JsonKind::kArray;
    case '"': return JsonKind::kString;
    case 't':
    case 'f': return JsonKind::kBoolean;
    case 'n': return JsonKind::kNull;
    default: return JsonKind::kNumber;
  }
}

std::vector<JsonMember> members_of(std::string_view object, std::size_t most) {
  std::vector<JsonMember> members;
  Walk walk(object);
  walk.step();
  while (!walk.at('}')) {
    if (members.size() == most) too_many("fields", most);
    JsonMember& member = members.emplace_back();
    member.name = string_of(walk.value());
    walk.step();  // the colon
    member.value = walk.value();
    if (walk.at(',')) walk.step();
  }
  return members;
}

std::vector<std::string_view> elements_of(std::string_view array, std::size_t most) {
  std::vector<std::string_view> elements;
  Walk walk(array);
  walk.step();
  while (!walk.at(']')) {
    if (elements.size() == most) too_many("elements", most);
    elements.push_back(walk.value());
    if (walk.at(',')) walk.step();
  }
  return elements;
}

std::string string_of(std::string_view value) { return nlohmann::json::parse(value).get<std::string>(); }

std::string json_text(std::string_view text) { return nlohmann::json(text).dump(); }

std::string shown(std::string_view value) {
  switch (kind_of(value)) {
    case JsonKind::kObject: return "an object";
    case JsonKind::kArray: return "an array";
    default: return genome::base::visible(value, 60);
  }
}

}  // namespace live
