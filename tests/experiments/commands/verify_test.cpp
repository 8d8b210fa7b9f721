// Damage of every kind, done to real runs: it is found, named, and what can be resumed is said truly.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>

#include "evo/population/exact_means.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "evo/record/run_files.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class VerifyTest : public tests::SmallRun {
 protected:
  std::vector<fs::path> packed(const std::string& run, const std::string& extension) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_ / run / ".git/objects/pack")) {
      if (entry.path().extension() == extension) files.push_back(entry.path().lexically_relative(folder_));
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // Damage to a copy of the run "a", named "b".
  void copy_run() const {
    fs::remove_all(folder_ / "b");
    fs::copy(folder_ / "a", folder_ / "b", fs::copy_options::recursive);
  }
  void change(const std::string& file, const std::string& bytes) const {
    fs::permissions(folder_ / file, fs::perms::owner_write, fs::perm_options::add);
    write(file, bytes);
  }
  void flip(const std::string& file, std::size_t at) const {
    std::string bytes = read(file);
    ASSERT_LT(at, bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    change(file, bytes);
  }
  // As a person who knows git would: the newest commit, with its message, holds something else.
  void amend(const std::string& run) const { git(run, {"commit", "-q", "-a", "--amend", "--no-edit"}); }

  Ran damaged(const std::string& run, const std::string& named) const {
    const Ran ran = evotts({"verify", run, "--sample", "3"});
    EXPECT_EQ(ran.exit_code, 2) << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(named));
    EXPECT_THAT(ran.out, HasSubstr("the run is damaged"));
    return ran;
  }

  // What the command says can be resumed reaches the trees of the undamaged run.
  void expect_salvaged(const Ran& verified, const std::string& run) const {
    std::smatch found;
    if (verified.out.find("evotts resume " + run) != std::string::npos) {
      const Ran ran = evotts({"resume", run, "--generations", "6"});
      EXPECT_EQ(ran.exit_code, 0) << ran.err;
      EXPECT_EQ(tree(run), longer_tree());
    }
    const std::regex advice("evotts fork (\\S+) NEW");
    if (!std::regex_search(verified.out, found, advice)) return;
    fs::remove_all(folder_ / "saved");
    const Ran fork = evotts({"fork", found[1].str(), "saved"});
    ASSERT_EQ(fork.exit_code, 0) << fork.err;
    ASSERT_EQ(evotts({"resume", "saved", "--generations", "6"}).exit_code, 0);
    EXPECT_EQ(tree("saved"), longer_tree());
    EXPECT_EQ(evotts({"verify", "saved"}).exit_code, 0);
  }

  const std::string& longer_tree() const {
    if (longer_.empty()) {
      EXPECT_EQ(evotts({"run", "small.toml", "--out", "longer", "--generations", "6"}).exit_code, 0);
      longer_ = tree("longer");
    }
    return longer_;
  }

  mutable std::string longer_;
};

TEST_F(VerifyTest, AWholeRunIsWholeAndIsLeftAlone) {
  run("a");
  const auto before = files();
  const Ran ran = evotts({"verify", "a", "--sample", "13"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("generations  5, the newest is 4\n"));
  EXPECT_THAT(ran.out, testing::ContainsRegex("individuals  [0-9]+ births"));
  EXPECT_THAT(ran.out, HasSubstr("scores       13 of 13 made again, the same to the last digit\n"));
  EXPECT_THAT(ran.out, HasSubstr("the run is whole; go on with: evotts resume a\n"));
  EXPECT_EQ(files(), before);
  rejects({"verify", "small.toml"}, {"small.toml"});
  rejects({"verify", "nothing"}, {"nothing", "no such run"});
  rejects({"verify", "a", "--sample", "some"}, {"--sample"});
}

TEST_F(VerifyTest, FlippedAndCutPacksAreNamedAndTheRestIsSaved) {
  run("a");
  const auto packs = packed("a", ".pack");
  ASSERT_EQ(packs.size(), 5U);
  for (std::size_t i = 0; i < packs.size(); ++i) {
    copy_run();
    const std::string file = "b" + packs[i].string().substr(1);
    const std::size_t size = read(file).size();
    if (i % 2 == 0)
      flip(file, size / (2 + i));
    else
      change(file, read(file).substr(0, size * i / 5));
    const Ran ran = damaged("b", packs[i].filename().string() + ": ");
    if (i == 1) expect_salvaged(ran, "b");
  }
}

// Flips one byte after another in the pack of the newest generation.
TEST_F(VerifyTest, AFlipAnywhereInAPackIsFound) {
  run("a");
  std::string newest;
  for (const fs::path& each : packed("a", ".pack")) {
    if (newest.empty() || fs::last_write_time(folder_ / each) > fs::last_write_time(folder_ / newest))
      newest = each.string();
  }
  const std::size_t size = read(newest).size();
  for (std::size_t at = 0; at < size; at += std::max<std::size_t>(1, size / 7)) {
    flip(newest, at);
    const Ran ran = evotts({"verify", "a", "--sample", "0"});
    EXPECT_EQ(ran.exit_code, 2) << at << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(fs::path(newest).filename().string())) << at;
    flip(newest, at);
  }
  EXPECT_EQ(evotts({"verify", "a", "--sample", "0"}).exit_code, 0);
}

TEST_F(VerifyTest, ADamagedIndexCanBeMadeAnewAsItIsTold) {
  run("a");
  copy_run();
  const std::string index = "b" + packed("a", ".idx").front().string().substr(1);
  change(index, read(index).substr(0, 200));
  const Ran ran = damaged("b", "its pack is whole: remove the index");
  fs::remove(folder_ / index);
  git("b", {"index-pack", (folder_ / fs::path(index).replace_extension(".pack")).string()});
  EXPECT_EQ(evotts({"verify", "b"}).exit_code, 0);
}

TEST_F(VerifyTest, ABranchThatPointsNowhereLeavesTheGenerations) {
  run("a");
  for (const std::string& text : {std::string(40, '1') + "\n", std::string("gar"), std::string()}) {
    copy_run();
    change("b/.git/refs/heads/main", text);
    const Ran ran = damaged("b", "branch main: ");
    EXPECT_THAT(ran.out, HasSubstr("evotts fork b@4 NEW"));
    EXPECT_THAT(ran.out, Not(HasSubstr("evotts resume")));
    if (text.empty()) expect_salvaged(ran, "b");
  }
}

TEST_F(VerifyTest, ACheckpointThatIsCutFlippedOrNewerIsNamed) {
  run("a");
  const std::string bytes = read("a/checkpoint.bin");
  std::string flipped = bytes;
  flipped[bytes.size() / 2] = static_cast<char>(flipped[bytes.size() / 2] ^ 1);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {bytes.substr(0, 20), "damaged: cut short at 20 bytes"},
      {bytes.substr(0, bytes.size() - 1), "damaged: its payload has"},
      {flipped, "damaged: its checksum does not match"},
      {evo::frame("payload", evo::kCheckpointVersion + 1), "written by a newer evotts"},
      {"", "not a checkpoint|cut short"}};
  for (const auto& [content, told] : cases) {
    copy_run();
    write("b/checkpoint.bin", content);
    amend("b");
    const Ran ran = damaged("b", "generation 4: ");
    EXPECT_TRUE(std::regex_search(ran.out, std::regex(told))) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr("evotts fork b@3 NEW"));
    EXPECT_THAT(ran.out, Not(HasSubstr("evotts resume")));
    const Ran resumed = evotts({"resume", "b"});
    EXPECT_EQ(resumed.exit_code, 2);
    EXPECT_TRUE(std::regex_search(resumed.err, std::regex(told))) << resumed.err;
  }
}

TEST_F(VerifyTest, ATreeEditedByHandIsNamedFileByFile) {
  run("a");
  const auto entry = *fs::directory_iterator(folder_ / "a/population");
  const std::string individual = "population/" + entry.path().filename().string();
  std::string other_score = read("a/generation.json");
  other_score.replace(other_score.find("\"score\": ") + 9, 2, "99");
  const std::string lineage = read("a/lineage/0000/000002.jsonl");
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {individual, read("a/" + individual) + "# mine\n",
       "its content is not the controller of that identity"},
      {"best.ctl", "controller mine\n", "does not say what the checkpoint says"},
      {"generation.json", other_score, "does not say what the checkpoint says"},
      {"frontier.csv", "id,beta,accuracy,tokens\n", "does not say what the checkpoint says"},
      {"experiment.toml", read("a/experiment.toml") + "# mine\n", "was changed on the way"},
      {"lineage/0000/000002.jsonl", lineage.substr(0, lineage.size() / 2),
       "was changed after its generation"}};
  for (const auto& [file, content, told] : cases) {
    copy_run();
    write("b/" + file, content);
    amend("b");
    const Ran ran = damaged("b", "damage       generation 4 " + file + ": " + told);
    EXPECT_THAT(ran.out, HasSubstr("evotts fork b@3 NEW"));
  }
  copy_run();
  write("b/notes.txt", "mine");
  fs::remove(folder_ / "b" / individual);
  git("b", {"add", "-A"});
  git("b", {"commit", "-q", "-m", "tidied up"});
  const Ran ran = damaged("b", "is no generation (\"tidied up\")");
  EXPECT_THAT(ran.out, HasSubstr("notes.txt: is no file of a run"));
  EXPECT_THAT(ran.out, HasSubstr(entry.path().stem().string()));
  EXPECT_THAT(ran.out, HasSubstr("evotts fork b@4 NEW"));
  expect_salvaged(ran, "b");
}

TEST_F(VerifyTest, WhatACommitSaysIsComparedWithItsCheckpoint) {
  run("a");
  copy_run();
  std::string lineage = read("b/lineage/0000/000004.jsonl");
  write("b/lineage/0000/000004.jsonl", lineage.substr(0, lineage.find('\n') + 1));
  amend("b");
  damaged("b", "lineage/ has 1 births where the checkpoint counts 12");
  copy_run();
  auto summary = nlohmann::json::parse(read("b/generation.json"));
  summary["best"]["curve"][0]["accuracy"] = 99.5;
  write("b/generation.json", summary.dump(2) + "\n");
  amend("b");
  damaged("b", "generation 4 generation.json: does not say what the checkpoint says");
  copy_run();
  std::string message = git("b", {"log", "-1", "--format=%B"});
  message.replace(message.find("Best-Score: ") + 12, 2, "99");
  git("b", {"commit", "-q", "--amend", "-m", message});
  damaged("b", "the message of its commit says Best-Score 99");
  copy_run();
  message = git("b", {"log", "-1", "--format=%B"});
  message.replace(message.find("best ") + 5, 2, "99");
  git("b", {"commit", "-q", "--amend", "-m", message});
  damaged("b", "the message of its commit begins with \"generation 4: best 99");
}

TEST_F(VerifyTest, RecordsNestedTooDeepAreRefusedByEachReader) {
  run("a");
  copy_run();
  write("b/generation.json", std::string(100, '[') + std::string(100, ']'));
  amend("b");
  damaged("b", "generation.json: does not say what the checkpoint says");
  const Ran status = evotts({"status", "b", "--format", "json"});
  EXPECT_EQ(status.exit_code, 2);
  EXPECT_THAT(status.err, HasSubstr("b: generation.json: JSON nested more than 64 deep\n"));
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"status", "b"}, {"log", "b"}, {"lineage", "b"}, {"fork", "b", "c"}})
    EXPECT_EQ(evotts(command).exit_code, 0) << command[0];
}

TEST_F(VerifyTest, WhatAWriterPutsRightIsNoted) {
  run("a");
  write("a/.git/HEAD", "rubbish");
  write("a/.git/index", "rubbish");
  const Ran ran = evotts({"verify", "a"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("note         main is not checked out"));
  ASSERT_EQ(evotts({"resume", "a", "--generations", "6"}).exit_code, 0);
  EXPECT_EQ(tree("a"), longer_tree());
  EXPECT_EQ(git("a", {"status", "--porcelain"}), "");
}

TEST_F(VerifyTest, NothingIsBuiltOnAGenerationThatCannotBeRead) {
  run("a");
  // Wherever something of the newest files is damaged.
  int refused = 0;
  for (const fs::path& pack : packed("a", ".pack")) {
    copy_run();
    const std::string file = "b" + pack.string().substr(1);
    flip(file, read(file).size() / 3);
    const Ran ran = evotts({"resume", "b", "--generations", "6"});
    if (ran.exit_code == 0) continue;
    EXPECT_THAT(ran.err, HasSubstr("'evotts verify b'"));
    ++refused;
  }
  EXPECT_GT(refused, 0);
}

TEST_F(VerifyTest, FilesEditedBesideTheirCommitAreNoted) {
  run("a");
  write("a/best.ctl", "controller mine\n");
  write("a/notes.txt", "mine");
  fs::remove(folder_ / "a/frontier.csv");
  const Ran ran = evotts({"verify", "a"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("note         best.ctl is changed beside its commit"));
  EXPECT_THAT(ran.out, HasSubstr("note         frontier.csv is missing beside its commit"));
  EXPECT_THAT(ran.out, Not(HasSubstr("notes.txt")));
}

// Whoever can write a right checksum can write anything but scores that come out the same.
TEST_F(VerifyTest, WrongScoresUnderARightChecksumAreFound) {
  run("a");
  const auto text_of = [&](const std::string& id) -> std::optional<std::string> {
    for (const char* folder : {"a/population/", "a/archive/"}) {
      if (fs::exists(folder_ / (folder + id + ".ctl"))) return read(folder + id + ".ctl");
    }
    return std::nullopt;
  };
  const evo::State honest = evo::load_checkpoint(read("a/checkpoint.bin"), text_of, "a");
  const auto old =
      std::find_if(honest.islands.front().population.begin(), honest.islands.front().population.end(),
                   [&](const auto& each) {
                     return each.birth.generation < honest.generation && each.id != honest.best().id;
                   });
  ASSERT_NE(old, honest.islands.front().population.end());
  const auto index = static_cast<std::size_t>(old - honest.islands.front().population.begin());
  const std::vector<std::function<void(evo::Individual&)>> lies = {
      [](evo::Individual& each) { each.sums.front().right += 1; },
      [](evo::Individual& each) { each.sums.back().tokens -= 1000; },
      [](evo::Individual& each) { each.score += 0.5; },
      [](evo::Individual& each) { each.fitness = std::nextafter(each.fitness, 100.0); }};
  for (const auto& lie : lies) {
    copy_run();
    evo::State state = honest;
    lie(state.islands.front().population[index]);
    write("b/checkpoint.bin", evo::save_checkpoint(state));
    amend("b");
    const Ran ran = evotts({"verify", "b", "--sample", "13"});
    EXPECT_EQ(ran.exit_code, 2) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr("13 of 13 made again, 1 not the same"));
    EXPECT_THAT(ran.out, HasSubstr(old->id.substr(0, 10)));
  }
}

// A frontier with a dominated point, or with figures that its episodes do not give, is none of ours.
TEST_F(VerifyTest, AFrontierThatIsNotAFrontierIsNamed) {
  run("a");
  const auto text_of = [&](const std::string& id) -> std::optional<std::string> {
    for (const char* folder : {"a/population/", "a/archive/"}) {
      if (fs::exists(folder_ / (folder + id + ".ctl"))) return read(folder + id + ".ctl");
    }
    return std::nullopt;
  };
  const evo::State honest = evo::load_checkpoint(read("a/checkpoint.bin"), text_of, "a");
  const auto amended = [&](const std::vector<evo::ArchivePoint>& points) {
    copy_run();
    evo::State state = honest;
    state.archive = evo::Archive(points, honest.archive.texts());
    write("b/checkpoint.bin", evo::save_checkpoint(state));
    write("b/frontier.csv", evo::frontier_csv(state.archive));
    amend("b");
  };
  auto points = honest.archive.points();
  points.push_back(points.back());
  points.back().sums.front().tokens += 300'000;
  points.back().tokens = evo::point_of(0, points.back().sums).tokens;
  amended(points);
  damaged("b", "is dominated by another");
  points = honest.archive.points();
  points.front().accuracy = std::nextafter(points.front().accuracy, 100.0);
  amended(points);
  damaged("b", "is not that of its episodes");
}

TEST_F(VerifyTest, ReweightedVariantsAreScoredOnAndLineagesAreWhole) {
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "t", "--set", "environments.reweightings=[0.25,4]", "--set",
                    "population.founder_candidates=20", "--set", "population.size=4", "--set",
                    "objective.lower_bound_errors=0.5"})
                .exit_code,
            0);
  EXPECT_THAT(evotts({"status", "t"}).out, HasSubstr("mean over 3 environments"));
  EXPECT_EQ(evotts({"verify", "t"}).exit_code, 0);
  EXPECT_EQ(evotts({"lineage", "t"}).exit_code, 0);
  ASSERT_EQ(evotts({"fork", "t", "u", "--set", "environments.reweightings=[]"}).exit_code, 0);
  EXPECT_THAT(evotts({"status", "u"}).out, Not(HasSubstr("mean over 3 environments")));
  EXPECT_EQ(evotts({"verify", "u"}).exit_code, 0);
}

TEST_F(VerifyTest, ScoresAreMadeAgainWhereTheirEnvironmentsAre) {
  ASSERT_EQ(evotts({"env", "synth", "-o", "recorded.json", "--questions", "5", "--branches", "20"}).exit_code,
            0);
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--set", "environments.search=[\"recorded.json\"]"})
                .exit_code,
            0);
  EXPECT_EQ(evotts({"verify", "a"}).exit_code, 0);
  ASSERT_EQ(evotts({"fork", "a", "c", "--set", "evaluation.first_ordering=7"}).exit_code, 0);
  EXPECT_EQ(evotts({"verify", "c"}).exit_code, 0) << "a fork is scored anew";
  fs::rename(folder_ / "recorded.json", folder_ / "gone.json");
  const Ran gone = evotts({"verify", "a"});
  EXPECT_EQ(gone.exit_code, 2);
  EXPECT_THAT(gone.out, HasSubstr("scores       not made again: "));
  EXPECT_THAT(gone.out, HasSubstr("nothing is damaged, but the scores were not looked at"));
  EXPECT_EQ(evotts({"verify", "a", "--sample", "0"}).exit_code, 0);
}

}  // namespace
}  // namespace experiments
