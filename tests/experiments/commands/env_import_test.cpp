// evotts env import FORMAT: what it writes, tells and refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "replay/environment/reader.hpp"
#include "tests/support/command_line.hpp"

namespace {

using testing::HasSubstr;

class EnvImport : public tests::CommandLine {};

const std::string kRows =
    R"({"question": "A?", "gold": "4", "output": "\\boxed{4}", "tokens": 30, "correct": true}
{"question": "A?", "gold": "4", "output": "\\boxed{5}", "tokens": 90, "correct": true}
{"question": "B?", "gold": "5", "output": "\\boxed{5}", "tokens": 60, "correct": true}
)";

TEST_F(EnvImport, WritesAnEnvironmentAndTellsOfIt) {
  write("rows.jsonl", kRows);
  const tests::Ran ran = evotts({"env", "import", "auto", "rows.jsonl", "-o", "out.json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("out.json: written, 2 questions\n"));
  EXPECT_THAT(ran.out, HasSubstr("samples    3, 1 to 2 a question\n"));
  EXPECT_THAT(ran.out, HasSubstr("flags      1 of 3 disagree"));
  EXPECT_THAT(ran.out, HasSubstr("right by the file: answer \"5\", right answer \"4\", sample 1 of \"A?\""));
  EXPECT_THAT(ran.out, HasSubstr("tokens     3 given\n"));
  EXPECT_THAT(ran.err, HasSubstr("open reads a whole branch"));
  const replay::Environment made = replay::read_environment(folder_ / "out.json");
  EXPECT_EQ(made.questions.at(0).interval, 3);
  const tests::Ran score = evotts({"eval", "sc", "--env", "out.json", "--beta", "1"});
  EXPECT_EQ(score.exit_code, 0) << score.err;
  const tests::Ran again = evotts({"env", "import", "jsonl", "rows.jsonl", "-o", "-"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

TEST_F(EnvImport, RefusesWithoutWritingAnything) {
  write("rows.jsonl", kRows);
  write("broken.jsonl", kRows + "{\"question\": \n");
  write("old.json", "x");
  rejects({"env", "import", "auto", "rows.jsonl", "-o", "old.json"}, {"old.json"});
  rejects({"env", "import", "auto", "broken.jsonl", "-o", "new.json"},
          {"broken.jsonl: line 4: not valid JSON"});
  rejects({"env", "import", "auto", "rows.jsonl", "--extract", "letters", "-o", "new.json"}, {"--extract"});
  rejects({"env", "import", "auto", "rows.jsonl", "--extract", "after:Answer:", "-o", "new.json"},
          {"no answer can be read", "one ends with \"", "--extract says how"});
  rejects({"env", "import", "auto", "rows.jsonl", "--signal", "a b", "-o", "new.json"}, {"--signal"});
  rejects({"env", "import", "vllm", "rows.jsonl", "-o", "new.json"}, {"is not what vLLM writes"});
  rejects({"env", "import", "auto", "nowhere.jsonl", "-o", "new.json"},
          {"nowhere.jsonl: there is no such file"});
}

// Tools leave figures beside their samples, and people the right answers.
TEST_F(EnvImport, OfAFolderItReadsWhatTheFormatKnows) {
  write("out/a.jsonl",
        R"({"request_id": "q", "prompt": "1+1?", "outputs": [{"index": 0, "text": "\\boxed{2}", )"
        R"("token_ids": [1, 2], "finish_reason": "stop"}]})"
        "\n");
  write("out/results.json", R"({"results": {"accuracy": 1}})");
  write("out/gold.csv", "question,gold\n1+1?,2\n");
  for (const char* format : {"auto", "vllm"}) {
    const tests::Ran ran = evotts(
        {"env", "import", format, "out", "--gold", "out/gold.csv", "-o", std::string(format) + ".json"});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out + ran.err, HasSubstr("2 files of folders left out, as out/gold.csv"));
    EXPECT_THAT(ran.out, HasSubstr("right      100.00%"));
  }
}

// A controller would read the answer off it.
TEST_F(EnvImport, AVerdictIsNoSignal) {
  write("rows.jsonl", R"({"question": "a", "gold": "1", "response": "\\boxed{1}", "score": 1})"
                      "\n"
                      R"({"question": "a", "gold": "1", "response": "\\boxed{2}", "score": 0})"
                      "\n");
  ASSERT_EQ(evotts({"env", "import", "auto", "rows.jsonl", "-o", "out.json"}).exit_code, 0);
  EXPECT_THAT(evotts({"env", "info", "out.json"}).out, testing::Not(HasSubstr("signal score")));
}

// One sample a file, by another seed each: equal ones are votes.
TEST_F(EnvImport, EqualSamplesOfSeveralFilesAllCount) {
  for (const char* file : {"a.jsonl", "b.jsonl", "c.jsonl"})
    write(file, R"({"question": "a", "gold": "1", "responses": ["\\boxed{1}"]})"
                "\n");
  const tests::Ran ran = evotts({"env", "import", "auto", "a.jsonl", "b.jsonl", "c.jsonl", "-o", "out.json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("samples    3, 3 a question"));
}

TEST_F(EnvImport, SkipsBadRecordsWhenItIsTold) {
  write("broken.jsonl", kRows + "{\"question\": \n");
  const tests::Ran ran = evotts({"env", "import", "auto", "broken.jsonl", "--skip-bad", "-o", "out.json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out,
              HasSubstr("skipped    1 bad record:\n           broken.jsonl: line 4: not valid JSON"));
  EXPECT_THAT(ran.err, HasSubstr("1 bad record skipped"));
}

}  // namespace
