#include "genome/base/shell_word.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>

#include "genome/base/text.hpp"
#include "tests/support/run_process.hpp"

namespace genome::base {
namespace {

std::string read_by(const std::string& shell, const std::string& word) {
  return tests::run_process({shell, "-c", "printf %s " + word}).out;
}

TEST(ShellWord, PlainWordsStayAsTheyAre) {
  for (const char* plain : {"runs/first", "/a/b.c_d-e", "a@12", "a:best", "x+y,z%1"}) {
    EXPECT_EQ(shell_word(plain), plain);
  }
}

TEST(ShellWord, OthersAreQuoted) {
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("my run"), "'my run'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("$HOME`x`\"!\\"), "'$HOME`x`\"!\\'");
  EXPECT_EQ(shell_word("~"), "'~'");
  EXPECT_EQ(shell_word("a=b"), "'a=b'");
  EXPECT_EQ(shell_word("größe"), "'größe'");
  EXPECT_EQ(shell_word("a\nb"), "\"$(printf 'a\\012b')\"");
  EXPECT_EQ(shell_word("a\x1b[0m'\\%"), "\"$(printf 'a\\033[0m\\047\\\\%%')\"");
  EXPECT_EQ(shell_word("\xff"), "\"$(printf '\\377')\"");
  EXPECT_EQ(shell_word("a\n"), "$'a\\012'");
  EXPECT_EQ(shell_word("a\u202e"
                       "b"),
            "\"$(printf 'a\\342\\200\\256b')\"");
}

TEST(ShellPath, IsNoOption) {
  EXPECT_EQ(shell_path("-rf"), "./-rf");
  EXPECT_EQ(shell_path("-a b", "@3"), "'./-a b@3'");
  EXPECT_EQ(shell_path("runs/-a"), "runs/-a");
}

TEST(ShellWord, ACommandInASentenceIsSetOff) {
  EXPECT_EQ(quoted_command("evotts verify a"), "'evotts verify a'");
  EXPECT_EQ(quoted_command("evotts verify 'a b'"), "`evotts verify 'a b'`");
}

TEST(ShellWord, IsReadBackByAShell) {
  const auto byte =
      rc::gen::oneOf(rc::gen::element('\'', '"', '$', '`', '\\', ' ', '\n', '\t', '!', '~', '*', '-'),
                     rc::gen::inRange<char>(1, 127), rc::gen::cast<char>(rc::gen::inRange(128, 256)));
  EXPECT_TRUE(rc::check([&] {
    const auto word = *rc::gen::container<std::string>(byte);
    const std::string quoted = shell_word(word);
    RC_ASSERT(read_by("/bin/bash", quoted) == word);
    if (!word.ends_with('\n')) RC_ASSERT(read_by("/bin/sh", quoted) == word);
    RC_ASSERT(one_line(quoted) == quoted);
  }));
}

}  // namespace
}  // namespace genome::base
