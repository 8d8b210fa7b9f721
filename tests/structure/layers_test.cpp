// Who may include whom: the table of folders.hpp against the includes there are.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/structure/folders.hpp"
#include "tests/structure/sources.hpp"

namespace structure {
namespace {

constexpr std::string_view kMadeByTheBuild = "_texts.inc";

const Folder* row_of(std::string_view path) {
  const auto at = std::ranges::find(kFolders, path, &Folder::path);
  return at == kFolders.end() ? nullptr : &*at;
}

bool may_see(const Folder& folder, std::string_view other) {
  return folder.path == other || std::ranges::any_of(folder.sees, [&](std::string_view seen) {
           return other == seen ||
                  (seen.find('/') == seen.npos && other.starts_with(std::string(seen) + "/"));
         });
}

TEST(Layers, ARowSeesRowsAboveItOnly) {
  std::set<std::string_view> above;  // with their top folders
  for (const Folder& folder : kFolders) {
    for (const std::string_view seen : folder.sees)
      EXPECT_TRUE(above.contains(seen)) << folder.path << " names " << seen << ", which is not above it";
    EXPECT_TRUE(above.insert(folder.path).second) << folder.path << " has two rows";
    const std::string_view top = folder.path.substr(0, folder.path.find('/'));
    const bool last_of_top = &folder == &kFolders.back() || top_of((&folder + 1)->path) != top;
    if (last_of_top) above.insert(top);
  }
}

TEST(Layers, EverySourceLiesInAListedFolder) {
  EXPECT_GT(sources().size(), 60U);
  for (const Source& source : sources()) {
    if (source.is_test()) continue;
    EXPECT_NE(row_of(source.folder()), nullptr) << source.path;
  }
}

TEST(Layers, IncludesKeepToTheTable) {
  for (const Source& source : sources()) {
    const Folder* const own = row_of(source.folder());
    for (const std::string& name : source.included('"')) {
      if (name.ends_with(kMadeByTheBuild)) continue;
      EXPECT_TRUE(exists(name)) << source.path << " includes \"" << name << "\"";
      if (own == nullptr) continue;
      EXPECT_TRUE(may_see(*own, name.substr(0, name.rfind('/'))))
          << source.path << " includes \"" << name << "\", which its row does not list";
    }
  }
}

// A header and its source are one unit here: two units that need each other cannot be understood apart.
class Cycles {
 public:
  Cycles() {
    for (const Source& source : sources()) {
      if (source.is_test()) continue;
      for (const std::string& name : source.included('"')) {
        std::string other = name.substr(0, name.rfind('.'));
        if (other != source.unit()) uses_[source.unit()].insert(std::move(other));
      }
    }
    for (const auto& [unit, used] : uses_) visit(unit);
  }
  const std::vector<std::string>& found() const { return found_; }

 private:
  void visit(const std::string& unit) {
    if (done_.contains(unit)) return;
    if (const auto at = std::ranges::find(path_, unit); at != path_.end()) {
      std::string cycle;
      for (auto each = at; each != path_.end(); ++each) cycle += *each + " -> ";
      found_.push_back(cycle + unit);
      return;
    }
    path_.push_back(unit);
    if (const auto used = uses_.find(unit); used != uses_.end()) {
      for (const std::string& other : used->second) visit(other);
    }
    path_.pop_back();
    done_.insert(unit);
  }

  std::map<std::string, std::set<std::string>> uses_;
  std::vector<std::string> path_;
  std::set<std::string> done_;
  std::vector<std::string> found_;
};

TEST(Layers, NoTwoFilesNeedEachOther) {
  const Cycles cycles;
  for (const std::string& cycle : cycles.found()) ADD_FAILURE() << cycle;
}

// Few files are a folder too many, many are a list nobody reads.
TEST(Layers, FoldersHoldTwoToTwentyFourFiles) {
  std::map<std::string, int> files;
  for (const Source& source : sources()) ++files[source.folder()];
  for (const Folder& folder : kFolders) {
    const int count = files[std::string(folder.path)];
    if (folder.path == "experiments") {
      EXPECT_EQ(count, 1) << "main.cpp is alone";
      continue;
    }
    EXPECT_GE(count, 2) << folder.path;
    EXPECT_LE(count, 24) << folder.path;
  }
}

TEST(Layers, ModelsSeeEvoThroughTheProposerOnly) {
  std::set<std::string> allowed = {"evo/proposal/proposer.hpp"};
  for (const Source& source : sources()) {
    if (source.path != "evo/proposal/proposer.hpp") continue;
    for (const std::string& name : source.included('"')) allowed.insert(name);
  }
  for (const Source& source : sources()) {
    if (source.top() != "llm_mutators") continue;
    for (const std::string& name : source.included('"')) {
      if (name.starts_with("evo/")) {
        EXPECT_TRUE(allowed.contains(name)) << source.path << " includes \"" << name << "\"";
      }
    }
  }
}

// A header of the language's library is a bare name: <vector>, not <git2.h> or <fmt/format.h>.
TEST(Layers, PublicHeadersIncludeTheLanguageAlone) {
  std::size_t headers = 0;
  for (const Source& source : sources()) {
    if (source.top() != "include") continue;
    ++headers;
    EXPECT_TRUE(source.included('"').empty()) << source.path;
    for (const std::string& name : source.included('<')) {
      if (name.starts_with("evotts/")) {
        EXPECT_TRUE(exists("include/" + name)) << source.path << " includes <" << name << ">";
      } else {
        EXPECT_EQ(name.find_first_of("./"), name.npos) << source.path << " includes <" << name << ">";
      }
    }
  }
  EXPECT_GE(headers, 8U);
}

TEST(Layers, LibrariesStayWhereTheyBelong) {
  for (const Source& source : sources()) {
    if (source.is_test()) continue;
    for (const std::string& name : source.included('<')) {
      for (const LibraryRule& rule : kLibraries) {
        if (!name.starts_with(rule.header)) continue;
        EXPECT_TRUE(std::ranges::any_of(
            rule.places, [&](std::string_view place) { return source.path.starts_with(place); }))
            << source.path << " includes <" << name << ">";
      }
      if (source.top() == "genome" && source.folder() != "genome/base") {
        EXPECT_EQ(std::ranges::count(kImpure, name), 0) << source.path << " includes <" << name << ">";
      }
    }
  }
}

}  // namespace
}  // namespace structure
