#include "evo/base/message_trailers.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>
#include <vector>

#include "tests/support/temporary_run.hpp"

namespace evo {
namespace {

// Messages that people and git make of one that the program wrote, and what it may look like in worse hands.
const std::vector<std::string> kMessages = {
    "generation 3: best 0.5\n\nGeneration: 3\nBest-Score: 0.5\n",
    "generation 3: best 0.5\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\nGeneration: 3\n",
    "title\n\n---\nbody\n\nGeneration: 3\n",
    "title\n\n--- \nGeneration: 1\n\nGeneration: 3\n",
    "title\n\n---\nGeneration: 3\n",
    "title\n\nEmpty:\nGeneration: 3\n",
    "title\n\nEmpty: \nGeneration: 3\n",
    "title\n\nEmpty:\n\tfilled\nGeneration: 3\n",
    "title\n\nGeneration: 3\n 4\n\t5\nBest-Id: a\n  b \n",
    "title\n\nGeneration: 3\nGeneration: 4\n",
    "title\n\ngeneration: 3\nGENERATION: 4\n",
    "title\n\nGeneration: 3\n\nReviewed-by: A <a@b>\n",
    "title\n\nGeneration: 3\nReviewed-by: A <a@b>\nSigned-off-by: B <b@c>\n",
    "title\n\nword\nGeneration: 3\nBest-Id: a\n",
    "title\n\nword\nGeneration: 3\nSigned-off-by: B <b@c>\n",
    "title\n\na b\nc d\ne f\nSigned-off-by: B <b@c>\n",
    "title\n\na b\nc d\ne f\ng h\nSigned-off-by: B <b@c>\n",
    "title\n\n(cherry picked from commit 0123)\nGeneration: 3\nno trailer at all\n",
    "title\n\nGeneration: 3\n(cherry picked from commit 0123)\n",
    "Generation: 3\nBest-Id: a\n",
    "Generation: 3\n\n",
    "\n\nGeneration: 3\n\nBest-Id: a\n",
    " \n\t\ntitle\n\nBest-Id: a\n",
    "title\nsecond line\n\nGeneration: 3",
    "title\n\nGeneration: 3\n\n\n   \n\n",
    "title\n  \nGeneration: 3\n \t\n",
    "title\n\nGeneration: 3\n# a comment\nBest-Id: a\n# another\n",
    "title\n# a comment\n\n# Generation: 2\nGeneration: 3\n",
    "# a comment\n\nGeneration: 3\n",
    "title\n\nGeneration: 3\n\n# Conflicts:\n#\tbest.ctl\n",
    "title\n\nGeneration: 3\n\nConflicts:\n\tbest.ctl\n\tfrontier.csv\n",
    "title\n\nGeneration: 3\n\nConflicts:\n\tbest.ctl\nnot one\n",
    "title\n\nConflicts:\n\tbest.ctl\nGeneration: 3\n",
    "title\n\nGeneration: 3\n# ------------------------ >8 ------------------------\nBest-Id: a\n",
    "# ------------------------ >8 ------------------------\ntitle\n\nBest-Id: a\n",
    "title\r\n\r\nGeneration: 3\r\nBest-Id: a\r\n",
    "title\r\n\r\nGeneration: 3\r\n\r\n",
    "title\n\nGeneration : 3\nBest-Id \t: a\nGene ration: 4\n",
    "title\n\nGeneration : 3\nBest-Id\t \t: a\n",
    "title\n\nGeneration:3\nBest-Id:a:b\n",
    "title\n\nGeneration= 3\nBest-Id# a\n",
    "title\n\n: 3\nGeneration: 3\n",
    "title\n\nG\xc3\xa9neration: 3\n",
    "title\n\nGeneration: \xff\xfe\n",
    "title\n\n Generation: 3\n",
    "title\n\n indented\nGeneration: 3\n",
    "title\n\n indented\nword\nGeneration: 3\nSigned-off-by: B <b@c>\n",
    "title\n\nGeneration: 3\n\nA paragraph of words.\n",
    "title\n\nhttps://a.b/c\n",
    "title\n\n-: x\n--: y\n",
    "title\n\n\n\nGeneration: 3\n\n\nBest-Id: a\n",
    "title",
    "\n",
    "",
};

std::string written(const std::vector<std::pair<std::string, std::string>>& trailers) {
  std::string lines;
  for (const auto& [key, value] : trailers) lines += fmt::format("{}: {}\n", key, value);
  return lines;
}

class MessageTrailers : public TemporaryRun {
 protected:
  void SetUp() override {
    TemporaryRun::SetUp();
    git(folder_, "init -q -b main");
    tree_ = git(folder_, "write-tree");
    tree_.pop_back();
  }

  // What git shows of a commit with this message.
  std::string as_git_shows(const std::string& message) {
    std::ofstream(folder_ / "commit", std::ios::binary)
        << "tree " << tree_ << "\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\n"
        << message;
    std::string id = git(folder_, "hash-object -t commit -w commit");
    id.pop_back();
    const std::string shown = git(folder_, "log -1 --format='%(trailers:only,unfold)' " + id);
    return shown.substr(0, shown.size() - 1);  // the line end of the format itself
  }

  std::string tree_;
};

TEST_F(MessageTrailers, AreWhatGitShows) {
  for (const std::string& message : kMessages) {
    EXPECT_EQ(written(trailers_of(message)), as_git_shows(message)) << testing::PrintToString(message);
  }
}

// Put together from lines that matter to somebody, which strings of random characters would never hold.
TEST_F(MessageTrailers, AreWhatGitShowsForAnyMessage) {
  const auto line = rc::gen::element<std::string>(
      "Generation: 3", "Best-Id:", "Key : v", " folded", "\tfolded", "", "", "", " ", "---", "--- a/x",
      "word", "two words", "# comment", "Signed-off-by: A <a@b>", "(cherry picked from commit 1)",
      "Conflicts:", "key: \r", "\r", ":", "a-b:c", "# ------------------------ >8 ------------------------");
  EXPECT_TRUE(rc::check([&] {
    const auto lines = *rc::gen::container<std::vector<std::string>>(line);
    std::string message = *rc::gen::element<std::string>("", "title\n\n", "\n");
    for (const std::string& each : lines) message += each + "\n";
    if (!message.empty() && *rc::gen::arbitrary<bool>()) message.pop_back();
    RC_ASSERT(written(trailers_of(message)) == as_git_shows(message));
  }));
}

TEST(MessageTrailerKeys, AreComparedWithoutRegardToCase) {
  const TrailerMap map = {{"Best-Score", "1"}};
  EXPECT_EQ(map.at("best-score"), "1");
  EXPECT_FALSE(map.contains("Best-Scor"));
  EXPECT_FALSE(map.contains("Best-Scorf"));
}

}  // namespace
}  // namespace evo
