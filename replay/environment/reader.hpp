// reader.hpp: JSON text of recorded questions and branches <-> Environment.
// Why:      recordings come from elsewhere and may be broken in any way; all that is checked here, once,
//           so that the code that runs episodes never has to.
// Use:      Environment env = read_environment("Qwen3-4B/aime24.json");
//           std::string same_file = to_json(env);
// Promises: bad input of any kind throws InputError, whose one line names the file and the place in it
//           (questions, branches and probes are counted from 0); nothing else is thrown for it.
//           parse_environment(to_json(env), ...) has equal questions, and to_json of a file read gives
//           back the bytes of the published recordings.
// Threads:  pure functions; a QuestionBuilder belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "replay/environment/environment.hpp"

namespace replay {

// What a recording may hold; beyond these it is a mistake rather than a measurement, and sums of costs
// stay far below the limits of 64 bits.
inline constexpr std::int64_t kMaxInterval = 1'000'000'000;
inline constexpr std::int64_t kMaxTokens = 1'000'000'000'000;
inline constexpr std::size_t kMaxProbes = 1'000'000;     // of one branch
inline constexpr std::size_t kMaxBranches = 1'000'000;   // of one question
inline constexpr std::size_t kMaxFileBytes = 1U << 30U;  // 1 GiB

// The environment recorded in a file. Its name is the parent folder and the stem, "Qwen3-4B/aime24".
Environment read_environment(const std::filesystem::path& path);

// The same from bytes already in memory; `source` names them in messages.
Environment parse_environment(std::string bytes, std::string name, std::string source);

// The canonical file text: fields, order and layout as in the published recordings.
std::string to_json(const Environment& environment);

// What Environment::digest is of a file's bytes, 16 hexadecimal digits: tells a changed file from an
// unchanged one, the same on every platform, and is no defence against forgery.
std::string environment_digest(std::string_view file_bytes);

// Makes one Question; gives each different answer its id in the order of first appearance.
class QuestionBuilder {
 public:
  // REQUIRES: interval > 0.
  QuestionBuilder(std::string text, std::string gold, std::int64_t interval);

  // The next probe of the branch being built.
  void add_probe(std::string_view answer);
  // Ends that branch; the next probe belongs to a new one. REQUIRES: tokens >= 0.
  void end_branch(std::int64_t tokens, std::string_view final_answer);

  // REQUIRES: at least one branch was ended.
  Question finish() &&;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  AnswerId intern(std::string_view answer);

  Question question_;
  std::size_t branch_begin_ = 0;  // index of the first probe of the branch being built
  std::unordered_map<std::string, AnswerId, Hash, std::equal_to<>> ids_;
  AnswerId latest_ = kNoAnswer;
};

}  // namespace replay
