#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/bench/plain_cmc.hpp"
#include "tests/bench/specialised_cmc.hpp"
#include "tests/bench/specialised_parallel_probe.hpp"
#include "tests/bench/specialised_two_stage.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/varied.hpp"

namespace replay {
namespace {

using bench::CompactQuestion;

std::string told(const EpisodeResult& r) {
  return fmt::format("answer {} right {} tokens {} latency {} rounds {}", r.answer, r.right, r.tokens,
                     r.latency_tokens, r.rounds);
}

// Machine and specialised code over every question of one environment. The machine is kept from environment
// to environment, the specialised controller from question to question.
template <typename Controller>
class Specialised : public testing::Test {
 protected:
  Specialised()
      : program_(genome::compile(
            *genome::check_text(*genome::known_controller(Controller::kController)).controller)) {}

  // The number of episodes compared; the first that differs is a failure and ends it.
  std::size_t over(const std::vector<Question>& questions, double beta, std::uint64_t orderings) {
    const genome::BoundProgram bound = genome::bind(program_, beta);
    Controller specialised(beta);
    std::size_t compared = 0;
    for (std::size_t q = 0; q < questions.size(); ++q) {
      const CompactQuestion compact(questions[q]);
      for (std::uint64_t s = 0; s < orderings; ++s, ++compared) {
        const std::vector<std::uint32_t> order = ordering(s, questions[q].branches.size());
        const EpisodeResult expected = machine_.run(bound, questions[q], order);
        const EpisodeResult found = specialised.run(compact, order);
        if (found == expected) continue;
        ADD_FAILURE() << fmt::format("beta {}, question {}, ordering {}\nmachine     {}\nspecialised {}",
                                     beta, q, s, told(expected), told(found));
        return compared;
      }
    }
    return compared;
  }

 private:
  genome::Program program_;
  Machine machine_;
};

using Controllers = testing::Types<bench::PlainCmc, bench::SpecialisedCmc, bench::SpecialisedParallelProbe,
                                   bench::SpecialisedTwoStage>;
TYPED_TEST_SUITE(Specialised, Controllers);

double tenth(int tenths) { return tenths / 10.0; }

TYPED_TEST(Specialised, EqualsTheMachineOnSyntheticEnvironments) {
  for (const SyntheticSpec& spec :
       {SyntheticSpec{.seed = 5, .questions = 12}, SyntheticSpec{.seed = 6, .questions = 8, .branches = 20},
        SyntheticSpec{.seed = 7, .questions = 8, .branches = 3, .length = 2000},
        SyntheticSpec{.seed = 8, .questions = 8, .length = 1500, .stay = 0.2}}) {
    const Environment environment = make_synthetic(spec);
    for (int tenths = 0; tenths <= 10; ++tenths)
      EXPECT_GE(this->over(environment.questions, tenth(tenths), 20), 160U);
  }
}

// Mostly short, and odd: no probes at all, ends before the last probe, many ends in a round, ties everywhere.
Question odd_question(tests::Rng& rng) {
  static const std::vector<std::string> answers = {"1", "2", "3", "4", "ERR", ""};
  const auto kinds = tests::uniform_index(rng, answers.size()) + 1;
  const auto any_answer = [&] { return answers[tests::uniform_index(rng, kinds)]; };
  QuestionBuilder builder("odd", "1", 10);
  const auto most = tests::one_of<std::int64_t>(rng, {2, 6, 20, 60});
  for (auto branches = tests::uniform_int(rng, 1, 70); branches > 0; --branches) {
    const auto probes = tests::uniform_int(rng, 0, most);
    for (std::int64_t p = 0; p < probes; ++p) builder.add_probe(any_answer());
    builder.end_branch(tests::uniform_int(rng, 0, probes * 10 + 15), any_answer());
  }
  return std::move(builder).finish();
}

TYPED_TEST(Specialised, EqualsTheMachineOnOddQuestions) {
  EXPECT_TRUE(rc::check([&] {
    tests::Rng rng = tests::any_stream();
    const std::vector<Question> questions = {odd_question(rng), odd_question(rng)};
    for (int tenths = 0; tenths <= 10; ++tenths) RC_ASSERT(this->over(questions, tenth(tenths), 3) == 6U);
  }));
}

// Branches that outlast all rounds: then the unfinished ones vote.
TYPED_TEST(Specialised, EqualsTheMachineWhenRoundsRunOut) {
  QuestionBuilder builder("endless", "2", 500);
  for (int b = 0; b < 12; ++b) {
    for (int p = 0; p < 1600; ++p) builder.add_probe(p % 7 == b % 7 ? "1" : p % 3 == 0 ? "2" : "3");
    builder.end_branch(900000, "2");
  }
  const std::vector<Question> questions = {std::move(builder).finish()};
  for (int tenths = 0; tenths <= 10; ++tenths) EXPECT_EQ(this->over(questions, tenth(tenths), 10), 10U);
}

TYPED_TEST(Specialised, EqualsTheMachineOnRecordedEnvironments) {
  std::size_t compared = 0;
  for (const char* const model : {"Qwen3-0.6B", "Qwen3-1.7B", "Qwen3-4B", "Qwen3-8B"}) {
    for (const char* const benchmark : {"aime24", "aime25"}) {
      const auto file = tests::shared_data(fmt::format("replay/{}/{}.json", model, benchmark));
      if (!file) GTEST_SKIP() << tests::kNoSharedData;
      const Environment environment = read_environment(*file);
      for (int tenths = 0; tenths <= 10; ++tenths)
        compared += this->over(environment.questions, tenth(tenths), 10);
    }
  }
  EXPECT_EQ(compared, 8U * 11U * 30U * 10U);
}

}  // namespace
}  // namespace replay
