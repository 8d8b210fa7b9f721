// odd_questions.hpp: questions and options of every sort for properties.
// Use:      const replay::Question question = tests::any_question(rng);
//           const replay::EpisodeOptions options = tests::any_options(rng, question);
// Promises: everything depends on the stream alone.
// Threads:  pure functions of their arguments.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "replay/environment/question_builder.hpp"
#include "replay/machine/episode.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/varied.hpp"

namespace tests {

// A question with anything a recording may hold: branches without probes, ends before their last probe,
// answers that cannot be read, a gold answer that nobody gives, more branches than may be opened.
inline replay::Question odd_question(Rng& rng) {
  const std::int64_t interval = one_of<std::int64_t>(rng, {1, 10, 500});
  static const std::vector<std::string> answers = {"1", "2", "3", "ERR", "", "7"};
  const auto kinds = uniform_index(rng, answers.size()) + 1;
  const auto any_answer = [&] { return answers[uniform_index(rng, kinds)]; };
  replay::QuestionBuilder builder("odd", one_of<std::string>(rng, {"1", "2", "3", "nobody"}), interval);
  const auto branches = chance(rng, 0.05) ? uniform_int(rng, 60, 70) : uniform_int(rng, 1, 9);
  for (std::int64_t b = 0; b < branches; ++b) {
    const auto probes = chance(rng, 0.1) ? 0 : uniform_int(rng, 0, 7);
    std::string latest = any_answer();
    for (std::int64_t p = 0; p < probes; ++p) {
      if (chance(rng, 0.4)) latest = any_answer();
      builder.add_probe(latest);
    }
    const auto length = chance(rng, 0.2)
                            ? uniform_int(rng, 0, probes * interval)
                            : probes * interval + uniform_int(rng, 0, (chance(rng, 0.2) ? 4 : 1) * interval);
    builder.end_branch(length, chance(rng, 0.7) ? latest : any_answer());
  }
  return std::move(builder).finish();
}

inline replay::Question any_question(Rng& rng) {
  if (chance(rng, 0.7)) return odd_question(rng);
  const replay::SyntheticSpec spec{.seed = rng(),
                                   .questions = 1,
                                   .branches = static_cast<int>(uniform_int(rng, 1, 20)),
                                   .length = 6000,
                                   .max_tokens = 8000};
  return replay::make_synthetic(spec).questions[0];
}

inline replay::EpisodeOptions any_options(Rng& rng, const replay::Question& question) {
  replay::EpisodeOptions options{.probe_cost = one_of<std::int64_t>(rng, {0, 0, 7})};
  const double die = genome::base::uniform_real(rng);
  if (die < 0.15)
    options.budget = uniform_int(rng, 0, 2 * question.interval);
  else if (die < 0.4)
    options.budget = uniform_int(rng, 1, 40) * question.interval + uniform_int(rng, 0, question.interval);
  return options;
}

inline double any_beta(Rng& rng) {
  return chance(rng, 0.5) ? static_cast<double>(uniform_int(rng, 0, 10)) / 10
                          : genome::base::uniform_real(rng);
}

}  // namespace tests
