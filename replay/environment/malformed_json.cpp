#include "replay/environment/malformed_json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <vector>

#include "genome/base/text.hpp"

namespace replay {
namespace {

std::string line_and_column(std::string_view bytes, std::size_t offset) {
  const std::string_view before = bytes.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? offset + 1 : offset - newline;
  return fmt::format("line {}, column {}", line, column);
}

// Where the text stops being JSON; simdjson is quick because it does not keep count.
std::optional<std::size_t> first_malformed_byte(const std::string& bytes) {
  using nlohmann::json;
  try {
    const auto keep_nothing = [](int, json::parse_event_t, json&) { return false; };
    [[maybe_unused]] const json nothing = json::parse(bytes, keep_nothing);
  } catch (const json::parse_error& error) {
    return error.byte == 0 ? 0 : error.byte - 1;
  } catch (const json::exception&) {
    return std::nullopt;  // a number out of range: JSON, but nothing that can be held
  }
  return std::nullopt;
}

// The first number, outside strings, that neither 64 bits nor a double can hold.
std::optional<std::size_t> first_oversized_number(std::string_view bytes) {
  bool in_string = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '"') in_string = !in_string;
    if (in_string) {
      if (bytes[i] == '\\') ++i;
      continue;
    }
    if (bytes[i] < '0' || bytes[i] > '9') continue;
    const std::string_view rest = bytes.substr(i);
    const std::string_view number = rest.substr(0, rest.find_first_not_of("0123456789.eE+-"));
    const bool whole = number.find_first_of(".eE") == std::string_view::npos;
    std::uint64_t integer = 0;
    double real = 0;
    const char* const end = number.data() + number.size();
    const auto read =
        whole ? std::from_chars(number.data(), end, integer) : std::from_chars(number.data(), end, real);
    if (read.ec == std::errc::result_out_of_range) return i;
    i += number.size() - 1;
  }
  return std::nullopt;
}

// An array or object that is open at some byte.
struct Open {
  bool object = false;
  std::size_t commas = 0;
  std::string_view key;   // of an object: the latest one
  bool key_next = false;  // of an object: the next string is a key
};

// What is open before the byte, the outermost first.
std::vector<Open> open_before(std::string_view bytes, std::size_t offset) {
  std::vector<Open> open;
  for (std::size_t i = 0; i < offset; ++i) {
    const char c = bytes[i];
    if (c == '"') {
      std::size_t end = i + 1;
      while (end < offset && bytes[end] != '"') end += bytes[end] == '\\' ? 2 : 1;
      if (!open.empty() && open.back().key_next && end < offset)
        open.back().key = bytes.substr(i + 1, end - i - 1);
      if (!open.empty()) open.back().key_next = false;
      i = end;
    } else if (c == '[' || c == '{') {
      open.push_back({.object = c == '{', .commas = 0, .key = {}, .key_next = c == '{'});
    } else if ((c == ']' || c == '}') && !open.empty()) {
      open.pop_back();
    } else if (c == ',' && !open.empty()) {
      ++open.back().commas;
      open.back().key_next = open.back().object;
    }
  }
  return open;
}

// " question 3, branch 7, signal \"entropy\":" in front of a place inside a branch, else nothing.
std::string branch_at(std::string_view bytes, std::size_t offset) {
  const std::vector<Open> open = open_before(bytes, offset);
  const bool in_branch = open.size() > 3 && !open[0].object && open[1].object &&
                         open[1].key == "each_branch" && !open[2].object && !open[3].object;
  if (!in_branch) return {};
  std::string place = fmt::format(" question {}, branch {}", open[0].commas, open[2].commas);
  constexpr std::size_t kSignals = 3;  // the place of the signals in a branch
  if (open.size() > 4 && open[3].commas == kSignals && open[4].object && !open[4].key.empty())
    place += fmt::format(", signal \"{}\"", genome::base::visible(open[4].key, 60));
  return place + ":";
}

// NaN and its like, as Python and others write them, around this byte.
std::optional<std::string_view> not_finite_at(std::string_view bytes, std::size_t offset) {
  const auto part = [](char c) {
    return c == '-' || c == '+' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::size_t begin = offset, end = offset;
  while (begin > 0 && part(bytes[begin - 1])) --begin;
  while (end < bytes.size() && part(bytes[end])) ++end;
  const std::string_view word = bytes.substr(begin, end - begin);
  std::string lower(word.substr(word.starts_with('-') || word.starts_with('+') ? 1 : 0));
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "nan" || lower == "inf" || lower == "infinity") return word;
  return std::nullopt;
}

}  // namespace

std::string malformed_json(const std::string& bytes, const std::string& source, std::string_view otherwise) {
  const std::string file = genome::base::visible(source);
  const auto told = [&](std::size_t byte, std::string_view problem) {
    return fmt::format("{}:{} {}: {}", file, branch_at(bytes, byte), line_and_column(bytes, byte), problem);
  };
  if (const auto byte = first_malformed_byte(bytes)) {
    if (*byte >= bytes.size()) return told(bytes.size(), "not valid JSON: the text ends too early");
    if (const auto word = not_finite_at(bytes, *byte); word && !branch_at(bytes, *byte).empty())
      return told(*byte, fmt::format("{} is not a finite number", *word));
    const std::size_t shown_from = *byte < 20 ? 0 : *byte - 20;
    const std::string_view near = std::string_view(bytes).substr(shown_from, *byte + 1 - shown_from);
    return told(*byte, fmt::format("not valid JSON, after `{}`", genome::base::visible(near)));
  }
  if (const auto byte = first_oversized_number(bytes)) return told(*byte, "this number is too large");
  return fmt::format("{}: cannot be read as JSON: {}", file, otherwise);
}

}  // namespace replay
