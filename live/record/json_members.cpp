#include "live/record/json_members.hpp"

#include <cmath>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace live {

JsonMembers::JsonMembers(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
  if (json_.is_object()) return;
  if (!path_.empty()) path_.pop_back();
  throw std::invalid_argument((path_.empty() ? "it" : path_) + " must be an object");
}

const JsonMembers::Json& JsonMembers::of(const char* name) const {
  const auto found = json_.find(name);
  if (found == json_.end()) throw std::invalid_argument(fmt::format("{}{} is missing", path_, name));
  return *found;
}

void JsonMembers::wrong(const std::string& name, const std::string& right) const {
  throw std::invalid_argument(fmt::format("{}{} must be {}", path_, name, right));
}

std::int64_t JsonMembers::count(const char* name, std::int64_t most) const {
  const Json& value = of(name);
  const bool fits =
      value.is_number_integer() &&
      (!value.is_number_unsigned() || value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most));
  if (!fits || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > most)
    wrong(name, fmt::format("a whole number from 0 to {}", most));
  return value.get<std::int64_t>();
}

std::optional<std::int64_t> JsonMembers::maybe_count(const char* name) const {
  return is_null(name) ? std::nullopt : std::optional(count(name));
}

std::uint64_t JsonMembers::seed(const char* name) const {
  const Json& value = of(name);
  if (!value.is_number_unsigned()) wrong(name, "a whole number of at most 64 bits");
  return value.get<std::uint64_t>();
}

double JsonMembers::number(const char* name) const {
  const Json& value = of(name);
  if (!value.is_number() || !std::isfinite(value.get<double>())) wrong(name, "a number");
  return value.get<double>();
}

std::optional<double> JsonMembers::maybe_number(const char* name) const {
  return is_null(name) ? std::nullopt : std::optional(number(name));
}

std::string JsonMembers::text(const char* name) const {
  const Json& value = of(name);
  if (!value.is_string()) wrong(name, "a text");
  return value.get<std::string>();
}

std::optional<std::string> JsonMembers::maybe_text(const char* name) const {
  return is_null(name) ? std::nullopt : std::optional(text(name));
}

bool JsonMembers::flag(const char* name) const {
  const Json& value = of(name);
  if (!value.is_boolean()) wrong(name, "true or false");
  return value.get<bool>();
}

const JsonMembers::Json& JsonMembers::list(const char* name, std::size_t most) const {
  const Json& value = of(name);
  if (!value.is_array() || value.size() > most) wrong(name, fmt::format("a list of at most {}", most));
  return value;
}

const JsonMembers::Json& JsonMembers::object(const char* name) const {
  const Json& value = of(name);
  if (!value.is_object()) wrong(name, "an object");
  return value;
}

}  // namespace live
