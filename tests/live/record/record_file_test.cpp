// The file of recorded episodes: whole lines, whatever befell their writers.
#include "live/record/record_file.hpp"

#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

#include "genome/base/error.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::string line(const std::string& id) { return R"({"evotts":"episode","id":")" + id + "\"}"; }

class RecordFile : public testing::Test {
 protected:
  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
  std::vector<std::string> lines() {
    std::vector<std::string> all;
    torn_ = read_lines(path_, [&](const RecordLine& each) {
      EXPECT_EQ(each.number, all.size() + 1);
      EXPECT_EQ(line_at(path_, each.offset, each.text.size()), each.text);
      all.emplace_back(each.text);
    });
    return all;
  }

  tests::TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "e.jsonl";
  std::uint64_t torn_ = 0;
};

TEST_F(RecordFile, HoldsWhatWasAppendedForItsOwnerAlone) {
  append_lines(path_, "");
  EXPECT_THAT(lines(), ElementsAre());
  append_lines(path_, line("a") + "\n" + line("b") + "\n");
  append_lines(path_, line("c") + "\n");
  EXPECT_THAT(lines(), ElementsAre(line("a"), line("b"), line("c")));
  EXPECT_EQ(torn_, 0U);
  struct stat about {};
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(RecordFile, CutAtAnyByteItIsReadAndMended) {
  const std::string first = line("a") + "\n", all = first + line("b") + "\n";
  for (std::size_t size = 0; size <= all.size(); ++size) {
    SCOPED_TRACE(size);
    write(all.substr(0, size));
    // A line that lacks its end alone is whole.
    const std::size_t whole = (size + 1 >= first.size() ? 1U : 0U) + (size + 1 >= all.size() ? 1U : 0U);
    EXPECT_EQ(lines().size(), whole);
    append_lines(path_, line("c") + "\n");
    EXPECT_EQ(content(), (whole > 0 ? first : "") + (whole > 1 ? line("b") + "\n" : "") + line("c") + "\n");
  }
}

TEST_F(RecordFile, ZerosOfALostMachineAreCutOff) {
  for (const std::string& rest : {std::string(100, '\0'), line("b").substr(0, 12) + std::string(100, '\0')}) {
    write(line("a") + "\n" + rest);
    EXPECT_THAT(lines(), ElementsAre(line("a")));
    EXPECT_EQ(torn_, rest.size());
    append_lines(path_, line("c") + "\n");
    EXPECT_THAT(lines(), ElementsAre(line("a"), line("c")));
  }
}

TEST_F(RecordFile, LeavesWhatIsSomethingElse) {
  for (const std::string text : {"notes of mine\n", "notes", "{\"evotts\":\"collecting\"}\n", "\n", "{}"}) {
    SCOPED_TRACE(text);
    write(text);
    EXPECT_THAT([&] { append_lines(path_, line("a") + "\n"); },
                ThrowsMessage<replay::InputError>(HasSubstr("e.jsonl")));
    EXPECT_EQ(content(), text);
  }
  write(line("a") + "\nnotes of mine");
  EXPECT_THROW(append_lines(path_, ""), replay::InputError);
  EXPECT_EQ(content(), line("a") + "\nnotes of mine");
  EXPECT_THROW(append_lines(folder_.path(), ""), genome::base::Error);
  EXPECT_THROW(append_lines("/dev/null", ""), replay::InputError);
  EXPECT_THROW(read_lines("/dev/null", [](const RecordLine&) {}), replay::InputError);
  EXPECT_THROW(read_lines(folder_.path() / "none", [](const RecordLine&) {}), replay::InputError);
}

TEST_F(RecordFile, SeveralWritersMixNoLines) {
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w)
    writers.emplace_back([this, w] {
      for (int i = 0; i < 20; ++i)
        append_lines(path_, line(std::string(3'000, static_cast<char>('a' + w))) + "\n");
    });
  for (std::thread& writer : writers) writer.join();
  const std::vector<std::string> all = lines();
  EXPECT_EQ(all.size(), 80U);
  for (const std::string& each : all) EXPECT_EQ(each, line(std::string(3'000, each[27])));
}

// A limit on the size of files stands for a full disk.
TEST_F(RecordFile, AFullDiskLeavesWholeLines) {
  append_lines(path_, line("a") + "\n");
  const std::string before = content();
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit tight{.rlim_cur = before.size() + 10, .rlim_max = limit.rlim_max};
  const auto earlier = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  EXPECT_THROW(append_lines(path_, line("b") + "\n"), genome::base::StorageError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, earlier);
  EXPECT_EQ(content(), before);
  append_lines(path_, line("b") + "\n");
  EXPECT_THAT(lines(), ElementsAre(line("a"), line("b")));
}

}  // namespace
}  // namespace live
