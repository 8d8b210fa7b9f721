#include "llm_mutators/text/reply.hpp"

#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

#include "genome/text/printer.hpp"
#include "llm_mutators/text/first_reply.hpp"

namespace llm_mutators {
namespace {

const std::string kText =
    "controller mine\nrounds 7\n\nstart\n  open 3\n\nround\n  advance active by 1\n\nanswer\n  "
    "top(finished)\n";

std::string with_line_ends(std::string text, const std::string& end) {
  std::string out;
  for (const char c : text) out += c == '\n' ? end : std::string(1, c);
  return out;
}

std::string indented(const std::string& text) { return "  " + with_line_ends(text, "\n  "); }

int rounds_read(const std::string& reply) {
  const ReadReply read = read_reply(reply);
  EXPECT_TRUE(read.controller.has_value()) << reply << "\n" << read.faults;
  if (!read.controller) return -1;
  EXPECT_EQ(read.controller->tree().name, "evolved");
  EXPECT_TRUE(read.faults.empty());
  return read.controller->tree().rounds;
}

std::string faults_of(const std::string& reply) {
  const ReadReply read = read_reply(reply);
  EXPECT_FALSE(read.controller.has_value());
  return read.faults;
}

TEST(Reply, FindsTheControllerHoweverItIsWrapped) {
  EXPECT_EQ(rounds_read("HYPOTHESIS: x\n\n```\n" + kText + "```\n"), 7);
  EXPECT_EQ(rounds_read("Sure!\n```ctl title=\"a\"\n" + kText + "```\nHope this helps."), 7);
  EXPECT_EQ(rounds_read("~~~~\n" + kText + "~~~~~\n"), 7);
  EXPECT_EQ(rounds_read("````\n" + kText + "````"), 7);
  EXPECT_EQ(rounds_read(kText), 7);
  EXPECT_EQ(rounds_read("\xEF\xBB\xBF" + kText), 7);
  EXPECT_EQ(rounds_read("Here it is.\n\n" + kText), 7);
  EXPECT_EQ(rounds_read("1. so:\n" + indented("```\n" + kText + "```\n")), 7);
  EXPECT_EQ(rounds_read(with_line_ends("Hm.\n```text\n" + kText + "```\n", "\r\n")), 7);
  EXPECT_EQ(rounds_read(with_line_ends(kText, "\r\n")), 7);
}

std::string quoted(const std::string& text) { return "> " + with_line_ends(text, "\n> "); }

const std::string kFenced = "```\n" + kText + "```\n";

TEST(Reply, FindsTheControllerHoweverModelsWrapIt) {
  const std::string code = kText.substr(0, kText.size() - 1);
  for (const std::string& reply : {
           "```markdown\nHYPOTHESIS: x\n\n" + kFenced + "```\n",
           "````markdown\nHYPOTHESIS: x\n\n" + kFenced + "````\n",
           "```markdown\nHYPOTHESIS: x\n\n```ctl\n" + kText + "```\n```\n",
           "```md\nHYPOTHESIS: x\n\n" + kText + "```\n",
           "~~~markdown\nHYPOTHESIS: x\n\n" + kFenced + "~~~\n",
           quoted("HYPOTHESIS: x\n\n" + kFenced),
           quoted(quoted("HYPOTHESIS: x\n\n" + kFenced)),
           "HYPOTHESIS: x\n\n" + quoted(kFenced),
           "HYPOTHESIS: x\n\n" + quoted(kText) + "\nThis is better.\n",
           "HYPOTHESIS: x\n```" + kText + "```\n",
           "HYPOTHESIS: x\n``` " + kText + "```\n",
           "HYPOTHESIS: x\n```ctl " + kText + "```\n",
           "HYPOTHESIS: x\n```controller\n" + kText + "```\n",
           "HYPOTHESIS: x\n```controller evolved\n" + kText + "```\n",
           "HYPOTHESIS: x\n```{.ctl #c data-a=\"1\"}\n" + kText + "```\n",
           "HYPOTHESIS: x\n```\n" + code + "```\n",
           "HYPOTHESIS: x\n\n" + kText + "\nThis controller prunes early, and so on.\n\n- It is good.\n",
           "HYPOTHESIS: x\n\n" + kText + "This controller prunes early.\n",
           "HYPOTHESIS: x\n\n" + kText + "\n# Why\n\nIt prunes.\n\n```sh\nevotts check\n```\n",
           "HYPOTHESIS: x\n\n" + code + "<|im_end|>",
           "<answer>\nHYPOTHESIS: x\n\n" + kText + "</answer>\n",
           "<think>\nHYPOTHESIS: y\n```\ncontroller draft\n```\n</think>\nHYPOTHESIS: x\n" + kFenced,
           "```\ncontroller draft\nrounds 9\n</think>\n\nHYPOTHESIS: x\n" + kFenced,
       }) {
    EXPECT_EQ(rounds_read(reply), 7);
    EXPECT_EQ(rounds_read(with_line_ends(reply, "\r\n")), 7);
    EXPECT_EQ(read_reply(reply).hypothesis, "x") << reply;
  }
}

TEST(Reply, OneThatChecksComesBeforeALaterExcerptThatDoesNot) {
  for (const std::string excerpt :
       {"controller mine\n...\nround\n  advance active by 2\n", "controller mine\n\nschedule\n  a rises\n",
        "controller mine\n  # as above\nanswer\n  topp(finished)\n"}) {
    EXPECT_EQ(rounds_read(kFenced + "The change is:\n```\n" + excerpt + "```\n"), 7);
    EXPECT_EQ(rounds_read(kText + "\nThe change is:\n```\n" + excerpt + "```\n"), 7);
  }
  EXPECT_EQ(rounds_read(kFenced + "\ncontroller mine is better than its parent.\n"), 7);
  // when none checks, the faults are those of the whole one
  const std::string wrong = "controller mine\nanswer\n  topp(finished)\n";
  EXPECT_NE(faults_of("```\n" + wrong + "```\n```\ncontroller mine\n...\n```\n").find("topp"),
            std::string::npos);
}

// What stands before it may be the controller that it was made of.
TEST(Reply, AWholeOneThatIsWrongIsToldAndNotTheOneBeforeItTaken) {
  const std::string wrong = "controller mine\n\nstart\n  opne 4\n\nanswer\n  top(finished)\n";
  EXPECT_NE(faults_of("The old one:\n" + kFenced + "\nThe new one:\n```\n" + wrong + "```\n").find("opne"),
            std::string::npos);
}

TEST(Reply, DraftsInThoughtsAreNoProposals) {
  for (const std::string& thought :
       {"<think>\n" + kFenced + "</think>", "<think>\n" + kFenced + "</think>\nI cannot.\n",
        "<think>\n" + kFenced, "[THINK]" + kText + "[/THINK]\n"}) {
    const ReadReply read = read_reply(thought, {.whole = true});
    EXPECT_FALSE(read.controller.has_value()) << thought;
    EXPECT_FALSE(read.reason.empty());
  }
  EXPECT_EQ(read_reply("<think>\n" + kFenced + "</think>\n").reason, "thoughts without a reply");
}

// So that what a journal holds comes to the same for ever.
TEST(Reply, TheFirstProgramsReadAsTheyDid) {
  const auto first = [](const std::string& reply) { return read_first_reply(reply).controller.has_value(); };
  EXPECT_TRUE(first("HYPOTHESIS: x\n" + kFenced));
  EXPECT_TRUE(first(kText));
  EXPECT_TRUE(first("<think>\n" + kFenced));
  EXPECT_FALSE(first("```\n" + kText));
  EXPECT_FALSE(first(quoted(kFenced)));
  EXPECT_FALSE(first(kFenced + "```\ncontroller mine\n...\n```\n"));
  EXPECT_FALSE(first("```" + kText + "```\n"));
}

TEST(Reply, TheLastBlockWithAControllerCounts) {
  std::string other = kText;
  other.replace(other.find("rounds 7"), 8, "rounds 8");
  EXPECT_EQ(rounds_read("First:\n```\n" + kText + "```\nBetter:\n```\n" + other +
                        "```\nRun it:\n```sh\nevotts check\n```\n"),
            8);
  EXPECT_EQ(rounds_read("```\n# a note\n" + other + "```\n"), 8);
}

TEST(Reply, CutShortIsNotTakenForWhole) {
  EXPECT_NE(faults_of("```\n" + kText).find("never closed"), std::string::npos);
  const std::string half = kText.substr(0, kText.find("answer"));
  EXPECT_NE(faults_of("```\n" + half).find("'answer'"), std::string::npos);
  EXPECT_NE(faults_of("```markdown\nHYPOTHESIS: x\n```\n" + kText).find("never closed"), std::string::npos);
  // when it is said to be whole it is
  for (const std::string& reply : {"```\n" + kText, "HYPOTHESIS: x\n```ctl\n" + kText + "\nIt is good.\n"})
    EXPECT_TRUE(read_reply(reply, {.whole = true}).controller.has_value()) << reply;
  EXPECT_FALSE(read_reply("```\n" + half, {.whole = true}).controller.has_value());
}

TEST(Reply, AllFaultsAreTold) {
  const ReadReply read =
      read_reply("```\ncontroller x\nstart\n  opne 3\nround\n  advance actve by 1\nanswer\n  depth\n```\n");
  EXPECT_FALSE(read.controller.has_value());
  for (const std::string part : {"did you mean 'open'", "did you mean 'active'", "controller:7:"})
    EXPECT_NE(read.faults.find(part), std::string::npos) << part << "\n" << read.faults;
  EXPECT_TRUE(read.quoted.starts_with("controller x\n"));
}

TEST(Reply, NothingUsableIsSaid) {
  for (const std::string reply :
       {"", "I would rather not.", "<html><body>502 Bad Gateway</body></html>", "controllers are nice"}) {
    EXPECT_EQ(faults_of(reply), "reply: error: expected one controller in a fenced block, found none\n");
  }
  EXPECT_FALSE(faults_of("```\n```").empty());
  EXPECT_FALSE(faults_of("```html\n<p>\n```").empty());
  const std::string odd = faults_of("```\ncontroller a\x1b[31m\x07\nanswer\n  top(finished)\n```\n");
  EXPECT_FALSE(odd.empty());
  EXPECT_EQ(odd.find('\x1b'), std::string::npos);
}

TEST(Reply, HypothesisIsOneCleanLine) {
  const auto said = [](const std::string& text) { return read_reply(text).hypothesis; };
  EXPECT_EQ(said("HYPOTHESIS: prune later\n```\nx\n```"), "prune later");
  EXPECT_EQ(said("**Hypothesis:** prune\x1b[1m later \r\nmore"), "prune?[1m later");
  EXPECT_EQ(said("> - hypothesis : x"), "x");
  EXPECT_EQ(said("```\nHYPOTHESIS: inside\n```"), "");
  EXPECT_EQ(said("HYPOTHESIS\nnone"), "");
  EXPECT_EQ(said("HYPOTHESIS:"), "");
  EXPECT_EQ(said("HYPOTHESIS: " + std::string(10'000, 'x')).size(), kLongestHypothesis);
  EXPECT_EQ(hypothesis_in("HYPOTHESIS: a\nHYPOTHESIS: b"), "a");
}

TEST(Reply, HugeRubbishIsReadQuickly) {
  const auto start = std::chrono::steady_clock::now();
  std::string rubbish = "```\ncontroller x\nround\n";
  while (rubbish.size() < 60'000) rubbish += "a\n";
  const ReadReply read = read_reply(rubbish + "```\n");
  EXPECT_NE(read.faults.find("errors more"), std::string::npos);
  std::string fences;
  while (fences.size() < 1'000'000) fences += "```\n";
  faults_of(fences);
  faults_of("```\n" + std::string(1'000'000, '('));
  faults_of("controller " + std::string(1'000'000, '\n'));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

// Bytes of all kinds, with the pieces that the reader looks for strewn in.
rc::Gen<std::string> any_reply() {
  static const std::vector<std::string> pieces = {"```",
                                                  "~~~",
                                                  "\n",
                                                  "\r\n",
                                                  "controller ",
                                                  "mine",
                                                  "HYPOTHESIS:",
                                                  "  ",
                                                  "answer",
                                                  "round",
                                                  "top(finished)",
                                                  "open 3",
                                                  "\xEF\xBB\xBF",
                                                  "\x1b",
                                                  std::string(1, '\0'),
                                                  kText};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(
                          rc::gen::oneOf(rc::gen::elementOf(pieces), rc::gen::arbitrary<std::string>())),
                      [](const std::vector<std::string>& parts) {
                        std::string all;
                        for (const std::string& part : parts) all += part;
                        return all;
                      });
}

RC_GTEST_PROP(Reply, AnyBytesGiveAControllerOrFaults, ()) {
  const ReadReply read = read_reply(*any_reply());
  RC_ASSERT(read.controller.has_value() == read.faults.empty());
  RC_ASSERT(read.hypothesis.size() <= kLongestHypothesis);
  if (read.controller)
    RC_ASSERT(genome::check_text(genome::print(read.controller->tree())).controller.has_value());
}

}  // namespace
}  // namespace llm_mutators
