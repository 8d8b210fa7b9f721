// The examples of README and docs run as written, in order, and print what the page shows.
#include <CLI/CLI.hpp>
#include <cctype>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "tests/docs/example.hpp"
#include "tests/docs/page.hpp"

namespace docs {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string form = (fs::temp_directory_path() / "evotts-docs-XXXXXX").string();
    path_ = ::mkdtemp(form.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Page page_of(const std::string& text) { return PageReader("page.md").read(lines_of(text)); }

class Examples : public testing::TestWithParam<std::string> {};

TEST_P(Examples, RunAsWritten) {
  const Folder folder;
  const Page page = read_page(GetParam());
  for (const Outcome& each : run_examples(page, folder.path())) {
    const std::string place = fmt::format("{}:{}: {}", page.path, each.example.line, each.example.command);
    const std::string printed = fmt::format("{}", fmt::join(each.printed, "\n"));
    EXPECT_EQ(each.code, each.example.code) << place << printed;
    if (!each.example.shown.empty()) {
      EXPECT_TRUE(alike(each.example.shown, each.printed)) << place << printed;
    }
  }
}

std::vector<std::string> pages_with_examples() {
  std::vector<std::string> paths;
  for (const Page& page : pages()) {
    if (!examples_in(page).empty()) paths.push_back(page.path);
  }
  return paths;
}

std::string name_of_page(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(0, info.param.rfind('.'));
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return name;
}

INSTANTIATE_TEST_SUITE_P(Pages, Examples, testing::ValuesIn(pages_with_examples()), name_of_page);

TEST(Example, IsReadWithItsMarkAndItsOutput) {
  const Page page = page_of(
      "<!-- exit 3 -->\n```console\n$ cat <<'END'\n> one\n>\n> END\none\n\n$ false\n```\n"
      "<!-- not run: it builds -->\n```\n$ ./dev\n```\n");
  const auto found = examples_in(page);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].command, "cat <<'END'\none\n\nEND\n");
  EXPECT_EQ(found[0].shown, (std::vector<std::string>{"one", ""}));
  EXPECT_EQ(found[0].code, 0);
  EXPECT_EQ(found[1].code, 3);
  EXPECT_EQ(found[1].line, 9U);
}

TEST(Example, TellsItsCodeAndWhatItPrints) {
  const Folder folder;
  const Page page = page_of("```console\n$ x=7; echo a; (exit 4)\n$ echo $x\n$ exit 5\n$ echo never\n```\n");
  const auto outcomes = run_examples(page, folder.path());
  ASSERT_EQ(outcomes.size(), 4U);
  EXPECT_EQ(outcomes[0].code, 4);
  EXPECT_EQ(outcomes[0].printed, std::vector<std::string>{"a"});
  EXPECT_EQ(outcomes[1].printed, std::vector<std::string>{"7"});
  EXPECT_EQ(outcomes[3].code, -1);
}

TEST(Example, OutputIsComparedButForFigures) {
  using Lines = std::vector<std::string>;
  EXPECT_TRUE(alike({"best 61.2 (c67484d983)", ""}, {"best   7.123 (0123abcd45)"}));
  EXPECT_TRUE(alike({"command /home/me/a.sh, in /home/me"}, {"command /tmp/x/b.sh, in /tmp/x"}));
  EXPECT_TRUE(alike({"by 0123abcd modified on glibc 2.40 no-fma"}, {"by 4567cdef on glibc 2.36 fma"}));
  EXPECT_TRUE(alike({"a", "...", "d"}, {"a", "b", "c", "d"}));
  EXPECT_TRUE(alike({"a", "..."}, {"a"}));
  EXPECT_FALSE(alike({"a", "..."}, {"b", "a"}));
  EXPECT_FALSE(alike({"best 61.2"}, {"worst 61.2"}));
  EXPECT_FALSE(alike({"a"}, {"a", "b"}));
  EXPECT_FALSE(alike({"a", "b"}, {"a"}));
  EXPECT_FALSE(alike({"a"}, Lines{}));
}

// A block of commands that is not written as a session would pass for an example and never run.
TEST(Example, NoBlockOfCommandsIsLeftOut) {
  for (const Page& page : pages()) {
    for (const Block& block : page.blocks) {
      if (!block.mark.empty()) {
        EXPECT_TRUE(block.mark.starts_with("not run: ") || block.mark.starts_with("exit "))
            << page.path << ":" << block.line << " has an unknown mark: " << block.mark;
      }
      if (!is_run(block)) continue;
      const bool session = !examples_in(block).empty();
      EXPECT_EQ(session, block.language == "console") << page.path << ":" << block.line;
      for (const std::string& line : block.lines) {
        EXPECT_TRUE(session || !(line.starts_with("evotts ") || line.starts_with("git ") ||
                                 line.starts_with("./") || line.starts_with("$ ")))
            << page.path << ":" << block.line << ": write \"$ \" before its commands, or mark it: " << line;
      }
    }
  }
}

// `evotts word` and `./dev word`, wherever a page names them.
TEST(Example, EveryCommandThatAPageNamesExists) {
  CLI::App app;
  experiments::Action action;
  experiments::add_all_commands(app, action);
  std::set<std::string> known;
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
    known.insert("evotts " + each->get_name());
  const std::string dev = read_text(root() / "dev");
  static const std::regex named(R"(^(evotts|\./dev) ([a-z]+))");
  std::size_t seen = 0;
  for (const Page& page : pages()) {
    for (const std::string& span : code_in(page.prose)) {
      std::smatch words;
      if (!std::regex_search(span, words, named)) continue;
      ++seen;
      const bool exists = words[1] == "evotts" ? known.contains(words[0])
                                               : dev.find("\n  " + words[2].str() + ")") != dev.npos;
      EXPECT_TRUE(exists) << page.path << ": " << span;
    }
  }
  EXPECT_GT(seen, 20U);
}

}  // namespace
}  // namespace docs
