// The commands that ask where a controller came from: lineage, blame.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evo/lineage.hpp"
#include "experiments/blame.hpp"
#include "experiments/commands.hpp"
#include "experiments/options.hpp"
#include "experiments/run_source.hpp"
#include "experiments/table.hpp"
#include "experiments/text_file.hpp"
#include "experiments/usage_error.hpp"
#include "genome/base/digest.hpp"
#include "genome/text_diff.hpp"

namespace experiments {
namespace {

constexpr std::size_t kShortId = 10;

struct Arguments {
  std::string run, id = "best", format = "text";
  bool all = false, changes = false;
};

std::string whole_id(const RunAt& at, const std::string& id) {
  return id == "best" ? text_in(at, id).id : id;
}

std::string short_id(const std::string& id) { return id.substr(0, kShortId); }

// What a step gained over its first parent: on the orderings that both were scored on when they were born.
struct Gain {
  double score = 0;
  double tokens_percent = 0;  // mean over the knob, relative
};

std::optional<Gain> gain_of(const evo::Lineage& lineage, const evo::Born& born) {
  if (born.birth.parents.empty()) return std::nullopt;
  const evo::Born* parent = lineage.get(born.birth.parents.front());
  if (parent == nullptr) return std::nullopt;
  const double before = parent->tokens();
  return Gain{born.score - parent->score, before > 0 ? 100 * (born.tokens() / before - 1) : 0};
}

std::string text_line(const evo::Lineage& lineage, const evo::Born& born) {
  std::string line = fmt::format("{:>6}  {}  {:7.3f}", born.birth.generation, short_id(born.id), born.score);
  const auto gain = gain_of(lineage, born);
  line += gain ? fmt::format("  {:+7.3f}  {:+6.1f}%", gain->score, gain->tokens_percent)
               : fmt::format("  {:>7}  {:>7}", "", "");
  line += fmt::format("  {:5}  {}", born.size, born.birth.operation);
  for (std::size_t i = 1; i < born.birth.parents.size(); ++i)
    line += fmt::format(" with {}", short_id(born.birth.parents[i]));
  return line + "\n";
}

// The changed lines of a step, without the frame of a unified difference.
std::string changes_of(const evo::Lineage& lineage, const evo::Born& born) {
  const evo::Born* parent = born.birth.parents.empty() ? nullptr : lineage.get(born.birth.parents.front());
  const auto text = lineage.text_of(born);
  const auto before = parent == nullptr ? std::nullopt : lineage.text_of(*parent);
  if (!text || !before) return {};
  const std::string difference = genome::text_diff(*before, *text, {.context = 0});
  std::string out;
  for (std::size_t at = 0; at < difference.size();) {
    const std::size_t end = std::min(difference.find('\n', at), difference.size());
    const std::string line = difference.substr(at, end - at);
    const bool framing = line.starts_with("---") || line.starts_with("+++") || line.starts_with("@@");
    if (!framing && !line.empty()) out += "          " + line + "\n";
    at = end + 1;
  }
  return out;
}

std::string as_text(const evo::Lineage& lineage, const std::vector<const evo::Born*>& line, bool changes) {
  std::string out = fmt::format("{:>6}  {:10}  {:>7}  {:>7}  {:>7}  {:>5}  {}\n", "born", "id", "score",
                                "gain", "tokens", "nodes", "operator");
  for (const evo::Born* born : line) {
    out += text_line(lineage, *born);
    if (changes) out += changes_of(lineage, *born);
  }
  return out;
}

std::string as_json(const evo::Lineage& lineage, const std::vector<const evo::Born*>& line) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const evo::Born* born : line) {
    nlohmann::ordered_json one = {{"id", born->id},
                                  {"generation", born->birth.generation},
                                  {"operator", born->birth.operation},
                                  {"parents", born->birth.parents},
                                  {"score", born->score},
                                  {"nodes", born->size}};
    const auto gain = gain_of(lineage, *born);
    one["gain"] = gain ? nlohmann::ordered_json(gain->score) : nlohmann::ordered_json();
    one["tokens_percent"] = gain ? nlohmann::ordered_json(gain->tokens_percent) : nlohmann::ordered_json();
    all.push_back(std::move(one));
  }
  return all.dump(2) + "\n";
}

// For Graphviz: parents above children, the first parent by a full line.
std::string as_dot(const std::vector<const evo::Born*>& all) {
  std::string out = "digraph lineage {\n  node [shape=box, fontname=\"monospace\"];\n";
  for (const evo::Born* born : all) {
    out += fmt::format("  \"{}\" [label=\"{}\\ngeneration {}, {:.3f}\"];\n", born->id, short_id(born->id),
                       born->birth.generation, born->score);
    for (std::size_t i = 0; i < born->birth.parents.size(); ++i) {
      out += fmt::format("  \"{}\" -> \"{}\" [label=\"{}\"{}];\n", born->birth.parents[i], born->id,
                         i == 0 ? born->birth.operation : "", i == 0 ? "" : ", style=dashed");
    }
  }
  return out + "}\n";
}

int run_lineage(const Arguments& arguments) {
  if (arguments.format != "text" && arguments.format != "json" && arguments.format != "dot")
    throw UsageError(fmt::format("--format must be text, json or dot, found \"{}\"", arguments.format));
  const RunAt at = open_run(arguments.run);
  const evo::Lineage lineage(at.repository, at.revision);
  const evo::Born& born = lineage.find(whole_id(at, arguments.id));
  const bool whole = arguments.all || arguments.format == "dot";
  const auto line = whole ? lineage.ancestry(born) : lineage.main_line(born);
  if (arguments.format == "json")
    print(as_json(lineage, line));
  else if (arguments.format == "dot")
    print(as_dot(line));
  else
    print(as_text(lineage, line, arguments.changes));
  return kGood;
}

int run_blame(const Arguments& arguments) {
  const RunAt at = open_run(arguments.run);
  const evo::Lineage lineage(at.repository, at.revision);
  const evo::Born& born = lineage.find(whole_id(at, arguments.id));
  std::string out;
  for (const BlamedLine& line : blame(lineage, born)) {
    if (line.text.empty()) {
      out += "\n";
      continue;
    }
    const auto gain = gain_of(lineage, *line.by);
    out += fmt::format("{:>6}  {}  {:>7}  {:24.24}  {}\n", line.by->birth.generation, short_id(line.by->id),
                       gain ? fmt::format("{:+.3f}", gain->score) : "", line.by->birth.operation, line.text);
  }
  print(out);
  return kGood;
}

}  // namespace

void add_lineage_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  const auto add_place = [&](CLI::App& command) {
    command.add_option("RUN", arguments->run, "The folder of a run, or RUN@GENERATION")->required();
    command
        .add_option("ID", arguments->id, "Who: best, or the beginning of an identity ever born in the run")
        ->capture_default_str();
  };
  CLI::App* const lineage = app.add_subcommand("lineage", "Show the steps by which a controller came to be");
  add_place(*lineage);
  lineage->add_flag("--all", arguments->all,
                    "All ancestors in the order of birth, not the first parents alone");
  lineage->add_flag("--changes", arguments->changes, "Show the lines that each step changed");
  lineage->add_option("--format", arguments->format, "How to print: text, json, or dot for Graphviz")
      ->type_name("text|json|dot")
      ->capture_default_str();
  lineage->footer(
      "Gains are over the first parent: in points of the score that both were born with, and in tokens over "
      "the\nwhole knob.\n\nExample: evotts lineage runs/first best --changes");
  lineage->callback([arguments, &action] { action = [arguments] { return run_lineage(*arguments); }; });

  CLI::App* const blame =
      app.add_subcommand("blame", "Show for each line of a controller the step that brought it");
  add_place(*blame);
  blame->footer(
      "Prints generation, identity, gain of the step over its first parent, operator and the line.\n\n"
      "Example: evotts blame runs/first");
  blame->callback([arguments, &action] { action = [arguments] { return run_blame(*arguments); }; });
}

}  // namespace experiments
