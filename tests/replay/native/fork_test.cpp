// A child that is forked while nothing evaluates has its own native code, and so has its parent.
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/machine/machine.hpp"
#include "replay/native/program.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

constexpr double kBetas[] = {0.2, 0.9};

genome::Program compiled(std::string_view name) {
  return genome::compile(*genome::check_text(*genome::known_controller(name)).controller);
}

// Results of all episodes of a program, with native code or without.
std::vector<std::int64_t> episodes(const genome::Program& program, const Environment& environment,
                                   const NativeSections& native) {
  std::vector<std::int64_t> results;
  Machine machine;
  for (const double beta : kBetas) {
    const genome::BoundProgram bound = genome::bind(program, beta);
    for (const Question& question : environment.questions) {
      const auto order = ordering(7, question.branches.size());
      const EpisodeResult result = machine.run(bound, question, order, {.native = native});
      results.insert(results.end(), {result.tokens, result.latency_tokens, result.right ? 1 : 0});
    }
  }
  return results;
}

struct World {
  Environment environment = make_synthetic({.seed = 3, .questions = 4, .branches = 32});
  std::vector<genome::Program> programs = {compiled("cmc"), compiled("asc"), compiled("esc"), compiled("sc")};

  bool as_interpreted(const genome::Program& program, const NativeProgram& native) const {
    return episodes(program, environment, native.sections()) == episodes(program, environment, {});
  }
  // New code, beside what is there.
  bool translates_well() const {
    for (const genome::Program& program : programs) {
      if (!as_interpreted(program, NativeProgram(program))) return false;
    }
    return true;
  }
};

// What a child answers; it ends in time whatever happens.
template <typename Work>
bool in_child(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(120);
    _exit(work() ? 0 : 1);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(NativeFork, ParentAndChildrenTranslateAndRunByThemselves) {
  const World world;
  const NativeProgram kept(world.programs[0]);
  const auto before = episodes(world.programs[0], world.environment, kept.sections());
  for (int generation = 0; generation < 3; ++generation) {
    // The child writes code first; then the parent does, while code of before the fork lives on in both.
    EXPECT_TRUE(in_child([&] {
      return world.translates_well() && world.as_interpreted(world.programs[0], kept) &&
             in_child([&] { return world.translates_well(); }) &&
             world.as_interpreted(world.programs[0], kept);
    }));
    EXPECT_TRUE(world.translates_well());
    EXPECT_EQ(episodes(world.programs[0], world.environment, kept.sections()), before);
  }
}

// The parent's code lives on while a child, that still runs, makes and frees its own.
TEST(NativeFork, AChildAndItsParentAtOnce) {
  const World world;
  const NativeProgram kept(world.programs[1]);
  const pid_t child = fork();
  if (child == 0) {
    alarm(120);
    bool good = true;
    for (int i = 0; i < 20 && good; ++i)
      good = world.translates_well() && world.as_interpreted(world.programs[1], kept);
    _exit(good ? 0 : 1);
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(world.translates_well());
    EXPECT_TRUE(world.as_interpreted(world.programs[1], kept));
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

// The threads of TBB stay behind in the parent; the child has the one that forked.
TEST(NativeFork, TheEvaluatorGoesOnInAChild) {
  const World world;
  const Evaluator evaluator({world.environment}, {.orderings = 6});
  const auto expected = evaluator.evaluate(world.programs, kBetas);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(in_child([&] { return evaluator.evaluate(world.programs, kBetas) == expected; }));
    EXPECT_EQ(evaluator.evaluate(world.programs, kBetas), expected);
  }
}

TEST(NativeFork, PagesAreNeitherSharedNorWritableAndExecutable) {
  const NativeProgram kept(compiled("cmc"));
  if (!kept.is_translated()) GTEST_SKIP() << "no native code here";
  std::ifstream maps("/proc/self/maps");
  int executable = 0;
  for (std::string line; std::getline(maps, line);) {
    const std::string_view access = std::string_view(line).substr(line.find(' ') + 1, 4);
    if (access[2] != 'x') continue;
    ++executable;
    EXPECT_EQ(access[1], '-') << line;
    EXPECT_EQ(access[3], 'p') << line;
  }
  EXPECT_GT(executable, 0);
}

}  // namespace
}  // namespace replay
