// Preregistration: stated before the search, kept in the run, held against every look.
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evo/base/sha256.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

constexpr const char* kStatement = "preregistration.json";

class PreregistrationTest : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    good({"env", "synth", "-o", "unseen.json", "--seed", "77", "--questions", "5", "--branches", "20"});
    write("small.toml",
          tests::SmallExperiment{
              .more = {{"environments", "held_out = [\"unseen.json\"]\nreweightings = [4]\n"}}}
              .toml());
  }

  Ran registered(const std::string& run, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"run", "small.toml", "--out", run, "--preregister", run + ".json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return good(arguments);
  }
  std::string stated(const std::string& run) const { return read(run + "/" + kStatement); }

  // The run with its newest commit, or a new one, holding what lies in its folder.
  void commit_by_hand(const std::string& run, bool amend) const {
    git(run, {"add", "-A"});
    git(run, amend ? std::vector<std::string>{"commit", "-q", "--amend", "--no-edit"}
                   : std::vector<std::string>{"commit", "-q", "-m", "by hand"});
  }
  void overwrite(const std::string& file, const std::string& text) const {
    fs::permissions(folder_ / file, fs::perms::owner_write, fs::perm_options::add);
    write(file, text);
  }
};

TEST_F(PreregistrationTest, StatesEverythingBeforeTheSearch) {
  const Ran made = registered("a", {"--claim", "It beats asc.", "--against", "asc", "cmc"});
  const std::string text = read("a.json"), digest = evo::sha256_hex(text);
  EXPECT_THAT(made.out, HasSubstr("preregistered in a.json: SHA-256 " + digest + "\n"));
  EXPECT_LT(made.out.find("preregistered"), made.out.find("generation    0")) << "before anything is scored";
  EXPECT_EQ(stated("a"), text);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["claim"], "It beats asc.");
  EXPECT_EQ(json["experiment"]["sha256"], evo::sha256_hex(read("a/experiment.toml")));
  EXPECT_EQ(json["environments"]["search"].size(), 1U) << "recordings without their variants";
  EXPECT_EQ(json["environments"]["held_out"][0]["sha256"], evo::sha256_hex(read("unseen.json")));
  EXPECT_EQ(json["environments"]["sealed_sha256"], evo::sha256_hex(read("a/held_out.json")));
  EXPECT_EQ(json["comparison"]["generations"], kGenerations);
  EXPECT_EQ(json["comparison"]["against"][1]["name"], "cmc");
  EXPECT_FALSE(json["comparison"].contains("minutes"));
  const std::string start = git("a", {"rev-list", "--max-parents=0", "main"});
  EXPECT_THAT(git("a", {"show", "-s", "--format=%B", start.substr(0, 40)}),
              HasSubstr("Preregistration: " + digest + "\n"));
  EXPECT_THAT(good({"status", "a"}).out, HasSubstr("preregistered SHA-256 " + digest + "\n"));
  const auto status = nlohmann::json::parse(good({"status", "a", "--format", "json"}).out);
  EXPECT_EQ(status["preregistration"]["sha256"], digest);
  EXPECT_EQ(status["preregistration"]["claim"], "It beats asc.");
  EXPECT_THAT(good({"verify", "a"}).out, HasSubstr("the run is whole"));
  good({"verify", "a", "--published", "a.json"});
  good({"verify", "a", "--published", digest});
}

// Minutes may end a run before its generations, but nobody chooses the generation afterwards.
TEST_F(PreregistrationTest, WithMinutesTheLastGenerationIsMeant) {
  registered("a", {"--minutes", "10"});
  const Ran earlier = good({"unseal", "a@2"});
  EXPECT_THAT(earlier.out, HasSubstr("generation 2 is looked at, where the last is stated, which is 4"));
  EXPECT_THAT(earlier.out, Not(HasSubstr("this look is the comparison that was stated")));
}

// A statement holds no time, and a run without one holds nothing of it.
TEST_F(PreregistrationTest, TreesStayWhatTheyAre) {
  run("plain");
  registered("a");
  fs::copy(folder_ / "a.json", folder_ / "first.json");
  registered("b");
  EXPECT_EQ(read("b.json"), read("first.json"));
  EXPECT_EQ(trees("a"), trees("b"));
  good({"run", "small.toml", "--out", "killed", "--preregister", "first.json", "--generations", "4"});
  EXPECT_EQ(trees("a"), trees("killed")) << "a file of the same content is no hindrance";
  EXPECT_FALSE(fs::exists(folder_ / "plain" / kStatement));
  EXPECT_NE(tree("a"), tree("plain"));
  EXPECT_EQ(
      git("a", {"ls-tree", "HEAD", "population", "archive", "lineage", "checkpoint.bin", "best.ctl"}),
      git("plain", {"ls-tree", "HEAD", "population", "archive", "lineage", "checkpoint.bin", "best.ctl"}));
  EXPECT_THAT(git("plain", {"log", "--format=%B"}), Not(HasSubstr("Preregistration")));
  EXPECT_THAT(good({"status", "plain"}).out, Not(HasSubstr("preregistered")));
  rejects({"verify", "plain", "--published", "a.json"}, {"was started without --preregister"});
  // A replay comes to the same trees, with the statement and without.
  EXPECT_THAT(good({"run", "small.toml", "--out", "again", "--replay-journal", "a"}).out,
              HasSubstr("replayed; tree " + tree("a").substr(0, 40)));
  good({"run", "small.toml", "--out", "plain_again", "--replay-journal", "plain"});
  EXPECT_EQ(trees("plain_again"), trees("plain"));
}

TEST_F(PreregistrationTest, WhatCannotBeStatedIsToldBeforeAnyWork) {
  const std::vector<std::string> start = {"run", "small.toml", "--out", "a"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), start.begin(), start.end());
    return more;
  };
  rejects(with({"--claim", "x"}), {"--claim", "--preregister"});
  rejects(with({"--against", "asc"}), {"--against", "--preregister"});
  rejects(with({"--preregister", "s.json", "--estimate"}), {"--preregister", "--estimate"});
  rejects(with({"--preregister", "s.json", "--set", "environments.held_out=[]"}), {"holds nothing out"});
  rejects(with({"--preregister", "s.json", "--against", "nobody"}), {"nobody", "known controller"});
  rejects(with({"--preregister", "away/s.json"}), {"away"});
  rejects(with({"--preregister", "s.json", "--claim", std::string(4001, 'x')}), {"--claim", "4000 bytes"});
  rejects(with({"--preregister", "s.json", "--claim", "\xff"}), {"--claim", "UTF-8"});
  write("s.json", "something else\n");
  rejects(with({"--preregister", "s.json"}), {"s.json", "holds something else already"});
  EXPECT_EQ(read("s.json"), "something else\n");
  EXPECT_FALSE(fs::exists(folder_ / "a"));
}

TEST_F(PreregistrationTest, ALookIsHeldAgainstTheStatement) {
  registered("a", {"--claim", "It beats asc."});
  const Ran first = good({"unseal", "a"});
  EXPECT_THAT(first.out, AllOf(HasSubstr("preregistered  SHA-256 " + evo::sha256_hex(read("a.json"))),
                               HasSubstr("claim          It beats asc.\n"),
                               HasSubstr("this look is the comparison that was stated\n"), HasSubstr(" asc "),
                               HasSubstr(" sc ")));
  EXPECT_THAT(first.out, Not(HasSubstr("not as stated")));
  const Ran second = good({"unseal", "a@2", "--beside", "asc", "--orderings", "7", "--published", "a.json"});
  EXPECT_THAT(second.out,
              AllOf(HasSubstr("not as stated  generation 2 is looked at, where 4 is stated\n"),
                    HasSubstr("not as stated  sc ("), HasSubstr("7 orderings are used, where 100"),
                    HasSubstr("this is look 2; only the first is blind"),
                    HasSubstr("this look is not the comparison that was stated\n")));
  const Ran third = good({"unseal", "a", "--beside", "asc", "--format", "csv"});
  EXPECT_THAT(third.out, Not(HasSubstr("stated")));
  EXPECT_THAT(third.err, HasSubstr("not as stated: sc ("));
  const std::string book = git("a", {"show", "unsealed:unsealings/0002.json"});
  EXPECT_EQ(nlohmann::json::parse(book)["preregistration"], evo::sha256_hex(read("a.json")));
  EXPECT_EQ(nlohmann::json::parse(book)["departures"].size(), 4U);
  EXPECT_THAT(good({"unseal", "a", "--list"}).out,
              AllOf(HasSubstr("look 1 was the comparison that was stated\n"),
                    HasSubstr("look 2 was not as stated: generation 2")));
  EXPECT_THAT(good({"verify", "a"}).out, HasSubstr("the run is whole"));
}

// The statement, the experiment or an environment, after the fact.
TEST_F(PreregistrationTest, WhatWasAlteredIsNoticedAndNothingIsOpened) {
  registered("a");
  const auto copy = [&] {
    fs::remove_all(folder_ / "b");
    fs::copy(folder_ / "a", folder_ / "b", fs::copy_options::recursive);
  };
  const auto refused = [&](const std::string& told) {
    rejects({"unseal", "b"}, {told});
    const Ran ran = evotts({"verify", "b", "--sample", "0"});
    EXPECT_EQ(ran.exit_code, 2) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(kStatement));
    EXPECT_EQ(git("b", {"branch", "--list", "unsealed"}), "");
  };
  std::string other = stated("a");
  other.replace(other.find("\"orderings\": 100"), 16, "\"orderings\": 200");
  copy();
  overwrite(std::string("b/") + kStatement, other);
  commit_by_hand("b", true);
  refused("was changed after generation 0");
  copy();
  fs::remove(folder_ / "b" / kStatement);
  commit_by_hand("b", true);
  refused("was removed after generation 0");
  run("plain");
  fs::remove_all(folder_ / "b");
  fs::rename(folder_ / "plain", folder_ / "b");
  write(std::string("b/") + kStatement, stated("a"));
  commit_by_hand("b", true);
  refused("was added after generation 0");
  // Another file in the place of what is held out.
  copy();
  write("unseen.json", read("unseen.json") + " ");
  rejects({"unseal", "b"}, {"is not what it was when it was sealed"});
  // A whole history that was made again, with another statement: for whoever holds the first one.
  good({"env", "synth", "-o", "unseen.json", "--seed", "77", "--questions", "5", "--branches", "20",
        "--force"});
  good({"run", "small.toml", "--out", "c", "--preregister", "c.json", "--claim", "Another."});
  good({"verify", "c"});
  rejects({"verify", "c", "--published", "a.json"}, {"is not the one published"});
  rejects({"unseal", "c", "--published", evo::sha256_hex(read("a.json"))}, {"is not the one published"});
  rejects({"unseal", "c", "--list", "--published", "a.json"}, {"is not the one published"});
  rejects({"unseal", "c", "--published", "nowhere.json"}, {"nowhere.json", "SHA-256 of 64 digits"});
  EXPECT_EQ(good({"unseal", "c", "--list"}).out, "sealed: never opened\n");
}

// A run of one generation, whose statement was rewritten with all that names it.
TEST_F(PreregistrationTest, AStatementThatIsNotTrueOfItsRunIsRefused) {
  registered("a", {"--generations", "0"});
  const std::string text = stated("a");
  const auto rewritten = [&](const std::string& from, const std::string& to) {
    fs::remove_all(folder_ / "b");
    fs::copy(folder_ / "a", folder_ / "b", fs::copy_options::recursive);
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    overwrite(std::string("b/") + kStatement, other);
    std::string message = git("b", {"log", "-1", "--format=%B"});
    message.replace(message.find(evo::sha256_hex(text)), 64, evo::sha256_hex(other));
    git("b", {"add", "-A"});
    git("b", {"commit", "-q", "--amend", "-m", message});
  };
  const auto refused = [&](const std::string& told) {
    rejects({"unseal", "b"}, {"contradicts its preregistration.json", told});
    const Ran ran = evotts({"verify", "b"});
    EXPECT_EQ(ran.exit_code, 2) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(told));
  };
  rewritten(evo::sha256_hex(read("a/experiment.toml")), evo::sha256_hex("another"));
  refused("the SHA-256 of experiment.toml is stated as");
  rewritten(evo::sha256_hex(read("a/held_out.json")), evo::sha256_hex("another"));
  refused("the SHA-256 of held_out.json is stated as");
  const auto json = nlohmann::json::parse(text);
  rewritten(json["environments"]["search"][0]["digest"], "0000000000000000");
  refused("the fingerprint of");
  rewritten(json["program"]["version"], "evotts 9");
  refused("the program is stated as evotts 9");
  rewritten(json["environments"]["held_out"][0]["sha256"], evo::sha256_hex("another"));
  rejects({"unseal", "b"}, {"the held-out environment", "is not the one preregistered"});
  rewritten("\"evotts_preregistration\": 1", "\"evotts_preregistration\": 7");
  rejects({"unseal", "b"}, {"its form is 7"});
}

TEST_F(PreregistrationTest, AForkAndACloneTellWhoseStatementItIs) {
  registered("a");
  good({"fork", "a@2", "same"});
  good({"resume", "same"});
  EXPECT_EQ(tree("same"), tree("a"));
  EXPECT_THAT(good({"unseal", "same"}).out, HasSubstr("this look is the comparison that was stated\n"));
  EXPECT_THAT(good({"fork", "a@2", "other", "--set", "seed=9"}).out,
              HasSubstr("its preregistration.json is that of a:"));
  good({"resume", "other"});
  EXPECT_THAT(good({"status", "other"}).out, HasSubstr(", of the run this one was forked from\n"));
  EXPECT_THAT(good({"verify", "other"}).out, HasSubstr("the run is whole"));
  const std::string look = good({"unseal", "other"}).out;
  EXPECT_THAT(look,
              AllOf(HasSubstr("not as stated  the statement is that of the run this one was forked from"),
                    HasSubstr("seed 3 -> 9"), HasSubstr("is not the comparison that was stated")));
  git(".", {"clone", "-q", "a", "copy"});
  EXPECT_THAT(good({"unseal", "copy"}).out, HasSubstr("this look is the comparison that was stated\n"));
  git(".", {"clone", "-q", "--depth", "2", fmt::format("file://{}", (folder_ / "a").string()), "shallow"});
  EXPECT_THAT(good({"unseal", "shallow"}).out, HasSubstr("generation 0 is not in this clone"));
  // More generations than were stated are no secret.
  EXPECT_THAT(good({"resume", "a", "--generations", "6"}).out,
              HasSubstr("preregistered: 4 generations; later ones are not those stated\n"));
  EXPECT_THAT(good({"unseal", "a"}).out, HasSubstr("generation 6 is looked at, where 4 is stated"));
  EXPECT_THAT(good({"unseal", "a@4"}).out, Not(HasSubstr("is looked at")));
}

}  // namespace
}  // namespace experiments
