// workload.hpp: what the benchmarks work on: eight environments, controllers of the library, bred ones.
// Why:      figures are worth comparing only over the same work; and they must be had without recordings too.
// Use:      const Workload work = Workload::open();
//           const replay::Environment again = work.read(Workload::kOne);
// Promises: the recordings of the shared data folder where they are; else synthetic environments of the same
//           numbers of questions, branches and probes, and about() says so. Bred controllers are the same
//           each time, all different, and none of the library.
// Threads:  open() from one thread; immutable afterwards.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "genome/program/program.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/environment.hpp"

namespace bench {

class Workload {
 public:
  static constexpr std::size_t kEnvironments = 8;
  static constexpr std::size_t kOne = 3;                             // Qwen3-1.7B on AIME25
  static constexpr std::array<std::size_t, 4> kFour = {0, 2, 4, 6};  // four models on AIME24

  static Workload open();

  bool recorded() const { return recorded_; }
  std::string about() const;
  const std::vector<replay::Environment>& environments() const { return environments_; }
  const replay::Environment& one() const { return environments_[kOne]; }
  std::vector<replay::Environment> four() const;

  // Reads one of them anew: its file, or the text that a synthetic one would have as a file.
  replay::Environment read(std::size_t index) const;
  const std::string& text(std::size_t index) const { return texts_[index]; }

 private:
  bool recorded_ = false;
  std::vector<replay::Environment> environments_;
  std::vector<std::filesystem::path> files_;  // when recorded
  std::vector<std::string> texts_;
};

// A controller of the library, checked and compiled.
genome::CheckedController known(std::string_view name);
genome::Program known_program(std::string_view name);

// Children of the library by mutation and crossover, as a first generation has them.
std::vector<genome::CheckedController> bred_controllers(std::size_t count);

}  // namespace bench
