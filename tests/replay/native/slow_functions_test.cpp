// Slow functions of branches, whose values are remembered from round to round, and from one program and
// question to the next.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/native/program.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

genome::Program with_round(const std::string& lines) {
  const std::string text =
      "controller c\nschedule\n  power rises 0.5 + beta\nstart\n  open 12\nround\n" + lines +
      "answer\n  top(finished, (tokens / mean(tokens, finished)) ^ power)\n  top(not pruned)\n";
  return genome::compile(genome::check_text(text).controller.value());
}

// The slow function of most of them writes to the same slot.
std::vector<genome::Program> programs() {
  std::vector<genome::Program> all;
  for (const char* const slow : {"depth ^ 0.7", "depth ^ -0.7", "exp(0.1 * depth)", "log(depth)",
                                 "mod(depth, 3)", "round(depth / 3, 1)", "beta_confidence(depth, 3)",
                                 "1.01 ^ depth", "(depth - 3) ^ 0.5", "log(depth - 2)"}) {
    const std::string value = slow;
    all.push_back(with_round("  advance active by 1\n  stop when support(finished, " + value + ") >= 4\n"));
    all.push_back(with_round("  advance active by 1\n  prune active and " + value + " > 2.5\n"));
    all.push_back(with_round("  advance active by 1 + " + value + "\n  stop when count(finished) >= 3\n"));
  }
  return all;
}

TEST(SlowFunctions, AreWhatTheyAreWithoutRemembering) {
  const Environment environment = make_synthetic({.seed = 4, .questions = 3, .branches = 24});
  const std::vector<genome::Program> all = programs();
  for (const NativeTarget target : all_native_targets()) {
    std::vector<NativeProgram> native;
    for (const genome::Program& each : all) native.emplace_back(each, target);
    Machine kept;
    for (const std::uint64_t seed : {1, 2}) {
      for (const Question& question : environment.questions) {
        const auto order = ordering(seed, question.branches.size());
        for (std::size_t p = 0; p < all.size(); ++p) {
          for (const double beta : {0.0, 1.0}) {
            const genome::BoundProgram bound = genome::bind(all[p], beta);
            Machine fresh;
            ASSERT_EQ(kept.run(bound, question, order, {.native = native[p].sections()}),
                      fresh.run(bound, question, order))
                << "program " << p << " at " << beta;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace replay
