// Variation makes the same controllers under every compiler: what was drawn is kept in golden files, one for
// each edition. Runs of an edition draw so for ever.
#include <cstddef>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "genome/base/digest.hpp"
#include "genome/base/rng.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/parser.hpp"
#include "genome/text/printer.hpp"
#include "genome/variation/crossover.hpp"
#include "genome/variation/mutation.hpp"
#include "genome/variation/sampler.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/library.hpp"

namespace genome {
namespace {

constexpr std::uint64_t kDraws = 100;

const std::vector<RecordedSignal> kSignals = {{"logprob", -0.5, -0.125}};

std::vector<Controller> parents(const Material& material) {
  std::vector<Controller> parents;
  for (const KnownController& known : tests::library_without_signals(material.edition()))
    parents.push_back(parse(known.text).controller);
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Rng rng(1000 + seed);
    parents.push_back(sample_controller(rng, material));
  }
  return parents;
}

// Texts of so many draws; `draw` takes a stream and a number, and gives nothing where nothing can be changed.
template <typename Draw>
std::string line_of(std::string_view what, Draw draw) {
  std::string all;
  std::size_t made = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    Rng rng(i);
    if (const std::optional<Controller> drawn = draw(rng, static_cast<std::size_t>(i))) {
      all += print(*drawn);
      ++made;
    }
  }
  return fmt::format("{} {} {}\n", what, made, base::sha1_hex(all));
}

std::string drawn(const Material& material) {
  const std::vector<Controller> all = parents(material);
  const auto parent = [&](std::size_t i) -> const Controller& { return all[i % all.size()]; };
  std::string lines = line_of(
      "sampled", [&](Rng& rng, std::size_t) { return std::optional(sample_controller(rng, material)); });
  for (const Mutation mutation : all_mutations())
    lines += line_of(name_of(mutation),
                     [&](Rng& rng, std::size_t i) { return mutate(rng, parent(i), mutation, material); });
  for (const Crossover crossover : all_crossovers())
    lines += line_of(name_of(crossover), [&](Rng& rng, std::size_t i) {
      return cross(rng, parent(i), parent(i + 1 + i / all.size()), crossover);
    });
  return lines;
}

TEST(Variation, DrawsTheSameUnderEveryCompiler) {
  tests::expect_golden("variation.txt", drawn(Material({}, kFirstEdition)));
  tests::expect_golden("variation_comparing.txt", drawn(Material({}, kComparingEdition)));
  tests::expect_golden("variation_waves.txt", drawn(Material({}, kWavesEdition)));
  tests::expect_golden("variation_designs.txt", drawn(Material({}, kDesignsEdition)));
  tests::expect_golden("variation_designs_with_signals.txt", drawn(Material(kSignals, kDesignsEdition)));
  tests::expect_golden("variation_giving_up.txt", drawn(Material({}, kGivingUpEdition)));
  tests::expect_golden("variation_giving_up_with_signals.txt", drawn(Material(kSignals, kGivingUpEdition)));
  tests::expect_golden("variation_with_signals.txt", drawn(Material(kSignals, kComparingEdition)));
}

}  // namespace
}  // namespace genome
