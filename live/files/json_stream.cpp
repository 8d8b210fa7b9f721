#include "live/files/json_stream.hpp"

#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "live/files/json_records.hpp"
#include "live/files/value_scanner.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::trimmed;
using genome::base::visible;

constexpr std::string_view kBlanks = " \t\r\n";

}  // namespace

JsonStream::JsonStream(TextWindow& window, JsonLayout layout, std::function<Take(std::string_view)> take)
    : window_(window), layout_(layout), take_(std::move(take)) {}

std::optional<JsonRecord> JsonStream::next() {
  window_.consume(std::exchange(held_, 0));
  if (ended_) return std::nullopt;
  const std::optional<std::string_view> text = next_text();
  if (!text) {
    ended_ = true;
    return std::nullopt;
  }
  return JsonRecord{.text = *text, .line = line_, .number = number_++, .member = member_};
}

std::optional<std::string_view> JsonStream::next_text() {
  switch (layout_) {
    case JsonLayout::kLines: return next_line();
    case JsonLayout::kArray: return next_element();
    case JsonLayout::kObject: return next_member();
    case JsonLayout::kValues: break;
  }
  return mark() == 0 ? std::nullopt : std::optional(value());
}

std::optional<std::string_view> JsonStream::next_line() {
  std::size_t from = 0;
  for (;;) {
    const std::string_view view = window_.view();
    const std::size_t end = view.find('\n', from);
    from = view.size();
    if (end == view.npos && window_.grow()) continue;
    if (end == view.npos && view.empty()) return std::nullopt;
    const std::string_view line = view.substr(0, end);
    const std::size_t length = end == view.npos ? view.size() : end + 1;
    if (!trimmed(line).empty()) {
      line_ = window_.line();
      held_ = length;
      return line;
    }
    window_.consume(length);
    from = 0;
  }
}

std::optional<std::string_view> JsonStream::next_element() {
  if (!std::exchange(begun_, true)) {
    pass('[', "at the beginning");
    first_in_list_ = true;
  }
  const char next = mark();
  if (next == ']') {
    pass(']', "");
    expect_end();
    return std::nullopt;
  }
  if (!std::exchange(first_in_list_, false)) pass(',', "between two elements of the array");
  return value();
}

std::optional<std::string_view> JsonStream::next_member() {
  if (!std::exchange(begun_, true)) pass('{', "at the beginning");
  for (;;) {
    if (in_list_) {
      if (mark() != ']') {
        if (!std::exchange(first_in_list_, false)) pass(',', "between two elements of an array");
        return value();
      }
      pass(']', "");
      in_list_ = false;
    }
    if (!begin_member()) return std::nullopt;
    switch (take_ ? take_(member_) : Take::kSkip) {
      case Take::kSkip: skip_value(); break;
      case Take::kWhole: return value();
      case Take::kElements:
        if (mark() == '[') {
          pass('[', "");
          in_list_ = first_in_list_ = true;
        } else {
          skip_value();
        }
    }
  }
}

// The name of the next member, and its colon.
bool JsonStream::begin_member() {
  if (mark() == '}') {
    pass('}', "");
    expect_end();
    return false;
  }
  if (!std::exchange(first_member_, false)) pass(',', "between two members of the object");
  if (mark() != '"') fail("not valid JSON: the name of a member is expected");
  const std::string_view name = value();
  if (malformed_at(name)) fail("not valid JSON: the name of a member is malformed");
  member_ = string_of(name);
  window_.consume(std::exchange(held_, 0));
  pass(':', "behind the name of a member");
  return true;
}

std::string_view JsonStream::value() {
  if (const char first = mark(); first == 0)
    fail("the text ends too early: half a file?");
  else if (first == ']' || first == '}' || first == ',' || first == ':')
    fail(fmt::format("not valid JSON: a value is expected, found `{}`", first));
  line_ = window_.line();
  ValueScanner scanner;
  for (;;) {
    const std::string_view view = window_.view();
    std::size_t end = scanner.end_in(view);
    if (end == view.npos && window_.grow()) continue;
    if (end == view.npos && scanner.plain()) end = view.size();
    if (end == view.npos)
      fail(fmt::format("the text ends too early, within the value that begins in line {}: half a file?",
                       line_));
    held_ = end;
    return window_.view().substr(0, end);
  }
}

void JsonStream::skip_value() {
  const std::size_t line = window_.line();
  if (mark() == 0) fail("the text ends too early: half a file?");
  ValueScanner scanner;
  for (;;) {
    const std::size_t end = scanner.end_in(window_.view());
    if (end != std::string_view::npos) return window_.consume(end);
    const std::size_t done = scanner.done();
    window_.consume(done);
    scanner.forget(done);
    if (!window_.grow())
      fail(fmt::format("the text ends too early, within the value that begins in line {}: half a file?",
                       line));
  }
}

char JsonStream::mark() {
  for (;;) {
    const std::string_view view = window_.view();
    const std::size_t at = view.find_first_not_of(kBlanks);
    window_.consume(at == view.npos ? view.size() : at);
    if (at != view.npos) return window_.view().front();
    if (!window_.grow()) return 0;
  }
}

void JsonStream::pass(char expected, std::string_view where) {
  const char found = mark();
  if (found == 0) fail("the text ends too early: half a file?");
  if (found != expected)
    fail(fmt::format("not valid JSON: `{}` is expected {}, found `{}`", expected, where,
                     visible(std::string_view(&found, 1))));
  window_.consume(1);
}

void JsonStream::expect_end() {
  if (const char found = mark(); found == 0) return;
  constexpr std::size_t kShown = 20;
  while (window_.view().size() < kShown && window_.grow()) {  // as much is shown however the bytes come
  }
  fail(fmt::format("text follows behind the end of the JSON value, from `{}` on",
                   visible(window_.view().substr(0, kShown))));
}

void JsonStream::fail(const std::string& problem) const {
  throw replay::InputError(fmt::format("{}: line {}: {}", window_.name(), window_.line(), problem));
}

}  // namespace live
