// small_questions.hpp: questions and controllers written down in a line, for tests of single episodes.
// Why:      causes and endings are checked on episodes small enough to be worked out by hand.
// Use:      Question q = tests::small_question("A", {{"B A", "A"}, {"", "C"}});   // two branches
//           genome::CheckedController c = tests::controller("start\n  read 2\nanswer\n  top(finished)\n");
// Promises: an interval is 100 tokens; a branch with n probes is 100 n + 50 tokens long.
// Threads:  pure functions.
#pragma once

#include <gtest/gtest.h>
#include <numeric>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/machine/machine.hpp"

namespace tests {

struct SmallBranch {
  std::string probes;  // answers with spaces between
  std::string end;
};

inline replay::Question small_question(const std::string& gold, const std::vector<SmallBranch>& branches) {
  replay::QuestionBuilder builder("small", gold, 100);
  for (const SmallBranch& branch : branches) {
    std::istringstream probes(branch.probes);
    std::int64_t tokens = 50;
    for (std::string answer; probes >> answer; tokens += 100) builder.add_probe(answer);
    builder.end_branch(tokens, branch.end);
  }
  return std::move(builder).finish();
}

// Of the text after its first line.
inline genome::CheckedController controller(std::string_view sections) {
  const std::string text = "controller small\n" + std::string(sections);
  const genome::CheckResult result = genome::check_text(text);
  if (!result.controller) ADD_FAILURE() << genome::render_all(result.diagnostics, "test", text);
  return result.controller.value();
}

// Deals the branches as they were recorded.
inline std::vector<std::uint32_t> as_recorded(const replay::Question& question) {
  std::vector<std::uint32_t> dealt(question.branches.size());
  std::iota(dealt.begin(), dealt.end(), 0U);
  return dealt;
}

}  // namespace tests
