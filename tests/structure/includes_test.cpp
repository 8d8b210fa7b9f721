#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

// A folder may include itself and those before it.
constexpr std::string_view kFolders[] = {"genome", "net", "replay", "evo", "llm_mutators", "experiments"};

struct Source {
  std::string path;  // "genome/text/parser.hpp"
  std::vector<std::string> lines;

  std::string folder() const { return path.substr(0, path.find('/')); }
  bool is_header() const { return path.ends_with(".hpp"); }
  // What it includes in quotes or in angle brackets, as written.
  std::vector<std::string> included(char open) const {
    std::vector<std::string> names;
    const std::string start = fmt::format("#include {}", open);
    for (const std::string& line : lines) {
      if (!line.starts_with(start)) continue;
      const auto end = line.find(open == '<' ? '>' : '"', start.size());
      names.push_back(line.substr(start.size(), end - start.size()));
    }
    return names;
  }
};

const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::vector<Source> found;
    const fs::path root(EVOTTS_SOURCE_DIR);
    std::vector<std::string> folders(std::begin(kFolders), std::end(kFolders));
    folders.emplace_back("tests");
    for (const std::string& folder : folders) {
      if (!fs::exists(root / folder)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        const auto kind = entry.path().extension();
        if (kind != ".hpp" && kind != ".cpp" && kind != ".def") continue;
        Source source{fs::relative(entry.path(), root).generic_string(), {}};
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) source.lines.push_back(line);
        found.push_back(std::move(source));
      }
    }
    std::sort(found.begin(), found.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
    return found;
  }();
  return all;
}

int rank_of(std::string_view folder) {
  const auto at = std::find(std::begin(kFolders), std::end(kFolders), folder);
  return at == std::end(kFolders) ? -1 : static_cast<int>(at - std::begin(kFolders));
}

TEST(Structure, IncludesGoUpwardsOnly) {
  EXPECT_GT(sources().size(), 60U);
  for (const Source& source : sources()) {
    const int own = rank_of(source.folder());
    if (own < 0) continue;  // tests may include everything
    for (const std::string& name : source.included('"')) {
      const int other = rank_of(name.substr(0, name.find('/')));
      if (name.ends_with("_texts.inc")) continue;  // made by the build
      EXPECT_GE(other, 0) << source.path << " includes \"" << name << "\", which is in none of our folders";
      EXPECT_LE(other, own) << source.path << " includes \"" << name << "\"";
      EXPECT_TRUE(fs::exists(fs::path(EVOTTS_SOURCE_DIR) / name))
          << source.path << " includes \"" << name << "\"";
    }
  }
}

// Of evo, the mutators know the proposer's interface and nothing else.
TEST(Structure, MutatorsSeeEvoThroughTheProposerOnly) {
  std::set<std::string> allowed = {"evo/proposal/proposer.hpp"};
  for (const Source& source : sources()) {
    if (source.path != "evo/proposal/proposer.hpp") continue;
    for (const std::string& name : source.included('"')) allowed.insert(name);
  }
  for (const Source& source : sources()) {
    if (source.folder() != "llm_mutators") continue;
    for (const std::string& name : source.included('"')) {
      if (name.starts_with("evo/")) {
        EXPECT_TRUE(allowed.contains(name)) << source.path << " includes \"" << name << "\"";
      }
    }
  }
}

TEST(Structure, LibrariesStayWhereTheyBelong) {
  for (const Source& source : sources()) {
    const std::string folder = source.folder();
    if (folder == "tests") continue;
    for (const std::string& name : source.included('<')) {
      const bool git = source.path.starts_with("evo/git/");
      if (name == "git2.h") {
        EXPECT_TRUE(git) << source.path;
      }
      if (name.starts_with("curl/")) {
        EXPECT_TRUE(source.path.starts_with("net/http_client")) << source.path;
      }
      if (name.starts_with("tbb/")) {
        EXPECT_TRUE(folder != "genome" && folder != "net" && folder != "llm_mutators") << source.path;
      }
      const bool impure = name == "thread" || name == "chrono" || name == "filesystem" || name == "fstream" ||
                          name == "random" || name == "mutex";
      if (impure) {
        EXPECT_NE(folder, "genome") << source.path << " includes <" << name << ">";
      }
    }
  }
}

TEST(Structure, FilesStayReadable) {
  for (const Source& source : sources()) {
    if (!source.path.ends_with(".def")) {
      EXPECT_LE(source.lines.size(), 600U) << source.path;
    }
    for (const std::string& line : source.lines)
      EXPECT_EQ(line.find('\t'), std::string::npos) << source.path << ": a tab";
  }
}

TEST(Structure, HeadersTellWhatTheyAreFor) {
  for (const Source& source : sources()) {
    if (!source.is_header()) continue;
    const std::string name = source.path.substr(source.path.rfind('/') + 1);
    ASSERT_GE(source.lines.size(), 5U) << source.path;
    EXPECT_TRUE(source.lines[0].starts_with("// " + name + ": ")) << source.path;
    const auto guard = std::find(source.lines.begin(), source.lines.end(), "#pragma once");
    EXPECT_NE(guard, source.lines.end()) << source.path;
    EXPECT_TRUE(std::all_of(source.lines.begin(), guard, [](const std::string& line) {
      return line.starts_with("//");
    })) << source.path;
    EXPECT_GE(guard - source.lines.begin(), source.folder() == "tests" ? 1 : 3) << source.path;
  }
}

TEST(Structure, BaseStaysSmall) {
  std::size_t headers = 0;
  for (const Source& source : sources())
    headers += source.path.starts_with("genome/base/") && source.is_header() ? 1 : 0;
  EXPECT_LE(headers, 12U);
}

}  // namespace
