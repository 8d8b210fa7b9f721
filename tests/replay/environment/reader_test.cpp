#include "replay/environment/reader.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <rapidcheck/gtest.h>
#include <string>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include "replay/environment/input_error.hpp"
#include "replay/environment/question_builder.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/uniform.hpp"

namespace replay {
namespace {

Environment parse(std::string json) { return parse_environment(std::move(json), "x", "x.json"); }

// The message parsing fails with; "" when it does not fail.
std::string failure(const std::string& json) {
  try {
    parse(json);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string file_with(const std::string& branch, const std::string& interval = "500") {
  return R"([{"question": "q", "gold_answer": "7", "probe_freq": )" + interval + R"(, "each_branch": [)" +
         branch + "]}]";
}

const std::string kGood = R"([["1", "ERR", "", "7", "1"], 2600, "7"], [[], 0, "1"])";

TEST(EnvironmentReader, ReadsWhatIsRecorded) {
  const Environment env = parse(file_with(kGood));
  EXPECT_EQ(env.name, "x");
  EXPECT_EQ(env.source, "x.json");
  ASSERT_EQ(env.questions.size(), 1U);
  const Question& question = env.questions[0];
  EXPECT_EQ(question.text, "q");
  EXPECT_EQ(question.gold, "7");
  EXPECT_EQ(question.interval, 500);
  EXPECT_EQ(question.answers, (std::vector<std::string>{"1", "ERR", "", "7"}));
  EXPECT_EQ(question.blank, (std::vector<std::uint8_t>{0, 1, 1, 0}));
  EXPECT_EQ(question.blanks, (BlankAnswers{1, 2, kNoSuchAnswer}));
  EXPECT_EQ(question.gold_id, 3);
  EXPECT_EQ(question.probes, (std::vector<AnswerId>{0, 1, 2, 3, 0}));
  EXPECT_EQ(question.branches, (std::vector<Branch>{{0, 5, 2600, 3, 0}, {5, 0, 0, 0, 0}}));
}

TEST(EnvironmentReader, AcceptsHarmlessVariety) {
  EXPECT_EQ(parse("\xEF\xBB\xBF" + file_with(kGood)).questions, parse(file_with(kGood)).questions);
  EXPECT_EQ(parse(file_with(kGood, "500.0")).questions, parse(file_with(kGood, "500")).questions);
  EXPECT_EQ(parse(file_with(kGood, R"(500, "extra": {"a": [1, null]})")).questions,
            parse(file_with(kGood, "500")).questions);
  EXPECT_EQ(parse(file_with(R"([[], 5, "3"])")).questions[0].gold_id, kNoAnswer);
}

TEST(EnvironmentReader, BranchesAndIntervalsMayDiffer) {
  const Environment env = parse(
      R"([{"question":"a","gold_answer":"1","probe_freq":1,"each_branch":[[["1"],1,"1"]]},
          {"question":"b","gold_answer":"1","probe_freq":9,"each_branch":[[[],1,"1"],[[],2,"2"]]}])");
  EXPECT_EQ(env.questions[0].interval, 1);
  EXPECT_EQ(env.questions[1].interval, 9);
  EXPECT_EQ(env.questions[1].branches.size(), 2U);
}

TEST(EnvironmentReader, NamesThePlaceOfEveryMistake) {
  const std::string q = "x.json: question 0: ";
  const std::string b = "x.json: question 0, branch 1: ";
  const std::string ok = R"([[], 1, "1"], )";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "x.json: is empty"},
      {" \n", "x.json: is empty"},
      {"{}", "x.json: must be an array of questions, found an object"},
      {"7", "x.json: must be an array of questions, found 7"},
      {"[]", "x.json: holds no questions"},
      {"[7]", q + "must be an object, found 7"},
      {"[{}]", q + "field \"question\" is missing"},
      {R"([{"question": 7, "gold_answer": "", "probe_freq": 1, "each_branch": []}])",
       q + "question must be a string, found 7"},
      {R"([{"question": "", "gold_answer": 7, "probe_freq": 1, "each_branch": []}])",
       q + "gold_answer must be a string, found 7"},
      {R"([{"question": "", "gold_answer": "", "probe_freq": 1, "each_branch": {}}])",
       q + "each_branch must be an array, found an object"},
      {R"([{"question": "", "gold_answer": "", "probe_freq": 1, "probe_freq": 1}])",
       q + "field \"probe_freq\" occurs twice"},
      {file_with(""), q + "has no branches"},
      {file_with(kGood, "0"), q + "probe_freq must be a whole number of at least 1, found 0"},
      {file_with(kGood, "-500"), q + "probe_freq must be a whole number of at least 1, found -500"},
      {file_with(kGood, "0.5"), q + "probe_freq must be a whole number of at least 1, found 0.5"},
      {file_with(kGood, "\"500\""), q + "probe_freq must be a whole number of at least 1, found \"500\""},
      {file_with(kGood, "null"), q + "probe_freq must be a whole number of at least 1, found null"},
      {file_with(kGood, "1000000001"), q + "probe_freq must be at most 1000000000, found 1000000001"},
      {file_with(kGood, "18446744073709551615"),
       q + "probe_freq must be at most 1000000000, found 18446744073709551615"},
      {file_with(ok + "7"), b + "must be [probes, tokens, final answer], found 7"},
      {file_with(ok + R"([[], 1])"), b + "must be [probes, tokens, final answer], found an array of 2"},
      {file_with(ok + R"([[], 1, "1", {}, 1])"), b + "must be [probes, tokens, final answer] or [probes, "
                                                     "tokens, final answer, signals], found an array of 5"},
      {file_with(ok + R"(["1", 1, "1"])"), b + "probes must be an array, found \"1\""},
      {file_with(ok + R"([["1", 12], 1, "1"])"), b + "probe 1 must be a string, found 12"},
      {file_with(ok + R"([[], -5, "1"])"), b + "tokens must be a whole number of at least 0, found -5"},
      {file_with(ok + R"([[], 1.5, "1"])"), b + "tokens must be a whole number of at least 0, found 1.5"},
      {file_with(ok + R"([[], 1e13, "1"])"),
       b + "tokens must be at most 1000000000000, found 10000000000000"},
      {file_with(ok + R"([[], true, "1"])"), b + "tokens must be a whole number of at least 0, found true"},
      {file_with(ok + R"([[], 1, 1])"), b + "the final answer must be a string, found 1"},
      {file_with(ok + R"([["a\u001b\n"], "\u001b[2J\n\u0085", "1"])"),
       b + R"(tokens must be a whole number of at least 0, found "\x1b[2J\n\x85")"},
  };
  for (const auto& [json, message] : cases) EXPECT_EQ(failure(json), message) << json;
}

TEST(EnvironmentReader, SaysWhereTheTextStopsBeingJson) {
  EXPECT_EQ(failure("[\n  {]\n"), "x.json: line 2, column 4: not valid JSON, after `[\\n  {]`");
  EXPECT_EQ(failure("[\n{\"question\": \"q\""),
            "x.json: line 2, column 17: not valid JSON: the text ends too early");
  EXPECT_EQ(failure(file_with(kGood, "NaN")),
            "x.json: line 1, column 54: not valid JSON, after ` \"7\", \"probe_freq\": N`");
  EXPECT_EQ(failure(file_with(kGood, "1e999")), "x.json: line 1, column 54: this number is too large");
  EXPECT_EQ(failure(file_with(kGood, "99999999999999999999")),
            "x.json: line 1, column 54: this number is too large");
  EXPECT_NE(failure("[\"\xFF\"]").find("not valid JSON"), std::string::npos);
  EXPECT_NE(failure(std::string(100'000, '[')).find("not valid JSON"), std::string::npos);
  EXPECT_NE(failure(std::string(5000, '[') + std::string(5000, ']')).find("cannot be read"),
            std::string::npos);
  EXPECT_NE(failure(file_with(kGood) + "x").find("not valid JSON"), std::string::npos);
}

TEST(EnvironmentReader, ATruncatedFileIsAlwaysAnInputError) {
  const std::string whole = file_with(kGood);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(parse(whole.substr(0, size)), InputError) << size;
  }
}

RC_GTEST_PROP(EnvironmentReader, ADamagedFileIsReadOrRefused, ()) {
  std::string json = file_with(kGood);
  const auto at = *tests::uniform<std::size_t>(0, json.size());
  json[at] = *tests::uniform_char();
  try {
    RC_ASSERT(!parse(json).questions.empty());
  } catch (const InputError& error) {
    const std::string message = error.what();
    RC_ASSERT(message.starts_with("x.json: "));
    for (const char c : message) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20U && c != 0x7F);
  }
}

// Any text a recording may hold: control characters, quotes, and characters of 1 to 4 bytes.
std::string arbitrary_text() {
  const std::vector<std::string> pieces{"a",
                                        "7",
                                        "\"",
                                        "\\",
                                        "\n",
                                        "\t",
                                        "\x01",
                                        "\b",
                                        "\x7F",
                                        "/",
                                        "\xC3\xA4",
                                        "\xE2\x82\xAC",
                                        "\xF0\x9F\x8C\x8D"};
  std::string text;
  for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)))
    text += piece;
  return text;
}

Environment arbitrary_environment() {
  Environment env{"x", "x.json", "", {}, {}, {}};
  const auto small = [](int least) { return *tests::uniform(least, least + 4); };
  for (int questions = small(1); questions > 0; --questions) {
    QuestionBuilder builder(arbitrary_text(), arbitrary_text(),
                            *tests::uniform<std::int64_t>(1, kMaxInterval + 1));
    for (int branches = small(1); branches > 0; --branches) {
      for (int probes = small(0); probes > 0; --probes) builder.add_probe(arbitrary_text());
      builder.end_branch(*tests::uniform<std::int64_t>(0, kMaxTokens + 1), arbitrary_text());
    }
    env.questions.push_back(std::move(builder).finish());
  }
  return env;
}

RC_GTEST_PROP(EnvironmentReader, ReadsBackWhatItWrites, ()) {
  const Environment env = arbitrary_environment();
  const std::string json = to_json(env);
  const Environment read = parse(json);
  RC_ASSERT(read.questions == env.questions);
  RC_ASSERT(to_json(read) == json);
}

TEST(EnvironmentReader, TheDigestTellsFilesApart) {
  EXPECT_EQ(environment_digest("abc"), environment_digest("abc"));
  EXPECT_NE(environment_digest("abc"), environment_digest("abd"));
  EXPECT_NE(environment_digest("abc"), environment_digest(std::string_view("abc\0", 4)));
  EXPECT_NE(environment_digest("12345678abcdefgh"), environment_digest("abcdefgh12345678"));
  EXPECT_EQ(environment_digest("").size(), 16U);
  EXPECT_EQ(parse(file_with(kGood)).digest, environment_digest(file_with(kGood)));
}

TEST(EnvironmentReader, NamesAFileByItsFolderAndStem) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "reader_test" / "model";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "set.json") << file_with(kGood);
  const Environment env = read_environment(folder / "set.json");
  EXPECT_EQ(env.name, "model/set");
  EXPECT_EQ(env.source, (folder / "set.json").string());
  EXPECT_EQ(env.questions, parse(file_with(kGood)).questions);
}

TEST(EnvironmentReader, RefusesWhatIsNoReadableFile) {
  EXPECT_THROW(read_environment("/nowhere/x.json"), InputError);
  EXPECT_THROW(read_environment(""), InputError);
  EXPECT_THROW(read_environment(testing::TempDir()), InputError);
}

TEST(EnvironmentReader, RefusesPipesAndDevicesAndWhatIsTooLargeBeforeItReads) {
  const auto problem_of = [](const std::filesystem::path& path) -> std::string {
    try {
      read_environment(path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  std::string name = testing::TempDir() + "evotts_reader_XXXXXX";
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder = name, pipe = folder / "pipe.json", large = folder / "large.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(problem_of(pipe), testing::HasSubstr("pipe.json: is a pipe or a device"));
  EXPECT_THAT(problem_of("/dev/null"), testing::HasSubstr("/dev/null: is a pipe or a device"));
  std::ofstream(large) << "[]";
  std::filesystem::resize_file(large, kMaxFileBytes + 1);  // of holes, which take no room
  EXPECT_THAT(problem_of(large), testing::HasSubstr("is larger than"));
  std::ofstream(folder / "real.json") << "[]";
  std::filesystem::create_symlink("real.json", folder / "link.json");
  EXPECT_THAT(problem_of(folder / "link.json"), testing::HasSubstr("holds no questions"));
  std::filesystem::remove_all(folder);
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(EnvironmentReader, WritesThePublishedRecordingsByteByByte) {
  const auto folder = tests::shared_data("replay");
  if (!folder) GTEST_SKIP() << tests::kNoSharedData;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".json") continue;
    EXPECT_TRUE(to_json(read_environment(entry.path())) == bytes_of(entry.path())) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace replay
