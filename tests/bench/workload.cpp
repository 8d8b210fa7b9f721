#include "tests/bench/workload.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>

#include "genome/base/check.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "genome/variation/crossover.hpp"
#include "genome/variation/mutation.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/library.hpp"
#include "tests/support/shared_data.hpp"

namespace bench {
namespace {

namespace base = genome::base;

constexpr std::string_view kNames[Workload::kEnvironments] = {
    "Qwen3-0.6B/aime24", "Qwen3-0.6B/aime25", "Qwen3-1.7B/aime24", "Qwen3-1.7B/aime25",
    "Qwen3-4B/aime24",   "Qwen3-4B/aime25",   "Qwen3-8B/aime24",   "Qwen3-8B/aime25"};

std::string whole_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// One child: crossed or not, then changed as the genetic proposer does it.
genome::Controller child_of(base::Rng& rng, const std::vector<genome::Controller>& parents) {
  genome::Controller child = parents[base::uniform_index(rng, parents.size())];
  const genome::Controller& father = parents[base::uniform_index(rng, parents.size())];
  const auto crossovers = genome::all_crossovers();
  const auto mutations = genome::all_mutations();
  if (base::chance(rng, 0.4)) {
    if (auto crossed =
            genome::cross(rng, child, father, crossovers[base::uniform_index(rng, crossovers.size())]))
      child = std::move(*crossed);
  }
  for (auto left = base::uniform_int(rng, 1, 3); left > 0; --left) {
    const genome::Mutation kind = base::chance(rng, 0.5)
                                      ? genome::Mutation::kConstants
                                      : mutations[base::uniform_index(rng, mutations.size())];
    if (auto mutant = genome::mutate(rng, child, kind)) child = std::move(*mutant);
  }
  return child;
}

}  // namespace

Workload Workload::open() {
  Workload work;
  for (const std::string_view name : kNames) {
    if (const auto file = tests::shared_data(fmt::format("replay/{}.json", name)))
      work.files_.push_back(*file);
  }
  work.recorded_ = work.files_.size() == kEnvironments;
  for (std::size_t i = 0; i < kEnvironments; ++i) {
    work.texts_.push_back(work.recorded_ ? whole_file(work.files_[i])
                                         : replay::to_json(replay::make_synthetic({.seed = i + 1})));
    work.environments_.push_back(work.read(i));
  }
  return work;
}

std::string Workload::about() const {
  return recorded_
             ? "recorded environments (Qwen3 on AIME24 and AIME25)"
             : "synthetic environments of the recorded ones' size: " + std::string(tests::kNoSharedData);
}

std::vector<replay::Environment> Workload::four() const {
  std::vector<replay::Environment> four;
  for (const std::size_t index : kFour) four.push_back(environments_[index]);
  return four;
}

replay::Environment Workload::read(std::size_t index) const {
  if (recorded_) return replay::read_environment(files_[index]);
  const std::string name = fmt::format("synthetic-{}", index + 1);
  return replay::parse_environment(texts_[index], name, name);
}

genome::CheckedController known(std::string_view name) {
  const auto text = genome::known_controller(name);
  EVOTTS_CHECK(text.has_value());
  return *genome::check_text(*text).controller;
}

genome::Program known_program(std::string_view name) { return genome::compile(known(name)); }

std::vector<genome::CheckedController> bred_controllers(std::size_t count) {
  std::vector<genome::Controller> library;
  std::set<std::string> seen;
  for (const genome::KnownController& each : tests::library_without_signals()) {
    library.push_back(known(each.name).tree());
    seen.insert(genome::identity(library.back()));
  }
  std::vector<genome::CheckedController> bred;
  for (std::uint64_t index = 0; bred.size() < count; ++index) {
    auto rng = base::keyed_stream(1, base::Purpose::kTest, index);
    const auto checked = genome::check(child_of(rng, library)).controller;
    if (checked && seen.insert(genome::identity(checked->tree())).second) bred.push_back(*checked);
  }
  return bred;
}

}  // namespace bench
