#include "experiments/reference/command_info.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

#include "genome/base/text.hpp"

namespace experiments {
namespace {

using genome::base::trimmed;

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

// What follows an option in help: paragraphs, and last the examples, a command line each.
void read_footer(std::string_view footer, CommandInfo& info) {
  for (const std::string& paragraph : split(footer, "\n\n")) {
    const bool examples = paragraph.starts_with("Example: ") || paragraph.starts_with("Examples: ");
    if (!examples) {
      info.paragraphs.push_back(paragraph);
      continue;
    }
    for (const std::string& line : split(paragraph.substr(paragraph.find(' ')), "\n"))
      info.examples.push_back(line);
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
