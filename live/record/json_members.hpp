// json_members.hpp: the members of an object that must be there and of their kinds.
// Why:      a line that somebody else wrote may hold anything; what is wrong is told by the member's name.
// Use:      const JsonMembers members(json, "");
//           const std::int64_t tokens = members.count("tokens");
//           for (const Json& each : members.list("branches", 64)) ...
// Throws:   std::invalid_argument, as in "branches[3].tokens must be a whole number from 0 to 1000".
// Threads:  one thread; the value outlives the object.
// Tests:    tests/live/record/hostile_record_test.cpp
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "replay/environment/limits.hpp"

namespace live {

class JsonMembers {
 public:
  using Json = nlohmann::json;

  // `path` stands before names in messages, as in "branches[3].".
  JsonMembers(const Json& json, std::string path);

  std::int64_t count(const char* name, std::int64_t most = replay::kMaxTokens) const;
  std::optional<std::int64_t> maybe_count(const char* name) const;
  std::uint64_t seed(const char* name) const;
  double number(const char* name) const;  // finite
  std::optional<double> maybe_number(const char* name) const;
  std::string text(const char* name) const;
  std::optional<std::string> maybe_text(const char* name) const;
  bool flag(const char* name) const;
  const Json& list(const char* name, std::size_t most) const;
  const Json& object(const char* name) const;

  const std::string& path() const { return path_; }
  [[noreturn]] void wrong(const std::string& name, const std::string& right) const;

 private:
  const Json& of(const char* name) const;
  bool is_null(const char* name) const { return of(name).is_null(); }

  const Json& json_;
  std::string path_;
};

}  // namespace live
