#include "experiments/reference/command_page.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

#include "experiments/console/exit_codes.hpp"
#include "experiments/reference/markdown.hpp"

namespace experiments {
namespace {

constexpr std::size_t kColumns = 110;

constexpr std::string_view kIntroduction = R"(# The command line

All commands of `evotts`, with their options and defaults. `evotts COMMAND --help` shows the same for one of them,
and `evotts man | man -l -` all of it as a manual page.

Results go to standard output; progress, warnings and errors go to standard error. An error names the file, the line or
the option, and says what would be right.

A controller is named by a file, by a name of `evotts list`, or out of a run: `RUN:best`, `RUN:ID`,
`RUN@GENERATION:ID`. An environment is a file, a folder of `*.json`, or `synthetic:key=value,...`.

## Exit codes

)";

constexpr std::string_view kMore = R"(
## Environment variables

| variable | meaning |
| --- | --- |
| `EVOTTS_SIMD` | the vector instructions to use, as far as the processor has them: `avx512`, `avx2`, `sse2` or `portable`; results are the same |
| `EVOTTS_NATIVE` | `off`: controllers are interpreted, not compiled to machine code; results are the same |
| `SSL_CERT_FILE` | authorities that certificates of model servers are checked against |
| `XDG_STATE_HOME` | the folder for confirmations made on this machine |

## Completion and manual pages

<!-- not run: it changes settings of your shells -->
```
source <(evotts completion bash)                                      # bash; for good: in ~/.bashrc
evotts completion zsh > ~/.zfunc/_evotts                              # zsh; with ~/.zfunc in fpath
evotts completion fish > ~/.config/fish/completions/evotts.fish       # fish
evotts man > evotts.1                                                 # all commands on one page
evotts man env synth > evotts-env-synth.1                             # one of them
```
)";

constexpr std::string_view kMadeBy =
    "\nThis page is made by `evotts help --format markdown` from what the commands declare.\n";

std::string options_table(const CommandInfo& command) {
  std::vector<std::vector<std::string>> rows;
  for (const OptionInfo& each : command.options) {
    const std::string value = each.value.empty() ? "" : " " + each.value + (each.many ? "..." : "");
    rows.push_back({code(fmt::format("{}{}", fmt::join(each.names, ", "), value)),
                    each.required ? "required" : code(each.standard), prose(each.meaning)});
  }
  return markdown_table({"option", "default", "meaning"}, rows);
}

std::string arguments_table(const CommandInfo& command) {
  std::vector<std::vector<std::string>> rows;
  for (const OptionInfo& each : command.arguments) {
    const std::string standard = each.required ? "required" : code(each.standard);
    rows.push_back({code(each.names.front() + (each.many ? "..." : "")), standard, prose(each.meaning)});
  }
  return markdown_table({"argument", "default", "meaning"}, rows);
}

// "opened, finished" as `opened`, `finished`.
std::string codes(std::string_view words) {
  const std::size_t comma = words.find(", ");
  const std::string first = code(words.substr(0, comma));
  return comma == std::string_view::npos ? first : first + ", " + codes(words.substr(comma + 2));
}

std::string passage_text(const Passage& passage) {
  if (passage.list.empty()) return wrapped(prose(passage.text), kColumns, "") + "\n";
  std::string out;
  for (const Definition& each : passage.list) {
    const std::string words = each.words.empty() ? "" : codes(each.words) + ": ";
    out += wrapped(fmt::format("- {}{}", words, prose(each.meaning)), kColumns, "  ") + "\n";
  }
  return out;
}

}  // namespace

std::string command_section(const CommandInfo& command) {
  std::string out = fmt::format("## {}\n\n{}.\n\n<!-- not run: how it is written -->\n```\n{}\n```\n",
                                command.name, prose(command.about), command.usage());
  if (!command.arguments.empty()) out += "\n" + arguments_table(command);
  if (!command.options.empty()) out += "\n" + options_table(command);
  for (const Passage& passage : command.passages) out += "\n" + passage_text(passage);
  if (!command.examples.empty()) {
    out += fmt::format("\n<!-- not run: it names runs and files of yours -->\n```\n{}\n```\n",
                       fmt::join(command.examples, "\n"));
  }
  return out;
}

std::string command_page(const CommandInfo& program) {
  std::string page(kIntroduction);
  std::vector<std::vector<std::string>> rows;
  for (const ExitCode& each : exit_codes()) rows.push_back({fmt::format("{}", each.code), each.meaning});
  page += markdown_table({"code", "meaning"}, rows);
  page += "\n## Commands\n\n";
  rows.clear();
  for (const CommandInfo* each : all_commands(program)) {
    if (each == &program) continue;
    rows.push_back({fmt::format("[{}]({})", each->short_name(), anchor(each->name)), prose(each->about)});
  }
  page += markdown_table({"command", "what it does"}, rows);
  page += kMore;
  for (const CommandInfo* each : all_commands(program)) {
    if (each != &program) page += "\n" + command_section(*each);
  }
  return page + std::string(kMadeBy);
}

std::vector<ExitCode> exit_codes() {
  return {{kGood, "good"}, {kWorkFailed, "the work failed"}, {kBadInput, "bad usage or bad input"}};
}

}  // namespace experiments
