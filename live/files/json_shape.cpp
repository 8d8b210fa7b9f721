#include "live/files/json_shape.hpp"

#include <algorithm>

#include "live/files/json_records.hpp"
#include "live/files/value_scanner.hpp"

namespace live {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kLookedAt = std::size_t{2} << 20U;
constexpr std::size_t kLongestFirstLine = std::size_t{16} << 20U;

std::string_view without_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

char first_of(std::string_view text) { return text.empty() ? '\0' : text.front(); }

// Of an object whose text may be cut off.
std::vector<ShapeMember> members_in(std::string_view text) {
  std::vector<ShapeMember> members;
  text.remove_prefix(1);
  while (members.size() < kMostJsonMembers) {
    text = without_blanks(text);
    if (first_of(text) == ',') text = without_blanks(text.substr(1));
    if (first_of(text) != '"') break;
    const std::size_t end = ValueScanner().end_in(text);
    if (end == text.npos || malformed_at(text.substr(0, end))) break;
    ShapeMember member{.name = string_of(text.substr(0, end))};
    text = without_blanks(text.substr(end));
    if (first_of(text) != ':') break;
    text = without_blanks(text.substr(1));
    member.begins = first_of(text);
    if (member.begins == '[') member.within = first_of(without_blanks(text.substr(1)));
    members.push_back(std::move(member));
    const std::size_t behind = ValueScanner().end_in(text);
    if (behind == text.npos) break;
    text.remove_prefix(behind);
  }
  return members;
}

// Whether there are several lines and one by itself is an object. Within an object over several lines, none
// is that begins a line.
bool is_lines(std::string_view text) {
  bool object_line = false;
  std::size_t lines = 0;
  while (!text.empty() && !(object_line && lines > 1)) {
    const std::size_t line_end = text.find('\n');
    const std::string_view line = text.substr(0, line_end);
    lines += without_blanks(line).empty() ? 0 : 1;
    if (line.starts_with('{') && !object_line) {
      const std::size_t end = ValueScanner().end_in(line);
      object_line = end != line.npos && without_blanks(line.substr(end)).empty();
    }
    text.remove_prefix(line_end == text.npos ? text.size() : line_end + 1);
  }
  return object_line && lines > 1;
}

}  // namespace

const ShapeMember* JsonShape::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &ShapeMember::name);
  return found == members.end() ? nullptr : &*found;
}

JsonShape json_shape(TextWindow& window) {
  while (window.view().size() < kLookedAt && window.grow()) {
  }
  // One whole line, if it is no longer than that: lines are values by themselves.
  while (window.view().size() < kLongestFirstLine && window.view().find('\n') == std::string_view::npos &&
         window.grow()) {
  }
  const std::string_view head = window.view();
  std::string_view text = without_blanks(head);
  JsonShape shape;
  if (first_of(text) == '[') {
    shape.layout = JsonLayout::kArray;
    text = without_blanks(text.substr(1));
  } else if (first_of(text) == '{') {
    shape.layout = is_lines(head) ? JsonLayout::kLines : JsonLayout::kValues;
  } else {
    return shape;
  }
  shape.first = first_of(text);
  if (shape.first == '{') shape.members = members_in(text);
  return shape;
}

}  // namespace live
