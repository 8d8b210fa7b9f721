#include "experiments/reference/command_info.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>
#include <utility>

#include "genome/base/text.hpp"

namespace experiments {
namespace {

using genome::base::trimmed;

constexpr std::string_view kItem = "  ", kDeeper = "   ";  // beginnings of lines of a list

std::vector<std::string> split(std::string_view text, std::string_view mark) {
  std::vector<std::string> parts;
  for (bool more = true; more;) {
    const std::size_t end = text.find(mark);
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    more = end != std::string_view::npos;
    if (more) text.remove_prefix(end + mark.size());
  }
  return parts;
}

OptionInfo option_info(const CLI::Option& option) {
  OptionInfo info{.standard = option.get_default_str(),
                  .meaning = option.get_description(),
                  .required = option.get_required(),
                  .many = option.get_expected_max() >= CLI::detail::expected_max_vector_size};
  if (option.get_positional()) {
    info.names.push_back(option.get_name(true));
    // The words it is one of, or the type that the library makes up.
    if (option.get_type_name().find('|') != std::string::npos) info.value = option.get_type_name();
    return info;
  }
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  if (option.get_type_size() != 0) info.value = option.get_type_name();
  // What stands behind a name of several values is told by `many`.
  while (info.value.ends_with('.')) info.value.pop_back();
  return info;
}

// Two blanks or more end the words. Deeper lines go on with the meaning; behind words that have a line of
// their own they begin it.
void read_item(std::string_view line, std::vector<Definition>& list) {
  const std::string_view text = trimmed(line);
  if (!list.empty() && line.starts_with(kDeeper)) {
    Definition& last = list.back();
    if (last.words.empty()) std::swap(last.words, last.meaning);
    last.meaning += fmt::format("{}{}", last.meaning.empty() ? "" : " ", text);
    return;
  }
  const std::size_t gap = text.find(kItem);
  if (gap == std::string_view::npos)
    list.push_back({"", std::string(text)});
  else
    list.push_back({std::string(text.substr(0, gap)), std::string(trimmed(text.substr(gap)))});
}

void read_line(std::string_view line, bool begins, std::vector<Passage>& passages) {
  const bool item = line.starts_with(kItem);
  if (begins || passages.empty() || passages.back().list.empty() == item) passages.emplace_back();
  Passage& passage = passages.back();
  if (item)
    read_item(line, passage.list);
  else
    passage.text += fmt::format("{}{}", passage.text.empty() ? "" : " ", trimmed(line));
}

// What follows the options in help: paragraphs and lists, and last the examples, a command line each.
void read_footer(std::string_view footer, CommandInfo& info) {
  bool begins = true, examples = false;
  for (bool more = true; more;) {
    const std::size_t end = footer.find('\n');
    std::string_view line = footer.substr(0, end);
    more = end != std::string_view::npos;
    if (more) footer.remove_prefix(end + 1);
    if (trimmed(line).empty()) {
      begins = true, examples = false;
      continue;
    }
    if (line.starts_with("Example: ") || line.starts_with("Examples: ")) {
      examples = true;
      line.remove_prefix(line.find(' '));
    }
    if (examples)
      info.examples.emplace_back(trimmed(line));
    else
      read_line(line, begins, info.passages);
    begins = false;
  }
}

CommandInfo info_below(const CLI::App& app, const std::string& name) {
  CommandInfo info{.name = name, .about = app.get_description()};
  for (const CLI::Option* option : app.get_options())
    (option->get_positional() ? info.arguments : info.options).push_back(option_info(*option));
  read_footer(app.get_footer(), info);
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    info.commands.push_back(info_below(*sub, fmt::format("{} {}", name, sub->get_name())));
  return info;
}

void collect(const CommandInfo& command, std::vector<const CommandInfo*>& all) {
  all.push_back(&command);
  for (const CommandInfo& each : command.commands) collect(each, all);
}

}  // namespace

std::vector<std::string> OptionInfo::words() const {
  return value.find('|') == std::string::npos ? std::vector<std::string>{} : split(value, "|");
}

std::string CommandInfo::short_name() const {
  const std::size_t space = name.find(' ');
  return space == std::string::npos ? "" : name.substr(space + 1);
}

std::string CommandInfo::usage() const {
  std::string out = name + (options.empty() ? "" : " [OPTIONS]");
  for (const OptionInfo& each : arguments) {
    const std::string shown = each.names.front() + (each.many ? "..." : "");
    out += each.required ? " " + shown : fmt::format(" [{}]", shown);
  }
  return out + (commands.empty() ? "" : " COMMAND");
}

CommandInfo command_info(const CLI::App& app) { return info_below(app, app.get_name()); }

std::vector<const CommandInfo*> all_commands(const CommandInfo& program) {
  std::vector<const CommandInfo*> all;
  collect(program, all);
  return all;
}

const CommandInfo* find_command(const CommandInfo& program, const std::string& short_name) {
  for (const CommandInfo* each : all_commands(program)) {
    if (each->short_name() == short_name) return each;
  }
  return nullptr;
}

}  // namespace experiments
