// example.hpp: the commands of a page, run as a reader would run them.
// Why:      an example that no longer works is worse than none.
// Use:      for (const Outcome& each : run_examples(page, folder)) ...
// How:      blocks of a page are one session of one shell, in order, in a folder of their own, with a copy of
//           experiments/ and with `evotts` on PATH. A line that begins with "$ " is a command, lines that
//           begin with "> " continue it, and what follows is its output.
// Marks:    <!-- not run: why -->   above a block: it is only shown
//           <!-- exit 2 -->         above a block: its last command ends with that code, not with 0
// Promises: nothing of the user's is read or written: HOME, settings of git and confirmations are the
//           folder's own.
// Threads:  one test at a time.
// Tests:    tests/docs/examples_test.cpp
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/docs/page.hpp"
#include "tests/support/places.hpp"

namespace docs {

struct Example {
  std::size_t line = 0;  // of the page
  std::string command;
  std::vector<std::string> shown;  // its output; nothing: it is not compared
  int code = 0;
};

struct Outcome {
  Example example;
  int code = -1;  // -1: the shell ended before it
  std::vector<std::string> printed;
};

inline bool is_run(const Block& block) { return !block.mark.starts_with("not run: "); }

inline std::vector<Example> examples_in(const Block& block) {
  std::vector<Example> found;
  for (std::size_t i = 0; i < block.lines.size(); ++i) {
    const std::string& line = block.lines[i];
    if (line.starts_with("$ "))
      found.push_back({block.line + 1 + i, line.substr(2) + "\n", {}, 0});
    else if (!found.empty() && found.back().shown.empty() && (line.starts_with("> ") || line == ">"))
      found.back().command += (line.size() > 2 ? line.substr(2) : "") + "\n";
    else if (!found.empty())
      found.back().shown.push_back(line);
  }
  if (!found.empty() && block.mark.starts_with("exit ")) found.back().code = std::stoi(block.mark.substr(5));
  return found;
}

inline std::vector<Example> examples_in(const Page& page) {
  std::vector<Example> all;
  for (const Block& block : page.blocks) {
    if (!is_run(block)) continue;
    for (Example& each : examples_in(block)) all.push_back(std::move(each));
  }
  return all;
}

inline constexpr std::string_view kEnd = "end of example ";

inline std::string script_of(const std::vector<Example>& examples) {
  std::string script =
      "exec 2>&1 </dev/null\n"
      "export HOME=$PWD XDG_STATE_HOME=$PWD/.state GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1\n"
      "export PATH=$PWD/.bin:$PATH LC_ALL=C.UTF-8 TZ=UTC\n"
      "unset EVOTTS_SHARED EVOTTS_NATIVE EVOTTS_SIMD\n";
  for (const Example& each : examples)
    script += fmt::format("{{ {}}}\nprintf '\\n{}%d\\n' $?\n", each.command, kEnd);
  return script;
}

inline void furnish(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  fs::create_directories(folder / ".bin");
  fs::create_symlink(tests::kEvotts, folder / ".bin" / "evotts");
  fs::copy(root() / "experiments", folder / "experiments", fs::copy_options::recursive);
}

inline std::vector<Outcome> run_examples(const Page& page, const std::filesystem::path& folder) {
  std::vector<Outcome> outcomes;
  for (Example& each : examples_in(page)) outcomes.push_back({std::move(each), -1, {}});
  std::vector<Example> examples;
  for (const Outcome& each : outcomes) examples.push_back(each.example);
  furnish(folder);
  std::ofstream(folder / ".script") << script_of(examples);
  const std::string start = fmt::format("cd '{}' && timeout 540 bash .script > .output", folder.string());
  [[maybe_unused]] const int ended = std::system(start.c_str());
  auto outcome = outcomes.begin();
  for (const std::string& line : lines_of(read_text(folder / ".output"))) {
    if (outcome == outcomes.end()) break;
    if (!line.starts_with(kEnd)) {
      outcome->printed.push_back(line);
      continue;
    }
    if (!outcome->printed.empty() && outcome->printed.back().empty()) outcome->printed.pop_back();
    outcome->code = std::stoi(line.substr(kEnd.size()));
    ++outcome;
  }
  return outcomes;
}

// A line without what differs between machines, builds and days: paths, the C library, figures, and spaces.
inline std::string masked(const std::string& line) {
  static const std::regex paths(R"( /[^ ,;:]+)"), libraries(R"(\bglibc [0-9.]+ [a-z0-9-]+)"),
      figures(R"(\b[0-9a-f]{7,64}\b( modified)?|[-+]?[0-9]+(\.[0-9]+)?)"), spaces(R"(\s+)");
  std::string plain = std::regex_replace(line, paths, " PATH");
  plain = std::regex_replace(plain, libraries, "LIBRARY");
  plain = std::regex_replace(plain, figures, "N");
  return trimmed(std::regex_replace(plain, spaces, " "));
}

// Whether the output shown is the one printed; a line "..." stands for any lines, and blank lines at the end
// for nothing.
inline bool alike(std::vector<std::string> shown, const std::vector<std::string>& printed) {
  while (!shown.empty() && trimmed(shown.back()).empty()) shown.pop_back();
  std::vector<bool> reached(printed.size() + 1, false);  // how many lines of it are accounted for
  reached[0] = true;
  for (const std::string& line : shown) {
    std::vector<bool> next(printed.size() + 1, false);
    bool any = false;
    for (std::size_t i = 0; i <= printed.size(); ++i) {
      any = any || reached[i];
      if (line == "...")
        next[i] = any;
      else if (i < printed.size() && reached[i] && masked(line) == masked(printed[i]))
        next[i + 1] = true;
    }
    reached = next;
  }
  std::size_t end = printed.size();
  while (end > 0 && trimmed(printed[end - 1]).empty() && !reached[end]) --end;
  return reached[end];
}

}  // namespace docs
