// import_fixture.hpp: imports of files that a test writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genome/base/file.hpp"
#include "live/formats/format.hpp"
#include "live/formats/sample_import.hpp"
#include "live/samples/pooled_environment.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {

namespace fs = std::filesystem;

class ImportFixture : public testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view text) const {
    fs::create_directories((folder_.path() / name).parent_path());
    genome::base::write_durably(folder_.path() / name, text);
    return folder_.path() / name;
  }

  PooledEnvironment import(const std::string& format, const std::vector<fs::path>& files,
                           const AnswerWords& words = {}, const fs::path& gold = {},
                           FormatWishes wishes = {}) {
    const AnswerReader reader(words);
    std::optional<GoldTable> golds;
    if (!gold.empty()) golds.emplace(gold, QuestionFields{});
    const GoldTable* const table = golds ? &*golds : nullptr;
    SampleImport all(
        {.format = format, .of_format = std::move(wishes), .pool = pool_, .skip_bad = false, .progress = {}},
        reader, table);
    all.read(files);
    failed_ = all.counts().failed;
    found_ = all.format().name;
    why_ = all.why();
    remarks_ = all.remarks();
    return pooled_environment(all.pool(), {.fewest = 1, .interval = std::nullopt, .format = format}, table);
  }

  static std::vector<std::string> finals(const replay::Question& question) {
    std::vector<std::string> all;
    for (const replay::Branch& branch : question.branches)
      all.push_back(question.answers[static_cast<std::size_t>(branch.final_answer)]);
    return all;
  }
  static std::vector<std::int64_t> tokens(const replay::Question& question) {
    std::vector<std::int64_t> all;
    for (const replay::Branch& branch : question.branches) all.push_back(branch.tokens);
    return all;
  }

  // What an import is refused with.
  std::string refusal(const std::string& format, const std::vector<fs::path>& files) {
    try {
      (void)import(format, files);
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "";
  }

  tests::TemporaryFolder folder_;
  PoolOptions pool_;
  std::size_t failed_ = 0;
  std::string found_, why_;
  std::vector<std::string> remarks_;
};

}  // namespace live
