// environment.hpp: recorded environments: loaded, made up, or put together from recordings in memory.
// Why:      controllers are scored on what a model was recorded to say in many branches of reasoning, so that
//           scoring calls no model.
// Use:      const auto recorded = evotts::Environment::load("Qwen3-4B/aime24.json");
//           const auto made_up = evotts::Environment::synthetic("seed=3,questions=60");
//           const auto mine = evotts::Environment::make("mine", {{
//               .text = "6 * 7?", .gold = "42", .interval = 500,
//               .branches = {{.probes = {"ERR", "42"}, .tokens = 1200, .answer = "42",
//                             .signals = {{"logprob", {-0.4, -0.1, -0.2}}}}}}});
// Promises: an environment has at least one question, each with at least one branch, and nothing in it is out
//           of range. Answers are equal when their texts are the same, byte for byte. "ERR" and "" stand for
//           no answer at all. All branches have signals of the same names, at most 16, or none has any.
//           make() of an environment's name and questions has the same questions again, and so has parse()
//           of its json().
// Throws:   Error (kInput) that names the file, or the environment, and the place in it: question, branch and
//           probe are counted from 0.
// Threads:  values that any number of threads may use at once. One that was moved from may only be assigned
//           to or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <evotts/error.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evotts {

namespace detail {
struct Access;
struct EnvironmentData;
}  // namespace detail

// What was recorded of one branch: the answer it would have given after every interval, and its end.
struct RecordedBranch {
  std::vector<std::string> probes;  // the answers read after 1, 2, ... intervals; may be empty
  std::int64_t tokens = 0;          // length of the whole branch, from 0 to 10^12
  std::string answer;               // at its end
  // What it showed beside answers, by name (letters, digits and _): a finite number for the interval that
  // each probe ends, and one more for what follows the last probe.
  std::map<std::string, std::vector<double>> signals = {};
  friend bool operator==(const RecordedBranch&, const RecordedBranch&) = default;
};

struct RecordedQuestion {
  std::string text;
  std::string gold;           // the right answer
  std::int64_t interval = 0;  // tokens between two probes, from 1 to 10^9
  std::vector<RecordedBranch> branches;
  friend bool operator==(const RecordedQuestion&, const RecordedQuestion&) = default;
};

class Environment {
 public:
  // The recording in a JSON file; its name is the parent folder and the stem.
  static Environment load(const std::filesystem::path& file);
  // The same from the text of such a file.
  static Environment parse(std::string_view json, std::string_view name);
  // A made-up environment: "key=value,..." as in `evotts env synth --help`, "" for the defaults. Equal
  // specifications give equal environments.
  static Environment synthetic(std::string_view specification);
  // From recordings in memory.
  static Environment make(std::string_view name, const std::vector<RecordedQuestion>& questions);

  std::string name() const;    // for tables, e.g. "Qwen3-4B/aime24"
  std::string source() const;  // the path or specification that it came from
  std::string digest()
      const;  // 16 hexadecimal digits that tell a changed recording; no defence against forgery
  std::vector<std::string> signals() const;  // their names, sorted
  std::size_t questions() const;
  std::size_t branches(std::size_t question) const;  // Throws Error (kInput) when there is no such question.
  // A copy of what was recorded. Throws Error (kInput) when there is no such question.
  RecordedQuestion question(std::size_t index) const;
  // The text of a file that load() reads as an environment with the same questions.
  std::string json() const;

 private:
  friend struct detail::Access;
  explicit Environment(std::shared_ptr<const detail::EnvironmentData> data) : data_(std::move(data)) {}
  std::shared_ptr<const detail::EnvironmentData> data_;
};

// Environments as `--env` of the command line names them: files, folders (every *.json in and below them) and
// "synthetic:key=value,...". Their names are different from each other.
std::vector<Environment> open_environments(const std::vector<std::string>& specifications);

}  // namespace evotts
