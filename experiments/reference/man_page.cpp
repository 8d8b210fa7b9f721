#include "experiments/reference/man_page.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

#include "experiments/reference/command_page.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

// A character as roff takes it for text. What it has no name for is told by its code: not every roff reads
// UTF-8.
std::string roff(char32_t c) {
  switch (c) {
    case U'\\': return "\\e";
    case U'-': return "\\-";
    case U'^': return "\\(ha";
    case U'~': return "\\(ti";
    case U'`': return "\\(ga";
    case U'\'': return "\\(aq";
    case U'"': return "\\(dq";
    case U'\n': return " ";
    case U'→': return "\\(->";
    case U'–': return "\\(en";
    case U'…': return "...";
    default: break;
  }
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  return fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(c));
}

// A text in which no character means anything to roff.
std::string roff(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const genome::base::Character c = genome::base::first_character(text);
    out += roff(c.valid ? c.code : U'?');
    text.remove_prefix(c.bytes);
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string heading(const std::string& name) {
  std::string title = name;
  for (char& c : title) c = c == ' ' ? '-' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format(".TH {} 1 \"\" evotts \"User Commands\"\n.ad l\n", roff(title));
}

std::string options_text(const CommandInfo& command) {
  std::string out;
  const auto item = [&](const std::string& tag, const OptionInfo& option) {
    std::string text = option.meaning;
    if (!option.standard.empty()) text += fmt::format(" (default: {})", option.standard);
    out += fmt::format(".TP\n\\fB{}\\fR\n{}.\n", roff(tag), roff(text));
  };
  for (const OptionInfo& each : command.arguments) item(each.names.front() + (each.many ? "..." : ""), each);
  for (const OptionInfo& each : command.options) {
    const std::string value = each.value.empty() ? "" : " " + each.value + (each.many ? "..." : "");
    item(fmt::format("{}{}", fmt::join(each.names, ", "), value), each);
  }
  return out;
}

std::string passages_text(const CommandInfo& command) {
  std::string out;
  for (const Passage& passage : command.passages) {
    if (!passage.text.empty()) out += fmt::format(".PP\n{}\n", roff(passage.text));
    for (const Definition& each : passage.list) {
      out += each.words.empty() ? ".IP \\(bu 2\n" : fmt::format(".TP\n\\fB{}\\fR\n", roff(each.words));
      out += roff(each.meaning) + "\n";
    }
  }
  return out;
}

std::string examples_text(const CommandInfo& command) {
  std::string out;
  for (const std::string& each : command.examples) out += roff(each) + "\n";
  return out.empty() ? out : fmt::format(".PP\n.nf\n{}.fi\n", out);
}

std::string exit_text() {
  std::string out = ".SH EXIT STATUS\n";
  for (const ExitCode& each : exit_codes())
    out += fmt::format(".TP\n\\fB{}\\fR\n{}.\n", each.code, roff(each.meaning));
  return out;
}

}  // namespace

std::string man_page(const CommandInfo& program) {
  std::string page = heading(program.name);
  page += fmt::format(".SH NAME\n{} \\- {}\n", roff(program.name), roff(program.about));
  page += fmt::format(".SH SYNOPSIS\n\\fB{}\\fR COMMAND [OPTIONS] [ARGUMENTS]\n", roff(program.name));
  page += ".SH OPTIONS\n" + options_text(program);
  page += ".SH COMMANDS\n";
  for (const CommandInfo* each : all_commands(program)) {
    if (each == &program) continue;
    page += fmt::format(".SS {}\n{}.\n", roff(each->usage()), roff(each->about));
    page += options_text(*each) + passages_text(*each) + examples_text(*each);
  }
  return page + exit_text();
}

std::string man_page_of(const CommandInfo& command) {
  std::string page = heading(command.name);
  std::string name = command.name;
  std::ranges::replace(name, ' ', '-');
  page += fmt::format(".SH NAME\n{} \\- {}\n", roff(name), roff(command.about));
  page += fmt::format(".SH SYNOPSIS\n\\fB{}\\fR\n", roff(command.usage()));
  if (!command.passages.empty()) page += ".SH DESCRIPTION\n" + passages_text(command);
  page += ".SH OPTIONS\n" + options_text(command);
  if (!command.examples.empty()) page += ".SH EXAMPLES\n" + examples_text(command);
  return page + exit_text() + ".SH SEE ALSO\n\\fBevotts\\fR(1)\n";
}

}  // namespace experiments
