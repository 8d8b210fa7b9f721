#include "evo/record/held_out.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "replay/environment/reader.hpp"

namespace evo {
namespace {

std::string question(const std::string& text, const std::string& final_answer) {
  return R"({"question": ")" + text +
         R"(", "gold_answer": "7", "probe_freq": 10, "each_branch": [[["7"], 15, ")" + final_answer +
         R"("]]})";
}

// The same as question(), written by another program on another day.
std::string rewritten(const std::string& text, const std::string& final_answer) {
  return R"({"collected": "2026-11-28", "each_branch": [[["7"], 15, ")" + final_answer +
         R"(", {"logprob": [-1, -2]}]], "probe_freq": 10.0, "gold_answer": "7", "question": ")" + text +
         R"("})";
}

replay::Environment environment(const std::string& name, const std::string& questions) {
  return replay::parse_environment("[" + questions + "]", name, name + ".json");
}

std::string problem(auto&& act) {
  try {
    act();
  } catch (const RunError& error) {
    return error.what();
  }
  return "";
}

const replay::Environment kSealed = environment("sealed", question("a", "7") + "," + question("b", "8"));

TEST(HeldOut, TheVeryFileThatWasSealedIsScored) {
  const std::vector<Fingerprint> sealed{fingerprint_of(kSealed)};
  const auto expect = [&](const replay::Environment& now) {
    return problem([&] { expect_sealed(std::vector{now}, sealed, "run"); });
  };
  const auto anew = environment("anew", rewritten("b", "8") + "," + rewritten("a", "7"));
  EXPECT_NE(anew.digest, kSealed.digest);
  EXPECT_EQ(expect(kSealed), "");
  EXPECT_NE(expect(anew), "") << "its tokens or signals may have changed";
  const std::string refusal =
      "run: the held-out environment sealed (other.json) is not what it was when it was sealed";
  EXPECT_EQ(expect(environment("other", question("a", "7") + "," + question("b", "9"))), refusal);
  EXPECT_EQ(expect(environment("other", question("a", "7"))), refusal);
  EXPECT_EQ(
      expect(environment("other", question("a", "7") + "," + question("b", "8") + "," + question("b", "8"))),
      refusal);
}

TEST(HeldOut, NoQuestionIsSearchedAndHeldOut) {
  const std::vector<Fingerprint> held_out{fingerprint_of(kSealed)};
  const auto searched = [&](const std::string& questions) {
    const std::vector<Fingerprint> search{fingerprint_of(environment("search", questions))};
    return problem([&] { expect_apart(search, held_out, "run"); });
  };
  EXPECT_EQ(searched(question("c", "7") + "," + question("a", "8")), "") << "another recording of a";
  EXPECT_EQ(searched(rewritten("a", "7") + "," + rewritten("b", "8")),
            "run: the held-out environment sealed is searched on as well, as search");
  EXPECT_EQ(searched(rewritten("c", "7") + "," + rewritten("b", "8")),
            "run: the held-out environment sealed is searched on as well, at least one of its questions, as "
            "search");
}

TEST(HeldOut, QuestionsThatAreSearchedOnInOtherRecordingsAreCounted) {
  const std::vector<replay::Environment> held_out{kSealed};
  const auto both = [&](const std::string& questions) {
    return questions_asked_of_both(std::vector{environment("search", questions)}, held_out);
  };
  EXPECT_EQ(both(question("c", "7")), 0U);
  EXPECT_EQ(both(question("c", "7") + "," + question("a", "8")), 1U);
  EXPECT_EQ(both(question("b", "7") + "," + question("a", "8")), 2U);
  const auto nameless = environment("search", question("", "7"));
  EXPECT_EQ(questions_asked_of_both(std::vector{nameless}, std::vector{nameless}), 0U);
}

// As runs recorded it before questions had digests: the file's is all there is to go by.
TEST(HeldOut, WithoutDigestsOfQuestionsTheFileMustBeTheSame) {
  const std::vector<Fingerprint> sealed{{"sealed", kSealed.digest, {}}};
  EXPECT_EQ(problem([&] { expect_sealed(std::vector{kSealed}, sealed, "run"); }), "");
  const auto anew = environment("anew", rewritten("a", "7") + "," + rewritten("b", "8"));
  EXPECT_NE(problem([&] { expect_sealed(std::vector{anew}, sealed, "run"); }), "");
  EXPECT_TRUE(same_file_or_question(sealed[0], fingerprint_of(kSealed)));
  EXPECT_FALSE(same_file_or_question(sealed[0], fingerprint_of(anew)));
}

TEST(HeldOut, TheRecordNamesFilesAndQuestions) {
  const auto json = nlohmann::json::parse(held_out_json(std::vector{kSealed}));
  const auto& mark = json.at("environments").at(0);
  EXPECT_EQ(mark.at("name"), "sealed");
  EXPECT_EQ(mark.at("digest"), kSealed.digest);
  EXPECT_EQ(mark.at("questions"), 2);
  EXPECT_EQ(mark.at("question_digests").get<std::vector<std::string>>(), fingerprint_of(kSealed).questions);
}

}  // namespace
}  // namespace evo
