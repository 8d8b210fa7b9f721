// episode_import.hpp: branches of episodes that were served -> an environment.
// Why:      what clients' questions have cost already can be searched on, once the right answers are known.
// Use:      EpisodeImport import({.fewest = 4});
//           for (const auto& file : files) import.read(file, gold);
//           TextsWriter texts(texts_path(out));
//           const replay::Environment environment = import.environment(texts);
// How:      Two readings: the first decides what is taken and remembers where it stands, the second takes
//           it, so that memory holds no texts.
// Promises: only whole branches: those that ended by themselves, with the tokens, answer, looks and signals
//           that were served. With probes, a branch is taken when each of its intervals was looked at;
//           without, all are, as those of a server of whole samples. Branches of one question from several
//           episodes stand together, in the order of the files; the same seed and number is taken once. The
//           same files give the same environment.
// Throws:   replay::InputError that names file and line: a line that is no record, an episode that occurs
//           twice, branches that were made otherwise, other right answers for one question.
// Threads:  one thread.
// Tests:    tests/live/record/episode_import_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "live/reading/answer_task.hpp"
#include "live/reading/gold_table.hpp"
#include "live/reading/texts_file.hpp"
#include "live/serve/episode_record.hpp"
#include "replay/environment/question_builder.hpp"

namespace live {

struct RecordLine;

struct ImportOptions {
  bool probes = true;
  std::size_t fewest = 2;  // branches of a question
};

struct ImportCounts {
  std::size_t episodes = 0, with_history = 0;
  std::size_t opened = 0, whole = 0;  // branches, of episodes without a history
  std::size_t without_text = 0, without_looks = 0, twice = 0;
  std::size_t imported = 0, cut = 0;
  std::size_t torn = 0;  // files whose last line was cut off
};

class EpisodeImport {
 public:
  explicit EpisodeImport(ImportOptions options) : options_(options) {}

  void read(const std::filesystem::path& file, const GoldTable& golds);
  // Once, when all is read. REQUIRES: some questions are taken().
  replay::Environment environment(TextsWriter& texts);

  const ImportCounts& counts() const { return counts_; }
  std::size_t taken() const;  // questions
  // Their texts.
  std::vector<std::string> without_gold() const;
  std::vector<std::string> with_too_few() const;

 private:
  struct Asked {
    std::string text, gold_place;
    std::optional<std::string> gold;  // in normal form
    std::size_t branches = 0;
    std::map<std::string, std::size_t> signals;  // how many of the branches have each
  };
  // The branches of an episode that can be taken.
  struct Pick {
    std::size_t file = 0, question = 0;
    std::uint64_t offset = 0;
    std::size_t bytes = 0;
    std::vector<std::size_t> branches;
  };

  void see(const EpisodeRecord& record, const RecordLine& line, const GoldTable& golds);
  void expect_made_alike(const EpisodeRecord& record, const std::string& place);
  std::size_t question_of(const EpisodeRecord& record, const std::string& place, const GoldTable& golds);
  bool can_be_taken(const TrailBranch& branch);
  bool is_taken(const Asked& asked) const { return asked.gold && asked.branches >= options_.fewest; }
  std::vector<std::string> common_signals() const;
  std::string collected() const;
  void add_branch(replay::QuestionBuilder& builder, const TrailBranch& branch,
                  const std::vector<std::string>& signals, const std::filesystem::path& file) const;
  BranchText text_of(const TrailBranch& branch, std::size_t question, std::size_t number) const;

  const ImportOptions options_;
  std::vector<std::filesystem::path> files_;
  std::map<std::string, std::string> places_;                             // of episodes, by id
  std::set<std::tuple<std::size_t, std::uint64_t, std::size_t>> seeded_;  // question, seed, branch
  std::map<std::string, std::size_t> numbers_;                            // of questions, by text
  std::vector<Asked> asked_;
  std::vector<Pick> picks_;
  std::string made_, made_place_, program_, last_time_;
  std::int64_t interval_ = 0;
  std::optional<ReadingTask> task_;
  ImportCounts counts_;
};

}  // namespace live
